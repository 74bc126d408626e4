/* Calls that will fail, and applications that are used but not listed. */
#include "assemble/build.h"
#include "assemble/calls.h"
#include "support/arena.h"
#include "support/buf.h"

enum { NAMED = 3 }; /* calls to name in one message; of more it says how many */

/* The same thing to say about several calls out of one application. */
struct group {
	struct str called;                 /* module or application */
	const struct calls_module *caller; /* in the first call */
	bool no_module;                    /* the module itself is nowhere */
	size_t count;
	struct buf examples, hints;
};

struct groups {
	struct group *at;
	size_t len, cap;
};

struct checking {
	struct build *build;
	struct calls calls;
	const struct application *app; /* whose modules are looked at */
	bool *listed;            /* by index in the release: what it needs, and what that needs */
	struct groups undefined; /* by module */
	struct groups unlisted;  /* by application */
	bool explained;          /* how to do without a module: said once is enough */
};

static void
add_call(struct arena *arena, struct group *group, const struct calls_module *caller,
	const struct beam_function *function)
{
	if (group->count == 0) {
		group->caller = caller;
		group->examples.arena = group->hints.arena = arena;
	}
	if (group->count++ < NAMED)
		buf_printf(&group->examples, "%s" STR_FMT ":" STR_FMT "/%u in " STR_FMT,
			group->count > 1 ? ", " : "", STR_ARG(function->module),
			STR_ARG(function->name), function->arity, STR_ARG(caller->name));
}

/* After add_call(), for the calls that are named. */
static void
add_hint(struct group *group, const struct calls_module *called,
	const struct beam_function *function)
{
	const struct beam_function *near = calls_nearest(called, function);

	if (near && group->count <= NAMED)
		buf_printf(&group->hints, "%s" STR_FMT ":" STR_FMT "/%u",
			group->hints.len ? ", " : "", STR_ARG(called->name), STR_ARG(near->name),
			near->arity);
}

static struct group *
group_of(struct arena *arena, struct groups *groups, struct str called)
{
	for (size_t i = 0; i < groups->len; i++)
		if (str_eq(groups->at[i].called, called))
			return &groups->at[i];
	vec_push(arena, groups, (struct group){.called = called});
	return &groups->at[groups->len - 1];
}

/* Modules that the runtime brings along: erlang, init, zlib, ... */
static bool
is_preloaded(struct build *build, struct str module)
{
	struct buf file = {.arena = build->fs->arena};
	struct stat st;

	buf_printf(&file, STR_FMT "/lib/erts-" STR_FMT "/ebin/" STR_FMT ".beam",
		STR_ARG(build->runtime.root), STR_ARG(build->runtime.erts), STR_ARG(module));
	return fs_stat(build->fs, buf_view(&file), &st);
}

static size_t
index_of(const struct release *release, struct str name)
{
	size_t i = 0;

	while (i < release->applications.len &&
		!str_eq(release->applications.at[i].app->name, name))
		i++;
	return i;
}

/* Marks what `app` may call: all that its .app leads to. */
static void
mark_listed(struct checking *checking, const struct application *app)
{
	const struct release *release = &checking->build->assembly->release;
	size_t count = release->applications.len, queued = 0;
	const struct application **queue =
		arena_array(checking->build->fs->arena, const struct application *, count + 1);

	checking->app = app;
	memset(checking->listed, 0, count * sizeof(bool));
	checking->listed[index_of(release, app->name)] = true;
	queue[queued++] = app;
	for (size_t at = 0; at < queued; at++) {
		const struct names lists[] = {
			queue[at]->applications, queue[at]->optional, queue[at]->included};
		for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++)
			for (size_t i = 0; i < lists[l].len; i++) {
				size_t next = index_of(release, lists[l].at[i]);
				if (next == count || checking->listed[next])
					continue;
				checking->listed[next] = true;
				queue[queued++] = release->applications.at[next].app;
			}
	}
}

/* A protocol of Elixir asks whether there is an implementation, 'Elixir.P.Atom', before it calls.
 */
static bool
asks_first(const struct calls_module *caller, const struct beam_function *function)
{
	struct str module = function->module, protocol = caller->name;

	return str_eq(function->name, STR("__impl__")) && function->arity == 1 &&
	       module.len > protocol.len && module.at[protocol.len] == '.' &&
	       str_eq(str_head(module, protocol.len), protocol);
}

static void
check_call(struct checking *checking, const struct calls_module *caller,
	struct beam_function *function)
{
	struct build *build = checking->build;
	struct arena *arena = build->fs->arena;
	const struct calls_module *called = calls_find(&checking->calls, function->module);
	struct group *group;

	if (!called && (asks_first(caller, function) || is_preloaded(build, function->module)))
		return;
	if (called && called->fault)
		return;
	if (!called || !calls_exports(called, function)) {
		group = group_of(arena, &checking->undefined, function->module);
		group->no_module = !called;
		add_call(arena, group, caller, function);
		if (called)
			add_hint(group, called, function);
	} else if (!checking->listed[index_of(&build->assembly->release, called->app->name)]) {
		group = group_of(arena, &checking->unlisted, called->app->name);
		add_call(arena, group, caller, function);
	}
}

