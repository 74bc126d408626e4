#include "otp/names.h"

#include "support/arena.h"

bool
names_take(struct arena *arena, const struct term *term, struct names *names)
{
	if (!term_is_proper_list(term))
		return false;

	*names = (struct names){arena_array(arena, struct str, term->len), 0, term->items};
	for (size_t i = 0; i < term->len; i++) {
		if (term->items[i].kind != TERM_ATOM)
			return false;
		names->at[names->len++] = term->items[i].atom;
	}
	return true;
}

struct term
names_term(struct arena *arena, struct names names)
{
	struct term *items = arena_array(arena, struct term, names.len);

	for (size_t i = 0; i < names.len; i++)
		items[i] = term_atom(names.at[i]);
	return term_list(arena, items, names.len);
}

bool
names_have(struct names names, struct str name)
{
	for (size_t i = 0; i < names.len; i++)
		if (str_eq(names.at[i], name))
			return true;
	return false;
}

int
name_order(struct str a, struct str b)
{
	return str_order(a, b);
}
