/*
 * Where the files of the layers end up.
 *
 * A layer that has an entry for something that the base has too replaces it: a folder in place of
 * the link /lib -> usr/lib makes the base useless, and one of another mode in place of /tmp as
 * well. So paths follow the base's links here, folders that the base has are left out, and what
 * would replace a folder or a link is an error.
 */
#include "image/plan.h"
#include "support/arena.h"
#include "support/path.h"

/* --- names --- */

/* In a layer a file of this name deletes another one. */
static bool
check_name(struct planning *planning, const struct tree_entry *entry)
{
	struct str rest = entry->path, part;

	while (str_next(&rest, '/', &part)) {
		if (!str_eq(str_head(part, 4), STR(".wh.")))
			continue;
		diag_error(planning->fs->diag, entry->origin,
			"'" STR_FMT "' cannot be in an image: names that begin with .wh. mean that "
			"files are deleted",
			STR_ARG(entry->path));
		diag_note(planning->fs->diag, entry->origin, "give it another name");
		return false;
	}
	return true;
}

/* --- the base --- */

static bool
in_the_way(struct planning *planning, struct srcpos origin, struct str path, const char *what)
{
	diag_error(planning->fs->diag, origin, "'/" STR_FMT "' of the base is %s", STR_ARG(path),
		what);
	diag_note(planning->fs->diag, planning->base->pos,
		"choose another place for what is in its way (image.prefix for the release), or "
		"another base");
	return false;
}

/* No folder can be at `path`, or above it: says so, once for each place. */
static bool
no_folder(struct planning *planning, struct str path, struct srcpos origin)
{
	struct arena *arena = planning->fs->arena;
	struct str resolved;

	for (size_t i = 1; i <= path.len; i++) {
		struct str above = str_head(path, i);
		if ((i < path.len && path.at[i] != '/') ||
			base_resolve(
				planning->base, arena, fs_join(arena, above, STR("x")), &resolved))
			continue;
		for (size_t j = 0; j < planning->blocked.len; j++)
			if (str_eq(planning->blocked.at[j], above))
				return false;
		vec_push(arena, &planning->blocked, above);
		return in_the_way(planning, origin, above,
			"a file, or a link to none, where a folder has to be");
	}
	return false;
}

/* A folder is looked at from inside, so that it may be a link. */
static bool
place_folder(struct planning *planning, struct tree_entry *entry, bool *drop)
{
	struct arena *arena = planning->fs->arena;
	struct str inside = fs_join(arena, entry->path, STR("x")), resolved;
	const struct base_entry *found;

	if (!base_resolve(planning->base, arena, inside, &resolved))
		return no_folder(planning, entry->path, entry->origin);
	entry->path = str_head(resolved, resolved.len > 1 ? resolved.len - 2 : 0);
	found = entry->path.len ? base_find(planning->base, entry->path) : NULL;
	*drop = entry->path.len == 0 || (found && found->kind == TREE_DIR);
	return true;
}

static bool
place_file(struct planning *planning, struct tree_entry *entry)
{
	const struct base_entry *found;
	struct str resolved;

	if (!base_resolve(planning->base, planning->fs->arena, entry->path, &resolved))
		return no_folder(planning, path_parent(entry->path), entry->origin);
	entry->path = resolved;
	found = base_find(planning->base, resolved);
	if (!found)
		return true;
	if (found->kind == TREE_DIR)
		return in_the_way(
			planning, entry->origin, resolved, "a folder, where a file has to be");
	if (found->kind == TREE_SYMLINK)
		return in_the_way(
			planning, entry->origin, resolved, "a link, where a file has to be");
	diag_warning(planning->fs->diag, entry->origin,
		"'/" STR_FMT "' takes the place of a file of the base", STR_ARG(entry->path));
	return true;
}

static bool
place_draft(struct planning *planning, struct draft *draft)
{
	size_t kept = 0;
	bool ok = true;

	for (size_t i = 0; i < draft->entries.len; i++) {
		struct tree_entry entry = draft->entries.at[i];
		bool drop = false;

		if (!check_name(planning, &entry))
			ok = false;
		else if (planning->base && entry.kind == TREE_DIR)
			ok = place_folder(planning, &entry, &drop) && ok;
		else if (planning->base)
			ok = place_file(planning, &entry) && ok;
		if (!drop)
			draft->entries.at[kept++] = entry;
	}
	draft->entries.len = kept;
	return ok;
}

bool
place_all(struct planning *planning)
{
	bool ok = true;

	for (size_t i = 0; i < planning->drafts.len; i++)
		if (!place_draft(planning, &planning->drafts.at[i]))
			ok = false;
	return ok;
}

/* --- layers --- */

/* All layers as one: what contradicts each other there would do so in the image. */
static bool
seal_whole(struct planning *planning, struct tree *whole)
{
	struct diag *diag = planning->fs->diag;
	bool ok = true;

	*whole = (struct tree){.arena = planning->fs->arena};
	for (size_t i = 0; i < planning->drafts.len; i++) {
		const struct draft *draft = &planning->drafts.at[i];
		for (size_t j = 0; j < draft->entries.len; j++)
			if (!tree_add(whole, draft->entries.at[j], diag))
				ok = false;
	}
	return tree_seal(whole, diag) && ok;
}

/* Folders are what they are in the whole image, in each layer, and not there if the base has them.
 */
static void
settle_folders(const struct planning *planning, const struct tree *whole, struct tree *tree)
{
	size_t kept = 0;

	for (size_t i = 0; i < tree->entries.len; i++) {
		struct tree_entry entry = tree->entries.at[i];
		const struct base_entry *found = NULL;

		if (entry.kind == TREE_DIR && planning->base)
			found = base_find(planning->base, entry.path);
		if (entry.kind == TREE_DIR)
			entry.mode = plan_find(whole, entry.path)->mode;
		if (!found || found->kind != TREE_DIR)
			tree->entries.at[kept++] = entry;
	}
	tree->entries.len = kept;
}

static bool
seal_layer(struct planning *planning, const struct draft *draft, const struct tree *whole)
{
	struct diag *diag = planning->fs->diag;
	struct image_layer layer = {.name = draft->name, .tree.arena = planning->fs->arena};
	bool ok = true;

	for (size_t i = 0; i < draft->entries.len; i++)
		if (!tree_add(&layer.tree, draft->entries.at[i], diag))
			ok = false;
	if (!tree_seal(&layer.tree, diag) || !ok)
		return false;
	settle_folders(planning, whole, &layer.tree);
	if (layer.tree.entries.len)
		vec_push(planning->fs->arena, &planning->plan->layers, layer);
	return true;
}

bool
place_seal(struct planning *planning)
{
	struct tree whole;
	bool ok = true;

	if (!seal_whole(planning, &whole))
		return false;
	planning->plan->layers.len = 0;
	for (size_t i = 0; i < planning->drafts.len; i++)
		if (!seal_layer(planning, &planning->drafts.at[i], &whole))
			ok = false;
	return ok;
}
