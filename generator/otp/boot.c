#include "otp/boot.h"

#include <stdlib.h>

#include "otp/filename.h"
#include "otp/plan.h"
#include "support/arena.h"
#include "term/utf8.h"

/* Part of the emulator. Sorted. `since`: the first OTP that has it. */
static const struct preloaded {
	struct str name;
	unsigned since;
} preloaded[] = {
	{STR_INIT("atomics"), 0},
	{STR_INIT("counters"), 0},
	{STR_INIT("erl_init"), 0},
	{STR_INIT("erl_prim_loader"), 0},
	{STR_INIT("erl_tracer"), 0},
	{STR_INIT("erlang"), 0},
	{STR_INIT("erts_code_purger"), 0},
	{STR_INIT("erts_dirty_process_signal_handler"), 0},
	{STR_INIT("erts_internal"), 0},
	{STR_INIT("erts_literal_area_collector"), 0},
	{STR_INIT("erts_trace_cleaner"), 27},
	{STR_INIT("init"), 0},
	{STR_INIT("persistent_term"), 0},
	{STR_INIT("prim_buffer"), 0},
	{STR_INIT("prim_eval"), 0},
	{STR_INIT("prim_file"), 0},
	{STR_INIT("prim_inet"), 0},
	{STR_INIT("prim_net"), 0},
	{STR_INIT("prim_socket"), 0},
	{STR_INIT("prim_zip"), 0},
	{STR_INIT("socket_registry"), 0},
	{STR_INIT("zlib"), 0},
};

