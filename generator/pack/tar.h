/*
 * pack/tar.h - entries as the bytes of a tar archive.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/fs.h"
#include "support/str.h"
#include "tree/tree.h"

/* Where the bytes go, in order. */
struct tar_sink {
	void (*take)(void *context, struct str bytes);
	void *context;
};

struct tar_options {
	int64_t epoch;  /* see ustar_can_date() */
	size_t threads; /* that read and transform files ahead; at least one */
};

/*
 * Gives the entries in the order in which they stand, ustar where it fits and pax where it must,
 * and the end of the archive. False: files could not be read, all of which are reported; then what
 * was given is no archive.
 */
bool tar_entries(struct fs *fs, const struct tree_entry *entries, size_t len,
	const struct tar_options *options, struct tar_sink sink);
