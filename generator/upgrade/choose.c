/*
 * Where the instructions for each changed application come from: the .appup that the user wrote for
 * this release, then the application's own, then one that is made from the beams. The package's
 * .appup holds what was chosen in that order, so that whoever looks for the first entry of a
 * version, as systools does, finds the same.
 */
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"
#include "upgrade/internal.h"

enum { BY_USER, BY_APPLICATION, SOURCES };
enum { DIRECTIONS = 2 };

/* A hand-written .appup. */
struct source {
	bool there, used;
	struct appup appup;
	struct str text;
};

struct choice {
	struct package *package;
	struct changed *changed;
	struct source sources[SOURCES];
	struct appup generated;
	bool generates;
};

static struct str
appup_name(struct arena *arena, struct str name)
{
	struct buf file = {.arena = arena};

	buf_printf(&file, STR_FMT ".appup", STR_ARG(name));
	return buf_view(&file);
}

/* The user's: rel/appup/APP.appup. */
static bool
read_of_user(struct package *package, const struct application *app, struct source *source)
{
	struct fs *fs = package->fs;
	const struct spec_text *dir = &package->spec->upgrade.appups;
	struct stat st;

	if (!dir->text.at)
		return true;
	struct str file = fs_join(fs->arena, dir->text, appup_name(fs->arena, app->name));
	if (!fs_lstat(fs, file, &st))
		return true;
	source->there = true;
	return fs_read(fs, file, dir->pos, &source->text) &&
	       appup_parse(fs, source->text, fs_cstr(fs->arena, file),
		       package->assembly->release.otp, &source->appup);
}

/* The application's: ebin/APP.appup, which the tree has. */
static bool
read_of_application(struct package *package, const struct application *app, struct source *source)
{
	struct fs *fs = package->fs;
	struct str ebin = fs_join(fs->arena,
		fs_join(fs->arena, STR("lib"), application_folder(fs->arena, app)), STR("ebin"));
	const struct tree_entry *entry =
		package_find(package, fs_join(fs->arena, ebin, appup_name(fs->arena, app->name)));
	const char *fault;

	if (!entry || entry->kind != TREE_FILE)
		return true;
	source->there = true;
	const char *file = fs_cstr(fs->arena, entry->inlined ? entry->path : entry->source);
	if (!tree_content(entry, fs->arena, &source->text, &fault))
		return diag_error(fs->diag, (struct srcpos){.file = file}, "%s", fault);
	return appup_parse(fs, source->text, file, package->assembly->release.otp, &source->appup);
}

/* The first that has an entry; NULL: none. */
static struct source *
find_source(struct choice *choice, enum appup_direction direction, struct str version)
{
	for (size_t i = 0; i < SOURCES; i++) {
		struct source *source = &choice->sources[i];
		if (source->there &&
			appup_find(choice->package->fs, &source->appup, direction, version))
			return source;
	}
	return NULL;
}

static bool
missing(struct choice *choice, const struct old *old, struct str version,
	const bool wanted[DIRECTIONS])
{
	struct package *package = choice->package;
	const struct application *app = choice->changed->app;
	struct diag *diag = package->fs->diag;
	bool both = wanted[APPUP_UP] && wanted[APPUP_DOWN];

	diag_error(diag, app->pos,
		"'" STR_FMT "' has no instructions %s version '" STR_FMT "', which is in %s",
		STR_ARG(app->name),
		both               ? "from and back to"
		: wanted[APPUP_UP] ? "from"
				   : "back to",
		STR_ARG(version), old->file);
	diag_note(diag, package->spec->upgrade.pos,
		"write a " STR_FMT ".appup into the folder upgrade.appups, or let missing_appup be "
		"generate",
		STR_ARG(app->name));
	return false;
}

