#include "support/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "support/arena.h"

enum { FIRST_SIZE = 256 };

char *
buf_room(struct buf *buf, size_t len)
{
	size_t need;

	if (__builtin_add_overflow(buf->len, len, &need))
		need = SIZE_MAX; /* arena_alloc() refuses it */
	if (need > buf->cap) {
		size_t cap = buf->cap ? buf->cap : FIRST_SIZE;
		while (cap < need)
			cap = cap > SIZE_MAX / 2 ? need : cap * 2;

		char *room = arena_array(buf->arena, char, cap);
		if (buf->len)
			memcpy(room, buf->at, buf->len);
		buf->at = room;
		buf->cap = cap;
	}

	char *room = buf->at + buf->len;
	buf->len = need;
	return room;
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (len)
		memcpy(buf_room(buf, len), bytes, len);
}

void
buf_byte(struct buf *buf, unsigned byte)
{
	*buf_room(buf, 1) = (char)byte;
}

void
buf_be16(struct buf *buf, uint16_t value)
{
	buf_byte(buf, value >> 8);
	buf_byte(buf, value & 0xff);
}

void
buf_be32(struct buf *buf, uint32_t value)
{
	buf_be16(buf, (uint16_t)(value >> 16));
	buf_be16(buf, (uint16_t)value);
}

void
buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	assert(len >= 0);

	char *room = buf_room(buf, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(room, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len--; /* without the NUL */
}
