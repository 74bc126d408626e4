#include "pack/blob.h"

#include <assert.h>

#include "support/arena.h"

struct measure {
	struct sha256 *digest;
	struct stream *stream; /* or NULL */
};

static void
take(void *context, struct str bytes)
{
	struct measure *m = context;

	sha256_add(m->digest, bytes);
	if (m->stream)
		stream_add(m->stream, bytes);
}

static bool
give_tar(struct fs *fs, const struct tree *tree, const struct tar_options *options,
	struct stream *stream, struct blob *blob)
{
	struct measure m = {.digest = sha256_begin(), .stream = stream};
	bool ok = tar_entries(
		fs, tree->entries.at, tree->entries.len, options, (struct tar_sink){take, &m});

	assert(tree->sealed);
	sha256_end(m.digest, blob->diff_id);
	return ok;
}

bool
blob_measure(struct fs *fs, const struct tree *tree, const struct tar_options *options,
	struct blob *blob)
{
	return give_tar(fs, tree, options, NULL, blob);
}

bool
blob_write(struct fs *fs, const struct tree *tree, struct str dir, enum stream_kind kind,
	const struct tar_options *options, struct blob *blob)
{
	struct arena arena = {0};
	struct output out;
	bool closed;
	const char *fault = NULL;
	bool ok = true;

	blob->unwritable = true;
	if (!output_open_in(&out, fs, dir))
		return false;

	struct stream *stream = stream_new(&arena, kind, options->threads, &out, &fault);
	if (stream) {
		ok = give_tar(fs, tree, options, stream, blob);
		stream_end(stream, &fault);
	}
	if (fault)
		ok = diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, dir)},
			"cannot be written: %s", fault);
	blob->size = out.size;
	arena_release(&arena);
	closed = output_close(&out, fs, ok, blob->digest);
	blob->unwritable = !closed || fault;
	return closed && ok;
}
