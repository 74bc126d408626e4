/* What configures a release: sys.config, vm.args, env.sh, runtime.exs. */
#include "assemble/build.h"
#include "support/arena.h"
#include "support/buf.h"
#include "template/template.h"

static struct srcpos
at(const char *file, const struct term *term)
{
	return (struct srcpos){file, term->line, term->column};
}

/* {Key, Value} of one application. */
static bool
check_setting(struct diag *diag, const char *file, struct str app, const struct term *setting)
{
	if (term_is_tuple(setting, 2) && setting->items[0].kind == TERM_ATOM)
		return true;
	diag_error(diag, at(file, setting),
		"a setting of '" STR_FMT "' is not of the form {key, Value}", STR_ARG(app));
	diag_note(diag, (struct srcpos){0}, "the key is an atom; the value is any term");
	return false;
}

/* Does its head say that mix wrote it? Its settings are those of a whole project. */
static bool
is_of_mix(struct str text)
{
	struct str head = STR("%% coding: utf-8\n%% RUNTIME_CONFIG=");

	return str_eq(str_head(text, head.len), head);
}

static bool
check_item(struct build *build, const char *file, const struct term *item, bool of_mix)
{
	struct diag *diag = build->fs->diag;
	struct str name;
	bool ok = true;

	if (item->kind == TERM_LIST && item->len > 0 && term_text(diag->arena, item, &name))
		return true; /* the name of another file of settings */
	if (!term_is_tuple(item, 2) || item->items[0].kind != TERM_ATOM ||
		!term_is_proper_list(&item->items[1])) {
		diag_error(diag, at(file, item),
			"this is neither {application, [{key, Value}, ...]} nor the name of a file");
		diag_note(diag, (struct srcpos){0},
			"release_handler takes a configuration that it cannot read for an empty one");
		return false;
	}
	name = item->items[0].atom;
	for (size_t i = 0; i < item->items[1].len; i++)
		if (!check_setting(diag, file, name, &item->items[1].items[i]))
			ok = false;

	const struct release *release = &build->assembly->release;
	if (ok && build->resolved && !of_mix && !release_find(release, name))
		diag_warning(diag, at(file, item),
			"there are settings for '" STR_FMT "', which is not in the release",
			STR_ARG(name));
	return ok;
}

/* What mix has written, anew: in which order it writes maps is up to the VM that it ran on. */
static void
rewrite(struct build *build, const struct term *config, unsigned otp, struct str *text)
{
	struct buf out = {.arena = build->fs->arena};
	struct str rest = *text, line;

	for (int i = 0; i < 2 && str_next(&rest, '\n', &line); i++)
		buf_printf(&out, STR_FMT "\n", STR_ARG(line));
	term_write(&out, config, otp);
	buf_str(&out, STR(".\n"));
	*text = buf_view(&out);
}

/* As kernel and release_handler read it: one term, a list. Then with Elixir's providers in it. */
static bool
check_sys_config(struct build *build, const struct spec_text *from, struct str *text)
{
	struct diag *diag = build->fs->diag;
	const char *file = from->text.at ? fs_cstr(diag->arena, from->text) : NULL;
	unsigned otp = build->runtime.otp ? build->runtime.otp : OTP_NEWEST;
	struct terms terms;
	bool ok = true;

	if (!term_parse_all(diag->arena, *text, file, otp, &terms, diag))
		return false;
	if (terms.len != 1) {
		diag_error(diag,
			terms.len > 1 ? at(file, &terms.at[1]) : (struct srcpos){file, 1, 1},
			terms.len > 1 ? "a second term: all settings belong into one list"
				      : "there is no term in this file");
		diag_note(diag, (struct srcpos){0}, "an empty configuration is written \"[].\"");
		return false;
	}
	if (!term_is_proper_list(&terms.at[0]))
		return diag_error(diag, at(file, &terms.at[0]),
			"the settings are a list: [{application, [{key, Value}, ...]}, ...].");
	for (size_t i = 0; i < terms.at[0].len; i++)
		if (!check_item(build, file, &terms.at[0].items[i], is_of_mix(*text)))
			ok = false;
	struct str given = *text;
	if (!ok || !providers_add(build, file, &terms.at[0], text))
		return false;
	if (text->at == given.at && is_of_mix(given) && !source_is(from))
		rewrite(build, &terms.at[0], otp, text);
	return true;
}

