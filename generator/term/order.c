#include "term/order.h"

#include <math.h>
#include <stdlib.h>

#include "support/arena.h"

static int
order_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* External format tags of what is kept opaque, in the order of their types. */
static int
opaque_rank(const struct term *term)
{
	switch (term->opaque.len ? (unsigned char)term->opaque.at[0] : 0) {
	case 101: /* REFERENCE_EXT */
	case 114: /* NEW_REFERENCE_EXT */
	case 90:  /* NEWER_REFERENCE_EXT */
		return 3;
	case 89:  /* NEW_PORT_EXT */
	case 102: /* PORT_EXT */
	case 120: /* V4_PORT_EXT */
		return 5;
	case 88:  /* NEW_PID_EXT */
	case 103: /* PID_EXT */
		return 6;
	}
	return 4; /* FUN_EXT, NEW_FUN_EXT */
}

static int
rank(const struct term *term)
{
	switch (term->kind) {
	case TERM_INTEGER:
	case TERM_BIG:
		return 0;
	case TERM_FLOAT:
		return 1;
	case TERM_ATOM:
		return 2;
	case TERM_FUN:
		return 4;
	case TERM_OPAQUE:
		return opaque_rank(term);
	case TERM_TUPLE:
		return 7;
	case TERM_MAP:
		return 8;
	case TERM_LIST:
		return term->len ? 10 : 9;
	case TERM_BITS:
		return 11;
	}
	return 12;
}

/* -1, 0 or 1: where the integer stands to all that fit int64_t. */
static int
integer_class(const struct term *term)
{
	return term->kind == TERM_INTEGER ? 0 : term->big.negative ? -1 : 1;
}

static int
order_integers(const struct term *a, const struct term *b)
{
	int class = integer_class(a);

	if (class != integer_class(b))
		return class < integer_class(b) ? -1 : 1;
	if (class == 0)
		return (a->integer > b->integer) - (a->integer < b->integer);

	struct str x = a->big.magnitude, y = b->big.magnitude;
	int order = order_size(x.len, y.len);
	for (size_t i = x.len; order == 0 && i-- > 0;)
		order = (unsigned char)x.at[i] - (unsigned char)y.at[i];
	return class < 0 ? -order : order;
}

/* By value; the two zeros, which are =:= only before OTP 27, by sign. */
static int
order_reals(double a, double b)
{
	if (a < b || a > b)
		return a < b ? -1 : 1;
	return !signbit(a) - !signbit(b);
}

/* Bit by bit, the shorter first. The bits that do not count are zero. */
static int
order_bits(const struct term *a, const struct term *b)
{
	int order = str_order(a->bits.bytes, b->bits.bytes);

	if (order == 0)
		return (a->bits.unused < b->bits.unused) - (a->bits.unused > b->bits.unused);
	return order;
}

static int
order_items(const struct term *a, const struct term *b, size_t first, size_t step, size_t len)
{
	int order = 0;

	for (size_t i = first; order == 0 && i < len; i += step)
		order = term_order(&a->items[i], &b->items[i]);
	return order;
}

/* Of lists that are equal up to there. */
static int
order_tails(const struct term *a, const struct term *b)
{
	static const struct term nil = {.kind = TERM_LIST};

	if (!a->tail && !b->tail)
		return 0;
	return term_order(a->tail ? a->tail : &nil, b->tail ? b->tail : &nil);
}

/* Where one list has more items, its rest stands against the tail of the other. */
static int
order_lists(const struct term *a, const struct term *b)
{
	size_t least = a->len < b->len ? a->len : b->len;
	int order = order_items(a, b, 0, 1, least);

	if (order != 0)
		return order;

	if (a->len == b->len)
		return order_tails(a, b);

	const struct term *more = a->len > b->len ? a : b, *less = more == a ? b : a;
	struct term rest = {.kind = TERM_LIST,
		.items = more->items + least,
		.len = more->len - least,
		.tail = more->tail};
	order = less->tail ? term_order(&rest, less->tail) : 1; /* any list comes after [] */
	return more == a ? order : -order;
}

/* Size, then all keys, then all values. */
static int
order_maps(const struct term *a, const struct term *b)
{
	int order = order_size(a->len, b->len);

	if (order == 0)
		order = order_items(a, b, 0, 2, a->len);
	if (order == 0)
		order = order_items(a, b, 1, 2, a->len);
	return order;
}

int
term_order(const struct term *a, const struct term *b)
{
	int order = rank(a) - rank(b);

	if (order != 0)
		return order;
	switch (a->kind) {
	case TERM_INTEGER:
	case TERM_BIG:
		return order_integers(a, b);
	case TERM_FLOAT:
		return order_reals(a->real, b->real);
	case TERM_ATOM:
		return str_order(a->atom, b->atom); /* UTF-8 sorts as its code points do */
	case TERM_BITS:
		return order_bits(a, b);
	case TERM_TUPLE:
		order = order_size(a->len, b->len);
		return order ? order : order_items(a, b, 0, 1, a->len);
	case TERM_LIST:
		return order_lists(a, b);
	case TERM_MAP:
		return order_maps(a, b);
	case TERM_FUN:
		return b->kind == TERM_FUN ? order_items(a, b, 0, 1, a->len) : 1;
	case TERM_OPAQUE:
		return b->kind == TERM_OPAQUE ? str_order(a->opaque, b->opaque) : -1;
	}
	return 0;
}

bool
term_equal(const struct term *a, const struct term *b)
{
	return term_order(a, b) == 0;
}

struct pair {
	struct term key, value;
	size_t seq;
};

static int
order_pairs(const void *pa, const void *pb)
{
	const struct pair *a = pa, *b = pb;
	int order = term_order(&a->key, &b->key);

	return order ? order : order_size(a->seq, b->seq);
}

size_t
order_map(struct arena *arena, struct term *pairs, size_t len)
{
	size_t count = len / 2, kept = 0;
	struct pair *sorted = arena_array(arena, struct pair, count);

	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct pair){pairs[2 * i], pairs[2 * i + 1], i};
	if (count)
		qsort(sorted, count, sizeof(*sorted), order_pairs);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && term_equal(&sorted[i].key, &sorted[i + 1].key))
			continue;
		pairs[kept++] = sorted[i].key;
		pairs[kept++] = sorted[i].value;
	}
	return kept;
}