/* For the directions in which nothing was found. */
static bool
generate(struct choice *choice, const struct appup_version *was, const struct appup_version *is,
	const bool wanted[DIRECTIONS])
{
	struct package *package = choice->package;
	struct fs *fs = package->fs;
	const struct application *app = choice->changed->app;
	struct appup made = {.file = "generated", .version = app->version};

	if (app->otp) {
		diag_warning(fs->diag, app->pos,
			"OTP has no instructions for '" STR_FMT "' between '" STR_FMT
			"' and '" STR_FMT "'; they are generated",
			STR_ARG(app->name), STR_ARG(was->app->version), STR_ARG(app->version));
		diag_note(fs->diag, package->spec->upgrade.pos,
			"rehearse the upgrade, or write a " STR_FMT
			".appup into the folder upgrade.appups",
			STR_ARG(app->name));
	}
	if (!appup_make(fs, was, is, package->assembly->release.otp, &made))
		return false;
	for (size_t d = 0; d < DIRECTIONS; d++)
		for (size_t i = 0; wanted[d] && i < made.entries[d].len; i++)
			vec_push(fs->arena, &choice->generated.entries[d], made.entries[d].at[i]);
	choice->generates = true;
	return true;
}

/* A hand-written one takes care of each module. Of OTP's own that is OTP's business. */
static bool
check(struct choice *choice, const struct appup_version *was, const struct appup_version *is)
{
	struct package *package = choice->package;
	bool ok = true;

	for (size_t i = 0; i < SOURCES; i++)
		if (choice->sources[i].used && !is->app->otp &&
			!appup_check(package->fs, &choice->sources[i].appup, was, is,
				package->assembly->release.otp))
			ok = false;
	return ok;
}

static bool
choose_for(struct choice *choice, const struct old *old, const struct application *before)
{
	struct package *package = choice->package;
	const struct application *app = choice->changed->app;
	struct source *found[DIRECTIONS];
	bool wanted[DIRECTIONS], ok = true;
	unsigned errors = package->fs->diag->errors;
	struct modules was = {0}, is = {0};

	for (size_t d = 0; d < DIRECTIONS; d++) {
		found[d] = find_source(choice, (enum appup_direction)d, before->version);
		wanted[d] = !found[d];
	}
	if (package->fs->diag->errors > errors)
		return false; /* a version that is no regular expression */
	if (package->spec->upgrade.missing_appup == SPEC_APPUP_ERROR &&
		(wanted[APPUP_UP] || wanted[APPUP_DOWN]))
		ok = missing(choice, old, before->version, wanted);
	if (!ok || !modules_of_new(package, app, old, &is))
		return false;
	modules_of_old(package, before, old, &was);

	const struct appup_version from = {before, was.at, was.len}, to = {app, is.at, is.len};
	for (size_t i = 0; i < SOURCES; i++) {
		struct source *source = &choice->sources[i];
		bool here = source == found[APPUP_UP] || source == found[APPUP_DOWN];
		source->used = here;
	}
	if (!fit_attributes(package->fs, &was) || !fit_attributes(package->fs, &is) ||
		!check(choice, &from, &to))
		ok = false;
	if ((wanted[APPUP_UP] || wanted[APPUP_DOWN]) && !generate(choice, &from, &to, wanted))
		ok = false;
	vec_push(package->fs->arena, &package->report->choices,
		(struct upgrade_choice){app->name, before->version, app->version,
			found[APPUP_UP] ? found[APPUP_UP]->appup.file : NULL});
	return ok;
}

static void
append(struct arena *arena, struct appup *to, const struct appup *from)
{
	for (size_t d = 0; d < DIRECTIONS; d++)
		for (size_t i = 0; i < from->entries[d].len; i++)
			vec_push(arena, &to->entries[d], from->entries[d].at[i]);
}

