#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "pack/content.h"
#include "pack/pack.h"
#include "pack/stream.h"
#include "pack/ustar.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/pool.h"

enum {
	WINDOW = 256,          /* entries that are prepared at a time, in parallel, */
	LOAD_MAX = 256 * 1024, /* unless they are longer than this and stay as they are */
	COPY_SIZE = 256 * 1024,
	END_SIZE = 2 * USTAR_BLOCK, /* two zero blocks end an archive */
};

struct slot {
	struct arena arena;
	struct str content;
	bool streamed; /* too long to hold: read when its turn has come */
	const char *fault;
};

struct packing {
	struct fs *fs;
	const struct tree *tree;
	const struct pack_options *options;
	struct stream *stream;
	struct slot *slots; /* WINDOW of them, */
	size_t first;       /* for the entries from here */
	bool ok;
};

static void
prepare(void *context, size_t index, struct arena *scratch)
{
	struct packing *p = context;
	struct slot *slot = &p->slots[index];
	const struct tree_entry *entry = &p->tree->entries.at[p->first + index];
	struct stat st;

	(void)scratch; /* the content outlives the job */
	*slot = (struct slot){.streamed = false};
	if (entry->kind != TREE_FILE)
		return;
	if (!entry->inlined && !entry->transform) {
		slot->streamed = stat(fs_cstr(&slot->arena, entry->source), &st) == 0 &&
				 S_ISREG(st.st_mode) && st.st_size > LOAD_MAX;
		if (slot->streamed)
			return;
	}
	if (!tree_content(entry, &slot->arena, &slot->content, &slot->fault) && !slot->fault)
		slot->fault = "cannot be read";
}

static void
add_header(struct packing *p, const struct tree_entry *entry, uint64_t size)
{
	struct arena arena = {0};
	struct buf header = {.arena = &arena};
	bool link = entry->kind == TREE_SYMLINK;

	ustar_header(&header, &(struct ustar_entry){
				      .path = entry->path,
				      .kind = entry->kind,
				      .mode = link ? 0777 : entry->mode,
				      .size = size,
				      .link = link ? entry->source : (struct str){0},
				      .mtime = p->options->epoch,
			      });
	stream_add(p->stream, buf_view(&header));
	arena_release(&arena);
}

static void
add_zeros(struct packing *p, size_t len)
{
	static const char zeros[END_SIZE];

	stream_add(p->stream, (struct str){zeros, len});
}

/* A file that is copied in pieces. Its header has its length, so it must not change meanwhile. */
static const char *
add_streamed(struct packing *p, const struct tree_entry *entry, struct arena *arena)
{
	struct stat st;
	const char *fault = NULL;
	FS_CLOSE_FD int fd = content_open(arena, entry->source, &st, &fault);
	char *bytes = arena_array(arena, char, COPY_SIZE);
	uint64_t size, left;

	if (fd < 0)
		return fault;
	left = size = (uint64_t)st.st_size;
	add_header(p, entry, size);
	while (left > 0) {
		ssize_t got = read(fd, bytes, left < COPY_SIZE ? (size_t)left : COPY_SIZE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fs_reason(arena, errno);
		if (got == 0)
			return "became shorter while it was read; do not change it during the build";
		stream_add(p->stream, (struct str){bytes, (size_t)got});
		left -= (uint64_t)got;
	}
	add_zeros(p, ustar_padding(size));
	return NULL;
}

static void
add_entry(struct packing *p, const struct tree_entry *entry, struct slot *slot)
{
	const char *fault = slot->fault;

	/* After a fault the rest is read for its faults alone. */
	if (!fault && p->ok && slot->streamed) {
		fault = add_streamed(p, entry, &slot->arena);
	} else if (!fault && p->ok) {
		add_header(p, entry, slot->content.len);
		stream_add(p->stream, slot->content);
		add_zeros(p, ustar_padding(slot->content.len));
	}
	if (fault)
		p->ok = content_report(p->fs, entry, fault);
	arena_release(&slot->arena);
}

static void
add_entries(struct packing *p)
{
	size_t count = p->tree->entries.len;

	for (p->first = 0; p->first < count; p->first += WINDOW) {
		size_t len = count - p->first < WINDOW ? count - p->first : WINDOW;

		pool_run(p->options->threads, len, prepare, p);
		for (size_t i = 0; i < len; i++)
			add_entry(p, &p->tree->entries.at[p->first + i], &p->slots[i]);
	}
	add_zeros(p, END_SIZE);
}

static bool
pack(struct packing *p, struct arena *arena, struct str file, enum stream_kind kind, char *digest)
{
	struct output out;
	const char *fault = NULL;
	struct srcpos pos = {.file = fs_cstr(p->fs->arena, file)};

	if (!output_open(&out, p->fs, file))
		return false;
	p->stream = stream_new(arena, kind, p->options->threads, &out, &fault);
	if (p->stream) {
		p->slots = arena_array(arena, struct slot, WINDOW);
		add_entries(p);
		stream_end(p->stream, &fault);
	}
	if (fault)
		p->ok = diag_error(p->fs->diag, pos, "cannot be written: %s", fault);
	return output_close(&out, p->fs, p->ok, digest) && p->ok;
}

bool
pack_archive(struct fs *fs, const struct tree *tree, struct str file,
	const struct pack_options *options, char *digest)
{
	struct pack_options with = *options;
	struct packing p = {.fs = fs, .tree = tree, .options = &with, .ok = true};
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
	if (with.threads == 0)
		with.threads = pool_default_threads();
	if (with.threads > POOL_MAX_THREADS) /* the stream has memory for each */
		with.threads = POOL_MAX_THREADS;

	bool ok = pack(&p, &arena, file, kind, digest);
	arena_release(&arena);
	return ok;
}