/* Finds `flag` as a word of a vm.args file, outside comments. */
static bool
find_flag(struct str text, struct str flag, struct srcpos *pos)
{
	struct str line;

	for (pos->line = 1; str_next(&text, '\n', &line); pos->line++)
		for (size_t i = 0; i < line.len && line.at[i] != '#'; i++) {
			size_t end = i;
			while (end < line.len && !strchr(" \t\r\f", line.at[end]))
				end++;
			if (str_eq((struct str){line.at + i, end - i}, flag)) {
				pos->column = (unsigned)i + 1;
				return true;
			}
			i = end;
		}
	return false;
}

/* Flags that the launcher gives itself, or that must not be in a file that is copied around. */
static const struct {
	struct str flag;
	const char *fault, *remedy;
} forbidden[] = {
	{STR_INIT("-setcookie"), "a cookie in a release is known to everybody who has the release",
		"remove it; without one the release makes its own, or set RELEASE_COOKIE or "
		"RELEASE_COOKIE_FILE where it runs"},
	{STR_INIT("-name"), "the launcher names the node, and a VM takes one name only",
		"remove it; set RELEASE_DISTRIBUTION=name and RELEASE_NODE=NAME@HOST.DOMAIN in env.sh "
		"or where it runs"},
	{STR_INIT("-sname"), "the launcher names the node, and a VM takes one name only",
		"remove it; set RELEASE_DISTRIBUTION=sname and RELEASE_NODE in env.sh or where it runs"},
};

static bool
check_vm_args(struct build *build, const struct spec_text *from, struct str *text)
{
	struct diag *diag = build->fs->diag;
	struct srcpos pos = {.file = fs_cstr(diag->arena, from->text)};
	bool ok = true;

	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
		if (!find_flag(*text, forbidden[i].flag, &pos))
			continue;
		ok = diag_error(diag, pos, "%.*s: %s", (int)forbidden[i].flag.len,
			forbidden[i].flag.at, forbidden[i].fault);
		diag_note(diag, (struct srcpos){0}, "%s", forbidden[i].remedy);
	}
	return ok;
}

/* An optional file of the spec, else `otherwise`, if any: read, checked, perhaps changed by that,
 * and added; or a template, which `scan` can read. */
static bool
add(struct build *build, const char *name, const struct spec_text *from, struct str otherwise,
	source_scan *scan, source_check *check)
{
	struct str path = build_path(build, build->dir, (struct str){name, strlen(name)});
	struct str text = otherwise;

	if (from->text.at && !fs_read(build->fs, from->text, from->pos, &text))
		return false;
	if (!text.at)
		return true;
	if (scan && source_is(from))
		return source_add(build, name, from, text, scan, check);
	if (check && !check(build, from, &text))
		return false;
	return build_add_bytes(
		build, path, text, false, from->text.at ? from->pos : build->spec->name.pos);
}

bool
config_add(struct build *build)
{
	const struct spec *spec = build->spec;
	bool ok = true;

	if (!add(build, "sys.config", &spec->sys_config, STR("[].\n"), fill_scan_terms,
		    check_sys_config))
		ok = false;
	if (!add(build, "vm.args", &spec->vm_args, template_bundled("vm.args"), fill_scan_arguments,
		    check_vm_args))
		ok = false;
	if (!add(build, "remote.vm.args", &spec->remote_vm_args, template_bundled("remote.vm.args"),
		    fill_scan_arguments, check_vm_args))
		ok = false;
	if (!add(build, "env.sh", &spec->env, template_bundled("env.sh"), NULL, NULL))
		ok = false;
	if (!add(build, "runtime.exs", &spec->runtime, (struct str){0}, NULL, NULL))
		ok = false;
	return ok;
}
