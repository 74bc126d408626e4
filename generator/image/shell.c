/* Releases that do not start without a shell, and programs that would not. */
#include "image/plan.h"
#include "support/arena.h"

static void
add(struct fs *fs, struct image_release *release, const char *what, struct srcpos pos)
{
	vec_push(fs->arena, &release->needs_shell, (struct image_reason){what, pos});
}

/* Has it a line that is neither empty nor a comment? */
static bool
does_something(struct str script)
{
	struct str line;

	while (str_next(&script, '\n', &line)) {
		size_t at = 0;
		while (at < line.len && strchr(" \t\r", line.at[at]))
			at++;
		if (at < line.len && line.at[at] != '#')
			return true;
	}
	return false;
}

/* The text of releases/VSN/NAME; false: there is none. What cannot be read the writer reports. */
static bool
read_of_version(
	struct fs *fs, const struct image_release *release, struct str name, struct str *text)
{
	struct str dir = fs_join(fs->arena, STR("releases"), release->version);
	const struct tree_entry *entry = plan_find(release->tree, fs_join(fs->arena, dir, name));
	const char *fault;

	return entry && entry->kind == TREE_FILE && tree_content(entry, fs->arena, text, &fault);
}

/* As the launcher finds out whether the VM writes its configuration anew. */
static bool
is_written_anew(struct str config)
{
	struct str line;

	for (int i = 0; i < 2 && str_next(&config, '\n', &line); i++)
		if (str_contains(line, STR("RUNTIME_CONFIG=true")))
			return true;
	return false;
}

static bool
is_template(const struct spec_text *file)
{
	return str_ends(file->text, STR(".src"));
}

/*
 * os_mon asks for memory, disks and load by commands of a shell as soon as it starts, and takes the
 * node down when it gets no answers. Settings of it are a sign that somebody knows.
 */
static void
add_os_mon(struct fs *fs, struct image_release *release)
{
	const struct spec *spec = release->spec;
	struct srcpos pos = spec->image.pos;
	bool there = false;
	struct str text;

	for (size_t i = 0; i < release->applications.len; i++)
		if (str_eq(release->applications.at[i].name, STR("os_mon")))
			there = true;
	for (size_t i = 0; i < spec->applications.len; i++) {
		const struct spec_application *app = &spec->applications.at[i];

		if (!str_eq(app->name.text, STR("os_mon")))
			continue;
		if (app->start == SPEC_LOAD || app->start == SPEC_NONE)
			return;
		pos = app->name.pos;
	}
	if (there && !(read_of_version(fs, release, STR("sys.config"), &text) &&
			     str_contains(text, STR("start_memsup"))))
		add(fs, release, "os_mon", pos);
}

void
image_shell_reasons(struct fs *fs, struct image_release *release)
{
	const struct spec *spec = release->spec;
	const struct spec_switch *reboot = &spec->elixir.reboot_system_after_config;
	struct str text;

	for (size_t i = 0; i < SPEC_EVENTS; i++)
		for (size_t j = 0; j < spec->hooks[i].len; j++)
			add(fs, release, "hooks", spec->hooks[i].at[j].run.pos);
	for (size_t i = 0; i < spec->commands.len; i++)
		add(fs, release, "commands of the launcher", spec->commands.at[i].run.pos);
	if (spec->env.text.at && read_of_version(fs, release, STR("env.sh"), &text) &&
		does_something(text))
		add(fs, release, "env.sh", spec->env.pos);
	add_os_mon(fs, release);
	if (is_template(&spec->sys_config))
		add(fs, release, "a template of sys.config", spec->sys_config.pos);
	if (is_template(&spec->vm_args))
		add(fs, release, "a template of vm.args", spec->vm_args.pos);
	if (release->has_elixir && read_of_version(fs, release, STR("sys.config"), &text) &&
		is_written_anew(text))
		add(fs, release, "configuration that is written anew at each start",
			reboot->pos.file ? reboot->pos : spec->sys_config.pos);
}

/* --- programs that the image names --- */

