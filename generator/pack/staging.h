/*
 * pack/staging.h - a new folder, built beside the old one and then put in its place at once.
 *
 * Work happens in ".NAME.beamrel" beside the folder, which is locked meanwhile; what an interrupted
 * run left there is removed by the next.
 */
#pragma once

#include <stdbool.h>

#include "support/fs.h"

struct staging {
	const char *dir;    /* the output folder */
	const char *folder; /* ".NAME.beamrel" */
	const char *tree;   /* in it: the new folder; after the swap the old one */
	const char *old;    /* in it: the old folder, where the two cannot be exchanged */
	int lock;
};

/* Makes an empty folder at `tree`. `dir` is absolute and ends in a name. False: reported. */
bool staging_open(struct staging *staging, struct fs *fs, struct str dir);

/* Puts `tree` where `dir` is, which may be missing. False: reported, and nothing has changed. */
bool staging_swap(struct staging *staging, struct fs *fs);

/* Removes the staging folder and what is in it. False: reported. */
bool staging_close(struct staging *staging, struct fs *fs);
