/*
 * pack/content.h - where the bytes of a file's entry come from.
 */
#pragma once

#include <stdbool.h>

#include "support/fs.h"
#include "tree/tree.h"

/* Opens the regular file at `path` for reading; -1: *fault says why. */
int content_open(struct arena *arena, struct str path, struct stat *st, const char **fault);

/* Reports what a worker found in the source of `entry`. */
bool content_report(struct fs *fs, const struct tree_entry *entry, const char *fault);
