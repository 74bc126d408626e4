/*
 * image/base_layer.h - one layer's tar as items, and a tree made of the items of all layers
 * (OCI image-spec, layer.md).
 */
#pragma once

#include "image/base.h"
#include "image/intake.h"

enum {
	BASE_ENTRIES = 500000, /* of a layer, and of all together */
	BASE_NAMES = 64 << 20, /* bytes of all names of a layer */
	BASE_LONGEST_NAME = 1024,
	BASE_DEEPEST = 128 /* folders above an entry */
};
#define BASE_BYTES (UINT64_C(16) << 30) /* that a layer inflates to, and all together */

enum base_item_kind {
	BASE_HAS,      /* there is `entry` */
	BASE_WHITEOUT, /* what the layers below have at entry.path is gone */
	BASE_OPAQUE    /* what they have in the folder entry.path is gone */
};

struct base_item {
	enum base_item_kind kind;
	struct base_entry entry;
	struct str hard; /* another item's path, whose file this is by a second name; or empty */
	size_t seq;      /* its place in the layer */
};

struct base_items {
	struct base_item *at;
	size_t len, cap;
};

struct base_entries {
	struct base_entry *at; /* sorted by path_order() */
	size_t len, cap;
};

/* All items of the layer, in its order, in `arena`. For worker threads. False: *fault. */
bool base_layer_read(
	struct arena *arena, struct intake *intake, struct base_items *items, const char **fault);

/* Puts the layer over `entries`; `items` is sorted on the way. False: *fault. */
bool base_merge(struct arena *arena, struct base_entries *entries, struct base_items *items,
	const char **fault);

/* The entry with exactly this path, or NULL. */
const struct base_entry *base_entry_at(const struct base_entries *entries, struct str path);

enum { BASE_WALK = 2 * 4096 };

/*
 * Where `path` leads inside the tree: all links of its folders followed, and with `last` those of
 * its last part, too. What does not exist is taken as it is. False: a file is in the way, or links
 * go round in circles. *resolved is in `room`.
 */
bool base_walk(const struct base_entries *entries, struct str path, bool last, char room[BASE_WALK],
	struct str *resolved);

/* A copy in `arena`; NULL of NULL. */
const struct elf *base_keep_elf(struct arena *arena, const struct elf *elf);
