#include "term/term.h"

#include <assert.h>

#include "support/arena.h"
#include "term/utf8.h"

struct term
term_atom(struct str name)
{
	return (struct term){.kind = TERM_ATOM, .atom = name};
}

struct term
term_integer(int64_t value)
{
	return (struct term){.kind = TERM_INTEGER, .integer = value};
}

struct term
term_binary(struct str bytes)
{
	return (struct term){.kind = TERM_BITS, .bits = {bytes, 0}};
}

struct term
term_string(struct arena *arena, struct str utf8)
{
	size_t count, pos = 0;
	bool valid = utf8_count(utf8, &count);

	assert(valid);
	(void)valid;

	struct term *items = arena_array(arena, struct term, count);
	for (size_t i = 0; i < count; i++) {
		uint32_t code = 0;
		pos += utf8_decode(utf8, pos, &code);
		items[i] = term_integer(code);
	}
	return (struct term){.kind = TERM_LIST, .items = items, .len = count};
}

static struct term
copied(struct arena *arena, enum term_kind kind, const struct term *items, size_t len)
{
	struct term *copy = arena_array(arena, struct term, len);

	if (len)
		memcpy(copy, items, len * sizeof(*copy));
	return (struct term){.kind = kind, .items = copy, .len = len};
}

struct term
term_tuple(struct arena *arena, const struct term *items, size_t len)
{
	return copied(arena, TERM_TUPLE, items, len);
}

struct term
term_list(struct arena *arena, const struct term *items, size_t len)
{
	return copied(arena, TERM_LIST, items, len);
}

bool
term_is_atom(const struct term *term, struct str name)
{
	return term->kind == TERM_ATOM && str_eq(term->atom, name);
}

bool
term_is_tuple(const struct term *term, size_t len)
{
	return term->kind == TERM_TUPLE && term->len == len;
}

bool
term_is_proper_list(const struct term *term)
{
	return term->kind == TERM_LIST && !term->tail;
}

bool
term_text(struct arena *arena, const struct term *term, struct str *utf8)
{
	struct buf out = {.arena = arena};

	if (!term_is_proper_list(term))
		return false;
	for (size_t i = 0; i < term->len; i++) {
		const struct term *item = &term->items[i];

		if (item->kind != TERM_INTEGER || item->integer < 0 || item->integer > 0x10ffff ||
			!utf8_is_scalar((uint32_t)item->integer))
			return false;
		utf8_add(&out, (uint32_t)item->integer);
	}
	*utf8 = buf_view(&out);
	return true;
}
