#include <assert.h>

#include "pack/output.h"
#include "pack/pack.h"
#include "pack/stream.h"
#include "pack/tar.h"
#include "pack/ustar.h"
#include "support/arena.h"
#include "support/pool.h"

static void
take(void *context, struct str bytes)
{
	stream_add(context, bytes);
}

static bool
pack(struct fs *fs, const struct tree *tree, struct str file, enum stream_kind kind,
	const struct tar_options *options, struct arena *arena, char *digest)
{
	struct output out;
	const char *fault = NULL;
	bool ok = true;

	if (!output_open(&out, fs, file))
		return false;

	struct stream *stream = stream_new(arena, kind, options->threads, &out, &fault);
	if (stream) {
		ok = tar_entries(fs, tree->entries.at, tree->entries.len, options,
			(struct tar_sink){take, stream});
		stream_end(stream, &fault);
	}
	if (fault)
		ok = diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, file)},
			"cannot be written: %s", fault);
	return output_close(&out, fs, ok, digest) && ok;
}

bool
pack_archive(struct fs *fs, const struct tree *tree, struct str file,
	const struct pack_options *options, char *digest)
{
	struct tar_options with = {
		.epoch = options->epoch, .threads = stream_threads(options->threads)};
	struct arena arena = {0};
	struct srcpos pos = {.file = fs_cstr(fs->arena, file)};
	enum stream_kind kind;

	assert(tree->sealed);
	if (fs->diag->errors)
		return false;
	if (!stream_kind_of(file, &kind))
		return diag_error(fs->diag, pos,
			"is no name for an archive: let it end in .tar.gz, .tar or .tar.zst");
	if (!ustar_can_date(options->epoch))
		return diag_error(fs->diag, pos,
			"the epoch is outside of what tar can hold: 0 to 8589934591");

	bool ok = pack(fs, tree, file, kind, &with, &arena, digest);
	arena_release(&arena);
	return ok;
}
