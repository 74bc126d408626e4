/*
 * Input: two layers' tars with a line "----" between them. What is accepted is a tree: sorted, each
 * path once, each in a folder, no path that leaves it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/base_layer.h"
#include "support/arena.h"
#include "support/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct base_entries *entries)
{
	char room[BASE_WALK];
	struct str resolved;

	for (size_t i = 0; i < entries->len; i++) {
		const struct base_entry *entry = &entries->at[i], *parent;
		struct str folder = path_parent(entry->path);

		if (path_fault(entry->path) || base_entry_at(entries, entry->path) != entry)
			abort();
		if (i > 0 && path_order(entries->at[i - 1].path, entry->path) >= 0)
			abort();
		parent = folder.len > 0 ? base_entry_at(entries, folder) : NULL;
		if (folder.len > 0 && (!parent || parent->kind != TREE_DIR))
			abort();
		/* Wherever links lead, it is inside, and following them again changes nothing. */
		if (base_walk(entries, entry->path, true, room, &resolved) && resolved.len > 0 &&
			path_fault(resolved))
			abort();
	}
}

static bool
add_layer(struct arena *arena, struct base_entries *entries, struct str tar)
{
	struct intake_place place = {tar.at, -1, 0, tar.len};
	INTAKE_CLOSE struct intake *intake =
		intake_open(arena, &place, INTAKE_PLAIN, UINT64_MAX, true);
	struct base_items items = {0};
	struct intake_end end;
	const char *fault = NULL;

	if (!base_layer_read(arena, intake, &items, &fault) != (fault != NULL))
		abort();
	if (!intake_finish(intake, &end, &fault))
		abort();
	return !fault && base_merge(arena, entries, &items, &fault);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "----\n";
	struct arena arena = {0};
	struct base_entries entries = {0};
	struct str rest = {(const char *)data, size}, second = {0};

	for (size_t i = 0; i + 5 <= size && !second.at; i++)
		if (memcmp(rest.at + i, mark, 5) == 0) {
			second = (struct str){rest.at + i + 5, size - i - 5};
			rest.len = i;
		}
	if (size > 0 && add_layer(&arena, &entries, rest)) {
		check(&entries);
		if (second.at && add_layer(&arena, &entries, second))
			check(&entries);
	}
	arena_release(&arena);
	return 0;
}
