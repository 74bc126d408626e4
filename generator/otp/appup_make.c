#include "otp/appup_make.h"

#include "beam/code.h"
#include "otp/appup_modules.h"
#include "otp/appup_state.h"
#include "support/arena.h"

enum instruction {
	LOAD_MODULE,
	UPDATE_ADVANCED,
	UPDATE_STATIC, /* as supervisors: on the way down, too, the module is loaded first */
	UPDATE_SUPERVISOR
};

struct making {
	struct fs *fs;
	const struct appup_version *new;
	struct appup_pairs pairs;
	struct appup_order order;
	enum instruction *instructions; /* of what is in both versions, by index of pair */
};

static struct srcpos
pos_of(const struct appup_pair *pair)
{
	const struct appup_side *sides = pair->sides;

	return (struct srcpos){
		.file = sides[sides[APPUP_NEW].module ? APPUP_NEW : APPUP_OLD].module->file};
}

/* --- what to do to a module that is in both versions --- */

static const char *
kind_text(enum appup_kind kind)
{
	switch (kind) {
	case APPUP_PLAIN:
		return "a plain module";
	case APPUP_PROCESS:
		return "the module of a process";
	case APPUP_SUPERVISOR:
		return "a supervisor";
	}
	return "";
}

/* Neither sys:suspend nor code_change means anything to a process that began as something else. */
static void
warn_of_kinds(struct making *making, const struct appup_pair *pair)
{
	const struct appup_side *old = &pair->sides[APPUP_OLD], *new = &pair->sides[APPUP_NEW];

	if (old->kind == new->kind)
		diag_warning(making->fs->diag, pos_of(pair),
			"'" STR_FMT "' was a " STR_FMT " and is now a " STR_FMT
			"; it is only loaded: processes that run it do not become the other",
			STR_ARG(pair->name), STR_ARG(old->behaviour), STR_ARG(new->behaviour));
	else
		diag_warning(making->fs->diag, pos_of(pair),
			"'" STR_FMT "' was %s and is now %s; it is only loaded: processes that run "
			"it do not become the other",
			STR_ARG(pair->name), kind_text(old->kind), kind_text(new->kind));
	diag_note(making->fs->diag, pos_of(pair),
		"write a " STR_FMT
		".appup by hand that ends them before, with {apply, {supervisor, "
		"terminate_child, [Supervisor, Id]}}, and starts them after it, with restart_child; "
		"or {restart_application, " STR_FMT "}",
		STR_ARG(making->new->app->name), STR_ARG(making->new->app->name));
}

/* What happens to a child is said for each direction; `gained` on the way up is lost on the way
 * down. */
static void
warn_of_child(struct making *making, const struct appup_pair *pair, struct str child, bool gained)
{
	struct str app = making->new->app->name;

	diag_warning(making->fs->diag, pos_of(pair),
		"supervisor '" STR_FMT "' names '" STR_FMT
		"', as it %s: if that is %s child, it is "
		"neither %s on the way up nor %s on the way down",
		STR_ARG(pair->name), STR_ARG(child), gained ? "did not before" : "does no more",
		gained ? "a new" : "an old", gained ? "started" : "ended",
		gained ? "ended" : "started");
	diag_note(making->fs->diag, pos_of(pair),
		"write a " STR_FMT ".appup by hand: on the way %s, after the update, {apply, "
		"{supervisor, restart_child, ['" STR_FMT "', '" STR_FMT
		"']}}; on the way %s, before it, terminate_child and delete_child in the same way",
		STR_ARG(app), gained ? "up" : "down", STR_ARG(pair->name), STR_ARG(child),
		gained ? "down" : "up");
}

/* Modules of processes of this application that one version names and the other does not; how many.
 */
static size_t
compare_children(struct making *making, const struct appup_pair *pair,
	const struct beam_names names[APPUP_SIDES])
{
	size_t found = 0;

	for (size_t i = 0; i < making->pairs.len; i++) {
		const struct appup_pair *child = &making->pairs.at[i];
		bool gained = beam_names_have(&names[APPUP_NEW], child->name);

		if (gained == beam_names_have(&names[APPUP_OLD], child->name))
			continue;
		const struct appup_side *side = &child->sides[gained ? APPUP_NEW : APPUP_OLD];
		if (!side->module)
			side = &child->sides[gained ? APPUP_OLD : APPUP_NEW];
		if (side->kind == APPUP_PLAIN)
			continue;
		warn_of_child(making, pair, child->name, gained);
		found++;
	}
	return found;
}

static bool
same_names(const struct beam_names *a, const struct beam_names *b)
{
	for (size_t i = 0; i < a->len && i < b->len; i++)
		if (!str_eq(a->at[i], b->at[i]))
			return false;
	return a->len == b->len;
}

