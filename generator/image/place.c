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

static bool
place_draft(struct planning *planning, struct draft *draft)
{
	bool ok = true;

	for (size_t i = 0; i < draft->entries.len; i++) {
		struct tree_entry entry = draft->entries.at[i];
		if (!check_name(planning, &entry))
			ok = false;
	}
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
settle_folders(const struct tree *whole, struct tree *tree)
{
	for (size_t i = 0; i < tree->entries.len; i++) {
		struct tree_entry *entry = &tree->entries.at[i];

		if (entry->kind == TREE_DIR)
			entry->mode = plan_find(whole, entry->path)->mode;
	}
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
	settle_folders(whole, &layer.tree);
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
