/*
 * support/buf.h - bytes on their way out. Grows in its arena; zero-initialized but for
 * `arena` is empty. What was written stays valid until the next addition.
 */
#pragma once

#include <stdint.h>

#include "support/str.h"

struct arena;

struct buf {
	struct arena *arena;
	char *at;
	size_t len, cap;
};

/* Makes room for `len` more bytes and returns where they go; they count as added. */
char *buf_room(struct buf *buf, size_t len);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_byte(struct buf *buf, unsigned byte);
void buf_be16(struct buf *buf, uint16_t value);
void buf_be32(struct buf *buf, uint32_t value);
void buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline void
buf_str(struct buf *buf, struct str s)
{
	buf_add(buf, s.at, s.len);
}

static inline struct str
buf_view(const struct buf *buf)
{
	return (struct str){buf->at, buf->len};
}
