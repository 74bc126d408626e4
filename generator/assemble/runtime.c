/* The OTP root: which ERTS it has, and erts-V/bin of the release. */
#include "assemble/build.h"
#include "assemble/copy.h"
#include "support/arena.h"
#include "support/buf.h"
#include "template/template.h"

/* Tools for building, which a release does not need. */
static const struct str tools[] = {
	STR_INIT("ct_run"),
	STR_INIT("dialyzer"),
	STR_INIT("erlc"),
	STR_INIT("typer"),
	STR_INIT("yielding_c_fun"),
};

/* Scripts that hold the path where OTP was installed, or cannot stand a space in it; ours can. */
static const char *const relocatable[] = {"erl", "start", "start_erl"};

static bool
starts(struct str s, struct str prefix)
{
	return str_eq(str_head(s, prefix.len), prefix);
}

static bool
is_file(struct fs *fs, struct str path)
{
	struct stat st;

	return fs_stat(fs, path, &st) && S_ISREG(st.st_mode);
}

/* It will stand in texts, and between spaces in start_erl.data. */
static bool
is_version(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return false;
	return s.len > 0;
}

/* The versions of the erts-V folders of `root`. */
static void
list_erts(struct fs *fs, struct str root, const struct fs_names *names, struct fs_names *versions)
{
	versions->at = arena_array(fs->arena, struct str, names->len + 1);
	for (size_t i = 0; i < names->len; i++) {
		struct str name = names->at[i], prefix = STR("erts-");
		struct str program = fs_join(fs->arena, name, STR("bin/erlexec"));
		if (!starts(name, prefix) || !is_file(fs, fs_join(fs->arena, root, program)))
			continue;
		name = (struct str){name.at + prefix.len, name.len - prefix.len};
		if (is_version(name))
			versions->at[versions->len++] = name;
	}
}

/* The first word of releases/start_erl.data: the ERTS that OTP itself would start. */
static struct str
default_erts(struct fs *fs, struct str root)
{
	struct str file = fs_join(fs->arena, root, STR("releases/start_erl.data"));
	struct str content, word = {0};
	const char *fault;

	fs_input(fs, file);
	if (fs_load(fs->arena, file, &content, &fault))
		while (word.len < content.len && !strchr(" \t\r\n", content.at[word.len]))
			word = str_head(content, word.len + 1);
	return word;
}

static bool
note_root(struct build *build)
{
	diag_note(build->fs->diag, (struct srcpos){0},
		"`erl -noshell -eval 'io:put_chars(code:root_dir()), halt().'` prints the root of "
		"an installation");
	return false;
}

static bool
no_root(struct build *build)
{
	struct fs *fs = build->fs;
	const struct spec_text *otp = &build->spec->otp;
	struct str below = fs_join(fs->arena, otp->text, STR("lib/erlang"));
	struct stat st;

	diag_error(fs->diag, otp->pos,
		"'" STR_FMT "' is not the root of an Erlang/OTP installation: it has no "
		"erts-VERSION/bin/erlexec",
		STR_ARG(otp->text));
	if (fs_stat(fs, below, &st))
		diag_note(fs->diag, (struct srcpos){0}, "did you mean '" STR_FMT "'?",
			STR_ARG(below));
	else
		note_root(build);
	return false;
}

static bool
choose_erts(struct build *build, const struct fs_names *versions)
{
	struct fs *fs = build->fs;
	const struct spec_text *otp = &build->spec->otp;
	struct str wanted = default_erts(fs, otp->text);
	struct buf list = {.arena = fs->arena};

	if (versions->len == 1) {
		build->runtime.erts = versions->at[0];
		return true;
	}
	for (size_t i = 0; i < versions->len; i++) {
		if (str_eq(versions->at[i], wanted)) {
			build->runtime.erts = wanted;
			return true;
		}
		buf_printf(&list, "%s" STR_FMT, i ? ", " : "", STR_ARG(versions->at[i]));
	}
	diag_error(fs->diag, otp->pos,
		"'" STR_FMT "' has several ERTS, " STR_FMT
		", and its releases/start_erl.data names none of them",
		STR_ARG(otp->text), STR_ARG(buf_view(&list)));
	diag_note(fs->diag, (struct srcpos){0}, "remove the ones that are not used any more");
	return false;
}

