#include "otp/relup_script.h"
#include "support/nearest.h"

/* The instruction that is being looked at. */
struct looking {
	struct scripting *s;
	const struct instruction *at;
};

static bool
fault(struct looking *l, const struct term *part, const char *should, const char *word)
{
	return script_fault(l->s, l->at, part, "%s in %s should be %s [%s]",
		script_show(l->s, part), script_show(l->s, &l->at->term.items[0]), should, word);
}

static bool
check_atom(struct looking *l, const struct term *term, const char *what, const char *word)
{
	return term->kind == TERM_ATOM || fault(l, term, what, word);
}

static bool
check_module(struct looking *l, const struct term *term)
{
	return check_atom(l, term, "a module, which is an atom", "bad_module");
}

static bool
check_list(struct looking *l, const struct term *term)
{
	return term_is_proper_list(term) || fault(l, term, "a list", "bad_list");
}

static bool
check_modules(struct looking *l, const struct term *term)
{
	bool ok = check_list(l, term);

	for (size_t i = 0; ok && i < term->len; i++)
		if (!check_module(l, &term->items[i]))
			return false;
	return ok;
}

static bool
check_change(struct looking *l, const struct term *term)
{
	return term_is_atom(term, STR("soft")) || instruction_is(term, "advanced", 2) ||
	       fault(l, term, "soft or {advanced, Extra}", "bad_change");
}

static bool
check_purge(struct looking *l, const struct term *term)
{
	return term_is_atom(term, STR("soft_purge")) || term_is_atom(term, STR("brutal_purge")) ||
	       fault(l, term, "soft_purge or brutal_purge", "bad_purge_method");
}

static bool
check_timeout(struct looking *l, const struct term *term)
{
	return term_is_atom(term, STR("default")) || term_is_atom(term, STR("infinity")) ||
	       (term->kind == TERM_INTEGER && term->integer > 0) ||
	       (term->kind == TERM_BIG && !term->big.negative) ||
	       fault(l, term, "milliseconds (above 0), default or infinity", "bad_timeout");
}

static bool
check_kind(struct looking *l, const struct term *term)
{
	return term_is_atom(term, STR("static")) || term_is_atom(term, STR("dynamic")) ||
	       fault(l, term, "static or dynamic", "bad_mod_type");
}

static bool
check_application(struct looking *l, const struct term *term)
{
	return check_atom(l, term, "an application, which is an atom", "bad_application");
}

static bool
check_start(struct looking *l, const struct term *term)
{
	enum otp_start start;

	return (term->kind == TERM_ATOM && otp_start_parse(term->atom, &start)) ||
	       fault(l, term, "permanent, transient, temporary, load or none", "bad_start_type");
}

/* {Library, Vsn, [Module]} */
static bool
check_code(struct looking *l, const struct term *term)
{
	return check_atom(l, &term->items[0], "an application, which is an atom", "bad_lib") &&
	       (term->items[1].kind == TERM_LIST ||
		       fault(l, &term->items[1], "a version, which is a string", "bad_lib_vsn")) &&
	       check_modules(l, &term->items[2]);
}

/* {Module, PrePurge, PostPurge} */
static bool
check_purged(struct looking *l, const struct term *term)
{
	bool ok = check_module(l, &term->items[0]);

	ok = check_purge(l, &term->items[1]) && ok;
	return check_purge(l, &term->items[2]) && ok;
}

static bool
check_suspended(struct looking *l, const struct term *term)
{
	bool ok = check_list(l, term);

	for (size_t i = 0; ok && i < term->len; i++) {
		const struct term *item = &term->items[i];

		ok = term_is_tuple(item, 2)
			     ? check_module(l, &item->items[0]) && check_timeout(l, &item->items[1])
			     : check_module(l, item);
	}
	return ok;
}

/* [{Module, Extra}] */
static bool
check_changed(struct looking *l, const struct term *term)
{
	for (size_t i = 0; i < term->len; i++)
		if (!(term_is_tuple(&term->items[i], 2)
				    ? check_module(l, &term->items[i].items[0])
				    : fault(l, &term->items[i], "{Module, Extra}",
					      "bad_code_change")))
			return false;
	return true;
}

static bool
check_mode(struct looking *l, const struct term *term)
{
	return term_is_atom(term, STR("up")) || term_is_atom(term, STR("down")) ||
	       fault(l, term, "up or down", "bad_mode");
}

/* {Module, Function, Arguments}; how many these are is not looked at. */
static bool
check_call(struct looking *l, const struct term *term)
{
	return check_module(l, &term->items[0]) &&
	       check_atom(l, &term->items[1], "a function, which is an atom", "bad_func") &&
	       (term->items[2].kind == TERM_LIST ||
		       fault(l, &term->items[2], "a list of arguments", "bad_args_list"));
}

static bool
check_nodes(struct looking *l, const struct term *term)
{
	bool ok;

	if (term_is_tuple(term, 3))
		return check_call(l, term);
	ok = check_list(l, term);
	for (size_t i = 0; ok && i < term->len; i++)
		ok = check_atom(l, &term->items[i], "a node, which is an atom", "bad_node");
	return ok;
}

