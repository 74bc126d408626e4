#include "otp/relup_script.h"
#include "support/arena.h"

static const struct release_application *
find(const struct plan *plan, struct str name)
{
	for (size_t i = 0; i < plan->len; i++)
		if (str_eq(plan->at[i].entry->app->name, name))
			return plan->at[i].entry;
	return NULL;
}

/* {apply, {application, Function, [Argument, ...]}} */
static void
add_call(struct scripting *s, struct instructions *out, const struct instruction *origin,
	const char *function, const struct term *arguments, size_t len)
{
	struct arena *arena = s->fs->arena;
	struct term call = TERM_TUPLE(arena, term_atom(STR("application")),
		term_atom((struct str){function, strlen(function)}),
		term_list(arena, arguments, len));

	script_add(s, out, TERM_TUPLE(arena, term_atom(STR("apply")), call), origin);
}

/* The application's modules are loaded, and it is started as `start` says. */
static void
add_new(struct scripting *s, struct instructions *out, const struct instruction *origin,
	const struct application *app, enum otp_start start)
{
	struct arena *arena = s->fs->arena;
	struct term arguments[] = {term_atom(app->name), term_atom(otp_start_name(start))};

	for (size_t i = 0; i < app->modules.len; i++)
		script_add(s, out,
			TERM_TUPLE(arena, term_atom(STR("add_module")),
				term_atom(app->modules.at[i]), (struct term){.kind = TERM_LIST}),
			origin);
	if (start == OTP_LOAD)
		add_call(s, out, origin, "load", arguments, 1);
	else if (start != OTP_NONE)
		add_call(s, out, origin, "start", arguments, 2);
}

/* The application is stopped and its modules are gone. */
static void
add_end(struct scripting *s, struct instructions *out, const struct instruction *origin,
	const struct application *app)
{
	struct arena *arena = s->fs->arena;
	struct term name = term_atom(app->name), brutal = term_atom(STR("brutal_purge"));

	add_call(s, out, origin, "stop", &name, 1);
	for (size_t i = 0; i < app->modules.len; i++) {
		struct term module =
			TERM_TUPLE(arena, term_atom(app->modules.at[i]), brutal, brutal);
		script_add(s, out, TERM_TUPLE(arena, term_atom(STR("remove")), module), origin);
	}
	script_add(s, out,
		TERM_TUPLE(arena, term_atom(STR("purge")), names_term(arena, app->modules)),
		origin);
}

static bool
unknown(struct scripting *s, const struct instruction *at, struct str name, const char *release)
{
	return script_fault(s, at, NULL,
		"there is no application '" STR_FMT "' in the %s release [no_such_application]",
		STR_ARG(name), release);
}

static bool
remove_it(struct scripting *s, const struct instruction *at, struct instructions *out)
{
	struct str name = at->term.items[1].atom;
	const struct release_application *old = find(s->before, name);
	struct term argument = term_atom(name);

	if (find(s->apps, name))
		return script_fault(s, at, NULL,
			"'" STR_FMT "' is to be removed, but it is in the release that is to run "
			"then; to stop and start it, write {restart_application, " STR_FMT
			"} [removed_application_present]",
			STR_ARG(name), STR_ARG(name));
	if (!old)
		return unknown(s, at, name, "running");
	add_end(s, out, at, old->app);
	add_call(s, out, at, "unload", &argument, 1);
	return true;
}

static bool
restart_it(struct scripting *s, const struct instruction *at, struct instructions *out)
{
	struct str name = at->term.items[1].atom;
	const struct release_application *old = find(s->before, name);
	const struct release_application *new = find(s->apps, name);

	if (!old)
		return unknown(s, at, name, "running");
	if (!new)
		return unknown(s, at, name, "other");
	add_end(s, out, at, old->app);
	add_new(s, out, at, new->app, new->start);
	return true;
}

static bool
add_it(struct scripting *s, const struct instruction *at, struct instructions *out)
{
	struct str name = at->term.items[1].atom;
	const struct release_application *new = find(s->apps, name);
	enum otp_start start;

	if (!new)
		return unknown(s, at, name, "other");
	otp_start_parse(at->term.items[2].atom, &start);
	add_new(s, out, at, new->app, start);
	return true;
}

bool
script_applications(
	struct scripting *s, const struct instructions *script, struct instructions *out)
{
	bool ok = true;

	for (size_t i = 0; i < script->len; i++) {
		const struct instruction *at = &script->at[i];

		if (instruction_is(&at->term, "add_application", 3))
			ok = add_it(s, at, out) && ok;
		else if (instruction_is(&at->term, "remove_application", 2))
			ok = remove_it(s, at, out) && ok;
		else if (instruction_is(&at->term, "restart_application", 2))
			ok = restart_it(s, at, out) && ok;
		else
			vec_push(s->fs->arena, out, *at);
	}
	return ok;
}