static void
warn_of_children(struct making *making, const struct appup_pair *pair)
{
	struct beam_names names[APPUP_SIDES];
	bool known = true;

	/* It has no children but those that are started one by one. */
	if (str_eq(pair->sides[APPUP_NEW].behaviour, STR("Elixir.DynamicSupervisor")))
		return;
	for (size_t i = 0; i < APPUP_SIDES; i++)
		if (!beam_names(making->fs->arena, &pair->sides[i].beam, &names[i]))
			known = false;
	if (known && compare_children(making, pair, names) > 0)
		return;
	/* A child has an id and a module: both would be atoms that were not there. */
	if (known && same_names(&names[APPUP_OLD], &names[APPUP_NEW]))
		return;
	diag_warning(making->fs->diag, pos_of(pair),
		"supervisor '" STR_FMT
		"' has changed: it reads its init/1 again, but does not start children that are "
		"new there, and does not end those that are not there any more",
		STR_ARG(pair->name));
	diag_note(making->fs->diag, pos_of(pair),
		"if there are any, write a " STR_FMT
		".appup by hand: {apply, {supervisor, restart_child, [Supervisor, Id]}} after the "
		"update starts a new one; terminate_child and delete_child before it end an old "
		"one; on the way down the other way round",
		STR_ARG(making->new->app->name));
}

static void
warn_of_state(
	struct making *making, const struct appup_pair *pair, enum appup_conversion conversion)
{
	struct str record;

	if (conversion == APPUP_CONVERTS || !appup_state_record(making->fs->arena, pair, &record))
		return;
	diag_warning(making->fs->diag, pos_of(pair),
		"the record '" STR_FMT "' of '" STR_FMT "' has other fields than before, but %s",
		STR_ARG(record), STR_ARG(pair->name),
		conversion == APPUP_IDENTITY ? "code_change gives back the state as it was"
					     : "there is no code_change to convert it");
	diag_note(making->fs->diag, pos_of(pair),
		"if processes keep it as their state, write a code_change that converts it: from "
		"the old version, and back when the version is {down, Vsn}");
}

/* It is only while its code is changed that gen_statem asks for the callback mode again; on the way
 * down the new version answers, which is not yet replaced. */
static void
warn_of_mode(struct making *making, const struct appup_pair *pair, enum appup_conversion conversion)
{
	diag_warning(making->fs->diag, pos_of(pair),
		"callback_mode() of '" STR_FMT "' may have changed, and gen_statem asks for it %s",
		STR_ARG(pair->name),
		conversion == APPUP_NO_CODE_CHANGE
			? "again only where there is a code_change/4"
			: "before the old version is back on the way down");
	diag_note(making->fs->diag, pos_of(pair), "if it has, %s",
		conversion == APPUP_NO_CODE_CHANGE
			? "write a code_change/4, in both versions; {ok, State, Data} will do"
			: "write an .appup by hand that stops the processes before the old version "
			  "is loaded, {stop, [Module]}, and starts them after it, {start, [Module]}");
}

/* release_handler finds processes by the children of supervisors, and handlers by their manager. */
static void
warn_of_unlisted(struct making *making, const struct appup_pair *pair)
{
	if (str_eq(pair->sides[APPUP_NEW].behaviour, STR("gen_event")))
		return;
	for (size_t i = 0; i < making->pairs.len; i++) {
		const struct appup_side *side = &making->pairs.at[i].sides[APPUP_NEW];
		struct beam_names names;

		if (side->module && side->kind == APPUP_SUPERVISOR &&
			(!beam_names(making->fs->arena, &side->beam, &names) ||
				beam_names_have(&names, pair->name)))
			return;
	}
	diag_warning(making->fs->diag, pos_of(pair),
		"no supervisor of " STR_FMT " names '" STR_FMT
		"': its code_change is called only in processes that are a supervisor's children, "
		"with '" STR_FMT "' among the modules of their child specification",
		STR_ARG(making->new->app->name), STR_ARG(pair->name), STR_ARG(pair->name));
	diag_note(making->fs->diag, pos_of(pair),
		"if a supervisor of another application has them, all is well; else have them "
		"supervised");
}

static enum instruction
decide_process(struct making *making, const struct appup_pair *pair)
{
	struct arena *arena = making->fs->arena;
	enum appup_conversion conversion = appup_conversion(arena, &pair->sides[APPUP_NEW]);
	bool same_mode = appup_same_callback_mode(arena, pair);
	bool both_identity = conversion == APPUP_IDENTITY &&
			     appup_conversion(arena, &pair->sides[APPUP_OLD]) == APPUP_IDENTITY;

	warn_of_state(making, pair, conversion);
	if (!same_mode && !both_identity)
		warn_of_mode(making, pair, conversion);
	/* Without a code_change there is nothing to call: the process would end. And one that
	 * converts nothing is not worth a pause. */
	if (conversion == APPUP_NO_CODE_CHANGE || (conversion == APPUP_IDENTITY && same_mode))
		return LOAD_MODULE;
	warn_of_unlisted(making, pair);
	return both_identity ? UPDATE_STATIC : UPDATE_ADVANCED;
}

