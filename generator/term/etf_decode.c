/*
 * The external term format to terms. Every length is held against the bytes that are left before
 * memory is taken for it, so that memory stays proportional to the input.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "support/arena.h"
#include "support/cursor.h"
#include "support/inflate.h"
#include "term/etf.h"
#include "term/number.h"
#include "term/order.h"
#include "term/utf8.h"

enum {
	MAX_ATOM = 255, /* characters */
	FLOAT_TEXT = 31,
};

bool
etf_fault(struct etf_decoder *d, size_t offset, const char *fmt, ...)
{
	struct buf text = {.arena = d->arena};
	char why[200];
	va_list args;

	if (d->fault)
		return false;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	buf_printf(&text, "byte %zu%s: %s", offset, d->where, why);
	buf_byte(&text, 0);
	d->fault = text.at;
	return false;
}

bool
etf_enough(struct etf_decoder *d, size_t count, size_t size)
{
	if (!d->in.fault && count <= cursor_left(&d->in) / size)
		return true;
	return etf_fault(d, d->in.pos, "the data end in the middle of a term");
}

static bool
decode_latin1_atom(struct etf_decoder *d, size_t len, struct term *term)
{
	struct buf name = {.arena = d->arena};
	size_t at = d->in.pos;

	if (!etf_enough(d, len, 1))
		return false;
	if (len > MAX_ATOM)
		return etf_fault(d, at, "an atom has %zu characters, more than 255", len);

	struct str bytes = cursor_take(&d->in, len);
	for (size_t i = 0; i < bytes.len; i++)
		utf8_add(&name, (unsigned char)bytes.at[i]);
	*term = term_atom(buf_view(&name));
	return true;
}

static bool
decode_utf8_atom(struct etf_decoder *d, size_t len, struct term *term)
{
	size_t at = d->in.pos, count;

	if (!etf_enough(d, len, 1))
		return false;
	*term = term_atom(cursor_take(&d->in, len));
	if (!utf8_count(term->atom, &count))
		return etf_fault(d, at, "the name of an atom is not valid UTF-8");
	if (count > MAX_ATOM)
		return etf_fault(d, at, "an atom has %zu characters, more than 255", count);
	return true;
}

static bool
decode_big(struct etf_decoder *d, size_t len, struct term *term)
{
	size_t at = d->in.pos;
	bool negative = cursor_u8(&d->in) != 0;

	if (!etf_enough(d, len, 1))
		return false;
	if (len > NUMBER_MAX_BYTES)
		return etf_fault(
			d, at, "an integer of %zu bytes is more than Erlang can hold", len);
	*term = number_integer(d->arena, cursor_take(&d->in, len), negative);
	return true;
}