/* What the script loads before anything else, in this order. */
static const struct str mandatory[] = {
	STR_INIT("error_handler"),
	STR_INIT("application"),
	STR_INIT("application_controller"),
	STR_INIT("application_master"),
	STR_INIT("code"),
	STR_INIT("code_server"),
	STR_INIT("erl_eval"),
	STR_INIT("erl_lint"),
	STR_INIT("erl_parse"),
	STR_INIT("error_logger"),
	STR_INIT("ets"),
	STR_INIT("file"),
	STR_INIT("filename"),
	STR_INIT("file_server"),
	STR_INIT("file_io_server"),
	STR_INIT("gen"),
	STR_INIT("gen_event"),
	STR_INIT("gen_server"),
	STR_INIT("heart"),
	STR_INIT("kernel"),
	STR_INIT("logger"),
	STR_INIT("logger_filters"),
	STR_INIT("logger_server"),
	STR_INIT("logger_backend"),
	STR_INIT("logger_config"),
	STR_INIT("logger_simple_h"),
	STR_INIT("lists"),
	STR_INIT("proc_lib"),
	STR_INIT("supervisor"),
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct script {
	struct arena *arena;
	const struct release *release;
	const struct boot_options *options;
	struct plan plan;
	struct str *paths; /* of the plan's applications */
	VEC(struct term) out;
};

/* --- terms --- */

static struct term
atom(const char *name)
{
	return term_atom((struct str){name, strlen(name)});
}

static struct term
empty_list(struct script *s)
{
	return term_list(s->arena, NULL, 0);
}

static void
emit(struct script *s, const char *tag, struct term value)
{
	vec_push(s->arena, &s->out, TERM_TUPLE(s->arena, atom(tag), value));
}

/* {apply, {Module, Function, Arguments}} */
static void
emit_apply(struct script *s, const char *module, const char *function, struct term arguments)
{
	emit(s, "apply", TERM_TUPLE(s->arena, atom(module), atom(function), arguments));
}

static void
emit_progress(struct script *s, const char *what)
{
	emit(s, "progress", atom(what));
}

/* --- paths --- */

/* $NAME, then the folder without the prefix, without its own APP/ebin or APP-VSN/ebin. */
static struct str
variable_path(struct script *s, struct str variable, size_t prefix_components,
	const struct application *app)
{
	struct buf name = {.arena = s->arena};
	struct str folder = application_folder(s->arena, app), part = {0}, last = {0}, path;
	size_t count = filename_components(app->ebin), at = 0, shown = count;

	for (size_t i = 0; i < count; i++) {
		last = part;
		part = filename_next(app->ebin, &at);
	}
	if (count >= prefix_components + 2 && str_eq(part, STR("ebin")) &&
		(str_eq(last, app->name) || str_eq(last, folder)))
		shown = count - 2;

	buf_byte(&name, '$');
	buf_str(&name, variable);
	path = buf_view(&name);
	at = 0;
	for (size_t i = 0; i < shown; i++) {
		part = filename_next(app->ebin, &at);
		if (i >= prefix_components)
			path = filename_join(s->arena, path, part);
	}
	return filename_join(s->arena, filename_join(s->arena, path, folder), STR("ebin"));
}

static struct str
app_path(struct script *s, const struct application *app)
{
	const struct boot_options *options = s->options;
	struct buf path = {.arena = s->arena};

	if (options->local)
		return filename_join(s->arena, options->cwd, app->ebin);
	for (size_t i = 0; i < options->variables_len; i++) {
		struct str prefix = options->variables[i].prefix;

		while (prefix.len > 0 && prefix.at[prefix.len - 1] == '/')
			prefix.len--;
		if (str_eq(str_head(app->ebin, prefix.len), prefix))
			return variable_path(
				s, options->variables[i].name, filename_components(prefix), app);
	}
	buf_printf(&path, "%s/" STR_FMT "/ebin",
		options->release_lib && !app->otp ? "$RELEASE_LIB" : "$ROOT/lib",
		STR_ARG(application_folder(s->arena, app)));
	return buf_view(&path);
}

/* What folders are called is any bytes, but a script holds characters. */
static bool
choose_paths(struct fs *fs, struct script *s)
{
	bool ok = true;

	s->paths = arena_array(s->arena, struct str, s->plan.len);
	for (size_t i = 0; i < s->plan.len; i++) {
		const struct application *app = s->plan.at[i].entry->app;
		size_t characters;

		s->paths[i] = app_path(s, app);
		if (!utf8_count(s->paths[i], &characters))
			ok = diag_error(fs->diag, app->pos,
				"the boot script would name '" STR_FMT
				"', which is not UTF-8; rename the folder",
				STR_ARG(s->paths[i]));
	}
	return ok;
}

/* {path, [Ebin]} of the given applications, each path once. */
static void
emit_path(struct script *s, bool (*wanted)(const struct application *))
{
	struct names paths = {arena_array(s->arena, struct str, s->plan.len + 1), 0, NULL};
	VEC(struct term) items = {0};

	for (size_t i = 0; i < s->plan.len; i++) {
		const struct application *app = s->plan.at[i].entry->app;

		if (wanted && !wanted(app))
			continue;
		if (!app->otp && s->options->first_path.len > 0 &&
			!names_have(paths, s->options->first_path)) {
			for (size_t j = paths.len++; j > 0; j--)
				paths.at[j] = paths.at[j - 1];
			paths.at[0] = s->options->first_path;
		}
		if (!names_have(paths, s->paths[i]))
			paths.at[paths.len++] = s->paths[i];
	}
	for (size_t i = 0; i < paths.len; i++)
		vec_push(s->arena, &items, term_string(s->arena, paths.at[i]));
	emit(s, "path", term_list(s->arena, items.at, items.len));
}

static bool
is_core(const struct application *app)
{
	return str_eq(app->name, STR("kernel")) || str_eq(app->name, STR("stdlib"));
}

/* --- loading code --- */

static bool
loaded_early(const struct script *s, struct str module)
{
	for (size_t i = 0; i < LENGTH(mandatory); i++)
		if (str_eq(mandatory[i], module))
			return true;
	for (size_t i = 0; i < LENGTH(preloaded); i++)
		if (str_eq(preloaded[i].name, module))
			return preloaded[i].since <= s->release->otp;
	return false;
}

static int
atom_order(const void *a, const void *b)
{
	return name_order(*(const struct str *)a, *(const struct str *)b);
}

static void
emit_modules(struct script *s, size_t i)
{
	const struct application *app = s->plan.at[i].entry->app;
	struct names modules = {arena_array(s->arena, struct str, app->modules.len), 0, NULL};
	struct term paths[2];
	size_t len = 0;

	for (size_t m = 0; m < app->modules.len; m++)
		if (!loaded_early(s, app->modules.at[m]))
			modules.at[modules.len++] = app->modules.at[m];
	if (modules.len > 1)
		qsort(modules.at, modules.len, sizeof(*modules.at), atom_order);

	if (!app->otp && s->options->first_path.len > 0)
		paths[len++] = term_string(s->arena, s->options->first_path);
	paths[len++] = term_string(s->arena, s->paths[i]);
	emit(s, "path", term_list(s->arena, paths, len));
	emit(s, "primLoad", names_term(s->arena, modules));
}

static void
emit_code(struct script *s)
{
	struct term early[LENGTH(preloaded)], needed[LENGTH(mandatory)];
	struct term completed = atom("kernel_load_completed");
	size_t len = 0;

	for (size_t i = 0; i < LENGTH(preloaded); i++)
		if (preloaded[i].since <= s->release->otp)
			early[len++] = term_atom(preloaded[i].name);
	for (size_t i = 0; i < LENGTH(mandatory); i++)
		needed[i] = term_atom(mandatory[i]);

	emit(s, "preLoaded", term_list(s->arena, early, len));
	emit_progress(s, "preloaded");
	emit_path(s, is_core);
	emit(s, "primLoad", term_list(s->arena, needed, LENGTH(mandatory)));
	vec_push(s->arena, &s->out, term_tuple(s->arena, &completed, 1));
	emit_progress(s, "kernel_load_completed");
	for (size_t i = 0; i < s->plan.len; i++)
		emit_modules(s, i);
	emit_progress(s, "modules_loaded");
	emit_path(s, NULL);
}

/* --- applications --- */

/* {application, Name, [{Key, Value}]}, the keys in the order of systools. */
static struct term
app_term(struct script *s, const struct planned *planned)
{
	enum { OPTIONAL_SINCE = 24 };
	const struct application *app = planned->entry->app;
	struct arena *arena = s->arena;
	struct {
		const char *key;
		struct term value;
		bool absent;
	} keys[] = {
		{"description", app->description, false},
		{"vsn", term_string(arena, app->version), false},
		{"id", app->id, false},
		{"modules", names_term(arena, app->modules), false},
		{"registered", names_term(arena, app->registered), false},
		{"applications", names_term(arena, planned->uses), false},
		{"optional_applications", names_term(arena, app->optional),
			s->release->otp < OPTIONAL_SINCE},
		{"included_applications", names_term(arena, planned->includes), false},
		{"env", app->env, false},
		{"maxT", app->max_time, false},
		{"maxP", app->max_processes, false},
		{"start_phases", app->start_phases, !app->has_start_phases},
		{"mod", app->mod, !app->has_mod},
	};
	struct term pairs[LENGTH(keys)];
	size_t len = 0;

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (!keys[i].absent)
			pairs[len++] = TERM_TUPLE(arena, atom(keys[i].key), keys[i].value);
	return TERM_TUPLE(
		arena, atom("application"), term_atom(app->name), term_list(arena, pairs, len));
}

static void
emit_process(struct script *s, const char *name, const char *module, const char *function,
	struct term arguments)
{
	struct term call = TERM_TUPLE(s->arena, atom(module), atom(function), arguments);

	vec_push(s->arena, &s->out, TERM_TUPLE(s->arena, atom("kernelProcess"), atom(name), call));
}

static void
emit_processes(struct script *s)
{
	struct term kernel = empty_list(s);

	for (size_t i = 0; i < s->plan.len; i++) {
		if (!str_eq(s->plan.at[i].entry->app->name, STR("kernel")))
			continue;
		kernel = app_term(s, &s->plan.at[i]);
		kernel = term_list(s->arena, &kernel, 1);
		break;
	}
	emit_process(s, "heart", "heart", "start", empty_list(s));
	emit_process(s, "logger", "logger_server", "start_link", empty_list(s));
	emit_process(s, "application_controller", "application_controller", "start", kernel);
	emit_progress(s, "init_kernel_started");
}

static void
emit_loads(struct script *s)
{
	for (size_t i = 0; i < s->plan.len; i++) {
		const struct planned *planned = &s->plan.at[i];
		struct term app;

		if (planned->entry->start == OTP_NONE ||
			str_eq(planned->entry->app->name, STR("kernel")))
			continue;
		app = app_term(s, planned);
		emit_apply(s, "application", "load", term_list(s->arena, &app, 1));
	}
	emit_progress(s, "applications_loaded");
}

static bool
is_included(const struct script *s, struct str name)
{
	for (size_t i = 0; i < s->plan.len; i++)
		if (names_have(s->plan.at[i].includes, name))
			return true;
	return false;
}

static void
emit_starts(struct script *s)
{
	for (size_t i = 0; i < s->plan.len; i++) {
		const struct release_application *entry = s->plan.at[i].entry;
		struct term arguments[2];

		if (!otp_start_runs(entry->start) || is_included(s, entry->app->name))
			continue;
		arguments[0] = term_atom(entry->app->name);
		arguments[1] = term_atom(otp_start_name(entry->start));
		emit_apply(s, "application", "start_boot", term_list(s->arena, arguments, 2));
		if (s->options->config_provider && str_eq(entry->app->name, STR("stdlib")))
			emit_apply(s, "Elixir.Config.Provider", "boot", empty_list(s));
	}
	if (!s->options->no_dot_erlang)
		emit_apply(s, "c", "erlangrc", empty_list(s));
	emit_progress(s, "started");
}

/* --- the script --- */

bool
boot_script(struct fs *fs, const struct release *release, const struct boot_options *options,
	struct term *script)
{
	struct arena *arena = fs->arena;
	struct script s = {.arena = arena, .release = release, .options = options};
	struct term id, instructions;

	if (!plan_make(fs, release, options, &s.plan))
		return false;
	if (!choose_paths(fs, &s))
		return false;
	emit_code(&s);
	emit_processes(&s);
	emit_loads(&s);
	emit_starts(&s);
	id = TERM_TUPLE(
		arena, term_string(arena, release->name), term_string(arena, release->version));
	instructions = term_list(arena, s.out.at, s.out.len);
	*script = TERM_TUPLE(arena, atom("script"), id, instructions);
	return true;
}

struct str
boot_bytes(struct arena *arena, const struct term *script, unsigned otp)
{
	struct buf out = {.arena = arena};

	term_encode(&out, script, otp);
	return buf_view(&out);
}