static enum instruction
decide(struct making *making, const struct appup_pair *pair)
{
	const struct appup_side *old = &pair->sides[APPUP_OLD], *new = &pair->sides[APPUP_NEW];

	if (pair->change == APPUP_SAME_CODE)
		return LOAD_MODULE;
	if (old->kind != new->kind ||
		(old->behaviour.len && new->behaviour.len && old->kind == APPUP_PROCESS &&
			!str_eq(old->behaviour, new->behaviour))) {
		warn_of_kinds(making, pair);
		return LOAD_MODULE;
	}
	switch (new->kind) {
	case APPUP_PLAIN:
		return LOAD_MODULE;
	case APPUP_PROCESS:
		return decide_process(making, pair);
	case APPUP_SUPERVISOR:
		warn_of_children(making, pair);
		return UPDATE_SUPERVISOR;
	}
	return LOAD_MODULE;
}

/* --- what else is not done by an upgrade --- */

static void
warn_of_library(struct making *making, const struct appup_pair *pair)
{
	struct beam_functions imports;
	const char *fault;

	if (!beam_imports(making->fs->arena, &pair->sides[APPUP_NEW].beam, &imports, &fault))
		return; /* reported with the order */
	for (size_t i = 0; i < imports.len; i++) {
		if (!str_eq(imports.at[i].module, STR("erlang")) ||
			!str_eq(imports.at[i].name, STR("load_nif")))
			continue;
		diag_warning(making->fs->diag, pos_of(pair),
			"'" STR_FMT "' loads a native library, which two versions of the module "
			"will share for a while",
			STR_ARG(pair->name));
		diag_note(making->fs->diag, pos_of(pair),
			"the library has to have the callback 'upgrade' in ERL_NIF_INIT, else the "
			"new module does not load; and a path to it that changes with the version");
		return;
	}
}

static void
warn_of_start(struct making *making, const struct appup_pair *pair)
{
	const struct application *app = making->new->app;

	if (!app->has_mod || !term_is_tuple(&app->mod, 2) ||
		!term_is_atom(&app->mod.items[0], pair->name))
		return;
	diag_warning(making->fs->diag, pos_of(pair),
		"'" STR_FMT "' is the callback module of the application " STR_FMT
		": what its start/2 does is not done again",
		STR_ARG(pair->name), STR_ARG(app->name));
	diag_note(making->fs->diag, pos_of(pair),
		"if it does more at the start than before, write a " STR_FMT
		".appup by hand with an {apply, {Module, Function, Arguments}} that does it",
		STR_ARG(app->name));
}

static void
decide_all(struct making *making)
{
	making->instructions =
		arena_array(making->fs->arena, enum instruction, making->pairs.len + 1);
	for (size_t i = 0; i < making->pairs.len; i++) {
		const struct appup_pair *pair = &making->pairs.at[i];

		if (pair->change != APPUP_CHANGED && pair->change != APPUP_SAME_CODE)
			continue;
		making->instructions[i] = decide(making, pair);
		if (pair->change != APPUP_CHANGED)
			continue;
		warn_of_library(making, pair);
		warn_of_start(making, pair);
	}
}

/* --- instructions --- */

static struct term
deps_of(struct making *making, size_t index)
{
	const struct appup_node *node = &making->order.nodes[index];
	struct term *items = arena_array(making->fs->arena, struct term, node->deps_len + 1);

	for (size_t i = 0; i < node->deps_len; i++)
		items[i] = term_atom(making->pairs.at[node->deps[i]].name);
	return term_list(making->fs->arena, items, node->deps_len);
}

/* {What, Module}, {What, Module, Deps} */
static struct term
simple(struct making *making, const char *what, size_t index)
{
	struct arena *arena = making->fs->arena;
	struct term name = term_atom(making->pairs.at[index].name);
	struct term verb = term_atom((struct str){what, strlen(what)});

	if (making->order.nodes[index].deps_len == 0)
		return TERM_TUPLE(arena, verb, name);
	return TERM_TUPLE(arena, verb, name, deps_of(making, index));
}

/*
 * The short forms mean brutal_purge before and after, which is what systools' own defaults are:
 * processes that linger in code of the version before the last one are ended instead of making the
 * upgrade fail, and what still runs the last one is ended when the release is made permanent.
 */
