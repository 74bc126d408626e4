/* The compiled modules of two versions of an application: in a tarball, in the tree. */
#include <stdlib.h>

#include "beam/beam.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"
#include "support/pool.h"
#include "upgrade/internal.h"

static const struct str beam_end = STR_INIT(".beam");

static int
by_path(const void *path, const void *entry)
{
	return path_order(*(const struct str *)path, ((const struct tree_entry *)entry)->path);
}

const struct tree_entry *
package_find(const struct package *package, struct str path)
{
	const struct tree *tree = &package->assembly->tree;

	return tree->entries.len ? bsearch(&path, tree->entries.at, tree->entries.len,
					   sizeof(*tree->entries.at), by_path)
				 : NULL;
}

/* lib/APP-VSN */
static struct str
folder_of(struct arena *arena, const struct application *app)
{
	return fs_join(arena, STR("lib"), application_folder(arena, app));
}

static struct str
beam_path(struct arena *arena, struct str dir, struct str module)
{
	struct buf path = {.arena = arena};

	buf_printf(&path, STR_FMT "/" STR_FMT ".beam", STR_ARG(dir), STR_ARG(module));
	return buf_view(&path);
}

/* Is the module a protocol that both releases have consolidated? */
static bool
is_consolidated(const struct package *package, const struct old *old, struct str module)
{
	struct arena *arena = package->fs->arena;
	struct str in_old = fs_join(arena, old->dir, STR("consolidated"));
	struct str in_new = fs_join(arena, package->dir, STR("consolidated"));

	return old_file(old, beam_path(arena, in_old, module)) &&
	       package_find(package, beam_path(arena, in_new, module));
}

static int
module_order(const void *a, const void *b)
{
	const struct appup_module *x = a, *y = b;

	return str_order(x->name, y->name);
}

static void
sort_modules(struct modules *modules)
{
	if (modules->len)
		qsort(modules->at, modules->len, sizeof(*modules->at), module_order);
}

/* What is in `entry`, whose name is that of a module. */
static bool
take_new(struct package *package, const struct tree_entry *entry, struct str name,
	struct modules *modules)
{
	struct fs *fs = package->fs;
	struct appup_module module = {.name = name, .file = fs_cstr(fs->arena, entry->source)};
	const char *fault;

	if (!tree_content(entry, fs->arena, &module.bytes, &fault))
		return diag_error(fs->diag, (struct srcpos){.file = module.file}, "%s", fault);
	vec_push(fs->arena, modules, module);
	return true;
}

bool
modules_check_listed(struct package *package, const struct application *app)
{
	struct fs *fs = package->fs;
	struct str dir = fs_join(fs->arena, folder_of(fs->arena, app), STR("ebin"));
	const struct tree *tree = &package->assembly->tree;
	bool ok = true;

	for (size_t i = 0; i < tree->entries.len; i++) {
		struct str path = tree->entries.at[i].path;
		if (path.len <= dir.len + 1 + beam_end.len || !path_is_below(path, dir) ||
			!str_ends(path, beam_end))
			continue;
		struct str name = {path.at + dir.len + 1, path.len - dir.len - 1 - beam_end.len};
		if (memchr(name.at, '/', name.len) || names_have(app->modules, name))
			continue;
		ok = diag_error(fs->diag, app->pos,
			"ebin/ of '" STR_FMT "' has the module '" STR_FMT "', which the .app does "
			"not list",
			STR_ARG(app->name), STR_ARG(name));
		diag_note(fs->diag, (struct srcpos){0},
			"release_handler loads and deletes listed modules only: add it to modules, "
			"or remove the file");
	}
	return ok;
}

bool
modules_of_new(struct package *package, const struct application *app, const struct old *old,
	struct modules *modules)
{
	struct arena *arena = package->fs->arena;
	struct str dir = fs_join(arena, folder_of(arena, app), STR("ebin"));
	bool ok = true;

	for (size_t i = 0; i < app->modules.len; i++) {
		struct str name = app->modules.at[i];
		const struct tree_entry *entry = package_find(package, beam_path(arena, dir, name));
		if (!entry || entry->kind != TREE_FILE || is_consolidated(package, old, name))
			continue;
		if (!take_new(package, entry, name, modules))
			ok = false;
	}
	sort_modules(modules);
	return ok;
}

void
modules_of_old(struct package *package, const struct application *app, const struct old *old,
	struct modules *modules)
{
	struct arena *arena = package->fs->arena;
	struct str dir = fs_join(arena, folder_of(arena, app), STR("ebin"));

	for (size_t i = 0; i < app->modules.len; i++) {
		struct str name = app->modules.at[i];
		const struct artifact_entry *entry = old_file(old, beam_path(arena, dir, name));
		struct buf file = {.arena = arena};
		if (!entry || is_consolidated(package, old, name))
			continue;
		buf_printf(&file, "%s/" STR_FMT, old->file, STR_ARG(entry->path));
		vec_push(arena, modules,
			(struct appup_module){.name = name,
				.bytes = entry->bytes,
				.file = fs_cstr(arena, buf_view(&file))});
	}
	sort_modules(modules);
}

/* --- the same version --- */

enum difference { SAME, OTHER_MODULE, OTHER_FILE, UNREADABLE };

/* One application in one tarball. */
struct pair {
	const struct application *app;
	const struct old *old;
	struct str dir; /* lib/APP-VSN */
};

