#include <stdlib.h>

#include "image/native.h"
#include "support/arena.h"
#include "support/path.h"

static int
entry_order(const void *key, const void *entry)
{
	return path_order(*(const struct str *)key, ((const struct tree_entry *)entry)->path);
}

static struct loader_item
item_of(const struct tree_entry *entry)
{
	struct loader_item item = {.ours = true, .mode = entry->mode};

	switch (entry->kind) {
	case TREE_DIR:
		item.kind = LOADER_FOLDER;
		break;
	case TREE_FILE:
		item.kind = LOADER_FILE;
		item.source = entry->source;
		item.bytes = entry->bytes;
		item.inlined = entry->inlined;
		break;
	case TREE_SYMLINK:
		item.kind = LOADER_LINK;
		item.target = entry->source;
		break;
	}
	return item;
}

bool
native_look(const struct tree *tree, struct str path, struct loader_item *item)
{
	const struct tree_entry *entry = NULL;

	if (tree->entries.len > 0)
		entry = bsearch(&path, tree->entries.at, tree->entries.len,
			sizeof(*tree->entries.at), entry_order);
	if (!entry)
		return false;
	*item = item_of(entry);
	return true;
}

bool
image_platform_of_elf(const struct elf *elf, struct image_platform *platform)
{
	const char *variant, *architecture = elf_architecture(elf, &variant);

	if (!architecture)
		return false;
	*platform = (struct image_platform){.os = STR("linux"),
		.architecture = {architecture, strlen(architecture)},
		.variant = {variant, strlen(variant)}};
	return true;
}

bool
native_is_for(const struct elf *elf, const struct image_platform *platform)
{
	const char *variant, *architecture = elf_architecture(elf, &variant);

	return architecture &&
	       str_eq((struct str){architecture, strlen(architecture)}, platform->architecture);
}

/* Most of a release; their names say that they are something else, and spare us to open them. */
static bool
is_erlang(struct str path)
{
	static const struct str ends[] = {STR_INIT(".beam"), STR_INIT(".app"), STR_INIT(".hrl"),
		STR_INIT(".erl"), STR_INIT(".boot"), STR_INIT(".ex")};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (path.len > ends[i].len &&
			str_eq((struct str){path.at + path.len - ends[i].len, ends[i].len},
				ends[i]))
			return true;
	return false;
}

bool
native_files(
	struct fs *fs, struct loader *loader, const struct tree *tree, struct native_files *files)
{
	bool ok = true;

	for (size_t i = 0; i < tree->entries.len; i++) {
		const struct tree_entry *entry = &tree->entries.at[i];
		struct loader_place place = {.path = entry->path, .item = item_of(entry)};
		char head[4] = {0};

		/* What is transformed is a module. */
		if (entry->kind != TREE_FILE || entry->transform || is_erlang(entry->path))
			continue;
		if (!entry->inlined &&
			!fs_head(fs, entry->source, entry->origin, head, sizeof(head))) {
			ok = false;
			continue;
		}
		if (!elf_is(entry->inlined ? entry->bytes : (struct str){head, sizeof(head)}))
			continue;

		struct native_file file = {entry, loader_open(loader, &place)};
		vec_push(fs->arena, files, file);
	}
	return ok;
}
