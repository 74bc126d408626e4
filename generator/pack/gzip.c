#include "pack/gzip.h"

#include <assert.h>

#define ZLIB_CONST
#include <zlib.h>

enum {
	LEVEL = 5,
	RAW_WINDOW = -15, /* no header of zlib's */
	MEMORY = 8,
};

/* Method deflate, no flags, no time, no hint about the level, Unix. */
const struct str gzip_header = STR_INIT("\x1f\x8b\x08\0\0\0\0\0\0\x03");

void
gzip_encoder(struct buf *out)
{
	buf_printf(out, "zlib %s, level %d, pieces of %d", zlibVersion(), LEVEL, GZIP_PIECE);
}

size_t
gzip_deflate(char out[GZIP_ROOM], struct str before, struct str piece, bool last)
{
	z_stream z = {0};
	int status = deflateInit2(&z, LEVEL, Z_DEFLATED, RAW_WINDOW, MEMORY, Z_DEFAULT_STRATEGY);

	assert(status == Z_OK); /* fails only without memory */
	assert(piece.len <= GZIP_PIECE && before.len <= GZIP_DICTIONARY);
	if (before.len) {
		status = deflateSetDictionary(
			&z, (const unsigned char *)before.at, (unsigned)before.len);
		assert(status == Z_OK);
	}
	z.next_out = (unsigned char *)out;
	z.avail_out = GZIP_ROOM;
	z.next_in = (const unsigned char *)piece.at;
	z.avail_in = (unsigned)piece.len;
	status = deflate(&z, last ? Z_FINISH : Z_SYNC_FLUSH);
	assert(status == (last ? Z_STREAM_END : Z_OK) && z.avail_in == 0 && z.avail_out > 0);
	deflateEnd(&z); /* Z_DATA_ERROR where it was not finished, on purpose */
	return GZIP_ROOM - z.avail_out;
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
