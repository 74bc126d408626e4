/*
 * pack/place.h - single entries in a folder: are they there already, and putting them there. For
 * worker threads: nothing is reported.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tree/tree.h"

struct place_rules {
	int64_t epoch;
	bool link;         /* see struct pack_options */
	bool source_times; /* the same */
	bool any_time;     /* others may have put something into the folder, or taken it out */
};

enum place_fault {
	PLACE_OK,
	PLACE_INPUT, /* the entry's source or transformation is at fault */
	PLACE_OUTPUT /* the folder is */
};

/* True if `path` is just what place_make() or place_finish_folder() would make of `entry`. */
bool place_holds(struct arena *arena, const char *path, const struct tree_entry *entry,
	size_t children, const struct place_rules *rules);

/* Makes a file or symlink at `path`, where there is nothing. */
enum place_fault place_make(struct arena *arena, const char *path, const struct tree_entry *entry,
	const struct place_rules *rules, const char **fault);

/* Mode and time, when all is in it. False: errno says why. */
bool place_finish_folder(const char *path, unsigned mode, int64_t epoch);
