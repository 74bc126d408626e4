/*
 * image/compare.h - what two artifacts differ in, inside images, too.
 */
#pragma once

#include "pack/artifact.h"

/* --- unfold.c --- */

/*
 * Of an image layout, as folder or archive: index.json, manifest.json, of each image its manifest,
 * config and layers, and of each layer what it holds, as "layer 01: app/bin/shop". With several
 * platforms names begin with "linux/arm64 ". Anything else stays as it is. False: reported.
 */
bool artifact_unfold(struct fs *fs, struct artifact *artifact);

/* --- compare.c --- */

struct difference {
	struct str path; /* of the entry; empty: the artifact itself */
	struct str what; /* "mode 0644 against 0755" */
	struct str a, b; /* the contents, of files that are in both */
};

struct differences {
	struct difference *at;
	size_t len, cap;
};

/* Both on disk as `beamrel assemble`, `pack`, `image` or `context` write them. False: reported. */
bool artifact_compare(struct fs *fs, struct str a, struct str b, struct differences *found);
