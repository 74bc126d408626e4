/*
 * Elixir's configuration providers, as Mix.Release.make_sys_config/3 and Config.Provider.init/3 put
 * them into sys.config: {elixir, [{config_provider_init, #{...}}]}.
 */
#include <stdlib.h>

#include "assemble/build.h"
#include "support/arena.h"
#include "support/buf.h"

static const struct srcpos nowhere;

/* --- terms --- */

static struct term
atom(const char *name)
{
	return term_atom((struct str){name, strlen(name)});
}

static struct term
boolean(bool value)
{
	return atom(value ? "true" : "false");
}

static struct term
pair(struct arena *arena, struct term key, struct term value)
{
	return TERM_TUPLE(arena, key, value);
}

/* {system, <<"VARIABLE">>, <<"rest">>}: a path that begins with the value of a variable. */
static struct term
system_path(struct arena *arena, struct str variable, struct str rest)
{
	return TERM_TUPLE(arena, atom("system"), term_binary(variable), term_binary(rest));
}

/* [{App, [{Key, Value}]}] */
static struct term
setting(struct arena *arena, const char *app, const char *key, struct term value)
{
	struct term of_key = pair(arena, atom(key), value);
	struct term of_app = pair(arena, atom(app), term_list(arena, &of_key, 1));

	return term_list(arena, &of_app, 1);
}

/* The value of `key` in a list of pairs. */
static const struct term *
find_key(const struct term *list, struct str key)
{
	for (size_t i = 0; i < list->len; i++)
		if (term_is_tuple(&list->items[i], 2) &&
			term_is_atom(&list->items[i].items[0], key))
			return &list->items[i].items[1];
	return NULL;
}

/* The value of an atom in a map. */
static const struct term *
map_get(const struct term *map, struct str key)
{
	for (size_t i = 0; map->kind == TERM_MAP && i + 1 < map->len; i += 2)
		if (term_is_atom(&map->items[i], key))
			return &map->items[i + 1];
	return NULL;
}

/* Depth is that of the parser, which has a bound. */
static bool
holds_binary(const struct term *term, struct str bytes)
{
	if (term->kind == TERM_BITS)
		return term->bits.unused == 0 && str_eq(term->bits.bytes, bytes);
	if (term->kind != TERM_TUPLE && term->kind != TERM_LIST && term->kind != TERM_MAP)
		return false;
	for (size_t i = 0; i < term->len; i++)
		if (holds_binary(&term->items[i], bytes))
			return true;
	return term->kind == TERM_LIST && term->tail && holds_binary(term->tail, bytes);
}

/* --- the providers --- */

static struct str
runtime_path(const struct build *build)
{
	struct buf path = {.arena = build->fs->arena};

	buf_printf(&path, "/" STR_FMT "/runtime.exs", STR_ARG(build->dir));
	return buf_view(&path);
}

/* What Config.Reader.init/1 makes of the options that mix gives it. */
static struct term
runtime_provider(const struct build *build)
{
	struct arena *arena = build->fs->arena;
	const struct spec_elixir *elixir = &build->spec->elixir;
	struct str env = elixir->env.text.at ? elixir->env.text : STR("prod");
	struct str target = elixir->target.text.at ? elixir->target.text : STR("host");
	const struct term options[] = {
		pair(arena, atom("env"), term_atom(env)),
		pair(arena, atom("target"), term_atom(target)),
		pair(arena, atom("imports"), atom("disabled")),
	};
	struct term path = system_path(arena, STR("RELEASE_ROOT"), runtime_path(build));

	return pair(arena, atom("Elixir.Config.Reader"),
		pair(arena, path, term_list(arena, options, 3)));
}

static bool
is_in_release(const struct build *build, struct str module)
{
	const struct release *release = &build->assembly->release;

	for (size_t i = 0; i < release->applications.len; i++)
		if (names_have(release->applications.at[i].app->modules, module))
			return true;
	return false;
}

