/* lib/APP-VSN: the compiled application and what it has in priv/. */
#include "assemble/build.h"
#include "assemble/copy.h"
#include "beam/beam.h"
#include "support/arena.h"
#include "support/buf.h"

/* What is left of a beam, for all applications of a release. */
struct strip {
	struct tree_transform transform;
	unsigned otp;
	struct str *keep;
	size_t keep_len;
};

static bool
apply_strip(const void *context, struct arena *arena, struct str in, struct str *out,
	const char **fault)
{
	const struct strip *strip = context;

	return beam_strip(arena, in, strip->otp, strip->keep, strip->keep_len, out, fault);
}

static const struct tree_transform *
strip_new(struct build *build)
{
	struct arena *arena = build->fs->arena;
	const struct spec_texts *keep = &build->spec->strip_keep;
	struct strip *strip = arena_new(arena, struct strip);
	struct buf name = {.arena = arena};

	strip->otp = build->runtime.otp;
	strip->keep = arena_array(arena, struct str, keep->len + 1);
	strip->keep_len = keep->len;
	buf_printf(&name, "strip-1-%u", strip->otp);
	for (size_t i = 0; i < keep->len; i++) {
		strip->keep[i] = keep->at[i].text;
		buf_printf(&name, "-" STR_FMT, STR_ARG(keep->at[i].text));
	}
	strip->transform = (struct tree_transform){
		.name = fs_cstr(arena, buf_view(&name)),
		.context = strip,
		.apply = apply_strip,
	};
	return &strip->transform;
}

static bool
is_folder(struct fs *fs, struct str path)
{
	struct stat st;

	return fs_stat(fs, path, &st) && S_ISDIR(st.st_mode);
}

/*
 * In embedded mode the boot script loads every module that the .app lists: one that is not there
 * would stop the system as it starts.
 */
static bool
check_modules(struct fs *fs, const struct application *app)
{
	struct fs_names files;
	bool ok = true;

	if (!fs_list(fs, app->ebin, app->pos, &files))
		return false;
	for (size_t i = 0; i < app->modules.len; i++) {
		struct str name = app->modules.at[i];
		struct buf file = {.arena = fs->arena};
		buf_printf(&file, STR_FMT ".beam", STR_ARG(name));
		if (fs_names_have(&files, buf_view(&file)))
			continue;
		ok = diag_error(fs->diag, application_pos(app, app->modules, i),
			"'" STR_FMT "' lists the module '" STR_FMT "', but '" STR_FMT
			"' has no " STR_FMT
			"; compile it, or take it out of modules [module_not_found]",
			STR_ARG(app->name), STR_ARG(name), STR_ARG(app->ebin),
			STR_ARG(buf_view(&file)));
	}
	return ok;
}

static bool
add_application(
	struct build *build, const struct application *app, const struct tree_transform *strip)
{
	const struct {
		struct str name;
		bool wanted;
		const struct tree_transform *on_beam;
	} parts[] = {
		{STR_INIT("ebin"), true, strip},
		{STR_INIT("priv"), true, NULL},
		{STR_INIT("include"), build->spec->include_headers, NULL},
		{STR_INIT("src"), build->spec->include_src, NULL},
	};
	enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
	struct fs *fs = build->fs;
	struct str folder = application_folder(fs->arena, app);
	const char *fault = build_name_fault(folder);
	struct copy copy = {
		.fs = fs,
		.tree = &build->assembly->tree,
		.origin = app->pos,
		.disk = app->dir,
		.path = build_path(build, STR("lib"), folder),
	};
	struct str disk[PARTS], path[PARTS];
	bool ok = true;

	if (fault)
		return diag_error(
			fs->diag, app->pos, "the folder '" STR_FMT "' %s", STR_ARG(folder), fault);
	fs_input(fs, app->dir); /* where a priv/ may appear */
	if (!check_modules(fs, app))
		ok = false;
	for (size_t i = 0; i < PARTS; i++) {
		disk[i] = i == 0 ? app->ebin : build_path(build, app->dir, parts[i].name);
		path[i] = build_path(build, copy.path, parts[i].name);
		if (!parts[i].wanted || !is_folder(fs, disk[i]))
			disk[i].len = 0;
		else if (!copy_root(&copy, disk[i], path[i]))
			return false;
	}
	for (size_t i = 0; i < PARTS; i++) {
		copy.on_beam = parts[i].on_beam;
		if (disk[i].len == 0)
			continue;
		tree_add(copy.tree,
			(struct tree_entry){.path = path[i],
				.kind = TREE_DIR,
				.mode = 0755,
				.origin = app->pos},
			fs->diag);
		if (!copy_folder(&copy, disk[i], path[i]))
			ok = false;
	}
	return ok;
}

/* Protocols of Elixir, compiled for the implementations that the release has. */
static bool
add_consolidated(struct build *build, const struct tree_transform *strip)
{
	const struct spec_text *from = &build->spec->elixir.consolidated;
	struct copy copy = {
		.fs = build->fs,
		.tree = &build->assembly->tree,
		.origin = from->pos,
		.on_beam = strip,
		.disk = from->text,
		.path = build_path(build, build->dir, STR("consolidated")),
	};

	if (!from->text.at)
		return true;
	if (!is_folder(build->fs, from->text))
		return diag_error(build->fs->diag, from->pos, "there is no folder '" STR_FMT "'",
			STR_ARG(from->text));
	return copy_root(&copy, copy.disk, copy.path) && copy_folder(&copy, copy.disk, copy.path);
}

bool
library_add(struct build *build)
{
	const struct release *release = &build->assembly->release;
	const struct tree_transform *strip = build->spec->strip ? strip_new(build) : NULL;
	bool ok = true;

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		if (app->otp && !build->spec->erts_include)
			continue;
		if (!add_application(build, app, strip))
			ok = false;
	}
	if (!add_consolidated(build, strip))
		ok = false;
	return ok;
}
