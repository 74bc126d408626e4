#include "otp/relup_script.h"
#include "support/arena.h"

/* A module that an instruction names. */
struct mention {
	struct str module;
	const struct instruction *by;
};

struct mentions {
	struct mention *at;
	size_t len, cap;
};

static bool
mentions_have(const struct mentions *mentions, struct str module)
{
	for (size_t i = 0; i < mentions->len; i++)
		if (str_eq(mentions->at[i].module, module))
			return true;
	return false;
}

/* All modules of the instructions {name, [Module | {Module, Timeout}]}. */
static struct mentions
collect(struct scripting *s, const struct instructions *script, const char *name)
{
	struct mentions mentions = {0};

	for (size_t i = 0; i < script->len; i++) {
		const struct instruction *by = &script->at[i];

		if (!instruction_is(&by->term, name, 2))
			continue;
		for (size_t k = 0; k < by->term.items[1].len; k++) {
			const struct term *item = &by->term.items[1].items[k];
			struct mention mention = {
				item->kind == TERM_TUPLE ? item->items[0].atom : item->atom, by};
			vec_push(s->fs->arena, &mentions, mention);
		}
	}
	return mentions;
}

static bool
check_pair(struct scripting *s, const struct instructions *script, const char *name,
	const char *other, const char *word)
{
	struct mentions ours = collect(s, script, name), theirs = collect(s, script, other);
	bool ok = true;

	for (size_t i = 0; i < ours.len; i++) {
		struct str module = ours.at[i].module;

		if (!mentions_have(&theirs, module))
			ok = script_fault(s, ours.at[i].by, NULL,
				"'" STR_FMT "' is in a {%s, ...}, but in no {%s, ...}: add one "
				"[%s]",
				STR_ARG(module), name, other, word);
	}
	return ok;
}

static bool
has_code(const struct instructions *before, struct str module)
{
	for (size_t i = 0; i < before->len; i++) {
		const struct term *term = &before->at[i].term;

		if (!instruction_is(term, "load_object_code", 2))
			continue;
		const struct term *modules = &term->items[1].items[2];
		for (size_t k = 0; k < modules->len; k++)
			if (str_eq(modules->items[k].atom, module))
				return true;
	}
	return false;
}

bool
script_check_pairs(struct scripting *s, const struct halves *halves)
{
	const struct instructions *after = &halves->after;
	bool ok = true;

	for (size_t i = 0; i < after->len; i++) {
		const struct term *term = &after->at[i].term;

		if (instruction_is(term, "load", 2) &&
			!has_code(&halves->before, term->items[1].items[0].atom))
			ok = script_fault(s, &after->at[i], NULL,
				"no load_object_code has read '" STR_FMT
				"': add {load_object_code, {App, Vsn, [" STR_FMT
				"]}}, or write {load_module, " STR_FMT "} [no_object_code]",
				STR_ARG(term->items[1].items[0].atom),
				STR_ARG(term->items[1].items[0].atom),
				STR_ARG(term->items[1].items[0].atom));
	}
	ok = check_pair(s, after, "suspend", "resume", "suspended_not_resumed") && ok;
	ok = check_pair(s, after, "resume", "suspend", "resumed_not_suspended") && ok;
	ok = check_pair(s, after, "start", "stop", "start_not_stop") && ok;
	return check_pair(s, after, "stop", "start", "stop_not_start") && ok;
}
