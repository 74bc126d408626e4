/*
 * assemble/copy.h - files and folders of the disk into the tree.
 *
 * Modes become 0755 or 0644. Links that stay within what is copied stay links; the others are
 * replaced by what they point at. Links that point nowhere, and what is no file, folder or link,
 * are faults.
 */
#pragma once

#include "support/fs.h"
#include "tree/tree.h"

/* A folder of the disk that is also one of the tree. */
struct copy_root {
	struct str real; /* without links */
	struct str path; /* in the tree */
};

struct copy {
	struct fs *fs;
	struct tree *tree;
	struct srcpos origin;
	bool replace;                         /* as of struct tree_entry */
	const struct tree_transform *on_beam; /* for files called *.beam, or NULL */
	struct str disk, path;                /* `path` of the tree mirrors the folder `disk` ... */
	VEC(struct copy_root) roots;          /* ... as far as these reach */
	unsigned depth, followed; /* folders now open; links to folders elsewhere so far */
};

/* Says that `disk` will be copied to `path`, so that links to it can stay. */
bool copy_root(struct copy *copy, struct str disk, struct str path);

/* Copies whatever is at `disk`: a file, a folder with all that is in it, a link. */
bool copy_add(struct copy *copy, struct str disk, struct str path);

/* Copies what is in the folder `disk`. `path` may be empty: the root of the tree. */
bool copy_folder(struct copy *copy, struct str disk, struct str path);
