#include "otp/relup_script.h"
#include "support/arena.h"
#include "support/nearest.h"

/* A group on its way to low-level instructions; dependents come first. */
struct group {
	struct scripting *s;
	const struct instruction *at;
	size_t len;
	struct halves *halves;
};

/* {update, Module, Kind, Timeout, Change, PrePurge, PostPurge, Dependencies} */
enum { MODULE = 1, KIND = 2, TIMEOUT = 3, CHANGE = 4, PRE_PURGE = 5, POST_PURGE = 6 };

static bool
is_update(const struct instruction *instruction)
{
	return instruction_is(&instruction->term, "update", 8);
}

/* {name, [item, ...]}, unless there are no items. */
static void
add_list(
	struct group *g, const char *name, const struct term *mode, const struct instructions *list)
{
	struct arena *arena = g->s->fs->arena;
	struct term *items = arena_array(arena, struct term, list->len);
	struct term atom = term_atom((struct str){name, strlen(name)});

	if (list->len == 0)
		return;
	for (size_t i = 0; i < list->len; i++)
		items[i] = list->at[i].term;
	struct term all = term_list(arena, items, list->len);
	struct term made =
		mode ? TERM_TUPLE(arena, atom, *mode, all) : TERM_TUPLE(arena, atom, all);
	script_add(g->s, &g->halves->after, made, &g->at[0]);
}

/* Processes are suspended in the order of dependency, dependents first. */
static void
suspend(struct group *g)
{
	struct instructions list = {0};

	for (size_t i = 0; i < g->len; i++) {
		const struct term *items = g->at[i].term.items;

		if (!is_update(&g->at[i]))
			continue;
		if (term_is_atom(&items[TIMEOUT], STR("default")))
			script_add(g->s, &list, items[MODULE], &g->at[i]);
		else
			script_add(g->s, &list,
				TERM_TUPLE(g->s->fs->arena, items[MODULE], items[TIMEOUT]),
				&g->at[i]);
	}
	add_list(g, "suspend", NULL, &list);
}

static void
resume(struct group *g)
{
	struct instructions list = {0};

	for (size_t i = g->len; i-- > 0;)
		if (is_update(&g->at[i]))
			script_add(g->s, &list, g->at[i].term.items[MODULE], &g->at[i]);
	add_list(g, "resume", NULL, &list);
}

/* `kind`: only modules of it; NULL: all. */
static void
change_code(struct group *g, const char *mode, const char *kind)
{
	struct instructions list = {0};
	struct term direction = term_atom((struct str){mode, strlen(mode)});

	for (size_t i = 0; i < g->len; i++) {
		const struct term *items = g->at[i].term.items;

		if (!is_update(&g->at[i]) || !instruction_is(&items[CHANGE], "advanced", 2) ||
			(kind && !term_is_atom(&items[KIND], (struct str){kind, strlen(kind)})))
			continue;
		script_add(g->s, &list,
			TERM_TUPLE(g->s->fs->arena, items[MODULE], items[CHANGE].items[1]),
			&g->at[i]);
	}
	add_list(g, "code_change", &direction, &list);
}

static void
load_one(struct group *g, const struct instruction *at)
{
	struct arena *arena = g->s->fs->arena;
	const struct term *items = at->term.items;
	struct term brutal = term_atom(STR("brutal_purge")), module = items[MODULE];
	bool update = is_update(at);

	if (instruction_is(&at->term, "delete_module", 3)) {
		struct term gone = TERM_TUPLE(arena, module, brutal, brutal);
		script_add(g->s, &g->halves->after,
			TERM_TUPLE(arena, term_atom(STR("remove")), gone), at);
		script_add(g->s, &g->halves->after,
			TERM_TUPLE(arena, term_atom(STR("purge")), term_list(arena, &module, 1)),
			at);
		return;
	}
	struct term loaded = TERM_TUPLE(
		arena, module, items[update ? PRE_PURGE : 2], items[update ? POST_PURGE : 3]);
	script_add(g->s, &g->halves->after, TERM_TUPLE(arena, term_atom(STR("load")), loaded), at);
}

static const struct application *
owner(const struct plan *plan, struct str module)
{
	for (size_t i = 0; i < plan->len; i++)
		if (names_have(plan->at[i].entry->app->modules, module))
			return plan->at[i].entry->app;
	return NULL;
}

static bool
unknown_module(struct group *g, const struct instruction *at, struct str module)
{
	struct nearest near = {.word = module};
	const struct plan *plan = g->s->apps;

	for (size_t i = 0; i < plan->len; i++)
		for (size_t k = 0; k < plan->at[i].entry->app->modules.len; k++)
			nearest_try(&near, plan->at[i].entry->app->modules.at[k]);
	if (near.best.at)
		return script_fault(g->s, at, NULL,
			"no application of the release that is to run then has a module '" STR_FMT
			"'; did you mean '" STR_FMT "'? [no_such_module]",
			STR_ARG(module), STR_ARG(near.best));
	return script_fault(g->s, at, NULL,
		"no application of the release that is to run then has a module '" STR_FMT
		"'; check its name, and `modules` in the .app [no_such_module]",
		STR_ARG(module));
}

/* Before the point of no return the code of what is loaded is read. */
static bool
read_code(struct group *g)
{
	struct arena *arena = g->s->fs->arena;
	bool ok = true;

	for (size_t i = 0; i < g->len; i++) {
		struct term module = g->at[i].term.items[MODULE];

		if (instruction_is(&g->at[i].term, "delete_module", 3))
			continue;
		const struct application *app = owner(g->s->apps, module.atom);
		if (!app) {
			ok = unknown_module(g, &g->at[i], module.atom);
			continue;
		}
		struct term code = TERM_TUPLE(arena, term_atom(app->name),
			term_string(arena, app->version), term_list(arena, &module, 1));
		script_add(g->s, &g->halves->before,
			TERM_TUPLE(arena, term_atom(STR("load_object_code")), code), &g->at[i]);
	}
	return ok;
}

bool
script_block(
	struct scripting *s, const struct instruction *group, size_t len, struct halves *halves)
{
	struct group g = {s, group, len, halves};

	if (!read_code(&g))
		return false;
	suspend(&g);
	if (s->direction == APPUP_UP) {
		for (size_t i = len; i-- > 0;)
			load_one(&g, &group[i]);
		change_code(&g, "up", NULL);
	} else {
		change_code(&g, "down", "dynamic");
		for (size_t i = 0; i < len; i++)
			load_one(&g, &group[i]);
		change_code(&g, "down", "static");
	}
	resume(&g);
	return true;
}
