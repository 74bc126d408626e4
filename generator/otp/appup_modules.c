#include "otp/appup_modules.h"

#include <stdlib.h>

#include "support/arena.h"

static const struct str supervisors[] = {
	STR_INIT("supervisor"),
	STR_INIT("Elixir.Supervisor"),
	STR_INIT("Elixir.DynamicSupervisor"),
};

static const struct str processes[] = {
	STR_INIT("gen_server"),
	STR_INIT("gen_statem"),
	STR_INIT("gen_event"),
	STR_INIT("gen_fsm"),
	STR_INIT("supervisor_bridge"),
	STR_INIT("Elixir.GenServer"),
	STR_INIT("Elixir.GenStage"),
	STR_INIT("Elixir.GenEvent"),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool
appup_exports(const struct appup_side *side, struct str name, unsigned arity)
{
	for (size_t i = 0; i < side->exports.len; i++)
		if (side->exports.at[i].arity == arity && str_eq(side->exports.at[i].name, name))
			return true;
	return false;
}

static bool
is_among(struct str name, const struct str *names, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static void
take_behaviour(struct appup_side *side, const struct term *behaviour)
{
	if (behaviour->kind != TERM_ATOM)
		return;
	if (is_among(behaviour->atom, supervisors, COUNT(supervisors))) {
		side->kind = APPUP_SUPERVISOR;
		side->behaviour = behaviour->atom;
	} else if (side->kind == APPUP_PLAIN &&
		   is_among(behaviour->atom, processes, COUNT(processes))) {
		side->kind = APPUP_PROCESS;
		side->behaviour = behaviour->atom;
	}
}

/* -behaviour and -behavior, as often as they stand there. */
static void
take_behaviours(struct appup_side *side, const struct term *attributes)
{
	for (size_t i = 0; i < attributes->len; i++) {
		const struct term *item = &attributes->items[i];

		if (!term_is_tuple(item, 2) || item->items[1].kind != TERM_LIST)
			continue;
		if (!term_is_atom(&item->items[0], STR("behaviour")) &&
			!term_is_atom(&item->items[0], STR("behavior")))
			continue;
		for (size_t j = 0; j < item->items[1].len; j++)
			take_behaviour(side, &item->items[1].items[j]);
	}
	if (side->kind == APPUP_PLAIN && (appup_exports(side, STR("code_change"), 3) ||
						 appup_exports(side, STR("code_change"), 4) ||
						 appup_exports(side, STR("system_code_change"), 4)))
		side->kind = APPUP_PROCESS;
}

static bool
is_module(struct str name, const struct beam *beam, const char **fault)
{
	if (str_eq(beam->module, name))
		return true;
	*fault = "holds a module of another name; compile it from the right source";
	return false;
}

static bool
open_side(struct fs *fs, struct appup_side *side)
{
	const struct appup_module *module = side->module;
	struct term attributes;
	const char *fault;

	if (!beam_open(fs->arena, module->bytes, &side->beam, &fault) ||
		!is_module(module->name, &side->beam, &fault) ||
		!beam_exports(fs->arena, &side->beam, &side->exports, &fault) ||
		!beam_attributes(fs->arena, &side->beam, &attributes, &fault))
		return diag_error(fs->diag, (struct srcpos){.file = module->file}, "%s", fault);
	take_behaviours(side, &attributes);
	return true;
}

static bool
compare_sides(struct fs *fs, struct appup_pair *pair)
{
	const struct appup_side *old = &pair->sides[APPUP_OLD], *new = &pair->sides[APPUP_NEW];
	enum beam_difference difference;
	const char *fault;

	pair->change = old->module ? APPUP_DELETED : APPUP_ADDED;
	if (!old->module || !new->module)
		return true;
	if (!beam_compare(fs->arena, &old->beam, &new->beam, &difference, &fault))
		return diag_error(fs->diag, (struct srcpos){.file = new->module->file},
			"cannot be compared with %s: %s", old->module->file, fault);
	switch (difference) {
	case BEAM_SAME:
		pair->change = APPUP_SAME;
		break;
	case BEAM_SAME_CODE:
		pair->change = APPUP_SAME_CODE;
		break;
	case BEAM_OTHER_CODE:
		pair->change = APPUP_CHANGED;
		break;
	}
	return true;
}

static int
module_order(const void *pa, const void *pb)
{
	const struct appup_module *a = pa, *b = pb;

	return str_order(a->name, b->name);
}

/* Sorted, whatever order its maker found natural: names of files sort in another one. */
static struct appup_version
sorted(struct arena *arena, const struct appup_version *version)
{
	struct appup_module *modules =
		arena_array(arena, struct appup_module, version->modules_len + 1);

	if (version->modules_len) {
		memcpy(modules, version->modules, version->modules_len * sizeof(*modules));
		qsort(modules, version->modules_len, sizeof(*modules), module_order);
	}
	return (struct appup_version){version->app, modules, version->modules_len};
}

/* The next module at or after `*i` that the .app lists, or NULL. */
static const struct appup_module *
next_listed(struct fs *fs, const struct appup_version *version, size_t *i, bool warn)
{
	for (; *i < version->modules_len; ++*i) {
		const struct appup_module *module = &version->modules[*i];

		if (names_have(version->app->modules, module->name))
			return module;
		if (warn)
			diag_warning(fs->diag, (struct srcpos){.file = module->file},
				"is not in the 'modules' of " STR_FMT
				".app, so that no upgrade can "
				"load it: list it there, or delete it",
				STR_ARG(version->app->name));
	}
	return NULL;
}

bool
appup_pairs(struct fs *fs, const struct appup_version *old, const struct appup_version *new,
	bool warn, struct appup_pairs *pairs)
{
	const struct appup_version olds = sorted(fs->arena, old), news = sorted(fs->arena, new);
	size_t i = 0, j = 0;
	bool ok = true;

	*pairs = (struct appup_pairs){0};
	for (;;) {
		const struct appup_module *a = next_listed(fs, &olds, &i, false);
		const struct appup_module *b = next_listed(fs, &news, &j, warn);
		int order = !a ? 1 : !b ? -1 : str_order(a->name, b->name);
		struct appup_pair pair = {0};
		bool opened = true;

		if (!a && !b)
			return ok;
		if (order <= 0) {
			pair.sides[APPUP_OLD].module = a;
			pair.name = a->name;
			i++;
		}
		if (order >= 0) {
			pair.sides[APPUP_NEW].module = b;
			pair.name = b->name;
			j++;
		}
		for (size_t side = 0; side < APPUP_SIDES; side++)
			if (pair.sides[side].module && !open_side(fs, &pair.sides[side]))
				opened = false;
		if (!opened || !compare_sides(fs, &pair))
			ok = false;
		vec_push(fs->arena, pairs, pair);
	}
}

const struct appup_pair *
appup_pair_find(const struct appup_pairs *pairs, struct str name)
{
	size_t low = 0, high = pairs->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_order(pairs->at[middle].name, name);

		if (order == 0)
			return &pairs->at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
