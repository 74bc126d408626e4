#include "otp/plan.h"

#include <stdlib.h>

/* --- what is needed but not there --- */

static struct srcpos
included_pos(const struct release_application *entry, size_t i)
{
	struct srcpos pos = entry->pos; /* the .rel, when that gave the list */

	if (entry->included.items == entry->app->included.items)
		return application_pos(entry->app, entry->included, i);
	if (entry->included.items) {
		pos.line = entry->included.items[i].line;
		pos.column = entry->included.items[i].column;
	}
	return pos;
}

static bool
check_defined(struct fs *fs, const struct release *release)
{
	bool ok = true;

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct release_application *entry = &release->applications.at[i];
		const struct application *app = entry->app;

		for (size_t j = 0; j < app->applications.len; j++) {
			struct str name = app->applications.at[j];
			if (release_find(release, name) || names_have(app->optional, name))
				continue;
			ok = diag_error(fs->diag, application_pos(app, app->applications, j),
				"'" STR_FMT "' needs '" STR_FMT
				"', which is not in the release; add it [undefined_applications]",
				STR_ARG(app->name), STR_ARG(name));
		}
		for (size_t j = 0; j < entry->included.len; j++) {
			struct str name = entry->included.at[j];
			if (release_find(release, name))
				continue;
			ok = diag_error(fs->diag, included_pos(entry, j),
				"'" STR_FMT "' includes '" STR_FMT
				"', which is not in the release; add it [undefined_applications]",
				STR_ARG(app->name), STR_ARG(name));
		}
	}
	return ok;
}

/* --- what only one may claim --- */

struct claim {
	struct str name;
	const struct application *by;
	struct srcpos pos;
	size_t seq;
};

struct claims {
	struct claim *at;
	size_t len, cap;
};

static int
claim_order(const void *pa, const void *pb)
{
	const struct claim *a = pa, *b = pb;
	int order = name_order(a->name, b->name);

	return order ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

static void
add_claim(struct fs *fs, struct claims *claims, struct str name, const struct application *by,
	struct srcpos pos)
{
	struct claim claim = {name, by, pos, claims->len};
	vec_push(fs->arena, claims, claim);
}

/* `what`: how the name belongs to the application that claims it. */
static bool
check_claims(struct fs *fs, struct claims *claims, const char *what, const char *remedy)
{
	bool ok = true;

	if (claims->len > 1)
		qsort(claims->at, claims->len, sizeof(*claims->at), claim_order);
	for (size_t i = 1; i < claims->len; i++) {
		const struct claim *first = &claims->at[i - 1], *second = &claims->at[i];

		if (!str_eq(first->name, second->name))
			continue;
		ok = diag_error(fs->diag, second->pos,
			"'" STR_FMT "' is %s '" STR_FMT "', and also '" STR_FMT "'; %s",
			STR_ARG(second->name), what, STR_ARG(second->by->name),
			STR_ARG(first->by->name), remedy);
		diag_note(fs->diag, first->pos, "the other one is here");
	}
	return ok;
}

static bool
check_registered(struct fs *fs, const struct release *release)
{
	struct claims claims = {0};

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		for (size_t j = 0; j < app->registered.len; j++)
			add_claim(fs, &claims, app->registered.at[j], app,
				application_pos(app, app->registered, j));
	}
	return check_claims(fs, &claims, "a process name of",
		"rename one process, or leave one of the two out [duplicate_register]");
}

static bool
check_included(struct fs *fs, const struct release *release)
{
	struct claims claims = {0};

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct release_application *entry = &release->applications.at[i];
		for (size_t j = 0; j < entry->included.len; j++)
			add_claim(fs, &claims, entry->included.at[j], entry->app,
				included_pos(entry, j));
	}
	return check_claims(fs, &claims, "included by",
		"only one application may include another [duplicate_include]");
}

static bool
check_modules(struct fs *fs, const struct release *release)
{
	struct claims claims = {0};

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		for (size_t j = 0; j < app->modules.len; j++)
			add_claim(fs, &claims, app->modules.at[j], app,
				application_pos(app, app->modules, j));
	}
	return check_claims(fs, &claims, "a module of",
		"a system loads a module from one place; rename one, or leave one of the two out "
		"[duplicate_modules]");
}