static bool
decode_float(struct etf_decoder *d, struct term *term)
{
	size_t at = d->in.pos;
	uint64_t bits = cursor_uint(&d->in, 8);

	term->kind = TERM_FLOAT;
	memcpy(&term->real, &bits, sizeof(bits));
	return isfinite(term->real) || etf_fault(d, at, "a float is not a finite number");
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How many bytes of "-1.50000000000000000000e+03" there are, 0 if it is not such a number. */
static size_t
float_text(struct str s)
{
	size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+'), digits = i;

	while (i < s.len && is_digit(s.at[i]))
		i++;
	if (i == digits || i == s.len || s.at[i] != '.')
		return 0;
	digits = ++i;
	while (i < s.len && is_digit(s.at[i]))
		i++;
	if (i == digits)
		return 0;
	if (i < s.len && (s.at[i] | 0x20) == 'e') {
		i++;
		i += i < s.len && (s.at[i] == '-' || s.at[i] == '+');
		for (digits = i; i < s.len && is_digit(s.at[i]);)
			i++;
		if (i == digits)
			return 0;
	}
	return i == s.len || s.at[i] == '\0' ? i : 0;
}

/* The text that sprintf("%.20e") made, once. */
static bool
decode_old_float(struct etf_decoder *d, struct term *term)
{
	size_t at = d->in.pos;
	struct str text = cursor_take(&d->in, FLOAT_TEXT);

	text.len = float_text(text);
	term->kind = TERM_FLOAT;
	return (text.len && number_float(d->arena, text, &term->real)) ||
	       etf_fault(d, at, "a float in text form is not a number");
}

static bool
decode_bits(struct etf_decoder *d, bool partial, struct term *term)
{
	size_t at = d->in.pos, len = cursor_u32(&d->in);
	unsigned used = partial ? cursor_u8(&d->in) : 8;

	if (!etf_enough(d, len, 1))
		return false;
	if (used > 8 || (used == 0) != (len == 0 && partial))
		return etf_fault(d, at, "a bit string uses %u bits of its last byte", used);
	*term = term_binary(cursor_take(&d->in, len));
	if (used == 0 || used == 8)
		return true;

	char *copy = arena_array(d->arena, char, len); /* the other bits must be zero */
	memcpy(copy, term->bits.bytes.at, len);
	copy[len - 1] = (char)((unsigned char)copy[len - 1] & (0xff00U >> used));
	term->bits.bytes.at = copy;
	term->bits.unused = 8 - used;
	return true;
}

struct items {
	VEC(struct term) terms;
};

/* `len` terms. Memory grows with what is there: each of 1000 tuples in tuples may promise as many
 * elements as bytes are left. */
static bool
decode_items(struct etf_decoder *d, enum term_kind kind, size_t len, struct term *term)
{
	struct items items = {0};
	struct term item;

	if (!etf_enough(d, len, 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!etf_decode(d, &item))
			return false;
		vec_push(d->arena, &items.terms, item);
	}
	*term = (struct term){.kind = kind, .items = items.terms.at, .len = len};
	return true;
}

static bool
decode_map(struct etf_decoder *d, struct term *term)
{
	size_t at = d->in.pos, len = cursor_u32(&d->in);
	struct term *pairs;

	if (!etf_enough(d, len, 2) || !decode_items(d, TERM_MAP, 2 * len, term))
		return false;
	pairs = arena_array(d->arena, struct term, term->len);
	if (term->len)
		memcpy(pairs, term->items, term->len * sizeof(*pairs));
	term->items = pairs;
	return order_map(d->arena, pairs, term->len) == term->len ||
	       etf_fault(d, at, "a map has the same key twice");
}

/* The elements of a list, without its tail. */
static bool
decode_list_part(struct etf_decoder *d, uint8_t tag, struct items *list)
{
	size_t len = tag == ETF_STRING ? cursor_u16(&d->in) : cursor_u32(&d->in);
	struct term item;

	if (!etf_enough(d, len, 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (tag == ETF_STRING)
			item = term_integer(cursor_u8(&d->in));
		else if (!etf_decode(d, &item))
			return false;
		vec_push(d->arena, &list->terms, item);
	}
	return true;
}

/*
 * A list whose tail may be another one, any number of times: they are joined, not nested, so a
 * chain of short ones costs no depth. After STRING_EXT there is no tail.
 */
static bool
decode_list(struct etf_decoder *d, uint8_t tag, struct term *term)
{
	struct items list = {0};
	struct term *tail;

	for (;;) {
		if (!decode_list_part(d, tag, &list))
			return false;
		if (tag == ETF_STRING)
			break;
		if (!etf_enough(d, 1, 1))
			return false;
		tag = (uint8_t)d->in.bytes.at[d->in.pos];
		if (tag == ETF_LIST || tag == ETF_STRING) {
			d->in.pos++;
			continue;
		}
		tail = arena_new(d->arena, struct term);
		if (!etf_decode(d, tail))
			return false;
		if (list.terms.len == 0) { /* no elements: only what stands as the tail */
			*term = *tail;
			return true;
		}
		*term = (struct term){.kind = TERM_LIST,
			.items = list.terms.at,
			.len = list.terms.len,
			.tail = tail->kind == TERM_LIST ? NULL : tail};
		return true;
	}
	*term = (struct term){.kind = TERM_LIST, .items = list.terms.at, .len = list.terms.len};
	return true;
}

static bool
decode_export(struct etf_decoder *d, struct term *term)
{
	size_t at = d->in.pos;

	if (!decode_items(d, TERM_FUN, 3, term))
		return false;
	return (term->items[0].kind == TERM_ATOM && term->items[1].kind == TERM_ATOM &&
		       term->items[2].kind == TERM_INTEGER && term->items[2].integer >= 0 &&
		       term->items[2].integer <= 255) ||
	       etf_fault(d, at, "a fun is not made of module, name and arity");
}

static bool
decode_tag(struct etf_decoder *d, uint8_t tag, struct term *term)
{
	switch (tag) {
	case ETF_SMALL_INTEGER:
		*term = term_integer(cursor_u8(&d->in));
		return true;
	case ETF_INTEGER:
		*term = term_integer((int32_t)cursor_u32(&d->in));
		return true;
	case ETF_SMALL_BIG:
		return decode_big(d, cursor_u8(&d->in), term);
	case ETF_LARGE_BIG:
		return decode_big(d, cursor_u32(&d->in), term);
	case ETF_NEW_FLOAT:
		return decode_float(d, term);
	case ETF_FLOAT:
		return decode_old_float(d, term);
	case ETF_ATOM:
		return decode_latin1_atom(d, cursor_u16(&d->in), term);
	case ETF_SMALL_ATOM:
		return decode_latin1_atom(d, cursor_u8(&d->in), term);
	case ETF_ATOM_UTF8:
		return decode_utf8_atom(d, cursor_u16(&d->in), term);
	case ETF_SMALL_ATOM_UTF8:
		return decode_utf8_atom(d, cursor_u8(&d->in), term);
	case ETF_NIL:
		*term = (struct term){.kind = TERM_LIST};
		return true;
	case ETF_STRING:
	case ETF_LIST:
		return decode_list(d, tag, term);
	case ETF_SMALL_TUPLE:
		return decode_items(d, TERM_TUPLE, cursor_u8(&d->in), term);
	case ETF_LARGE_TUPLE:
		return decode_items(d, TERM_TUPLE, cursor_u32(&d->in), term);
	case ETF_MAP:
		return decode_map(d, term);
	case ETF_BINARY:
	case ETF_BIT_BINARY:
		return decode_bits(d, tag == ETF_BIT_BINARY, term);
	case ETF_EXPORT:
		return decode_export(d, term);
	case ETF_NEW_PID:
	case ETF_PID:
	case ETF_NEW_PORT:
	case ETF_PORT:
	case ETF_V4_PORT:
	case ETF_NEWER_REFERENCE:
	case ETF_NEW_REFERENCE:
	case ETF_REFERENCE:
	case ETF_NEW_FUN:
	case ETF_FUN:
		return etf_decode_opaque(d, tag, term);
	case ETF_ATOM_CACHE_REF:
		return etf_fault(d, d->in.pos - 1,
			"a reference to an atom cache means nothing outside a connection");
	}
	return etf_fault(d, d->in.pos - 1, "%u is not the tag of any term", tag);
}

bool
etf_decode(struct etf_decoder *d, struct term *term)
{
	if (d->depth >= TERM_MAX_DEPTH)
		return etf_fault(
			d, d->in.pos, "terms are nested more than %d deep", TERM_MAX_DEPTH);
	if (!etf_enough(d, 1, 1))
		return false;
	*term = (struct term){0};
	d->depth++;
	bool ok = decode_tag(d, cursor_u8(&d->in), term);
	d->depth--;
	return ok && etf_enough(d, 0, 1);
}

/* 131 80 size: what follows is a zlib stream of that size. */
static bool
open_compressed(struct etf_decoder *d, size_t limit)
{
	const char *fault = NULL;
	struct str inflated;
	size_t used, size;

	if (d->in.bytes.len < 2 || (uint8_t)d->in.bytes.at[1] != ETF_COMPRESSED)
		return true;
	d->in.pos = 2;
	size = cursor_u32(&d->in);
	if (d->in.fault)
		return etf_fault(d, 2, "the data end in the middle of a term");
	if (size > limit)
		return etf_fault(
			d, 2, "a compressed term of %zu bytes is more than is allowed here", size);

	struct str rest = {d->in.bytes.at + d->in.pos, cursor_left(&d->in)};
	if (!inflate_bounded(d->arena, rest, INFLATE_ZLIB, size, &inflated, &used, &fault))
		return etf_fault(d, d->in.pos, "the compressed term %s", fault);
	if (inflated.len != size)
		return etf_fault(
			d, 2, "the compressed term has %zu bytes, not %zu", inflated.len, size);
	if (used != rest.len)
		return etf_fault(d, d->in.pos + used, "something follows the term");
	d->in = (struct cursor){.bytes = inflated};
	d->where = " of the inflated term";
	return true;
}

bool
term_decode(
	struct arena *arena, struct str bytes, size_t limit, struct term *term, const char **fault)
{
	struct etf_decoder d = {.arena = arena, .in = {.bytes = bytes, .pos = 1}, .where = ""};
	bool ok;

	*fault = NULL;
	if (bytes.len == 0 || (uint8_t)bytes.at[0] != ETF_VERSION) {
		*fault = "byte 0: there is no 131, with which an external term begins";
		return false;
	}
	ok = open_compressed(&d, limit) && etf_decode(&d, term);
	if (ok && cursor_left(&d.in) > 0)
		ok = etf_fault(&d, d.in.pos, "something follows the term");
	*fault = d.fault;
	return ok;
}
