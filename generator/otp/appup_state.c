#include "otp/appup_state.h"

#include "beam/code.h"
#include "support/arena.h"

enum { MAX_DEBUG_INFO = 1 << 26 };

/* {ok, ...} with these arguments is what changes nothing. */
static const struct callback {
	struct str name;
	unsigned arity, first;
	size_t count;
} callbacks[] = {
	{STR_INIT("code_change"), 3, 1, 1}, /* Vsn, State, Extra: gen_server, gen_event */
	{STR_INIT("code_change"), 4, 1, 2}, /* Vsn, State, Data, Extra: gen_statem, gen_fsm */
	{STR_INIT("system_code_change"), 4, 0, 1}, /* Misc, Module, Vsn, Extra: sys(3) */
};

enum appup_conversion
appup_conversion(struct arena *arena, const struct appup_side *side)
{
	enum appup_conversion conversion = APPUP_NO_CODE_CHANGE;

	for (size_t i = 0; i < sizeof(callbacks) / sizeof(callbacks[0]); i++) {
		const struct callback *c = &callbacks[i];

		if (!appup_exports(side, c->name, c->arity))
			continue;

		struct beam_value value = beam_returns(arena, &side->beam, c->name, c->arity);
		if (!beam_value_is_ok(&value, c->first, c->count))
			return APPUP_CONVERTS;
		conversion = APPUP_IDENTITY;
	}
	return conversion;
}

bool
appup_same_callback_mode(struct arena *arena, const struct appup_pair *pair)
{
	struct beam_value modes[APPUP_SIDES];

	for (size_t i = 0; i < APPUP_SIDES; i++) {
		const struct appup_side *side = &pair->sides[i];

		if (!appup_exports(side, STR("callback_mode"), 0))
			return !appup_exports(&pair->sides[APPUP_NEW], STR("callback_mode"), 0);
		modes[i] = beam_returns(arena, &side->beam, STR("callback_mode"), 0);
	}
	return modes[APPUP_OLD].kind == BEAM_TERM && modes[APPUP_NEW].kind == BEAM_TERM &&
	       term_equal(&modes[APPUP_OLD].term, &modes[APPUP_NEW].term);
}

/* --- records, from the abstract code in the debug info --- */

/* The forms in {debug_info_v1, erl_abstract_code, {Forms, Options}}. */
static bool
read_forms(struct arena *arena, const struct beam *beam, struct term *forms)
{
	const struct beam_chunk *chunk = beam_chunk(beam, "Dbgi");
	const char *fault;
	struct term info;

	if (!chunk || !term_decode(arena, chunk->data, MAX_DEBUG_INFO, &info, &fault))
		return false;
	if (!term_is_tuple(&info, 3) || !term_is_atom(&info.items[0], STR("debug_info_v1")) ||
		!term_is_atom(&info.items[1], STR("erl_abstract_code")) ||
		!term_is_tuple(&info.items[2], 2))
		return false;
	*forms = info.items[2].items[0];
	return forms->kind == TERM_LIST;
}

/* {record_field, Anno, {atom, Anno, Name}, ...}, or {typed_record_field, {record_field...}, _} */
static bool
field_name(const struct term *field, struct str *name)
{
	if (field->kind == TERM_TUPLE && field->len == 3 &&
		term_is_atom(&field->items[0], STR("typed_record_field")))
		field = &field->items[1];
	if (field->kind != TERM_TUPLE || field->len < 3 ||
		!term_is_atom(&field->items[0], STR("record_field")) ||
		!term_is_tuple(&field->items[2], 3) || field->items[2].items[2].kind != TERM_ATOM)
		return false;
	*name = field->items[2].items[2].atom;
	return true;
}

/* The fields of {attribute, Anno, record, {Name, Fields}}, or NULL. */
static const struct term *
record_fields(const struct term *forms, struct str name)
{
	for (size_t i = 0; i < forms->len; i++) {
		const struct term *form = &forms->items[i];

		if (term_is_tuple(form, 4) && term_is_atom(&form->items[2], STR("record")) &&
			term_is_tuple(&form->items[3], 2) &&
			term_is_atom(&form->items[3].items[0], name) &&
			form->items[3].items[1].kind == TERM_LIST)
			return &form->items[3].items[1];
	}
	return NULL;
}

static bool
same_fields(const struct term *old, const struct term *new)
{
	struct str a, b;

	if (old->len != new->len)
		return false;
	for (size_t i = 0; i < old->len; i++)
		if (field_name(&old->items[i], &a) && field_name(&new->items[i], &b) &&
			!str_eq(a, b))
			return false;
	return true;
}

bool
appup_state_record(struct arena *arena, const struct appup_pair *pair, struct str *record)
{
	const struct str names[] = {STR("state"), STR("data"), pair->name};
	struct term old, new;

	if (!read_forms(arena, &pair->sides[APPUP_OLD].beam, &old) ||
		!read_forms(arena, &pair->sides[APPUP_NEW].beam, &new))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct term *before = record_fields(&old, names[i]);
		const struct term *after = record_fields(&new, names[i]);

		*record = names[i];
		if (before && after && !same_fields(before, after))
			return true;
	}
	return false;
}
