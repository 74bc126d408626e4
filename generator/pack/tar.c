#include "pack/tar.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "pack/content.h"
#include "pack/ustar.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/line.h"

enum {
	AHEAD = 24, /* entries that are prepared ahead: few, so that memory is used again and again
		     */
	LOAD_MAX = 256 * 1024, /* what is longer and stays as it is, is not loaded */
	COPY_SIZE = 256 * 1024,
	END_SIZE = 2 * USTAR_BLOCK, /* two zero blocks end an archive */
};

struct slot {
	const struct tree_entry *entry;
	struct arena arena;
	struct str content;
	bool streamed; /* too long to hold: read when its turn has come */
	const char *fault;
};

struct packing {
	struct fs *fs;
	struct arena *arena;
	const struct tar_options *options;
	struct tar_sink sink;
	struct slot *slots;
	size_t slots_len;
	char *bytes; /* COPY_SIZE of them, once they were needed */
	bool ok;
};

static void
give(struct packing *p, struct str bytes)
{
	p->sink.take(p->sink.context, bytes);
}

static void
prepare(void *context, size_t index)
{
	struct slot *slot = &((struct packing *)context)->slots[index];
	const struct tree_entry *entry = slot->entry;
	struct stat st;

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
add_header(struct packing *p, const struct tree_entry *entry, uint64_t size, struct arena *arena)
{
	struct buf header = {.arena = arena};
	bool link = entry->kind == TREE_SYMLINK;

	ustar_header(&header, &(struct ustar_entry){
				      .path = entry->path,
				      .kind = entry->kind,
				      .mode = link ? 0777 : entry->mode,
				      .size = size,
				      .link = link ? entry->source : (struct str){0},
				      .mtime = p->options->epoch,
			      });
	give(p, buf_view(&header));
}

static void
add_zeros(struct packing *p, size_t len)
{
	static const char zeros[END_SIZE];

	give(p, (struct str){zeros, len});
}

/* A file that is copied in pieces. Its header has its length, so it must not change meanwhile. */
static const char *
add_streamed(struct packing *p, const struct tree_entry *entry, struct arena *arena)
{
	struct stat st;
	const char *fault = NULL;
	FS_CLOSE_FD int fd = content_open(arena, entry->source, &st, &fault);
	uint64_t size, left;

	if (fd < 0)
		return fault;
	if (!p->bytes)
		p->bytes = arena_array(p->arena, char, COPY_SIZE);
	left = size = (uint64_t)st.st_size;
	add_header(p, entry, size, arena);
	while (left > 0) {
		ssize_t got = read(fd, p->bytes, left < COPY_SIZE ? (size_t)left : COPY_SIZE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fs_reason(arena, errno);
		if (got == 0)
			return "became shorter while it was read; do not change it during the build";
		give(p, (struct str){p->bytes, (size_t)got});
		left -= (uint64_t)got;
	}
	add_zeros(p, ustar_padding(size));
	return NULL;
}

static void
add_entry(void *context, size_t index)
{
	struct packing *p = context;
	struct slot *slot = &p->slots[index];
	const struct tree_entry *entry = slot->entry;
	const char *fault = slot->fault;

	/* After a fault the rest is read for its faults alone. */
	if (!fault && p->ok && slot->streamed) {
		fault = add_streamed(p, entry, &slot->arena);
	} else if (!fault && p->ok) {
		add_header(p, entry, slot->content.len, &slot->arena);
		give(p, slot->content);
		add_zeros(p, ustar_padding(slot->content.len));
	}
	if (fault)
		p->ok = content_report(p->fs, entry, fault);
	arena_clear(&slot->arena);
}

static void
add_entries(struct packing *p, const struct tree_entry *entries, size_t len)
{
	struct line *line = line_new(&(struct line_rules){.threads = p->options->threads,
		.slots = p->slots_len,
		.job = prepare,
		.done = add_entry,
		.context = p});

	for (size_t i = 0; i < len; i++) {
		struct slot *slot = &p->slots[line_slot(line)];

		*slot = (struct slot){.entry = &entries[i], .arena = slot->arena};
		line_submit(line);
	}
	line_end(line);
	for (size_t i = 0; i < p->slots_len; i++)
		arena_release(&p->slots[i].arena);
	add_zeros(p, END_SIZE);
}

bool
tar_entries(struct fs *fs, const struct tree_entry *entries, size_t len,
	const struct tar_options *options, struct tar_sink sink)
{
	struct arena arena = {0};
	size_t slots_len = options->threads > 1 ? AHEAD : 1;
	struct packing p = {.fs = fs,
		.arena = &arena,
		.options = options,
		.sink = sink,
		.slots = arena_array(&arena, struct slot, slots_len),
		.slots_len = slots_len,
		.ok = true};

	assert(options->threads > 0);
	add_entries(&p, entries, len);
	arena_release(&arena);
	return p.ok;
}
