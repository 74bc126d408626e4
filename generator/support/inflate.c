#include "support/inflate.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#include "support/arena.h"
#include "support/buf.h"

enum {
	WINDOW_BITS = 15,
	GZIP_HEADER = 16, /* added to the window bits, zlib.h */
	FIRST_ROOM = 4096,
};

struct work {
	z_stream zlib;
	struct str in;
	size_t limit;
	struct buf out; /* `len` is what has come out, without unused room */
	const char *fault;
};

static unsigned
at_most(size_t size)
{
	return size < UINT_MAX ? (unsigned)size : UINT_MAX;
}

/* Doubles the room for output, up to one byte more than the limit: that byte shows excess. */
static void
grow(struct work *w)
{
	size_t most = w->limit < PTRDIFF_MAX ? w->limit + 1 : PTRDIFF_MAX;
	size_t want = w->out.len < FIRST_ROOM ? FIRST_ROOM : w->out.len;
	size_t left = most - w->out.len;
	size_t size = want < left ? want : left;

	w->zlib.next_out = (unsigned char *)buf_room(&w->out, size);
	w->zlib.avail_out = at_most(size);
	w->out.len -= size;
}

/* One zlib stream or gzip member; the stream's position in `in` moves on. */
static bool
run(struct work *w, size_t *pos)
{
	int status = Z_OK;

	while (status == Z_OK) {
		unsigned room, given = at_most(w->in.len - *pos);

		if (w->out.len > w->limit) {
			w->fault = "inflates to more than is allowed here";
			return false;
		}
		grow(w);
		room = w->zlib.avail_out;
		w->zlib.next_in = (const unsigned char *)w->in.at + *pos;
		w->zlib.avail_in = given;
		status = inflate(&w->zlib, Z_NO_FLUSH);
		*pos += given - w->zlib.avail_in;
		w->out.len += room - w->zlib.avail_out;
	}
	if (w->out.len > w->limit)
		w->fault = "inflates to more than is allowed here";
	else if (status == Z_BUF_ERROR)
		w->fault = "ends in the middle of the compressed data";
	else if (status != Z_STREAM_END)
		w->fault = "is not valid compressed data";
	return !w->fault;
}

bool
inflate_bounded(struct arena *arena, struct str in, enum inflate_format format, size_t limit,
	struct str *out, size_t *used, const char **fault)
{
	struct work w = {.in = in, .limit = limit, .out = {.arena = arena}};
	int bits = WINDOW_BITS + (format == INFLATE_GZIP ? GZIP_HEADER : 0);
	size_t pos = 0;
	bool ok;

	*used = 0;
	if (in.len == 0) {
		*fault = "ends in the middle of the compressed data";
		return false;
	}
	if (inflateInit2(&w.zlib, bits) != Z_OK) {
		*fault = "cannot be inflated: zlib does not start";
		return false;
	}
	do {
		ok = run(&w, &pos);
		*used = pos;
	} while (ok && format == INFLATE_GZIP &&
		 inflate_is_gzip((struct str){in.at + pos, in.len - pos}) &&
		 inflateReset(&w.zlib) == Z_OK);
	inflateEnd(&w.zlib);
	*out = buf_view(&w.out);
	*fault = w.fault;
	return ok;
}

struct inflate {
	z_stream zlib;
	size_t members; /* begun */
	bool inside;    /* of the last one */
};

struct inflate *
inflate_begin(void)
{
	struct inflate *inflate = calloc(1, sizeof(*inflate));
	int status =
		inflate ? inflateInit2(&inflate->zlib, WINDOW_BITS + GZIP_HEADER) : Z_MEM_ERROR;

	/* Fails only without memory. */
	assert(status == Z_OK);
	return inflate;
}

void
inflate_end(struct inflate *inflate)
{
	if (inflate)
		inflateEnd(&inflate->zlib);
	free(inflate);
}

bool
inflate_is_whole(const struct inflate *inflate)
{
	return inflate->members > 0 && !inflate->inside;
}

size_t
inflate_members(const struct inflate *inflate)
{
	return inflate->members;
}

bool
inflate_next(
	struct inflate *i, struct str *in, char *room, size_t size, size_t *got, const char **fault)
{
	z_stream *z = &i->zlib;
	int status = Z_OK;

	z->next_out = (unsigned char *)room;
	z->avail_out = at_most(size);
	while (z->avail_out > 0 && (in->len > 0 || i->inside)) {
		unsigned given = at_most(in->len);

		if (!i->inside) {
			inflateReset(z);
			i->inside = true;
			i->members++;
		}
		z->next_in = (const unsigned char *)in->at;
		z->avail_in = given;
		status = inflate(z, Z_NO_FLUSH);
		given -= z->avail_in;
		*in = (struct str){in->at + given, in->len - given};
		if (status == Z_STREAM_END)
			i->inside = false;
		else if (status != Z_OK)
			break;
	}
	*got = size - z->avail_out;
	if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR)
		return true;
	*fault = i->members > 1 && z->total_out == 0 ? "has something else behind the gzip data"
						     : "is not valid compressed data";
	return false;
}
