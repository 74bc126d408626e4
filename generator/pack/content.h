/*
 * pack/content.h - where the bytes of a file's entry come from.
 */
#pragma once

#include <stdbool.h>

#include "support/fs.h"
#include "tree/tree.h"

/* What strerror() says of `error`, in `arena`. For worker threads too. */
const char *content_reason(struct arena *arena, int error);

/* Opens the regular file at `path` for reading; -1: *fault says why. */
int content_open(struct arena *arena, struct str path, struct stat *st, const char **fault);

/* Reports what a worker found in the source of `entry`. */
bool content_report(struct fs *fs, const struct tree_entry *entry, const char *fault);
