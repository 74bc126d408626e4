#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/write.h"
#include "pack/content.h"
#include "pack/output.h"
#include "support/arena.h"
#include "support/buf.h"

enum { COMPARE_SIZE = 64 * 1024 };

/* The entries in the order in which streaming readers want them: what names blobs before these. */
struct archive {
	struct fs *fs;
	struct str dir;
	VEC(struct tree_entry) entries;
	VEC(struct str) blobs; /* HEX */
};

static void
add_document(struct archive *a, const char *path, struct str bytes)
{
	vec_push(a->fs->arena, &a->entries,
		(struct tree_entry){.path = {path, strlen(path)},
			.kind = TREE_FILE,
			.mode = 0644,
			.inlined = true,
			.bytes = bytes});
}

static void
add_folder(struct archive *a, const char *path)
{
	vec_push(a->fs->arena, &a->entries,
		(struct tree_entry){.path = {path, strlen(path)}, .kind = TREE_DIR, .mode = 0755});
}

static void
add_blob(struct archive *a, const struct oci_blob *blob)
{
	vec_push(a->fs->arena, &a->blobs, oci_hex(blob->digest));
}

static int
by_bytes(const void *a, const void *b)
{
	return str_order(*(const struct str *)a, *(const struct str *)b);
}

static void
add_blobs(struct archive *a)
{
	qsort(a->blobs.at, a->blobs.len, sizeof(*a->blobs.at), by_bytes);
	for (size_t i = 0; i < a->blobs.len; i++) {
		struct str path = fs_join(a->fs->arena, STR("blobs/sha256"), a->blobs.at[i]);

		if (i > 0 && str_eq(a->blobs.at[i], a->blobs.at[i - 1]))
			continue; /* layers of several platforms, or empty ones */
		vec_push(a->fs->arena, &a->entries,
			(struct tree_entry){.path = path,
				.kind = TREE_FILE,
				.mode = 0644,
				.source = fs_join(a->fs->arena, a->dir, path)});
	}
}

/* --- is it there already? --- */

struct comparison {
	int fd;
	bool same;
	char *bytes;
};

static void
compare(void *context, struct str bytes)
{
	struct comparison *c = context;

	while (c->same && bytes.len > 0) {
		size_t len = bytes.len < COMPARE_SIZE ? bytes.len : COMPARE_SIZE;
		ssize_t got = read(c->fd, c->bytes, len);

		if (got < 0 && errno == EINTR)
			continue;
		c->same = got > 0 && memcmp(c->bytes, bytes.at, (size_t)got) == 0;
		if (c->same)
			bytes = (struct str){bytes.at + got, bytes.len - (size_t)got};
	}
}

static bool
is_there(const struct archive *a, struct str file, const struct tar_options *options)
{
	struct arena arena = {0};
	struct stat st;
	const char *fault;
	FS_CLOSE_FD int fd = content_open(&arena, file, &st, &fault);
	struct comparison c = {.fd = fd, .same = fd >= 0};

	if (c.same) {
		c.bytes = arena_array(&arena, char, COMPARE_SIZE);
		c.same = tar_entries(a->fs, a->entries.at, a->entries.len, options,
				 (struct tar_sink){compare, &c}) &&
			 c.same && read(fd, c.bytes, 1) == 0;
	}
	arena_release(&arena);
	return c.same;
}

static void
write_bytes(void *context, struct str bytes)
{
	output_write(context, bytes);
}

bool
hybrid_write(struct fs *fs, const struct oci_image *images, size_t len, struct str index,
	const struct oci_blob *top, const struct reference *names, size_t names_len, struct str dir,
	struct str file, const struct tar_options *options)
{
	struct archive a = {.fs = fs, .dir = dir};
	struct output out;
	bool ok;

	add_document(&a, "oci-layout", STR(OCI_LAYOUT));
	add_document(&a, "index.json", index);
	add_document(
		&a, "manifest.json", oci_docker_manifest(fs->arena, &images[0], names, names_len));
	add_folder(&a, "blobs");
	add_folder(&a, "blobs/sha256");
	add_blob(&a, top);
	for (size_t i = 0; i < len; i++) {
		add_blob(&a, &images[i].config);
		add_blob(&a, &images[i].manifest);
		for (size_t k = 0; k < images[i].layers.len; k++)
			add_blob(&a, &images[i].layers.at[k].blob);
	}
	add_blobs(&a);
	if (is_there(&a, file, options))
		return true;
	if (!output_open(&out, fs, file))
		return false;
	ok = tar_entries(
		fs, a.entries.at, a.entries.len, options, (struct tar_sink){write_bytes, &out});
	return output_close(&out, fs, ok, NULL) && ok;
}
