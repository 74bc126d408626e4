/* What an image holds, and how it starts. */
#include "image/plan.h"

#include <stdlib.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

/* overlay2 stacks 128; engines want some for themselves. */
enum { MOST_LAYERS = 120 };

struct str
plan_absolute(const struct planning *planning, struct str path)
{
	struct str prefix = planning->spec->prefix.text;

	return path.len ? fs_join(planning->fs->arena, prefix, path) : prefix;
}

static int
entry_order(const void *key, const void *entry)
{
	return path_order(*(const struct str *)key, ((const struct tree_entry *)entry)->path);
}

const struct tree_entry *
plan_find(const struct tree *tree, struct str path)
{
	if (tree->entries.len == 0)
		return NULL;
	return bsearch(
		&path, tree->entries.at, tree->entries.len, sizeof(*tree->entries.at), entry_order);
}

/* The base of this platform; none: scratch. */
static bool
find_base(struct planning *planning)
{
	const struct spec_platform *platform = planning->release->platform;
	const struct spec_text *path = &planning->spec->base,
			       *digest = &planning->spec->base_digest;
	struct base *base;

	if (platform && platform->base.text.at) {
		path = &platform->base;
		digest = &platform->base_digest;
	}
	if (spec_is_scratch(path->text))
		return true;
	if (!base_read(planning->fs, path, digest, &planning->plan->platform, &base))
		return false;
	planning->base = planning->plan->base = base;
	return true;
}

/* Where a shell is looked for by those that start scripts. */
static bool
has_shell(const struct planning *planning)
{
	if (planning->base)
		return base_find(planning->base, STR("bin/sh"));
	return planning->spec->busybox.on;
}

/* What the C world must have goes to the first layer that needs it. */
static bool
add_closure(struct planning *planning)
{
	struct fs *fs = planning->fs;
	size_t len = planning->plan->layers.len, files_len;
	const struct tree **groups = arena_array(fs->arena, const struct tree *, len + 1);
	struct closure_file *files;

	for (size_t i = 0; i < len; i++)
		groups[i] = &planning->plan->layers.at[i].tree;
	if (!closure_find(fs, planning->release, &planning->plan->platform, groups, len, &files,
		    &files_len))
		return false;
	for (size_t i = 0; i < files_len; i++) {
		const struct closure_file *file = &files[i];
		struct str name = planning->plan->layers.at[file->group].name;
		struct tree_entry entry = {
			.path = file->path,
			.kind = file->source.len ? TREE_FILE : TREE_SYMLINK,
			.mode = file->mode,
			.source = file->source.len ? file->source : file->link,
			.origin = planning->spec->pos,
		};

		for (size_t j = 0; j < planning->drafts.len; j++)
			if (str_eq(planning->drafts.at[j].name, name))
				vec_push(fs->arena, &planning->drafts.at[j].entries, entry);
	}
	return place_seal(planning);
}

static bool
check_count(const struct planning *planning)
{
	size_t own = planning->plan->layers.len;
	size_t inherited = planning->base ? planning->base->layers.len : 0;

	if (own + inherited <= MOST_LAYERS)
		return true;
	diag_error(planning->fs->diag, planning->spec->pos,
		"the image would have %zu layers, %zu of them of its base; engines take %d",
		own + inherited, inherited, MOST_LAYERS);
	diag_note(planning->fs->diag, planning->spec->pos, "list fewer layers in image.layers");
	return false;
}

/* What is at `path` inside the folder, "" if nothing is. */
static struct str
inside(struct str folder, struct str path)
{
	if (path.len <= folder.len + 1 || path.at[folder.len] != '/' ||
		!str_eq(str_head(path, folder.len), folder))
		return (struct str){"", 0};
	return (struct str){path.at + folder.len + 1, path.len - folder.len - 1};
}

/* Programs, modules, settings of the system: what runs or says what runs. Data of the release may
 * be in a volume, as its first content. */
static bool
is_code(const struct planning *planning, const struct tree_entry *entry)
{
	struct str name = inside(planning->prefix, entry->path), top = {0}, rest = name;

	if (entry->kind == TREE_DIR)
		return false;
	if (name.len == 0)
		return true;
	str_next(&rest, '/', &top);
	return str_eq(top, STR("bin")) || str_eq(top, STR("releases")) ||
	       str_eq(str_head(top, 5), STR("erts-")) || str_contains(name, STR("/ebin/"));
}

/* Everybody can write in a volume, and an engine keeps there what the first version had. */
static bool
check_volume(const struct planning *planning, const struct spec_text *volume)
{
	struct str folder = {volume->text.at + 1, volume->text.len - 1};

	for (size_t i = 0; i < planning->plan->layers.len; i++) {
		const struct tree *tree = &planning->plan->layers.at[i].tree;

		for (size_t j = 0; j < tree->entries.len; j++) {
			const struct tree_entry *entry = &tree->entries.at[j];

			if (inside(folder, entry->path).len == 0 || !is_code(planning, entry))
				continue;
			diag_error(planning->fs->diag, volume->pos,
				"'/" STR_FMT "' is in the volume '" STR_FMT
				"', where everybody can write, and where it stays when the image "
				"is another",
				STR_ARG(entry->path), STR_ARG(volume->text));
			diag_note(planning->fs->diag, volume->pos,
				"choose a folder for data alone, such as /data");
			return false;
		}
	}
	return true;
}

static bool
check_volumes(const struct planning *planning)
{
	bool ok = true;

	for (size_t i = 0; i < planning->spec->volumes.len; i++)
		if (!check_volume(planning, &planning->spec->volumes.at[i]))
			ok = false;
	return ok;
}

/* Files and folders of all layers; false when some of them are not what they should be. */
static bool
fill(struct planning *planning)
{
	bool ok = layers_split(planning);

	system_add(planning);
	if (!taken_add(planning))
		ok = false;
	if (!place_all(planning))
		ok = false;
	return ok && place_seal(planning) && (planning->base || add_closure(planning));
}

bool
image_plan(struct fs *fs, const struct image_release *release, struct image_plan *plan)
{
	const struct spec_image *image = &release->spec->image;
	struct planning planning = {
		.fs = fs,
		.release = release,
		.spec = image,
		.plan = plan,
		.prefix = {image->prefix.text.at + 1, image->prefix.text.len - 1},
	};
	bool ok = true;

	*plan = (struct image_plan){.release = release};
	if (!platform_find(&planning, &plan->platform) || !find_base(&planning))
		return false;
	planning.has_shell = has_shell(&planning);
	if (!shell_check(&planning))
		ok = false;
	if (!fill(&planning) || !check_volumes(&planning) || !check_count(&planning))
		return false;
	settings_make(&planning);
	return ok;
}
