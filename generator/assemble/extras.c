/* What the user adds to a release: hooks, commands, overlays. And the launcher that runs them. */
#include "assemble/build.h"
#include "assemble/copy.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"
#include "template/template.h"

enum { MAX_HOOKS = 99 };

static struct str
basename_of(struct str path)
{
	size_t end = path.len, begin;

	while (end > 0 && path.at[end - 1] == '/')
		end--;
	for (begin = end; begin > 0 && path.at[begin - 1] != '/'; begin--)
		;
	return (struct str){path.at + begin, end - begin};
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

/* "01-check_disk.sh": in order, and of letters that the shell takes as they are. */
static struct str
hook_name(struct arena *arena, size_t index, struct str file)
{
	struct str base = basename_of(file);
	struct buf name = {.arena = arena};

	buf_printf(&name, "%02zu-", index + 1);
	for (size_t i = 0; i < base.len; i++)
		buf_byte(&name, is_plain(base.at[i]) ? (unsigned char)base.at[i] : '_');
	return buf_view(&name);
}

static bool
add_hooks_of(struct build *build, enum spec_event event, struct buf *policy)
{
	struct arena *arena = build->fs->arena;
	const char *event_name = spec_event_name[event];
	struct buf dir = {.arena = arena};
	bool ok = true;

	buf_printf(&dir, STR_FMT "/hooks/%s.d", STR_ARG(build->dir), event_name);
	for (size_t i = 0; i < build->spec->hooks[event].len; i++) {
		const struct spec_hook *hook = &build->spec->hooks[event].at[i];
		struct str name = hook_name(arena, i, hook->run.text);

		if (i == MAX_HOOKS)
			return diag_error(build->fs->diag, hook->run.pos,
				"more than %d hooks for %s", MAX_HOOKS, event_name);
		if (!build_add_file(
			    build, build_path(build, buf_view(&dir), name), &hook->run, 0755))
			ok = false;
		if (hook->timeout > 0 || hook->ignore)
			buf_printf(policy, "%s " STR_FMT " %u %s\n", event_name, STR_ARG(name),
				hook->timeout, hook->ignore ? "ignore" : "abort");
	}
	return ok;
}

static bool
add_hooks(struct build *build)
{
	struct buf policy = {.arena = build->fs->arena};
	bool ok = true;

	for (enum spec_event event = 0; event < SPEC_EVENTS; event++)
		if (!add_hooks_of(build, event, &policy))
			ok = false;
	if (policy.len > 0 &&
		!build_add_bytes(build, build_path(build, build->dir, STR("hooks/policy")),
			buf_view(&policy), false, build->spec->name.pos))
		ok = false;
	return ok;
}

static bool
add_commands(struct build *build)
{
	struct str dir = build_path(build, build->dir, STR("commands"));
	bool ok = true;

	for (size_t i = 0; i < build->spec->commands.len; i++) {
		const struct spec_command *command = &build->spec->commands.at[i];
		const char *fault = build_name_fault(command->name.text);
		if (fault)
			ok = diag_error(build->fs->diag, command->name.pos,
				"the name of the command, '" STR_FMT "', %s",
				STR_ARG(command->name.text), fault);
		else if (!build_add_file(build, build_path(build, dir, command->name.text),
				 &command->run, 0755))
			ok = false;
	}
	return ok;
}

static bool
copy_overlay(struct build *build, const struct spec_overlay *overlay, struct str path)
{
	struct fs *fs = build->fs;
	struct str from = overlay->value.text, to = overlay->to.text;
	bool into = path.len == 0 || to.at[to.len - 1] == '/';
	struct copy copy = {
		.fs = fs,
		.tree = &build->assembly->tree,
		.origin = overlay->value.pos,
		.replace = true,
		.disk = from,
		.path = path,
	};
	struct stat st;

	fs_input(fs, from);
	if (!fs_stat(fs, from, &st))
		return diag_error(fs->diag, overlay->value.pos,
			"there is no file or folder '" STR_FMT "'", STR_ARG(from));
	if (S_ISDIR(st.st_mode))
		return copy_root(&copy, from, path) && copy_folder(&copy, from, path);
	if (into)
		path = build_path(build, path, basename_of(from));

	size_t before = copy.tree->entries.len;
	if (!copy_add(&copy, from, path))
		return false;
	if (overlay->mode && copy.tree->entries.len > before)
		copy.tree->entries.at[copy.tree->entries.len - 1].mode = overlay->mode;
	return true;
}

static bool
add_overlay(struct build *build, const struct spec_overlay *overlay)
{
	struct diag *diag = build->fs->diag;
	struct str to = overlay->to.text;
	bool folder = to.len > 0 && to.at[to.len - 1] == '/';
	struct str path = str_eq(to, STR(".")) ? STR("") : str_head(to, to.len - folder);
	struct tree_entry entry = {
		.path = path,
		.kind = TREE_FILE,
		.mode = overlay->mode ? overlay->mode : 0644,
		.inlined = true,
		.bytes = overlay->value.text,
		.origin = overlay->to.pos,
		.replace = true,
	};

	switch (overlay->kind) {
	case SPEC_OVERLAY_COPY:
		return copy_overlay(build, overlay, path);
	case SPEC_OVERLAY_TEXT:
		return tree_add(&build->assembly->tree, entry, diag);
	case SPEC_OVERLAY_LINK:
		entry.kind = TREE_SYMLINK;
		entry.mode = 0777;
		entry.inlined = false;
		entry.source = overlay->value.text;
		if (path_link_leaves(path, entry.source)) {
			diag_warning(diag, overlay->value.pos,
				"the link '" STR_FMT "' leads out of the release", STR_ARG(path));
			diag_note(diag, (struct srcpos){0},
				"erl_tar, and so release_handler:unpack_release/1, refuses such "
				"links");
		}
		return tree_add(&build->assembly->tree, entry, diag);
	}
	return false;
}

static bool
add_launcher(struct build *build)
{
	const struct spec *spec = build->spec;
	const struct template_value values[] = {
		{"release_name", spec->name.text},
		{"release_version", spec->version.text},
		{"erts_included", spec->erts_include ? STR("true") : STR("false")},
		{"elixir_version", elixir_version(build)},
	};
	struct str text = template_expand(build->fs->arena, template_bundled("launcher.sh"), values,
		sizeof(values) / sizeof(values[0]));

	return build_add_bytes(
		build, build_path(build, STR("bin"), spec->name.text), text, true, spec->name.pos);
}

bool
extras_add(struct build *build)
{
	bool ok = add_launcher(build);

	if (!add_hooks(build))
		ok = false;
	if (!add_commands(build))
		ok = false;
	for (size_t i = 0; i < build->spec->overlays.len; i++)
		if (!add_overlay(build, &build->spec->overlays.at[i]))
			ok = false;
	return ok;
}
