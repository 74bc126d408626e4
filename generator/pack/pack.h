/*
 * pack/pack.h - sealed trees as folders, tar and gzip.
 *
 * Every entry: owner 0:0, no names, mtime = epoch. Nothing is written while the diag has errors;
 * files appear complete by rename or not at all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/fs.h"
#include "support/str.h"
#include "tree/tree.h"

struct pack_options {
	int64_t epoch;
	size_t threads; /* 0: as many as the machine has */
	bool link;      /* directory only: hard-link files that need no transformation */
};

/*
 * Makes `dir` hold the tree and nothing else: stale files vanish, files that hold the right bytes
 * and mode are not rewritten. A folder that was not made by this function and is not empty is
 * refused. On failure the old content is whole.
 */
bool pack_directory(
	struct fs *fs, const struct tree *tree, struct str dir, const struct pack_options *options);

/*
 * One archive, ustar where it fits and pax where it must; by the name's end: .tar, .tar.gz or
 * .tar.zst. `digest` (may be NULL) receives the SHA-256 of the file.
 */
bool pack_archive(struct fs *fs, const struct tree *tree, struct str file,
	const struct pack_options *options, char *digest);