/*
 * The file of the release that a word names, as a program is found: below workdir, which is the
 * release unless the spec says otherwise, or on PATH, which begins with its bin. NULL: it has none.
 */
static const struct tree_entry *
find_program(const struct planning *planning, struct str word)
{
	struct str root = plan_absolute(planning, STR("")), path = word;
	const struct tree_entry *entry;

	if (str_eq(str_head(word, root.len), root) && word.len > root.len &&
		word.at[root.len] == '/')
		path = (struct str){word.at + root.len + 1, word.len - root.len - 1};
	else if (!str_contains(word, STR("/")))
		path = fs_join(planning->fs->arena, STR("bin"), word);
	else if (word.at[0] == '/' || planning->spec->workdir.text.at)
		return NULL;
	entry = plan_find(planning->release->tree, path);
	return entry && entry->kind == TREE_FILE ? entry : NULL;
}

static bool
is_script(const struct planning *planning, const struct tree_entry *entry)
{
	struct str text;
	const char *fault;

	return tree_content(entry, planning->fs->arena, &text, &fault) &&
	       str_eq(str_head(text, 2), STR("#!"));
}

/* The first of these words is no script, unless there is a shell. */
static bool
check_program(const struct planning *planning, const struct spec_texts *words)
{
	const struct tree_entry *entry;

	if (planning->has_shell || words->len == 0)
		return true;
	entry = find_program(planning, words->at[0].text);
	if (!entry || !is_script(planning, entry))
		return true;
	diag_error(planning->fs->diag, words->at[0].pos,
		"'" STR_FMT "' is a script, and %s has no shell to run it",
		STR_ARG(words->at[0].text), planning->base ? "the base" : "an image from scratch");
	return false;
}

/* A program as command, as in a Dockerfile, would be an argument of the release's entry point. */
static bool
check_command(const struct planning *planning)
{
	const struct spec_image *image = planning->spec;
	const struct tree_entry *entry;

	if (image->has_entrypoint || image->command.len == 0 ||
		!str_contains(image->command.at[0].text, STR("/")))
		return true;
	entry = find_program(planning, image->command.at[0].text);
	if (!entry || !(entry->mode & 0111))
		return true;
	diag_error(planning->fs->diag, image->command.at[0].pos,
		"'" STR_FMT
		"' would be an argument of the image's entry point, not what is started",
		STR_ARG(image->command.at[0].text));
	diag_note(planning->fs->diag, image->command.at[0].pos,
		"give it as image.entrypoint; image.command alone is for the launcher, as in [start]");
	return false;
}

/* --- all --- */

static bool
check_reasons(const struct planning *planning)
{
	const struct image_release *release = planning->release;

	if (planning->has_shell || planning->spec->has_entrypoint)
		return true;
	for (size_t i = 0; i < release->needs_shell.len; i++)
		diag_error(planning->fs->diag, release->needs_shell.at[i].pos,
			"%s has no shell, which is needed for %s",
			planning->base ? "the base" : "an image from scratch",
			release->needs_shell.at[i].what);
	return release->needs_shell.len == 0;
}

bool
shell_check(struct planning *planning)
{
	const struct spec_image *image = planning->spec;
	struct diag *diag = planning->fs->diag;
	bool ok = check_reasons(planning), has_erts = planning->release->spec->erts_include;

	if (!check_program(planning, &image->entrypoint))
		ok = false;
	if (!check_program(planning, &image->healthcheck.command))
		ok = false;
	if (!ok)
		diag_note(diag, image->pos, "%s",
			planning->base
				? "take a base that has /bin/sh"
				: "set image.busybox: true, or image.base to an image that has "
				  "a shell");
	if (!planning->has_shell && !image->has_entrypoint && !has_erts) {
		diag_error(diag, image->pos,
			"the release has no ERTS, and without a shell its launcher cannot look for one; "
			"set release.erts: include, or image.base to an image with Erlang and a shell");
		ok = false;
	}
	return check_command(planning) && ok;
}
