/*
 * term/utf8.h - UTF-8 by code point, strict: no surrogates, no overlong forms.
 */
#pragma once

#include <stdint.h>

#include "support/buf.h"
#include "support/str.h"

/* The code point at `pos` and its length in bytes; 0: not UTF-8 there, or the end. */
size_t utf8_decode(struct str text, size_t pos, uint32_t *code);

/* `code` must be a Unicode scalar value. */
void utf8_add(struct buf *out, uint32_t code);

/* How many code points; false: not UTF-8. */
bool utf8_count(struct str text, size_t *count);

static inline bool
utf8_is_scalar(uint32_t code)
{
	return code < 0xd800 || (code > 0xdfff && code <= 0x10ffff);
}