/* NAME of the folder DIR/NAME or DIR/NAME-VSN in which there is ebin/MODULE.beam; empty: none. */
static struct str
find_folder(struct build *build, struct str dir, struct srcpos pos, struct str module)
{
	struct fs *fs = build->fs;
	struct diag quiet = {.arena = fs->arena};
	struct fs look = {.arena = fs->arena, .diag = &quiet};
	struct fs_names names;
	struct stat st;

	if (!fs_list(&look, dir, pos, &names))
		return (struct str){0};
	for (size_t i = 0; i < names.len; i++) {
		struct buf file = {.arena = fs->arena};
		buf_printf(&file, STR_FMT "/" STR_FMT "/ebin/" STR_FMT ".beam", STR_ARG(dir),
			STR_ARG(names.at[i]), STR_ARG(module));
		const char *dash = memchr(names.at[i].at, '-', names.at[i].len);
		if (fs_stat(fs, buf_view(&file), &st))
			return dash ? str_head(names.at[i], (size_t)(dash - names.at[i].at))
				    : names.at[i];
	}
	return (struct str){0};
}

static struct str
find_application(struct build *build, struct str module)
{
	const struct spec_texts *paths = &build->spec->paths;
	struct str name = {0};

	for (size_t i = 0; i < paths->len && name.len == 0; i++)
		name = find_folder(build, paths->at[i].text, paths->at[i].pos, module);
	return name.len > 0 ? name
			    : find_folder(build, build_path(build, build->runtime.root, STR("lib")),
				      build->spec->otp.pos, module);
}

static void
report(struct checking *checking, enum spec_check level, struct srcpos pos, const char *what,
	struct group *group)
{
	struct diag *diag = checking->build->fs->diag;

	if (group->count > NAMED)
		buf_printf(&group->examples, " and %zu more", group->count - NAMED);
	if (level == SPEC_ERROR)
		diag_error(diag, pos, "'" STR_FMT "' calls %s: " STR_FMT,
			STR_ARG(checking->app->name), what, STR_ARG(buf_view(&group->examples)));
	else
		diag_warning(diag, pos, "'" STR_FMT "' calls %s: " STR_FMT,
			STR_ARG(checking->app->name), what, STR_ARG(buf_view(&group->examples)));
}

static void
report_undefined(struct checking *checking, struct group *group)
{
	struct diag *diag = checking->build->fs->diag;
	enum spec_check level = checking->build->spec->undefined_calls;
	struct srcpos pos = {.file = fs_cstr(diag->arena, group->caller->file)};

	if (!group->no_module) {
		report(checking, level, pos, "what its module does not export", group);
		if (group->hints.len)
			diag_note(diag, (struct srcpos){0}, "did you mean " STR_FMT "?",
				STR_ARG(buf_view(&group->hints)));
		else
			diag_note(diag, (struct srcpos){0},
				"is there another version, or another module of this name on the "
				"path?");
		return;
	}
	report(checking, level, pos, "a module that is not in the release", group);

	struct str name = find_application(checking->build, group->called);
	if (name.len > 0)
		diag_note(diag, (struct srcpos){0},
			"it is in '" STR_FMT "': list that in release.applications, or in the .app",
			STR_ARG(name));
	else if (!checking->explained)
		diag_note(diag, (struct srcpos){0},
			"if such calls are never made, set release.checks.undefined_calls to off");
	checking->explained = checking->explained || name.len == 0;
}

static void
report_groups(struct checking *checking)
{
	for (size_t i = 0; i < checking->undefined.len; i++)
		report_undefined(checking, &checking->undefined.at[i]);
	for (size_t i = 0; i < checking->unlisted.len; i++) {
		struct group *group = &checking->unlisted.at[i];
		report(checking, checking->build->spec->missing_applications, checking->app->pos,
			"an application that its .app does not lead to", group);
		diag_note(checking->build->fs->diag, (struct srcpos){0},
			"it may not be running yet: list '" STR_FMT
			"' under applications or optional_applications",
			STR_ARG(group->called));
	}
}

static bool
check_application(struct checking *checking, const struct application *app)
{
	const struct spec *spec = checking->build->spec;
	struct diag *diag = checking->build->fs->diag;
	bool ok = true;

	checking->undefined.len = checking->unlisted.len = 0;
	mark_listed(checking, app);
	for (size_t i = 0; i < app->modules.len; i++) {
		const struct calls_module *module =
			calls_find(&checking->calls, app->modules.at[i]);
		if (module->fault && module->app == app) {
			ok = diag_error(diag,
				(struct srcpos){.file = fs_cstr(diag->arena, module->file)}, "%s",
				module->fault);
			diag_note(diag, (struct srcpos){0}, "compile that module again");
		}
		for (size_t j = 0; j < module->imports.len; j++)
			check_call(checking, module, &module->imports.at[j]);
	}
	if (spec->undefined_calls == SPEC_OFF)
		checking->undefined.len = 0;
	if (spec->missing_applications == SPEC_OFF)
		checking->unlisted.len = 0;
	report_groups(checking);
	return ok && !(checking->undefined.len && spec->undefined_calls == SPEC_ERROR) &&
	       !(checking->unlisted.len && spec->missing_applications == SPEC_ERROR);
}

bool
checks_run(struct build *build)
{
	const struct release *release = &build->assembly->release;
	struct checking checking = {.build = build};
	bool ok = true;

	if (build->spec->undefined_calls == SPEC_OFF &&
		build->spec->missing_applications == SPEC_OFF)
		return true;
	checking.listed = arena_array(build->fs->arena, bool, release->applications.len + 1);
	calls_read(build->fs, release, build->threads, &checking.calls);
	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		/* OTP and Elixir use more of themselves than they list, and look first */
		if (!app->otp && !elixir_owns(build, app) && !check_application(&checking, app))
			ok = false;
	}
	calls_release(&checking.calls);
	return ok;
}
