#include "term/number.h"

#include <stdlib.h>

#include "support/arena.h"

enum { CHUNK_DIGITS = 9, CHUNK = 1000000000 };

/* A magnitude in 32-bit limbs, least significant first. */
struct limbs {
	uint32_t *at;
	size_t len;
};

struct term
number_integer(struct arena *arena, struct str magnitude, bool negative)
{
	uint64_t value = 0;

	while (magnitude.len && magnitude.at[magnitude.len - 1] == 0)
		magnitude.len--;
	if (magnitude.len <= sizeof(value)) {
		for (size_t i = magnitude.len; i-- > 0;)
			value = value << 8 | (unsigned char)magnitude.at[i];
		if (value <= INT64_MAX)
			return term_integer(negative ? -(int64_t)value : (int64_t)value);
		if (negative && value == (uint64_t)INT64_MAX + 1)
			return term_integer(INT64_MIN);
	}

	char *copy = arena_array(arena, char, magnitude.len);
	memcpy(copy, magnitude.at, magnitude.len);
	return (struct term){.kind = TERM_BIG,
		.big = {.magnitude = {copy, magnitude.len}, .negative = negative}};
}

struct term
number_negate(struct arena *arena, const struct term *number)
{
	struct term negated = *number;

	if (number->kind == TERM_FLOAT) {
		negated.real = -number->real;
	} else if (number->kind == TERM_BIG) { /* 2^63 becomes small */
		negated = number_integer(arena, number->big.magnitude, !number->big.negative);
	} else if (number->integer != INT64_MIN) {
		negated.integer = -number->integer;
	} else {
		negated = number_integer(arena, STR("\0\0\0\0\0\0\0\x80"), false);
	}
	negated.line = number->line;
	negated.column = number->column;
	return negated;
}

static void
multiply_add(struct limbs *n, uint32_t factor, uint32_t addend)
{
	uint64_t carry = addend;

	for (size_t i = 0; i < n->len; i++) {
		carry += (uint64_t)n->at[i] * factor;
		n->at[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		n->at[n->len++] = (uint32_t)carry;
}

static uint32_t
divide(struct limbs *n, uint32_t divisor)
{
	uint64_t rest = 0;

	for (size_t i = n->len; i-- > 0;) {
		rest = rest << 32 | n->at[i];
		n->at[i] = (uint32_t)(rest / divisor);
		rest %= divisor;
	}
	while (n->len && n->at[n->len - 1] == 0)
		n->len--;
	return (uint32_t)rest;
}

static unsigned
digit_value(char c)
{
	if (c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)((c | 0x20) - 'a') + 10;
}

bool
number_parse(struct arena *arena, struct str digits, unsigned base, struct term *term)
{
	unsigned bits = 1; /* at most this many for each digit */

	while (1U << bits < base)
		bits++;
	while (digits.len > 1 && digits.at[0] == '0')
		digits = (struct str){digits.at + 1, digits.len - 1};
	if (digits.len > NUMBER_MAX_DIGITS)
		return false;

	struct limbs n = {arena_array(arena, uint32_t, digits.len * bits / 32 + 2), 0};
	for (size_t pos = 0; pos < digits.len;) {
		uint32_t factor = 1, chunk = 0;

		for (; pos < digits.len && factor <= UINT32_MAX / base; pos++) {
			factor *= base;
			chunk = chunk * base + digit_value(digits.at[pos]);
		}
		multiply_add(&n, factor, chunk);
	}

	char *bytes = arena_array(arena, char, n.len * 4);
	for (size_t i = 0; i < n.len * 4; i++)
		bytes[i] = (char)(n.at[i / 4] >> 8 * (i % 4));
	*term = number_integer(arena, (struct str){bytes, n.len * 4}, false);
	return true;
}

void
number_bytes(const struct term *number, unsigned char *bytes, size_t len)
{
	bool big = number->kind == TERM_BIG, negative = big && number->big.negative;
	unsigned carry = negative;

	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		if (big)
			byte = i < number->big.magnitude.len
				       ? (unsigned char)number->big.magnitude.at[i]
				       : 0;
		else
			byte = i < 8 ? (unsigned)((uint64_t)number->integer >> 8 * i) & 0xff
			       : number->integer < 0 ? 0xff
						     : 0;
		carry += negative ? ~byte & 0xff : byte;
		bytes[i] = (unsigned char)carry;
		carry = negative ? carry >> 8 : 0;
	}
}

void
number_print(struct buf *out, const struct term *number)
{
	if (number->kind == TERM_INTEGER) {
		buf_printf(out, "%lld", (long long)number->integer);
		return;
	}

	struct str magnitude = number->big.magnitude;
	struct limbs n = {arena_array(out->arena, uint32_t, magnitude.len / 4 + 1), 0};
	for (size_t i = 0; i < magnitude.len; i++)
		n.at[i / 4] |= (uint32_t)(unsigned char)magnitude.at[i] << 8 * (i % 4);
	n.len = (magnitude.len + 3) / 4;

	size_t room = n.len * 32 / 29 + 1, used = 0; /* 10^9 takes more than 29 bits */
	uint32_t *chunks = arena_array(out->arena, uint32_t, room);
	while (n.len)
		chunks[used++] = divide(&n, CHUNK);
	if (number->big.negative)
		buf_byte(out, '-');
	buf_printf(out, "%u", chunks[used - 1]);
	for (size_t i = used - 1; i-- > 0;)
		buf_printf(out, "%0*u", CHUNK_DIGITS, chunks[i]);
}

bool
number_to_double(struct arena *arena, const struct term *number, double *value)
{
	struct buf text = {.arena = arena};

	if (number->kind == TERM_BIG && number->big.magnitude.len > 130) /* 2^1024 has 129 */
		return false;
	number_print(&text, number);
	return number_float(arena, buf_view(&text), value);
}
