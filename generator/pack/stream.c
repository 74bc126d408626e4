#include "pack/stream.h"

#include <archive.h>
#include <archive_entry.h>

#include "pack/gzip.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/line.h"
#include "support/pool.h"

enum {
	MORE_PIECES = 12, /* than threads: enough to go on with while one of them is held up */
};

#define ZSTD_LEVEL "9"

struct piece {
	char *bytes;   /* GZIP_DICTIONARY + GZIP_PIECE, once the slot was used */
	size_t before; /* how many of them are the end of the piece before, */
	size_t len;    /* and how many come then */
	bool last;
	char *out; /* GZIP_ROOM */
	size_t out_len;
	uint32_t crc;
};

struct stream {
	struct arena *arena;
	enum stream_kind kind;
	struct output *out;

	struct line *line; /* gzip: */
	struct piece *pieces;
	struct piece *piece; /* the one that is filled now; of other kinds the only one */
	uint64_t total;      /* in all pieces that are written */
	uint32_t crc;        /* of these */

	struct archive *zstd;
	const char *fault;
};

bool
stream_kind_of(struct str file, enum stream_kind *kind)
{
	static const struct {
		struct str end;
		enum stream_kind kind;
	} ends[] = {
		{STR_INIT(".tar"), STREAM_PLAIN},
		{STR_INIT(".tar.gz"), STREAM_GZIP},
		{STR_INIT(".tgz"), STREAM_GZIP},
		{STR_INIT(".tar.zst"), STREAM_ZSTD},
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(file, ends[i].end)) {
			*kind = ends[i].kind;
			return true;
		}
	return false;
}

struct str
stream_encoder(struct arena *arena, enum stream_kind kind)
{
	struct buf name = {.arena = arena};
	const char *zstd = archive_libzstd_version();

	switch (kind) {
	case STREAM_PLAIN:
		buf_printf(&name, "none");
		break;
	case STREAM_GZIP:
		gzip_encoder(&name);
		break;
	case STREAM_ZSTD:
		buf_printf(&name, "zstd %s, level " ZSTD_LEVEL, zstd ? zstd : "of another program");
		break;
	}
	return buf_view(&name);
}

size_t
stream_threads(size_t wanted)
{
	size_t threads = wanted ? wanted : pool_default_threads();

	return threads < POOL_MAX_THREADS ? threads : POOL_MAX_THREADS;
}

static la_ssize_t
write_zstd(struct archive *archive, void *context, const void *bytes, size_t len)
{
	struct stream *s = context;

	(void)archive;
	output_write(s->out, (struct str){bytes, len});
	return (la_ssize_t)len; /* a fault sticks in `out` */
}

/* One raw entry: libarchive as nothing but a zstd encoder. */
static bool
open_zstd(struct stream *s, const char **fault)
{
	struct archive_entry *entry = archive_entry_new();

	s->zstd = archive_write_new();
	archive_entry_set_filetype(entry, AE_IFREG);

	bool ok = archive_write_set_format_raw(s->zstd) == ARCHIVE_OK &&
		  archive_write_add_filter_zstd(s->zstd) == ARCHIVE_OK &&
		  archive_write_set_filter_option(
			  s->zstd, "zstd", "compression-level", ZSTD_LEVEL) == ARCHIVE_OK &&
		  archive_write_set_bytes_per_block(s->zstd, 0) == ARCHIVE_OK && /* no padding */
		  archive_write_open2(s->zstd, s, NULL, write_zstd, NULL, NULL) == ARCHIVE_OK &&
		  archive_write_header(s->zstd, entry) == ARCHIVE_OK;
	archive_entry_free(entry);
	if (ok)
		return true;
	*fault = "the libarchive of this machine cannot write zstd; choose .tar.gz";
	archive_write_free(s->zstd);
	return false;
}

static void
deflate_piece(void *context, size_t slot)
{
	struct piece *p = &((struct stream *)context)->pieces[slot];
	struct str piece = {p->bytes + p->before, p->len};

	p->out_len = gzip_deflate(p->out, (struct str){p->bytes, p->before}, piece, p->last);
	p->crc = gzip_crc(piece);
}

static void
write_piece(void *context, size_t slot)
{
	struct stream *s = context;
	const struct piece *p = &s->pieces[slot];

	output_write(s->out, (struct str){p->out, p->out_len});
	s->crc = gzip_crc_join(s->crc, p->crc, p->len);
	s->total += p->len;
}

static void
open_gzip(struct stream *s, size_t threads)
{
	struct line_rules rules = {.threads = threads,
		.slots = threads + MORE_PIECES,
		.job = deflate_piece,
		.done = write_piece,
		.context = s};

	s->pieces = arena_array(s->arena, struct piece, rules.slots);
	s->line = line_new(&rules);
	output_write(s->out, gzip_header);
}

/* Makes room for the next piece, behind the end of the one before. */
static void
next_piece(struct stream *s)
{
	struct piece *old = s->piece, *p = s->line ? &s->pieces[line_slot(s->line)] : old;

	if (!p)
		p = arena_new(s->arena, struct piece);
	if (!p->bytes)
		p->bytes = arena_array(s->arena, char, GZIP_DICTIONARY + GZIP_PIECE);
	if (s->line && !p->out)
		p->out = arena_array(s->arena, char, GZIP_ROOM);
	p->before = 0;
	if (s->line && old) {
		size_t all = old->before + old->len;

		p->before = all < GZIP_DICTIONARY ? all : GZIP_DICTIONARY;
		memcpy(p->bytes, old->bytes + all - p->before, p->before);
	}
	p->len = 0;
	s->piece = p;
}

struct stream *
stream_new(struct arena *arena, enum stream_kind kind, size_t threads, struct output *out,
	const char **fault)
{
	struct stream *s = arena_new(arena, struct stream);

	*s = (struct stream){.arena = arena, .kind = kind, .out = out};
	if (kind == STREAM_ZSTD && !open_zstd(s, fault))
		return NULL;
	if (kind == STREAM_GZIP)
		open_gzip(s, threads);
	next_piece(s);
	return s;
}

static void
flush(struct stream *s)
{
	struct str piece = {s->piece->bytes + s->piece->before, s->piece->len};

	switch (s->kind) {
	case STREAM_PLAIN:
		output_write(s->out, piece);
		break;
	case STREAM_GZIP:
		line_submit(s->line);
		break;
	case STREAM_ZSTD:
		if (piece.len && archive_write_data(s->zstd, piece.at, piece.len) < 0)
			s->fault = "the zstd encoder failed";
		break;
	}
}

void
stream_add(struct stream *s, struct str bytes)
{
	while (bytes.len > 0) {
		struct piece *p = s->piece;
		struct str part = str_head(bytes, GZIP_PIECE - p->len);

		memcpy(p->bytes + p->before + p->len, part.at, part.len);
		p->len += part.len;
		bytes.at += part.len;
		bytes.len -= part.len;
		if (p->len == GZIP_PIECE) {
			flush(s);
			next_piece(s);
		}
	}
}

bool
stream_end(struct stream *s, const char **fault)
{
	/* The last piece may be empty, but must be there: it ends the gzip member. */
	s->piece->last = true;
	flush(s);
	if (s->line) {
		struct buf trailer = {.arena = s->arena};

		line_end(s->line);
		gzip_trailer(&trailer, s->crc, s->total);
		output_write(s->out, buf_view(&trailer));
	}
	if (s->zstd) {
		if (archive_write_close(s->zstd) != ARCHIVE_OK)
			s->fault = "the zstd encoder failed";
		archive_write_free(s->zstd);
	}
	*fault = s->fault;
	return !s->fault;
}