/* One file of it. */
struct comparison {
	const struct pair *pair;
	const struct tree_entry *entry;
	enum difference difference;
};

struct comparisons {
	struct comparison *at;
	size_t len, cap;
};

static bool
same_module(struct arena *arena, struct str a, struct str b)
{
	struct beam x, y;
	const char *fault;
	enum beam_difference difference;

	return beam_open(arena, a, &x, &fault) && beam_open(arena, b, &y, &fault) &&
	       beam_compare(arena, &x, &y, &difference, &fault) && difference == BEAM_SAME;
}

static void
compare_one(void *context, size_t index, struct arena *scratch)
{
	struct comparison *this = &((struct comparisons *)context)->at[index];
	const struct artifact_entry *before = old_file(this->pair->old, this->entry->path);
	bool beam = str_ends(this->entry->path, beam_end);
	struct str content;
	const char *fault;

	if (!tree_content(this->entry, scratch, &content, &fault))
		this->difference = UNREADABLE; /* who packs it says why */
	else if (before && str_eq(before->bytes, content))
		this->difference = SAME;
	else if (!beam)
		this->difference = OTHER_FILE;
	else if (!before || !same_module(scratch, before->bytes, content))
		this->difference = OTHER_MODULE;
}

/* Modules and what is in priv/: of the rest nothing depends at run time. */
static void
add_files(struct package *package, const struct pair *pair, struct comparisons *comparisons)
{
	struct arena *arena = package->fs->arena;
	const struct tree *tree = &package->assembly->tree;
	struct str ebin = fs_join(arena, pair->dir, STR("ebin"));
	struct str priv = fs_join(arena, pair->dir, STR("priv"));

	for (size_t i = 0; i < tree->entries.len; i++) {
		const struct tree_entry *entry = &tree->entries.at[i];
		if (entry->kind == TREE_FILE && (path_is_below(entry->path, priv) ||
							(path_is_below(entry->path, ebin) &&
								str_ends(entry->path, beam_end))))
			vec_push(arena, comparisons, (struct comparison){pair, entry, SAME});
	}
}

/* A module that only the tarball has. */
static struct str
gone_module(const struct package *package, const struct pair *pair)
{
	const struct artifact *artifact = &pair->old->artifact;
	for (size_t i = 0; i < artifact->entries.len; i++) {
		const struct artifact_entry *entry = &artifact->entries.at[i];
		if (path_is_below(entry->path, pair->dir) && str_ends(entry->path, beam_end) &&
			!package_find(package, entry->path))
			return entry->path;
	}
	return (struct str){0};
}

static bool
tell(struct package *package, const struct pair *pair, struct str path, bool module)
{
	struct diag *diag = package->fs->diag;
	const struct application *app = pair->app;
	bool error = module && !app->otp;

	if (error)
		diag_error(diag, app->pos,
			"'" STR_FMT "' is version '" STR_FMT "' here and in %s, but '" STR_FMT
			"' differs",
			STR_ARG(app->name), STR_ARG(app->version), pair->old->file, STR_ARG(path));
	else
		diag_warning(diag, app->pos,
			"'" STR_FMT "' is version '" STR_FMT "' here and in %s, but '" STR_FMT
			"' differs",
			STR_ARG(app->name), STR_ARG(app->version), pair->old->file, STR_ARG(path));
	diag_note(diag, (struct srcpos){0},
		"what is unpacked replaces no file, so that one stays as it is there; %s",
		app->otp
			? "install the release anew for a change of OTP that has no version of its "
			  "own"
			: "give the application a new version");
	return !error;
}

/* Of each application the first difference. */
static bool
tell_all(struct package *package, const struct pair *pairs, size_t len,
	const struct comparisons *comparisons)
{
	bool ok = true;
	size_t next = 0;

	for (size_t i = 0; i < len; i++) {
		struct str module = {0}, file = {0};
		for (; next < comparisons->len && comparisons->at[next].pair == &pairs[i]; next++) {
			const struct comparison *this = &comparisons->at[next];
			if (this->difference == OTHER_MODULE && !module.at)
				module = this->entry->path;
			if (this->difference == OTHER_FILE && !file.at)
				file = this->entry->path;
		}
		if (!module.at)
			module = gone_module(package, &pairs[i]);
		if (module.at && !tell(package, &pairs[i], module, true))
			ok = false;
		if (!module.at && file.at)
			tell(package, &pairs[i], file, false);
	}
	return ok;
}

bool
modules_compare(struct package *package)
{
	const struct release *release = &package->assembly->release;
	struct arena *arena = package->fs->arena;
	size_t most = release->applications.len * package->olds.len, len = 0;
	struct pair *pairs = arena_array(arena, struct pair, most + 1);
	struct comparisons comparisons = {0};

	for (size_t i = 0; i < package->olds.len; i++)
		for (size_t k = 0; k < release->applications.len; k++) {
			const struct old *old = &package->olds.at[i];
			const struct application *app = release->applications.at[k].app;
			const struct release_application *was =
				release_find(&old->release, app->name);
			if (!was || !str_eq(was->app->version, app->version))
				continue;
			pairs[len] = (struct pair){app, old, folder_of(arena, app)};
			add_files(package, &pairs[len++], &comparisons);
		}
	pool_run(package->threads, comparisons.len, compare_one, &comparisons);
	return tell_all(package, pairs, len, &comparisons);
}
