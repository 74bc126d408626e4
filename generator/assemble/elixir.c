/* The scripts that start Elixir in a release, as Mix.Tasks.Release makes them. */
#include "assemble/build.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

static const struct application *
find_elixir(const struct build *build)
{
	const struct release_application *entry =
		release_find(&build->assembly->release, STR("elixir"));

	return entry ? entry->app : NULL;
}

struct str
elixir_version(const struct build *build)
{
	const struct application *elixir = find_elixir(build);

	return elixir ? elixir->version : STR("");
}

bool
elixir_owns(const struct build *build, const struct application *app)
{
	static const struct str own[] = {STR_INIT("elixir"), STR_INIT("eex"), STR_INIT("ex_unit"),
		STR_INIT("iex"), STR_INIT("logger"), STR_INIT("mix")};
	const struct application *elixir = find_elixir(build);

	for (size_t i = 0; elixir && i < sizeof(own) / sizeof(own[0]); i++)
		if (str_eq(app->name, own[i]))
			return str_eq(path_parent(app->dir), path_parent(elixir->dir));
	return false;
}

/* The bin/ of an installation that has its applications in lib/, Debian's too. */
static bool
find_bin(struct build *build, const struct application *elixir, struct str *bin)
{
	static const struct str scripts[] = {STR_INIT("elixir"), STR_INIT("iex")};
	struct fs *fs = build->fs;
	struct stat st;

	/* the kernel goes up from where the links of Debian lead */
	*bin = fs_join(fs->arena, elixir->dir, STR("../../bin"));
	for (size_t i = 0; i < 2; i++) {
		struct str script = fs_join(fs->arena, *bin, scripts[i]);

		fs_input(fs, script);
		if (!fs_stat(fs, script, &st) || !S_ISREG(st.st_mode))
			return false;
	}
	return true;
}

/* `text` with each `from` replaced; *count says how many there were. */
static struct str
replace(struct arena *arena, struct str text, struct str from, struct str to, size_t *count)
{
	struct buf out = {.arena = arena};

	*count = 0;
	for (size_t i = 0; i < text.len;) {
		if (i + from.len <= text.len && memcmp(text.at + i, from.at, from.len) == 0) {
			buf_str(&out, to);
			i += from.len;
			++*count;
		} else {
			buf_byte(&out, (unsigned char)text.at[i++]);
		}
	}
	return buf_view(&out);
}

/* How the script of an installation finds Elixir's code, which the boot script does here. */
static const struct {
	struct str from, to;
} own_paths[] = {
	{STR_INIT(" -pa \"$SCRIPT_PATH\"/../lib/*/ebin"), STR_INIT("")}, /* up to 1.14 */
	{STR_INIT(" -elixir_root \"$SCRIPT_PATH\"/../lib -pa \"$SCRIPT_PATH\"/../lib/elixir/ebin "),
		STR_INIT(" ")},
};

/* False: it is not of a kind that is known. */
static bool
adapt(struct build *build, struct str *text)
{
	struct arena *arena = build->fs->arena;
	struct buf erts = {.arena = arena};
	size_t paths = 0, bins = 0, count;

	for (size_t i = 0; i < sizeof(own_paths) / sizeof(own_paths[0]); i++) {
		*text = replace(arena, *text, own_paths[i].from, own_paths[i].to, &count);
		paths += count;
	}
	if (build->spec->erts_include) {
		buf_printf(&erts, "ERTS_BIN=\"$SCRIPT_PATH\"/../../erts-" STR_FMT "/bin/",
			STR_ARG(build->runtime.erts));
		*text = replace(
			arena, *text, STR("ERTS_BIN=\"$ERTS_BIN\""), buf_view(&erts), &bins);
	}
	return paths == 1 && (bins == 1 || !build->spec->erts_include);
}

static bool
add_script(struct build *build, struct str bin, struct str name, struct srcpos pos)
{
	struct fs *fs = build->fs;
	struct str file = fs_join(fs->arena, bin, name), text;

	if (!fs_read(fs, file, pos, &text))
		return false;
	if (str_eq(name, STR("elixir")) && !adapt(build, &text)) {
		diag_error(fs->diag, pos,
			"'" STR_FMT
			"' finds Elixir's code and the VM in a way that is not known here",
			STR_ARG(file));
		diag_note(fs->diag, (struct srcpos){0},
			"known are the scripts of Elixir 1.14 to 1.20; a newer beamrel may know more");
		return false;
	}
	return build_add_bytes(build, build_path(build, build->dir, name), text, true, pos);
}

bool
elixir_add(struct build *build)
{
	const struct application *elixir = find_elixir(build);
	struct str bin;
	bool ok = true;

	if (!elixir)
		return true;
	if (!find_bin(build, elixir, &bin)) {
		diag_warning(build->fs->diag, elixir->pos,
			"there is no bin/elixir and bin/iex beside the lib/ that '" STR_FMT
			"' is in, so the release has no " STR_FMT "/elixir and iex",
			STR_ARG(elixir->dir), STR_ARG(build->dir));
		diag_note(build->fs->diag, (struct srcpos){0},
			"what calls them will not work; let release.paths name the lib/ of an "
			"installation of Elixir, '/usr/lib/elixir/lib' for one");
		return true;
	}
	if (!add_script(build, bin, STR("elixir"), elixir->pos))
		ok = false;
	if (!add_script(build, bin, STR("iex"), elixir->pos))
		ok = false;
	return ok;
}
