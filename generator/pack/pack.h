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
	size_t threads;    /* 0: as many as the machine has */
	bool link;         /* directory only: hard-link files that need no transformation; these
			      keep the time of their source */
	bool source_times; /* directory only: files that are taken as they are have the time of
			      their source, not the epoch */
	/* directory only: a file that only our folders have, and what stands in it */
	struct str marker, marker_text;
	/* directory only: names at its top that are neither the tree's nor strangers, but belong
	 * to whoever uses the folder. They stay as they are, and go over into the new folder. */
	struct fs_names keep;
};

/*
 * Makes `dir` hold the tree and, beside what is kept, nothing else; does nothing at all when it
 * does already.
 *
 * The new folder is built beside the old one, where files that need no change are the old ones by
 * a second name, and then takes its place by one rename. So whoever looks at `dir` sees the old
 * content or the new one, never a mixture, and after a failure or a crash the old one is whole.
 * What is kept goes over by a rename of its own just before; after a crash in between, the next run
 * puts it back.
 *
 * A folder that is not empty is replaced only if it is one that we made: `marker` is a regular file
 * in it that holds `marker_text`, and each name at its top either stands at the top of `tree` or
 * has the marker's time, which all that we write has. Anything else is refused, and named.
 */
bool pack_directory(
	struct fs *fs, const struct tree *tree, struct str dir, const struct pack_options *options);

/*
 * One archive, ustar where it fits and pax where it must; by the name's end: .tar, .tar.gz or
 * .tar.zst. `digest` (may be NULL) receives the SHA-256 of the file.
 */
bool pack_archive(struct fs *fs, const struct tree *tree, struct str file,
	const struct pack_options *options, char *digest);
