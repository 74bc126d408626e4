/* Terms to the external term format, as term_to_binary/1 of the target OTP does it. */
#include <assert.h>

#include "support/arena.h"
#include "term/etf.h"
#include "term/number.h"
#include "term/utf8.h"

/* The atom in Latin-1; false if it has other characters. */
static bool
to_latin1(struct buf *latin1, struct str utf8)
{
	uint32_t code;
	size_t len;

	for (size_t pos = 0; (len = utf8_decode(utf8, pos, &code)) > 0; pos += len) {
		if (code > 0xff)
			return false;
		buf_byte(latin1, code);
	}
	return true;
}

static void
encode_atom(struct buf *out, struct str name, unsigned otp)
{
	struct buf latin1 = {.arena = out->arena};

	if (otp < ETF_UTF8_ATOMS_OTP && to_latin1(&latin1, name)) {
		buf_byte(out, ETF_ATOM);
		buf_be16(out, (uint16_t)latin1.len);
		buf_str(out, buf_view(&latin1));
		return;
	}
	if (name.len <= 255) {
		buf_byte(out, ETF_SMALL_ATOM_UTF8);
		buf_byte(out, (unsigned)name.len);
	} else {
		buf_byte(out, ETF_ATOM_UTF8);
		buf_be16(out, (uint16_t)name.len);
	}
	buf_str(out, name);
}

static void
encode_big(struct buf *out, struct str magnitude, bool negative)
{
	if (magnitude.len <= 255) {
		buf_byte(out, ETF_SMALL_BIG);
		buf_byte(out, (unsigned)magnitude.len);
	} else {
		buf_byte(out, ETF_LARGE_BIG);
		buf_be32(out, (uint32_t)magnitude.len);
	}
	buf_byte(out, negative);
	buf_str(out, magnitude);
}

static void
encode_integer(struct buf *out, int64_t value)
{
	if (value >= 0 && value <= 255) {
		buf_byte(out, ETF_SMALL_INTEGER);
		buf_byte(out, (unsigned)value);
	} else if (value >= INT32_MIN && value <= INT32_MAX) {
		buf_byte(out, ETF_INTEGER);
		buf_be32(out, (uint32_t)value);
	} else {
		uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
		char magnitude[8];
		size_t len = 0;

		for (; rest; rest >>= 8)
			magnitude[len++] = (char)rest;
		encode_big(out, (struct str){magnitude, len}, value < 0);
	}
}

static void
encode_float(struct buf *out, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	buf_byte(out, ETF_NEW_FLOAT);
	buf_be32(out, (uint32_t)(bits >> 32));
	buf_be32(out, (uint32_t)bits);
}

static void
encode_bits(struct buf *out, const struct term *term)
{
	assert(term->bits.bytes.len <= UINT32_MAX);
	buf_byte(out, term->bits.unused ? ETF_BIT_BINARY : ETF_BINARY);
	buf_be32(out, (uint32_t)term->bits.bytes.len);
	if (term->bits.unused)
		buf_byte(out, 8 - term->bits.unused);
	buf_str(out, term->bits.bytes);
}

static void
encode_items(struct buf *out, const struct term *term, unsigned otp)
{
	for (size_t i = 0; i < term->len; i++)
		etf_encode(out, &term->items[i], otp);
}

static void
encode_tuple(struct buf *out, const struct term *term, unsigned otp)
{
	if (term->len <= 255) {
		buf_byte(out, ETF_SMALL_TUPLE);
		buf_byte(out, (unsigned)term->len);
	} else {
		buf_byte(out, ETF_LARGE_TUPLE);
		buf_be32(out, (uint32_t)term->len);
	}
	encode_items(out, term, otp);
}

/* Any list of bytes, not only those that were meant as text. */
static bool
is_byte_list(const struct term *term)
{
	if (term->tail || term->len > UINT16_MAX)
		return false;
	for (size_t i = 0; i < term->len; i++)
		if (term->items[i].kind != TERM_INTEGER || term->items[i].integer < 0 ||
			term->items[i].integer > 255)
			return false;
	return true;
}

static void
encode_list(struct buf *out, const struct term *term, unsigned otp)
{
	if (term->len && is_byte_list(term)) {
		buf_byte(out, ETF_STRING);
		buf_be16(out, (uint16_t)term->len);
		for (size_t i = 0; i < term->len; i++)
			buf_byte(out, (unsigned)term->items[i].integer);
		return;
	}
	if (term->len) {
		buf_byte(out, ETF_LIST);
		buf_be32(out, (uint32_t)term->len);
		encode_items(out, term, otp);
	}
	if (term->tail)
		etf_encode(out, term->tail, otp);
	else
		buf_byte(out, ETF_NIL);
}

void
etf_encode(struct buf *out, const struct term *term, unsigned otp)
{
	switch (term->kind) {
	case TERM_ATOM:
		encode_atom(out, term->atom, otp);
		break;
	case TERM_INTEGER:
		encode_integer(out, term->integer);
		break;
	case TERM_BIG:
		encode_big(out, term->big.magnitude, term->big.negative);
		break;
	case TERM_FLOAT:
		encode_float(out, term->real);
		break;
	case TERM_BITS:
		encode_bits(out, term);
		break;
	case TERM_TUPLE:
		encode_tuple(out, term, otp);
		break;
	case TERM_LIST:
		encode_list(out, term, otp);
		break;
	case TERM_MAP:
		buf_byte(out, ETF_MAP);
		buf_be32(out, (uint32_t)(term->len / 2));
		encode_items(out, term, otp);
		break;
	case TERM_FUN:
		buf_byte(out, ETF_EXPORT);
		encode_items(out, term, otp);
		break;
	case TERM_OPAQUE:
		buf_str(out, term->opaque);
		break;
	}
}

void
term_encode(struct buf *out, const struct term *term, unsigned otp)
{
	buf_byte(out, ETF_VERSION);
	etf_encode(out, term, otp);
}
