/* The .rel and what OTP makes from it. */
#include "assemble/build.h"
#include "support/arena.h"
#include "support/buf.h"

static struct srcpos
origin(const struct build *build)
{
	return build->spec->name.pos;
}

static bool
is_basic(const struct application *app)
{
	return str_eq(app->name, STR("kernel")) || str_eq(app->name, STR("stdlib"));
}

/* kernel and stdlib: what escript and other tools of OTP start with. There is room for all. */
static struct release
basic_release(struct arena *arena, const struct release *release)
{
	static const struct str names[] = {STR_INIT("kernel"), STR_INIT("stdlib")};
	struct release basic = *release;

	basic.applications.cap = release->applications.len + 1;
	basic.applications.at =
		arena_array(arena, struct release_application, basic.applications.cap);
	basic.applications.len = 0;
	for (size_t i = 0; i < 2; i++) {
		const struct release_application *entry = release_find(release, names[i]);
		if (entry)
			basic.applications.at[basic.applications.len++] = *entry;
	}
	return basic;
}

/*
 * As mix makes it: all code is there for `eval` and `remote`, and only kernel and stdlib are
 * started, which come first. The others are loaded; those of mix up to 1.14 are not even that.
 */
static struct release
clean_release(const struct build *build, const struct release *release)
{
	struct release clean = basic_release(build->fs->arena, release);
	struct str elixir = elixir_version(build);
	bool load = elixir.len == 0 || version_order(elixir, STR("1.15")) > 0;

	for (size_t i = 0; i < release->applications.len; i++) {
		struct release_application entry = release->applications.at[i];
		if (is_basic(entry.app))
			continue;
		if (entry.start != OTP_NONE)
			entry.start = load ? OTP_LOAD : OTP_NONE;
		clean.applications.at[clean.applications.len++] = entry;
	}
	return clean;
}

/* Where the boot script finds consolidated protocols; empty: there are none. */
static struct str
consolidated_path(struct build *build)
{
	struct buf path = {.arena = build->fs->arena};

	if (build->spec->elixir.consolidated.text.at)
		buf_printf(&path, "%s/../" STR_FMT "/consolidated",
			build->spec->erts_include ? "$ROOT/lib" : "$RELEASE_LIB",
			STR_ARG(build->dir));
	return buf_view(&path);
}

/* releases/VSN/NAME.script and NAME.boot. `diag` is not always that of the build. */
static bool
add_boot(struct build *build, const struct release *release, const char *name, struct diag *diag)
{
	struct fs fs = *build->fs;
	struct arena *arena = fs.arena;
	const struct boot_options options = {
		/* no code from the home or working folder of whoever starts the release */
		.no_dot_erlang = true,
		.no_warn_sasl = !build->spec->has_upgrade,
		.release_lib = !build->spec->erts_include,
		.first_path = consolidated_path(build),
		.config_provider = build->has_providers && release_find(release, STR("elixir")),
	};
	struct buf script_name = {.arena = arena}, boot_name = {.arena = arena};
	struct term script;

	fs.diag = diag;
	bool ok = boot_script(&fs, release, &options, &script);
	build->fs->inputs.at = fs.inputs.at; /* read by the copy */
	build->fs->inputs.len = fs.inputs.len;
	build->fs->inputs.cap = fs.inputs.cap;
	if (!ok)
		return false;
	buf_printf(&script_name, "%s.script", name);
	buf_printf(&boot_name, "%s.boot", name);
	return build_add_bytes(build, build_path(build, build->dir, buf_view(&script_name)),
		       term_file_text(arena, &script, release->otp), false, origin(build)) &&
	       build_add_bytes(build, build_path(build, build->dir, buf_view(&boot_name)),
		       boot_bytes(arena, &script, release->otp), false, origin(build));
}

/* Boot files of parts of the release, after its own: what is wrong has been said, unless it is
 * new. */
static bool
add_part(struct build *build, const struct release *part, const char *name)
{
	struct diag *diag = build->fs->diag;
	struct diag quiet = {.arena = diag->arena};

	if (add_boot(build, part, name, &quiet))
		return true;
	for (size_t i = 0; i < quiet.messages.len; i++)
		vec_push(diag->arena, &diag->messages, quiet.messages.at[i]);
	diag->errors += quiet.errors;
	return false;
}

bool
scripts_add(struct build *build)
{
	struct arena *arena = build->fs->arena;
	const struct release *release = &build->assembly->release;
	const struct term rel = rel_term(arena, release);
	struct buf rel_name = {.arena = arena};
	struct str text = term_file_text(arena, &rel, release->otp);
	struct release clean = clean_release(build, release), basic = basic_release(arena, release);

	if (!add_boot(build, release, "start", build->fs->diag))
		return false;
	buf_printf(&rel_name, STR_FMT ".rel", STR_ARG(release->name));
	/* releases/NAME.rel is what release_handler:unpack_release/1 looks for in an archive */
	return (!build->spec->start_clean || add_part(build, &clean, "start_clean")) &&
	       (!build->spec->no_dot_erlang || add_part(build, &basic, "no_dot_erlang")) &&
	       build_add_bytes(build, build_path(build, STR("releases"), buf_view(&rel_name)), text,
		       false, origin(build)) &&
	       build_add_bytes(build, build_path(build, build->dir, buf_view(&rel_name)), text,
		       false, origin(build)) &&
	       build_add_bytes(build, STR("releases/RELEASES"), releases_text(arena, release),
		       false, origin(build)) &&
	       build_add_bytes(build, STR("releases/start_erl.data"),
		       start_erl_text(arena, release), false, origin(build));
}
