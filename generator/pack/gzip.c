#include "pack/gzip.h"

#include <assert.h>

#define ZLIB_CONST
#include <zlib.h>

enum {
	LEVEL = 6,
	RAW_WINDOW = -15, /* no header of zlib's */
	MEMORY = 8,
};

/* Method deflate, no flags, no time, no hint about the level, Unix. */
const struct str gzip_header = STR_INIT("\x1f\x8b\x08\0\0\0\0\0\0\x03");

void
gzip_deflate(struct buf *out, struct str before, struct str piece, bool last)
{
	z_stream z = {0};
	int status = deflateInit2(&z, LEVEL, Z_DEFLATED, RAW_WINDOW, MEMORY, Z_DEFAULT_STRATEGY);

	assert(piece.len <= GZIP_PIECE && before.len <= GZIP_DICTIONARY);
	assert(status == Z_OK);
	if (before.len) {
		status = deflateSetDictionary(
			&z, (const unsigned char *)before.at, (unsigned)before.len);
		assert(status == Z_OK);
	}

	/* deflateBound() counts no flush: an empty stored block and the bits before it. */
	size_t room = deflateBound(&z, (unsigned long)piece.len) + 16;

	z.next_out = (unsigned char *)buf_room(out, room);
	z.avail_out = (unsigned)room;
	z.next_in = (const unsigned char *)piece.at;
	z.avail_in = (unsigned)piece.len;
	status = deflate(&z, last ? Z_FINISH : Z_SYNC_FLUSH);
	assert(status == (last ? Z_STREAM_END : Z_OK) && z.avail_in == 0 && z.avail_out > 0);
	out->len -= z.avail_out;
	deflateEnd(&z); /* Z_DATA_ERROR: it was not finished, on purpose */
}

uint32_t
gzip_crc(struct str piece)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)piece.at, piece.len);
}

uint32_t
gzip_crc_join(uint32_t crc, uint32_t next, size_t next_len)
{
	return (uint32_t)crc32_combine(crc, next, (long)next_len);
}

void
gzip_trailer(struct buf *out, uint32_t crc, uint64_t size)
{
	for (unsigned i = 0; i < 4; i++)
		buf_byte(out, crc >> 8 * i & 0xff);
	for (unsigned i = 0; i < 4; i++)
		buf_byte(out, (unsigned)(size >> 8 * i & 0xff));
}