bool
plan_check(struct fs *fs, const struct release *release)
{
	bool ok = true;

	if (!check_defined(fs, release))
		ok = false;
	if (!check_registered(fs, release))
		ok = false;
	if (!check_included(fs, release))
		ok = false;
	if (!check_modules(fs, release))
		ok = false;
	return ok;
}

/* --- beams and sources --- */

enum { DEEPEST = 32 }; /* source folder */

struct dirs {
	struct str *at;
	size_t len, cap;
};

/* Links are not followed: they may go in circles. */
static void
add_tree(struct fs *fs, struct dirs *dirs, struct str dir, unsigned depth)
{
	struct fs_names names;
	struct stat st;

	vec_push(fs->arena, dirs, dir);
	if (depth == DEEPEST || !fs_list(fs, dir, (struct srcpos){0}, &names))
		return;
	for (size_t i = 0; i < names.len; i++) {
		struct str path = fs_join(fs->arena, dir, names.at[i]);
		if (fs_lstat(fs, path, &st) && S_ISDIR(st.st_mode))
			add_tree(fs, dirs, path, depth + 1);
	}
}

/* src/ and src/e_src/ beside ebin/; from OTP 24 on, with all that is below them. */
static struct dirs
source_dirs(struct fs *fs, const struct application *app, unsigned otp)
{
	enum { RECURSIVE_SINCE = 24 };
	static const struct str names[] = {STR_INIT("src"), STR_INIT("src/e_src")};
	struct dirs dirs = {0};
	struct stat st;

	for (size_t i = 0; i < 2; i++) {
		struct str dir = fs_join(fs->arena, app->dir, names[i]);
		if (!fs_stat(fs, dir, &st) || !S_ISDIR(st.st_mode))
			continue;
		if (otp >= RECURSIVE_SINCE)
			add_tree(fs, &dirs, dir, 0);
		else
			vec_push(fs->arena, &dirs, dir);
	}
	return dirs;
}

static struct str
module_file(struct fs *fs, struct str dir, struct str module, const char *suffix)
{
	struct buf name = {.arena = fs->arena};

	buf_str(&name, module);
	buf_printf(&name, "%s", suffix);
	return fs_join(fs->arena, dir, buf_view(&name));
}

static bool
check_module(struct fs *fs, const struct application *app, size_t i, struct dirs dirs)
{
	struct srcpos pos = application_pos(app, app->modules, i);
	struct str module = app->modules.at[i];
	struct str beam = module_file(fs, app->ebin, module, ".beam");
	struct stat object, source;

	if (!fs_stat(fs, beam, &object))
		return diag_error(fs->diag, pos,
			"module '" STR_FMT "' of '" STR_FMT "' has no " STR_FMT
			"; compile it, or take it out of the list [module_not_found]",
			STR_ARG(module), STR_ARG(app->name), STR_ARG(beam));
	fs_input(fs, beam);
	for (size_t d = 0; d < dirs.len; d++) {
		struct str file = module_file(fs, dirs.at[d], module, ".erl");
		if (!fs_stat(fs, file, &source))
			continue;
		fs_input(fs, file);
		if (source.st_mtime > object.st_mtime)
			diag_warning(fs->diag, pos,
				STR_FMT " is newer than " STR_FMT
					"; compile it again [obj_out_of_date]",
				STR_ARG(file), STR_ARG(beam));
		return true;
	}
	diag_warning(fs->diag, pos,
		"there is no " STR_FMT ".erl in or below " STR_FMT "/src [source_not_found]",
		STR_ARG(module), STR_ARG(app->dir));
	return true;
}

bool
plan_check_sources(struct fs *fs, const struct release *release)
{
	bool ok = true;

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		struct dirs dirs = source_dirs(fs, app, release->otp);

		for (size_t j = 0; j < app->modules.len; j++)
			if (!check_module(fs, app, j, dirs))
				ok = false;
	}
	return ok;
}