bool
runtime_find(struct build *build)
{
	struct fs *fs = build->fs;
	struct runtime *runtime = &build->runtime;
	const struct spec_text *otp = &build->spec->otp;
	struct fs_names names, versions = {0};
	struct stat st;

	if (!otp->text.at) {
		diag_error(fs->diag, build->spec->name.pos,
			"release needs 'otp', whose kernel and stdlib it runs on");
		diag_note(fs->diag, (struct srcpos){0},
			"with 'erts: exclude' they are not copied, but the boot script names their "
			"versions");
		return false;
	}
	if (!fs_stat(fs, otp->text, &st) || !S_ISDIR(st.st_mode)) {
		fs_input(fs, otp->text);
		diag_error(
			fs->diag, otp->pos, "there is no folder '" STR_FMT "'", STR_ARG(otp->text));
		return note_root(build);
	}
	if (!fs_list(fs, otp->text, otp->pos, &names))
		return false;
	list_erts(fs, otp->text, &names, &versions);
	if (versions.len == 0)
		return no_root(build);
	if (!choose_erts(build, &versions))
		return false;
	runtime->root = otp->text;
	runtime->otp = otp_of_erts(runtime->erts);
	if (runtime->otp == 0) {
		diag_error(fs->diag, otp->pos,
			"ERTS " STR_FMT " in '" STR_FMT "' is of no OTP release that is known here",
			STR_ARG(runtime->erts), STR_ARG(otp->text));
		diag_note(fs->diag, (struct srcpos){0},
			"OTP %d to %d can be released; a newer beamrel may know more", OTP_OLDEST,
			OTP_NEWEST);
		return false;
	}

	struct buf bin = {.arena = fs->arena};
	buf_printf(&bin, STR_FMT "/erts-" STR_FMT "/bin", STR_ARG(runtime->root),
		STR_ARG(runtime->erts));
	runtime->bin = buf_view(&bin);
	return true;
}

static bool
is_left_out(struct str name)
{
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (str_eq(name, tools[i]))
			return true;
	for (size_t i = 0; i < sizeof(relocatable) / sizeof(relocatable[0]); i++)
		if (str_eq(name, (struct str){relocatable[i], strlen(relocatable[i])}))
			return true;
	return false;
}

/*
 * The launcher asks running nodes with erl_call. Debian has it in erts-V/bin; OTP's own
 * installation in bin/ or in lib/erl_interface-V/bin only.
 */
static bool
find_erl_call(struct build *build, struct str *file)
{
	struct fs *fs = build->fs;
	struct str lib = fs_join(fs->arena, build->runtime.root, STR("lib"));
	struct fs_names names;

	*file = fs_join(fs->arena, build->runtime.root, STR("bin/erl_call"));
	if (is_file(fs, *file))
		return true;
	if (!fs_list(fs, lib, build->spec->otp.pos, &names))
		return false;
	for (size_t i = names.len; i > 0; i--) {
		struct str name = names.at[i - 1];
		if (!starts(name, STR("erl_interface-")))
			continue;
		*file = fs_join(fs->arena, fs_join(fs->arena, lib, name), STR("bin/erl_call"));
		if (is_file(fs, *file))
			return true;
	}
	return false;
}

bool
runtime_add(struct build *build)
{
	struct fs *fs = build->fs;
	struct buf dir = {.arena = fs->arena};
	struct copy copy = {
		.fs = fs,
		.tree = &build->assembly->tree,
		.origin = build->spec->otp.pos,
		.disk = build->runtime.bin,
	};
	struct fs_names names;
	struct str erl_call;
	bool ok = true, has_erl_call = false;

	buf_printf(&dir, "erts-" STR_FMT "/bin", STR_ARG(build->runtime.erts));
	copy.path = buf_view(&dir);
	if (!copy_root(&copy, copy.disk, copy.path) || !fs_list(fs, copy.disk, copy.origin, &names))
		return false;
	for (size_t i = 0; i < names.len; i++) {
		struct str name = names.at[i];
		if (is_left_out(name))
			continue;
		if (str_eq(name, STR("erl_call")))
			has_erl_call = true;
		if (!copy_add(&copy, fs_join(fs->arena, copy.disk, name),
			    fs_join(fs->arena, copy.path, name)))
			ok = false;
	}
	for (size_t i = 0; i < sizeof(relocatable) / sizeof(relocatable[0]); i++) {
		struct str name = {relocatable[i], strlen(relocatable[i])};
		if (!build_add_bytes(build, fs_join(fs->arena, copy.path, name),
			    template_bundled(relocatable[i]), true, copy.origin))
			ok = false;
	}
	if (!has_erl_call && find_erl_call(build, &erl_call) &&
		!copy_add(&copy, erl_call, fs_join(fs->arena, copy.path, STR("erl_call"))))
		ok = false;
	return ok;
}