static bool
provider_fault(struct build *build, const struct spec_text *text, const char *fault)
{
	diag_error(build->fs->diag, text->pos, "'" STR_FMT "' is no configuration provider: %s",
		STR_ARG(text->text), fault);
	diag_note(build->fs->diag, nowhere,
		"write {'Elixir.My.Provider', State}, an Erlang term with what its init/1 returned, or "
		"'Elixir.My.Provider' alone for the state []");
	return false;
}

/* {Module, State}, or a Module whose state is []. */
static bool
read_provider(struct build *build, const struct spec_text *text, struct term *provider)
{
	struct arena *arena = build->fs->arena;
	struct diag quiet = {.arena = arena};
	struct buf dotted = {.arena = arena};
	struct terms terms;

	buf_printf(&dotted, STR_FMT "%s", STR_ARG(text->text),
		text->text.at[text->text.len - 1] == '.' ? "\n" : "\n.\n");
	if (!term_parse_all(arena, buf_view(&dotted), text->pos.file,
		    build->runtime.otp ? build->runtime.otp : OTP_NEWEST, &terms, &quiet))
		return provider_fault(build, text,
			quiet.messages.len ? quiet.messages.at[0].text : "it is no Erlang term");
	if (terms.len != 1)
		return provider_fault(build, text, "one term is needed");
	*provider = terms.at[0];
	if (provider->kind == TERM_ATOM)
		*provider = pair(arena, *provider, term_list(arena, NULL, 0));
	if (!term_is_tuple(provider, 2) || provider->items[0].kind != TERM_ATOM)
		return provider_fault(build, text, "it is neither a module nor {Module, State}");

	struct str module = provider->items[0].atom;
	if (!build->resolved || is_in_release(build, module))
		return true;
	diag_error(build->fs->diag, text->pos,
		"no application of the release has the module '" STR_FMT "'", STR_ARG(module));
	diag_note(build->fs->diag, nowhere,
		"add the one that has it to release.applications; Elixir's modules begin with "
		"'Elixir.'");
	return false;
}

static bool
read_providers(struct build *build, struct term *providers)
{
	const struct spec *spec = build->spec;
	const struct spec_texts *texts = &spec->elixir.config_providers;
	struct arena *arena = build->fs->arena;
	struct term *at = arena_array(arena, struct term, texts->len + 1);
	size_t len = 0;
	bool ok = true;

	if (spec->runtime.text.at)
		at[len++] = runtime_provider(build);
	for (size_t i = 0; i < texts->len; i++)
		if (!read_provider(build, &texts->at[i], &at[len++]))
			ok = false;
	*providers = term_list(arena, at, len);
	return ok;
}

/* --- what was read at compile time --- */

static int
application_order(const void *pa, const void *pb)
{
	const struct application *const *a = pa, *const *b = pb;

	return name_order((*a)->name, (*b)->name);
}

/* What compile_env of all applications says, by their names; false: nothing, or unwanted. */
static struct term
compile_env(const struct build *build)
{
	const struct release *release = &build->assembly->release;
	struct arena *arena = build->fs->arena;
	size_t count = release->applications.len;
	const struct application **apps = arena_array(arena, const struct application *, count + 1);
	VEC(struct term) all = {0};

	for (size_t i = 0; i < count; i++)
		apps[i] = release->applications.at[i].app;
	if (count > 1)
		qsort(apps, count, sizeof(const struct application *), application_order);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < apps[i]->compile_env.len; j++)
			vec_push(arena, &all, apps[i]->compile_env.items[j]);
	if (all.len == 0 || !build->spec->elixir.validate_compile_env.on)
		return boolean(false);
	return term_list(arena, all.at, all.len);
}

/* --- sys.config --- */

/* The system boots twice, and the first time without distribution. */
static bool
starts_quietly(const struct spec_elixir *elixir)
{
	return elixir->reboot_system_after_config.on &&
	       !elixir->start_distribution_during_config.on;
}