/* No shape fits: is it the name, or what follows? */
static bool
check_unknown(struct looking *l)
{
	static const struct str names[] = {STR_INIT("update"), STR_INIT("load_module"),
		STR_INIT("add_module"), STR_INIT("delete_module"), STR_INIT("add_application"),
		STR_INIT("remove_application"), STR_INIT("restart_application"),
		STR_INIT("load_object_code"), STR_INIT("point_of_no_return"), STR_INIT("load"),
		STR_INIT("remove"), STR_INIT("purge"), STR_INIT("suspend"), STR_INIT("resume"),
		STR_INIT("code_change"), STR_INIT("stop"), STR_INIT("start"),
		STR_INIT("sync_nodes"), STR_INIT("apply"), STR_INIT("restart_new_emulator"),
		STR_INIT("restart_emulator")};
	const struct term *term = &l->at->term;
	const struct term *name = term->kind == TERM_TUPLE && term->len > 0 ? term->items : term;
	struct nearest near = {.word = name->kind == TERM_ATOM ? name->atom : STR("")};
	bool known = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		known = known || str_eq(names[i], near.word);
		nearest_try(&near, names[i]);
	}
	if (known)
		return script_fault(l->s, l->at, NULL,
			"'" STR_FMT "' takes something else than in %s; appup(4) of OTP says what "
			"[bad_instruction]",
			STR_ARG(near.word), script_show(l->s, term));
	if (near.best.at)
		return script_fault(l->s, l->at, NULL,
			"there is no instruction %s; did you mean '" STR_FMT "'? [bad_instruction]",
			script_show(l->s, term), STR_ARG(near.best));
	return script_fault(l->s, l->at, NULL,
		"there is no instruction %s; appup(4) of OTP lists them all, with what they take "
		"[bad_instruction]",
		script_show(l->s, term));
}

/* {update, Module, [[Kind,] Timeout,] Change, PrePurge, PostPurge, [Module]} */
static bool
check_update(struct looking *l, const struct term *term)
{
	const struct term *items = term->items;
	size_t len = term->len;

	if (len < 6 || len > 8)
		return check_unknown(l);

	bool ok = check_module(l, &items[1]);
	ok = (len < 8 || check_kind(l, &items[2])) && ok;
	ok = (len < 7 || check_timeout(l, &items[len - 5])) && ok;
	ok = check_change(l, &items[len - 4]) && ok;
	ok = check_purge(l, &items[len - 3]) && ok;
	ok = check_purge(l, &items[len - 2]) && ok;
	return check_modules(l, &items[len - 1]) && ok;
}

static bool
check_two(struct looking *l, const struct term *term)
{
	const struct term *item = &term->items[1];
	static const char *const lists[] = {"purge", "resume", "stop", "start"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (instruction_is(term, lists[i], 2))
			return check_modules(l, item);
	if (instruction_is(term, "add_module", 2) || instruction_is(term, "delete_module", 2))
		return check_module(l, item);
	if (instruction_is(term, "remove_application", 2) ||
		instruction_is(term, "restart_application", 2))
		return check_application(l, item);
	if (instruction_is(term, "load_object_code", 2) && term_is_tuple(item, 3))
		return check_code(l, item);
	if ((instruction_is(term, "load", 2) || instruction_is(term, "remove", 2)) &&
		term_is_tuple(item, 3))
		return check_purged(l, item);
	if (instruction_is(term, "suspend", 2))
		return check_suspended(l, item);
	if (instruction_is(term, "code_change", 2))
		return check_list(l, item) && check_changed(l, item);
	if (instruction_is(term, "apply", 2) && term_is_tuple(item, 3))
		return check_call(l, item);
	return check_unknown(l);
}

static bool
check_three(struct looking *l, const struct term *term)
{
	const struct term *items = term->items;

	if (instruction_is(term, "add_module", 3) || instruction_is(term, "delete_module", 3))
		return check_module(l, &items[1]) && check_modules(l, &items[2]);
	if (instruction_is(term, "add_application", 3))
		return check_application(l, &items[1]) && check_start(l, &items[2]);
	if (instruction_is(term, "code_change", 3))
		return check_list(l, &items[2]) && check_mode(l, &items[1]) &&
		       check_changed(l, &items[2]);
	if (instruction_is(term, "sync_nodes", 3))
		return check_nodes(l, &items[2]);
	return check_unknown(l);
}

static bool
check_word(struct looking *l, const struct term *term)
{
	static const struct str words[] = {STR_INIT("restart"), STR_INIT("reboot"),
		STR_INIT("point_of_no_return"), STR_INIT("restart_new_emulator"),
		STR_INIT("restart_emulator")};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (term_is_atom(term, words[i]))
			return true;
	if (term_is_atom(term, STR("mnesia_backup")))
		return script_fault(l->s, l->at, NULL,
			"OTP has reserved mnesia_backup, but never made it: back up with {apply, "
			"{M, F, Args}} [not_yet_implemented]");
	return check_unknown(l);
}

static bool
check(struct looking *l)
{
	const struct term *term = &l->at->term;

	if (term->kind == TERM_ATOM)
		return check_word(l, term);
	if (term->kind != TERM_TUPLE || term->len < 2)
		return check_unknown(l);
	if (term_is_atom(&term->items[0], STR("update")))
		return check_update(l, term);
	if (instruction_is(term, "load_module", 5))
		return check_module(l, &term->items[1]) && check_purge(l, &term->items[2]) &&
		       check_purge(l, &term->items[3]) && check_modules(l, &term->items[4]);
	if (term->len == 2)
		return check_two(l, term);
	if (term->len == 3)
		return check_three(l, term);
	return check_unknown(l);
}

bool
script_check(struct scripting *s, const struct instructions *script)
{
	bool ok = true;

	for (size_t i = 0; i < script->len; i++) {
		struct looking looking = {s, &script->at[i]};
		if (!check(&looking))
			ok = false;
	}
	return ok;
}
