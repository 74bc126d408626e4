#include "pack/stream.h"

#include <archive.h>
#include <archive_entry.h>

#include "pack/gzip.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/pool.h"

enum {
	BATCH_PIECES = 64, /* deflated at a time: memory is bounded, threads have enough to do */
	BATCH = BATCH_PIECES * GZIP_PIECE,
};

struct piece {
	char *out; /* GZIP_ROOM bytes, once it was used */
	size_t out_len;
	uint32_t crc; /* of what went in, */
	size_t len;   /* and how much that was */
};

/* A batch on its way: what was deflated in one round is written during the next. */
struct pieces {
	struct piece *at;
	size_t len;
};

struct stream {
	struct arena *arena;
	enum stream_kind kind;
	size_t threads;
	struct output *out;

	char *bytes;   /* the end of the batch before, then this one */
	size_t before; /* how many are of the batch before */
	size_t len;    /* of this batch */
	struct pieces deflated, written;
	uint64_t total; /* in earlier batches */
	uint32_t crc;   /* of these */
	bool last;

	struct archive *zstd;
	const char *fault;
};

static bool
ends_with(struct str s, struct str end)
{
	return s.len > end.len && str_eq((struct str){s.at + s.len - end.len, end.len}, end);
}

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
		if (ends_with(file, ends[i].end)) {
			*kind = ends[i].kind;
			return true;
		}
	return false;
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
		  archive_write_set_filter_option(s->zstd, "zstd", "compression-level", "9") ==
			  ARCHIVE_OK &&
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

struct stream *
stream_new(struct arena *arena, enum stream_kind kind, size_t threads, struct output *out,
	const char **fault)
{
	struct stream *s = arena_new(arena, struct stream);

	*s = (struct stream){.arena = arena, .kind = kind, .threads = threads, .out = out};
	s->bytes = arena_array(arena, char, GZIP_DICTIONARY + BATCH);
	if (kind == STREAM_GZIP) {
		s->deflated.at = arena_array(arena, struct piece, BATCH_PIECES);
		s->written.at = arena_array(arena, struct piece, BATCH_PIECES);
		output_write(out, gzip_header);
	}
	return kind != STREAM_ZSTD || open_zstd(s, fault) ? s : NULL;
}

static struct str
piece_bytes(const struct stream *s, size_t index)
{
	size_t from = index * GZIP_PIECE;

	return str_head((struct str){s->bytes + s->before + from, s->len - from}, GZIP_PIECE);
}

static void
write_pieces(struct stream *s)
{
	for (size_t i = 0; i < s->written.len; i++) {
		struct piece *p = &s->written.at[i];

		output_write(s->out, (struct str){p->out, p->out_len});
		s->crc = gzip_crc_join(s->crc, p->crc, p->len);
	}
	s->written.len = 0;
}

static void
deflate_piece(struct stream *s, size_t index)
{
	struct piece *p = &s->deflated.at[index];
	struct str bytes = piece_bytes(s, index);
	size_t past = s->before + index * GZIP_PIECE;
	size_t seen = past < GZIP_DICTIONARY ? past : GZIP_DICTIONARY;
	bool last = s->last && index + 1 == s->deflated.len;

	p->out_len = gzip_deflate(p->out, (struct str){bytes.at - seen, seen}, bytes, last);
	p->crc = gzip_crc(bytes);
	p->len = bytes.len;
}

static void
work(void *context, size_t index, struct arena *scratch)
{
	struct stream *s = context;

	(void)scratch; /* would be gone before the piece is written */
	if (index == 0)
		write_pieces(s);
	else
		deflate_piece(s, index - 1);
}

static void
flush_gzip(struct stream *s)
{
	struct pieces swap;

	/* The very last piece may be empty, but must be there: it ends the member. */
	s->deflated.len = s->len ? (s->len + GZIP_PIECE - 1) / GZIP_PIECE : s->last;
	for (size_t i = 0; i < s->deflated.len; i++)
		if (!s->deflated.at[i].out)
			s->deflated.at[i].out = arena_array(s->arena, char, GZIP_ROOM);
	pool_run(s->threads, 1 + s->deflated.len, work, s);
	swap = s->written;
	s->written = s->deflated;
	s->deflated = swap;
}

static void
flush(struct stream *s)
{
	struct str batch = {s->bytes + s->before, s->len};

	switch (s->kind) {
	case STREAM_PLAIN:
		output_write(s->out, batch);
		break;
	case STREAM_GZIP:
		flush_gzip(s);
		break;
	case STREAM_ZSTD:
		if (batch.len && archive_write_data(s->zstd, batch.at, batch.len) < 0)
			s->fault = "the zstd encoder failed";
		break;
	}

	size_t all = s->before + s->len;
	size_t keep = all < GZIP_DICTIONARY ? all : GZIP_DICTIONARY;

	memmove(s->bytes, s->bytes + all - keep, keep);
	s->before = keep;
	s->total += s->len;
	s->len = 0;
}

void
stream_add(struct stream *s, struct str bytes)
{
	while (bytes.len > 0) {
		struct str part = str_head(bytes, BATCH - s->len);

		memcpy(s->bytes + s->before + s->len, part.at, part.len);
		s->len += part.len;
		bytes.at += part.len;
		bytes.len -= part.len;
		if (s->len == BATCH)
			flush(s);
	}
}

bool
stream_end(struct stream *s, const char **fault)
{
	s->last = true;
	flush(s);
	if (s->kind == STREAM_GZIP) {
		struct buf trailer = {.arena = s->arena};

		write_pieces(s);
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
