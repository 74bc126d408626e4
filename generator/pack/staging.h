/*
 * pack/staging.h - a new folder, built beside the old one and then put in its place at once.
 *
 * Work happens in ".NAME.beamrel" beside the folder, which is locked meanwhile; what an interrupted
 * run left there is removed by the next, which puts back what is to be kept.
 */
#pragma once

#include <stdbool.h>

#include "support/fs.h"

struct staging {
	const char *dir;             /* the output folder */
	const char *folder;          /* ".NAME.beamrel" */
	const char *tree;            /* in it: the new folder; after the swap the old one */
	const char *old;             /* in it: the old folder, where the two cannot be exchanged */
	const struct fs_names *keep; /* names that go from the old folder to the new one */
	bool stuck;                  /* one of them is still in the staging folder */
	int lock;
	bool restored; /* `dir` was missing, and is now what an interrupted run had moved away */
};

/* Makes an empty folder at `tree`, in which nothing by a name of `keep` may be made. `dir` is
 * absolute and ends in a name. False: reported. */
bool staging_open(
	struct staging *staging, struct fs *fs, struct str dir, const struct fs_names *keep);

/* True if an earlier run was interrupted, or another works right now. */
bool staging_exists(struct fs *fs, struct str dir);

/*
 * Puts `tree` where `dir` is; unless `replace`, that must be missing still, or hold no more than
 * what is to be kept, which goes over first. False: reported, and nothing has changed, unless
 * `stuck` is set.
 */
bool staging_swap(struct staging *staging, struct fs *fs, bool replace);

/* Removes the staging folder and what is in it, unless that is to be kept. False: reported. */
bool staging_close(struct staging *staging, struct fs *fs);
