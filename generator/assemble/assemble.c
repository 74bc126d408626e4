#include "assemble/assemble.h"

#include "assemble/build.h"
#include "support/arena.h"
#include "support/pool.h"

static enum otp_start
start_of(enum spec_start start)
{
	switch (start) {
	case SPEC_START_UNSET:
	case SPEC_PERMANENT:
		return OTP_PERMANENT;
	case SPEC_TRANSIENT:
		return OTP_TRANSIENT;
	case SPEC_TEMPORARY:
		return OTP_TEMPORARY;
	case SPEC_LOAD:
		return OTP_LOAD;
	case SPEC_NONE:
		return OTP_NONE;
	}
	return OTP_PERMANENT;
}

static bool
is_folder(struct build *build, const struct spec_text *path)
{
	struct diag *diag = build->fs->diag;
	struct stat st;

	if (fs_stat(build->fs, path->text, &st) && S_ISDIR(st.st_mode))
		return true;
	fs_input(build->fs, path->text);
	diag_error(diag, path->pos, "there is no folder '" STR_FMT "'", STR_ARG(path->text));
	diag_note(diag, (struct srcpos){0},
		"it should hold applications; build them first, or remove it from release.paths");
	return false;
}

/* Which applications, which versions, where. */
static bool
find_applications(struct build *build)
{
	const struct spec *spec = build->spec;
	struct fs *fs = build->fs;
	struct release *release = &build->assembly->release;
	struct resolve_request *requests =
		arena_array(fs->arena, struct resolve_request, spec->applications.len + 1);
	struct search_dir *dirs = arena_array(fs->arena, struct search_dir, spec->paths.len + 1);
	const struct spec_texts *skip = &spec->elixir.skip_mode_validation_for;
	struct names unchecked = {arena_array(fs->arena, struct str, skip->len + 1), 0, NULL};
	size_t len = 0;
	bool ok = true;

	for (size_t i = 0; i < skip->len; i++)
		unchecked.at[unchecked.len++] = skip->at[i].text;
	for (size_t i = 0; i < spec->paths.len; i++) {
		const struct spec_text *path = &spec->paths.at[i];
		if (is_folder(build, path))
			dirs[len++] = (struct search_dir){path->text, path->pos};
		else
			ok = false;
	}
	for (size_t i = 0; i < spec->applications.len; i++) {
		const struct spec_application *app = &spec->applications.at[i];
		requests[i] = (struct resolve_request){
			.name = app->name.text,
			.version = app->version.text,
			.start = start_of(app->start),
			.start_given = app->start != SPEC_START_UNSET,
			.pos = app->name.pos,
		};
	}
	*release = (struct release){
		.name = spec->name.text,
		.version = spec->version.text,
		.erts = build->runtime.erts,
		.otp = build->runtime.otp,
		.pos = spec->name.pos,
	};

	struct search *search = search_new(fs, build->runtime.otp, dirs, len,
		(struct search_dir){build->runtime.root, spec->otp.pos});
	if (!search || !resolve(fs, search, requests, spec->applications.len, unchecked, release))
		ok = false;
	build->resolved = ok;
	return ok;
}

static bool
check_names(const struct build *build)
{
	const struct spec *spec = build->spec;
	const char *fault = build_name_fault(spec->version.text);

	return !fault || diag_error(build->fs->diag, spec->version.pos,
				 "the version '" STR_FMT "' %s, but is the name of a folder",
				 STR_ARG(spec->version.text), fault);
}

/* What depends on which applications are in the release. */
static bool
add_applications(struct build *build)
{
	bool ok = true;

	origin_add(build);
	if (build->spec->erts_include && !runtime_add(build))
		ok = false;
	if (!library_add(build))
		ok = false;
	if (!scripts_add(build))
		ok = false;
	if (!elixir_add(build))
		ok = false;
	if (!manifest_add(build))
		ok = false;
	/* after systools' own checks: a module that is missing or there twice has been reported */
	if (ok && !checks_run(build))
		ok = false;
	return ok;
}

bool
assemble(struct fs *fs, const struct spec *spec, size_t threads, struct assembly *assembly)
{
	struct build build = {.fs = fs,
		.spec = spec,
		.assembly = assembly,
		.threads = threads ? threads : pool_default_threads()};
	bool ok = true;

	*assembly = (struct assembly){.tree.arena = fs->arena, .epoch = spec->epoch};
	if (!check_names(&build))
		return false;
	build.dir = fs_join(fs->arena, STR("releases"), spec->version.text);
	if (!runtime_find(&build) || !find_applications(&build))
		ok = false;
	if (!config_add(&build))
		ok = false;
	if (build.resolved && !add_applications(&build))
		ok = false;
	if (!extras_add(&build))
		ok = false;
	if (!tree_seal(&assembly->tree, fs->diag))
		ok = false;
	return ok;
}
