#include "otp/relup_script.h"

#include "support/arena.h"

static bool
is_word(const struct instruction *instruction, const char *word)
{
	return term_is_atom(&instruction->term, (struct str){word, strlen(word)});
}

/* --- before and after the point of no return --- */

/* Where it is; script->len when it is not there. *ok: it is not there twice. */
static size_t
find_point(struct scripting *s, const struct instructions *script, bool *ok)
{
	size_t point = script->len;

	for (size_t i = 0; i < script->len; i++) {
		if (!is_word(&script->at[i], "point_of_no_return"))
			continue;
		if (point == script->len)
			point = i;
		else
			*ok = script_fault(s, &script->at[i], NULL,
				"the point_of_no_return can be passed only once, and is in line "
				"%u already; remove one [too_many_point_of_no_return]",
				script->at[point].term.line);
	}
	return point;
}

/* Adds a script to `halves`. Without a point of no return all comes after it. Code is read before
 * it in any case. */
static bool
split(struct scripting *s, const struct instructions *script, struct halves *halves)
{
	bool ok = true;
	size_t point = find_point(s, script, &ok);
	size_t from = point < script->len ? point + 1 : 0;

	for (size_t i = 0; i + 1 < from; i++) {
		const struct instruction *at = &script->at[i];

		if (!instruction_is(&at->term, "load_object_code", 2) &&
			!instruction_is(&at->term, "apply", 2))
			ok = script_fault(s, at, NULL,
				"only load_object_code and apply may come before the "
				"point_of_no_return, not %s; move it behind that "
				"[bad_op_before_point_of_no_return]",
				script_show(s, &at->term));
		vec_push(s->fs->arena, &halves->before, *at);
	}
	for (size_t i = from; i < script->len; i++) {
		const struct instruction *at = &script->at[i];

		if (instruction_is(&at->term, "load_object_code", 2))
			vec_push(s->fs->arena, &halves->before, *at);
		else
			vec_push(s->fs->arena, &halves->after, *at);
	}
	return ok;
}

/* --- all variants in their longest form --- */

static struct term
normal(struct arena *arena, const struct term *term)
{
	const struct term *items = term->items;
	struct term dynamic = term_atom(STR("dynamic")), none = {.kind = TERM_LIST};

	if (instruction_is(term, "update", 6))
		return TERM_TUPLE(arena, items[0], items[1], dynamic, term_atom(STR("default")),
			items[2], items[3], items[4], items[5]);
	if (instruction_is(term, "update", 7))
		return TERM_TUPLE(arena, items[0], items[1], dynamic, items[2], items[3], items[4],
			items[5], items[6]);
	if (instruction_is(term, "add_module", 2) || instruction_is(term, "delete_module", 2))
		return TERM_TUPLE(arena, items[0], items[1], none);
	return *term;
}

static void
normalize(struct scripting *s, struct instructions *script)
{
	for (size_t i = 0; i < script->len; i++) {
		struct term *term = &script->at[i].term;
		struct term made = normal(s->fs->arena, term);

		made.line = term->line;
		made.column = term->column;
		*term = made;
	}
}

/* A module that is added is loaded like any other; how old code is purged does not matter. */
static void
load_added(struct scripting *s, struct instructions *script)
{
	struct term brutal = term_atom(STR("brutal_purge"));

	for (size_t i = 0; i < script->len; i++) {
		struct term *term = &script->at[i].term;

		if (!instruction_is(term, "add_module", 3))
			continue;
		struct term made = TERM_TUPLE(s->fs->arena, term_atom(STR("load_module")),
			term->items[1], brutal, brutal, term->items[2]);
		made.line = term->line;
		made.column = term->column;
		*term = made;
	}
}

/* --- one load_object_code for each application --- */

/* The modules of `list` that `modules`, which is in reverse, has not yet; the last comes first. */
static void
prepend(struct scripting *s, struct instructions *modules, const struct term *list,
	const struct instruction *origin)
{
	size_t known = modules->len;

	for (size_t i = list->len; i-- > 0;) {
		size_t k = 0;

		while (k < known && !str_eq(modules->at[k].term.atom, list->items[i].atom))
			k++;
		if (k == known)
			script_add(s, modules, list->items[i], origin);
	}
}