/* One file as it is, or the entries of all. */
static void
compose(struct choice *choice, const bool used[SOURCES])
{
	struct package *package = choice->package;
	struct arena *arena = package->fs->arena;
	struct changed *changed = choice->changed;
	struct appup all = {.file = "generated", .version = changed->app->version};
	bool both = used[BY_USER] && used[BY_APPLICATION];

	for (size_t i = SOURCES; i-- > 0;) {
		const struct source *source = &choice->sources[i];
		if (!used[i])
			continue;
		all.file = source->appup.file;
		if (!both && !choice->generates) {
			changed->appup = source->appup;
			changed->text = source->text;
			return;
		}
	}
	for (size_t i = 0; i < SOURCES; i++)
		if (used[i])
			append(arena, &all, &choice->sources[i].appup);
	append(arena, &all, &choice->generated);
	changed->appup = all;
	changed->text = appup_text(arena, &all, package->assembly->release.otp);
}

/* A version that is misspelt is an entry that is never looked at. */
static void
check_use(const struct package *package, const struct application *app, const struct source *source)
{
	struct diag *diag = package->fs->diag;

	diag_warning(diag, (struct srcpos){.file = source->appup.file},
		"has no entry for any version of '" STR_FMT
		"' that this upgrade begins at, so it is not used",
		STR_ARG(app->name));
	for (size_t i = 0; i < package->olds.len; i++) {
		const struct old *old = &package->olds.at[i];
		const struct release_application *before = release_find(&old->release, app->name);
		if (before && !str_eq(before->app->version, app->version))
			diag_note(diag, old->from, "%s has '" STR_FMT "'", old->file,
				STR_ARG(before->app->version));
	}
}

static bool
choose_application(struct package *package, const struct application *app)
{
	struct changed *changed = NULL;
	struct choice choice = {.package = package};
	bool used[SOURCES] = {false}, ok = true;

	for (size_t i = 0; i < package->olds.len; i++) {
		const struct old *old = &package->olds.at[i];
		const struct release_application *before = release_find(&old->release, app->name);
		if (!before || str_eq(before->app->version, app->version))
			continue;
		if (!changed) {
			changed = arena_new(package->fs->arena, struct changed);
			changed->app = app;
			choice.changed = changed;
			if (!modules_check_listed(package, app))
				ok = false;
			if (!read_of_user(package, app, &choice.sources[BY_USER]))
				return false;
			if (!read_of_application(package, app, &choice.sources[BY_APPLICATION]))
				return false;
		}
		if (!choose_for(&choice, old, before->app))
			ok = false;
		for (size_t k = 0; k < SOURCES; k++)
			used[k] = used[k] || choice.sources[k].used;
	}
	if (!changed)
		return true;
	if (ok && choice.sources[BY_USER].there && !used[BY_USER])
		check_use(package, app, &choice.sources[BY_USER]);
	if (ok)
		compose(&choice, used);
	vec_push(package->fs->arena, &package->changed, *changed);
	return ok;
}

/* A name that is wrong is a file that is never looked at. */
static bool
check_folder(struct package *package)
{
	const struct spec_text *dir = &package->spec->upgrade.appups;
	struct fs *fs = package->fs;
	struct str end = STR(".appup");
	struct fs_names names;

	if (!dir->text.at)
		return true;
	if (!fs_list(fs, dir->text, dir->pos, &names))
		return false;
	for (size_t i = 0; i < names.len; i++) {
		struct str name = names.at[i];
		if (!str_ends(name, end))
			continue;
		struct str stem = str_head(name, name.len - end.len);
		if (!release_find(&package->assembly->release, stem))
			diag_warning(fs->diag, dir->pos,
				"'" STR_FMT "' in '" STR_FMT
				"' is for no application of the release",
				STR_ARG(name), STR_ARG(dir->text));
	}
	return true;
}

bool
choose_appups(struct package *package)
{
	const struct release *release = &package->assembly->release;
	bool ok = check_folder(package);

	for (size_t i = 0; i < release->applications.len; i++)
		if (!choose_application(package, release->applications.at[i].app))
			ok = false;
	return ok;
}
