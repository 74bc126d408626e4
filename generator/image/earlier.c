#include "image/write.h"

#include "support/arena.h"

bool
earlier_read(struct earlier *earlier, struct fs *fs, const struct store *store, struct str against)
{
	*earlier = (struct earlier){.blobs = store->earlier, .there = !store->fresh};
	if (against.len == 0)
		return true;
	*earlier = (struct earlier){.blobs = store_list(fs->arena, against), .there = true};
	return earlier->blobs.len > 0 ||
	       diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, against)},
		       "is no OCI image layout to compare with: it has no blobs");
}

void
count_blob(struct counting *counting, const struct oci_blob *blob)
{
	for (size_t i = 0; i < counting->seen.len; i++)
		if (str_eq(counting->seen.at[i], blob->digest))
			return;
	vec_push(counting->arena, &counting->seen, blob->digest);
	counting->size += blob->size;
	if (!fs_names_have(&counting->earlier->blobs, oci_hex(blob->digest)))
		counting->push += blob->size;
}
