/*
 * support/cursor.h - bytes on their way in, big-endian and bounded. Reading past the end
 * sets `fault` and gives zeros from then on, so callers test once, where it matters.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/str.h"

struct cursor {
	struct str bytes;
	size_t pos;
	bool fault;
};

static inline size_t
cursor_left(const struct cursor *c)
{
	return c->bytes.len - c->pos;
}

/* The next `len` bytes, or none of them. */
static inline struct str
cursor_take(struct cursor *c, size_t len)
{
	if (c->fault || cursor_left(c) < len) {
		c->fault = true;
		return (struct str){0};
	}

	struct str taken = {c->bytes.at + c->pos, len};
	c->pos += len;
	return taken;
}

static inline uint64_t
cursor_uint(struct cursor *c, size_t size)
{
	struct str s = cursor_take(c, size);
	uint64_t value = 0;

	for (size_t i = 0; i < s.len; i++)
		value = value << 8 | (unsigned char)s.at[i];
	return value;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_uint(c, 1);
}

static inline uint16_t
cursor_u16(struct cursor *c)
{
	return (uint16_t)cursor_uint(c, 2);
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	return (uint32_t)cursor_uint(c, 4);
}