/* Merges what comes behind the i-th and is of the same application into it. */
static bool
merge_into(struct scripting *s, struct instructions *code, size_t i, bool *merged)
{
	struct instructions modules = {0};
	const struct term *first = &code->at[i].term.items[1];
	bool ok = true;

	for (size_t k = code->len; k-- > i;) {
		const struct term *other = &code->at[k].term.items[1];

		if (merged[k] || !str_eq(first->items[0].atom, other->items[0].atom))
			continue;
		merged[k] = true;
		if (!term_equal(&first->items[1], &other->items[1]))
			ok = script_fault(s, &code->at[k], NULL,
				"the code of '" STR_FMT
				"' is read in the versions %s and %s; only one can be meant "
				"[conflicting_versions]",
				STR_ARG(first->items[0].atom), script_show(s, &first->items[1]),
				script_show(s, &other->items[1]));
		prepend(s, &modules, &other->items[2], &code->at[k]);
	}

	struct term *list = arena_array(s->fs->arena, struct term, modules.len);
	for (size_t k = 0; k < modules.len; k++)
		list[k] = modules.at[modules.len - 1 - k].term;
	struct term library = TERM_TUPLE(s->fs->arena, first->items[0], first->items[1],
		term_list(s->fs->arena, list, modules.len));
	struct term made = TERM_TUPLE(s->fs->arena, term_atom(STR("load_object_code")), library);
	code->at[i].term = made;
	return ok;
}

bool
script_merge_code(struct scripting *s, struct instructions *before)
{
	struct instructions code = {0}, rest = {0}, out = {0};
	bool ok = true;

	for (size_t i = 0; i < before->len; i++) {
		bool is_code = instruction_is(&before->at[i].term, "load_object_code", 2);
		vec_push(s->fs->arena, is_code ? &code : &rest, before->at[i]);
	}

	bool *merged = arena_array(s->fs->arena, bool, code.len);
	for (size_t i = 0; i < code.len; i++) {
		if (merged[i])
			continue;
		ok = merge_into(s, &code, i, merged) && ok;
		vec_push(s->fs->arena, &out, code.at[i]);
	}
	for (size_t i = 0; i < rest.len; i++)
		vec_push(s->fs->arena, &out, rest.at[i]);
	*before = out;
	return ok;
}

/* --- restarts of the emulator --- */

/* Takes all instructions that are `word` out; was there one? */
static bool
take_out(struct instructions *script, const char *word)
{
	size_t kept = 0, len = script->len;

	for (size_t i = 0; i < len; i++)
		if (!is_word(&script->at[i], word))
			script->at[kept++] = script->at[i];
	script->len = kept;
	return kept < len;
}

/* Into a new emulator first of all on the way up, and last of all on the way down. */
static void
place_restarts(struct scripting *s, struct halves *halves, struct instructions *script)
{
	struct arena *arena = s->fs->arena;
	struct instruction again = {.term = term_atom(STR("restart_emulator"))};
	struct instruction new = {.term = term_atom(STR("restart_new_emulator"))};
	struct instruction point = {.term = term_atom(STR("point_of_no_return"))};
	bool has_new = take_out(&halves->after, "restart_new_emulator");
	bool has_again = take_out(&halves->after, "restart_emulator");

	if (has_new && s->direction == APPUP_UP)
		vec_push(arena, script, new);
	for (size_t i = 0; i < halves->before.len; i++)
		vec_push(arena, script, halves->before.at[i]);
	vec_push(arena, script, point);
	for (size_t i = 0; i < halves->after.len; i++)
		vec_push(arena, script, halves->after.at[i]);
	if (has_again || (has_new && s->direction == APPUP_DOWN))
		vec_push(arena, script, again);
}

/* --- */

bool
script_translate(
	struct scripting *s, const struct instructions *scripts, size_t len, struct term *script)
{
	struct halves halves = {0};
	struct instructions after = {0}, out = {0};
	bool ok = true;

	for (size_t i = 0; i < len; i++)
		ok = split(s, &scripts[i], &halves) && ok;
	if (!ok)
		return false;
	ok = script_check(s, &halves.before);
	if (!script_check(s, &halves.after) || !ok)
		return false;
	normalize(s, &halves.after);
	if (!script_check_pairs(s, &halves) || !script_applications(s, &halves.after, &after))
		return false;
	load_added(s, &after);
	halves.after = after;
	if (!script_modules(s, &halves) || !script_merge_code(s, &halves.before))
		return false;
	place_restarts(s, &halves, &out);

	struct term *items = arena_array(s->fs->arena, struct term, out.len);
	for (size_t i = 0; i < out.len; i++)
		items[i] = out.at[i].term;
	*script = term_list(s->fs->arena, items, out.len);
	return true;
}
