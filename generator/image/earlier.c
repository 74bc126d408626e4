#include "image/write.h"

#include <stdlib.h>

#include "support/arena.h"
#include "support/json.h"

enum {
	DOCUMENT_MAX = 4 * 1024 * 1024, /* registries take no larger manifests */
	DEPTH_MAX = 3,                  /* index.json, an index, a manifest */
	DOCUMENTS_MAX = 256,
};

struct walk {
	struct arena *arena;
	struct str dir;
	VEC(struct str) found; /* HEX */
	VEC(struct document {
		struct str path;
		unsigned depth;
	})
	documents; /* to be read */
	bool ok;
};

static int
by_bytes(const void *a, const void *b)
{
	return str_order(*(const struct str *)a, *(const struct str *)b);
}

static void
add_document(struct walk *w, struct str path, unsigned depth)
{
	if (depth < DEPTH_MAX && w->documents.len < DOCUMENTS_MAX)
		vec_push(w->arena, &w->documents,
			(struct document){fs_join(w->arena, w->dir, path), depth});
	else
		w->ok = false;
}

/* Returns where the blob is; empty: `descriptor` is none. */
static struct str
add_blob(struct walk *w, const struct json *descriptor)
{
	const struct json *digest = descriptor ? json_get(descriptor, STR("digest")) : NULL;

	if (!digest || !oci_is_digest(digest->text)) {
		w->ok = false;
		return (struct str){0};
	}
	vec_push(w->arena, &w->found, oci_hex(digest->text));
	return fs_join(w->arena, STR("blobs/sha256"), oci_hex(digest->text));
}

/* An index or a manifest. */
static void
read_document(struct walk *w, const struct document *document)
{
	const struct json *manifests, *layers;
	struct json json;
	struct json_fault where;
	struct str bytes, blob;
	struct stat st;
	const char *fault;

	if (stat(fs_cstr(w->arena, document->path), &st) != 0 || st.st_size > DOCUMENT_MAX ||
		!fs_load(w->arena, document->path, &bytes, &fault) ||
		!json_read(w->arena, bytes, &json, &where)) {
		w->ok = false;
		return;
	}
	manifests = json_get(&json, STR("manifests"));
	layers = json_get(&json, STR("layers"));
	if (!manifests)
		add_blob(w, json_get(&json, STR("config")));
	for (size_t i = 0; manifests && i < manifests->len && manifests->kind == JSON_IS_ARRAY; i++)
		if (blob = add_blob(w, &manifests->items[i]), blob.len > 0)
			add_document(w, blob, document->depth + 1);
	for (size_t i = 0; layers && i < layers->len && layers->kind == JSON_IS_ARRAY; i++)
		add_blob(w, &layers->items[i]);
}

static bool
read_layout(struct fs *fs, struct str dir, struct fs_names *blobs)
{
	struct walk w = {.arena = fs->arena, .dir = dir, .ok = true};

	add_document(&w, STR("index.json"), 0);
	for (size_t i = 0; i < w.documents.len; i++) {
		struct document next = w.documents.at[i];

		read_document(&w, &next);
	}
	if (w.found.len)
		qsort(w.found.at, w.found.len, sizeof(*w.found.at), by_bytes);
	*blobs = (struct fs_names){w.found.at, w.found.len};
	return w.ok;
}

bool
earlier_read(struct earlier *earlier, struct fs *fs, const struct store *store, struct str against)
{
	*earlier = (struct earlier){.there = false};
	if (against.len == 0) {
		earlier->there = !store->fresh && read_layout(fs, store->dir, &earlier->blobs);
		return true;
	}
	fs_input(fs, fs_join(fs->arena, against, STR("index.json")));
	earlier->there = read_layout(fs, against, &earlier->blobs);
	return earlier->there ||
	       diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, against)},
		       "is no OCI image layout that can be compared with: its index.json, or a "
		       "manifest that this names, is missing or faulty");
}

void
count_blob(struct counting *counting, const struct oci_blob *blob)
{
	for (size_t i = 0; i < counting->seen.len; i++)
		if (str_eq(counting->seen.at[i], blob->digest))
			return;
	vec_push(counting->arena, &counting->seen, blob->digest);
	counting->size += blob->size;
	if (!counting->earlier->there ||
		!fs_names_have(&counting->earlier->blobs, oci_hex(blob->digest)))
		counting->push += blob->size;
}