static struct term
update(struct making *making, size_t index)
{
	struct arena *arena = making->fs->arena;
	struct term verb = term_atom(STR("update"));
	struct term name = term_atom(making->pairs.at[index].name);
	struct term advanced =
		TERM_TUPLE(arena, term_atom(STR("advanced")), term_list(arena, NULL, 0));
	struct term brutal = term_atom(STR("brutal_purge"));
	enum instruction instruction = making->instructions[index];
	bool alone = making->order.nodes[index].deps_len == 0;

	if (instruction == UPDATE_SUPERVISOR && alone)
		return TERM_TUPLE(arena, verb, name, term_atom(STR("supervisor")));
	if (instruction == UPDATE_ADVANCED && alone)
		return TERM_TUPLE(arena, verb, name, advanced);
	if (instruction == UPDATE_ADVANCED)
		return TERM_TUPLE(arena, verb, name, advanced, deps_of(making, index));
	/* What {update, Module, supervisor} is short for; that has no room for Deps. */
	return TERM_TUPLE(arena, verb, name, term_atom(STR("static")), term_atom(STR("default")),
		advanced, brutal, brutal, deps_of(making, index));
}

static struct term
instruct(struct making *making, enum appup_direction direction, size_t index)
{
	enum appup_change change = making->pairs.at[index].change;

	if (change == APPUP_ADDED || change == APPUP_DELETED)
		return simple(making,
			(change == APPUP_ADDED) == (direction == APPUP_UP) ? "add_module"
									   : "delete_module",
			index);
	if (making->instructions[index] == LOAD_MODULE)
		return simple(making, "load_module", index);
	return update(making, index);
}

/* No instruction names it, neither as what it needs nor as what needs it. */
static bool
is_alone(const struct making *making, size_t index)
{
	for (size_t i = 0; i < making->order.order_len; i++) {
		const struct appup_node *node = &making->order.nodes[making->order.order[i]];
		if (making->order.order[i] == index && node->deps_len > 0)
			return false;
		for (size_t j = 0; j < node->deps_len; j++)
			if (node->deps[j] == index)
				return false;
	}
	return true;
}

/*
 * New modules that no instruction ties to others come first, those that are gone last: they may be
 * called by names that are made at run time, as implementations of protocols are, from the moment
 * on that the others are there.
 */
static const size_t *
arrange(struct making *making)
{
	size_t len = making->order.order_len, used = 0;
	size_t *arranged = arena_array(making->fs->arena, size_t, len + 1);

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < len; i++) {
			size_t index = making->order.order[i];
			enum appup_change change = making->pairs.at[index].change;
			int place = change == APPUP_ADDED ? 0 : change == APPUP_DELETED ? 2 : 1;
			if (place != 1 && !is_alone(making, index))
				place = 1;
			if (place == round)
				arranged[used++] = index;
		}
	return arranged;
}

/* Of the same Deps systools makes opposite orders up and down; the script shows what comes out. */
static struct term
script(struct making *making, enum appup_direction direction)
{
	size_t len = making->order.order_len;
	struct term *items = arena_array(making->fs->arena, struct term, len + 1);
	const size_t *order = arrange(making);

	for (size_t i = 0; i < len; i++) {
		size_t at = direction == APPUP_UP ? i : len - 1 - i;
		items[i] = instruct(making, direction, order[at]);
	}
	return term_list(making->fs->arena, items, len);
}

static bool
check_versions(struct fs *fs, const struct application *old, const struct application *new)
{
	if (!str_eq(old->name, new->name))
		return diag_error(fs->diag, new->pos,
			"is the application '" STR_FMT "', but the old one is '" STR_FMT
			"': an .appup is between versions of one application",
			STR_ARG(new->name), STR_ARG(old->name));
	if (!str_eq(old->version, new->version))
		return true;
	diag_error(fs->diag, new->pos,
		"has the version " STR_FMT ", as the old one: give it a later 'vsn'",
		STR_ARG(new->version));
	diag_note(fs->diag, old->pos, "the old one is here");
	return false;
}

bool
appup_make(struct fs *fs, const struct appup_version *old, const struct appup_version *new,
	unsigned otp, struct appup *appup)
{
	struct making making = {.fs = fs, .new = new};

	(void)otp; /* the instructions are those that all of them know */
	if (!check_versions(fs, old->app, new->app))
		return false;
	if (!appup_pairs(fs, old, new, true, &making.pairs) ||
		!appup_order(fs, &making.pairs, &making.order))
		return false;
	decide_all(&making);
	appup->version = new->app->version;
	for (int direction = APPUP_UP; direction <= APPUP_DOWN; direction++) {
		struct appup_entries *entries = &appup->entries[direction];
		struct appup_entry entry = {
			.version = term_string(fs->arena, old->app->version),
			.script = script(&making, (enum appup_direction)direction),
		};

		vec_push(fs->arena, entries, entry);
	}
	return true;
}