/* The struct Config.Provider. */
static struct term
provider_init(const struct build *build, struct term providers)
{
	const struct spec_elixir *elixir = &build->spec->elixir;
	struct arena *arena = build->fs->arena;
	struct term config_path = system_path(arena, STR("RELEASE_SYS_CONFIG"), STR(".config"));
	struct term extra = starts_quietly(elixir)
				    ? setting(arena, "kernel", "start_distribution", boolean(true))
				    : term_list(arena, NULL, 0);
	const struct term items[] = {
		/* by key: the order of terms */
		atom("__struct__"),
		atom("Elixir.Config.Provider"),
		atom("config_path"),
		config_path,
		atom("extra_config"),
		extra,
		atom("providers"),
		providers,
		atom("prune_runtime_sys_config_after_boot"),
		boolean(elixir->prune_runtime_sys_config_after_boot.on),
		atom("reboot_system_after_config"),
		boolean(elixir->reboot_system_after_config.on),
		atom("validate_compile_env"),
		compile_env(build),
	};
	struct term map = term_list(arena, items, sizeof(items) / sizeof(items[0]));

	map.kind = TERM_MAP;
	return map;
}

/* `list` without `key`, and {key, value} at the end: Keyword.merge/2 of a list that has it once. */
static struct term
with_key(struct arena *arena, const struct term *list, struct str key, struct term value)
{
	VEC(struct term) items = {0};

	for (size_t i = 0; i < list->len; i++)
		if (!term_is_atom(&list->items[i].items[0], key))
			vec_push(arena, &items, list->items[i]);
	vec_push(arena, &items, pair(arena, term_atom(key), value));
	return term_list(arena, items.at, items.len);
}

static struct term
with_setting(struct arena *arena, const struct term *config, struct str app, struct str key,
	struct term value)
{
	const struct term *settings = find_key(config, app);
	struct term none = term_list(arena, NULL, 0);

	return with_key(
		arena, config, app, with_key(arena, settings ? settings : &none, key, value));
}

/* Providers take and give what Elixir calls a keyword list, and lose what is there twice. */
static bool
check_config(struct build *build, const char *file, const struct term *config)
{
	struct diag *diag = build->fs->diag;
	bool ok = true;

	for (size_t i = 0; i < config->len; i++) {
		const struct term *item = &config->items[i];
		struct srcpos pos = {file, item->line, item->column};

		if (item->kind != TERM_TUPLE) {
			ok = diag_error(diag, pos,
				"Elixir's configuration providers cannot read other files that a "
				"sys.config names; write the settings here");
			continue;
		}
		for (size_t j = 0; j < i; j++) {
			const struct term *other = &config->items[j];
			if (other->kind != TERM_TUPLE ||
				!str_eq(other->items[0].atom, item->items[0].atom))
				continue;
			ok = diag_error(diag, pos,
				"a second list of settings for '" STR_FMT
				"', which configuration providers would lose; make one of the two",
				STR_ARG(item->items[0].atom));
			diag_note(diag, (struct srcpos){file, other->line, other->column},
				"the first one");
			break;
		}
	}
	return ok;
}

static bool
compose(struct build *build, const char *file, const struct term *config, struct str *text)
{
	const struct spec_elixir *elixir = &build->spec->elixir;
	struct arena *arena = build->fs->arena;
	struct buf out = {.arena = arena};
	struct term providers, all;
	bool ok = true;

	if (!check_config(build, file, config))
		ok = false;
	if (!read_providers(build, &providers))
		ok = false;
	if (!ok || !build->resolved)
		return ok;
	all = with_setting(arena, config, STR("elixir"), STR("config_provider_init"),
		provider_init(build, providers));
	if (starts_quietly(elixir))
		all = with_setting(
			arena, &all, STR("kernel"), STR("start_distribution"), boolean(false));
	/* the launcher looks for the second line: such a system writes its configuration */
	buf_printf(&out, "%%%% coding: utf-8\n%%%% RUNTIME_CONFIG=%s\n",
		elixir->reboot_system_after_config.on ? "true" : "false");
	term_write(&out, &all, build->runtime.otp);
	buf_str(&out, STR(".\n"));
	*text = buf_view(&out);
	return true;
}

/* --- one that has providers already, from mix --- */

static bool
refuse(struct build *build, struct srcpos pos, const char *key, struct srcpos there)
{
	diag_error(build->fs->diag, pos, "%s has no effect: sys.config has its providers already",
		key);
	diag_note(build->fs->diag, there,
		"config_provider_init is here; take it out, or say all of it there: for mix that is in "
		"mix.exs");
	return false;
}

static bool
check_ready(struct build *build, const char *file, const struct term *init, struct str text)
{
	const struct spec *spec = build->spec;
	const struct spec_elixir *elixir = &spec->elixir;
	const struct {
		const char *key;
		struct srcpos pos;
	} useless[] = {
		{"config_providers", elixir->config_providers.len
					     ? elixir->config_providers.at[0].pos
					     : nowhere},
		{"reboot_system_after_config", elixir->reboot_system_after_config.pos},
		{"prune_runtime_sys_config_after_boot",
			elixir->prune_runtime_sys_config_after_boot.pos},
		{"start_distribution_during_config", elixir->start_distribution_during_config.pos},
		{"validate_compile_env", elixir->validate_compile_env.pos},
		{"env", elixir->env.pos},
		{"target", elixir->target.pos},
	};
	const struct term *reboot = map_get(init, STR("reboot_system_after_config"));
	struct srcpos there = {file, init->line, init->column};
	bool ok = true;

	for (size_t i = 0; i < sizeof(useless) / sizeof(useless[0]); i++)
		if (useless[i].pos.file)
			ok = refuse(build, useless[i].pos, useless[i].key, there);
	if (spec->runtime.text.at && !holds_binary(init, runtime_path(build))) {
		ok = diag_error(build->fs->diag, spec->runtime.pos,
			"nothing would read runtime.exs: the providers in sys.config do not name '" STR_FMT
			"'",
			STR_ARG(runtime_path(build)));
		diag_note(build->fs->diag, there,
			"they are here; is the version of the release the one they were made for?");
	}
	if (reboot && term_is_atom(reboot, STR("true")) &&
		!str_contains(text, STR("RUNTIME_CONFIG=true"))) {
		ok = diag_error(build->fs->diag, there,
			"with reboot_system_after_config the system writes its configuration, but "
			"nothing tells the launcher to give it a copy");
		diag_note(build->fs->diag, nowhere, "add the line '%%%% RUNTIME_CONFIG=true'");
	}
	return ok;
}

static bool
check_elixir(struct build *build, struct srcpos pos)
{
	const struct release *release = &build->assembly->release;

	if (!build->resolved || release_find(release, STR("elixir")))
		return true;
	diag_error(build->fs->diag, pos,
		"configuration providers need Elixir, which is not in the release");
	diag_note(build->fs->diag, nowhere,
		"add 'elixir' to release.applications, and the lib/ of its installation to "
		"release.paths");
	return false;
}

bool
providers_add(struct build *build, const char *file, const struct term *config, struct str *text)
{
	const struct spec *spec = build->spec;
	const struct spec_texts *providers = &spec->elixir.config_providers;
	const struct term *settings = find_key(config, STR("elixir"));
	const struct term *init = settings ? find_key(settings, STR("config_provider_init")) : NULL;
	struct srcpos pos = spec->runtime.pos;
	bool ok = true;

	build->has_providers = init || spec->runtime.text.at || providers->len;
	if (!build->has_providers)
		return true;
	if (init)
		pos = (struct srcpos){file, init->line, init->column};
	else if (!spec->runtime.text.at)
		pos = providers->at[0].pos;
	if (!check_elixir(build, pos))
		ok = false;
	if (init ? !check_ready(build, file, init, *text) : !compose(build, file, config, text))
		ok = false;
	return ok;
}
