/*
 * pack/store.h - a folder DIR with blobs/sha256/ in it, whose files are called by their digest: the
 * bones of an OCI image layout.
 *
 * Blobs are added beside those of an earlier run; when all that names them is written,
 * store_close() removes those that are no longer wanted. After a failure it removes the new ones.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/fs.h"
#include "support/sha256.h"
#include "support/str.h"
#include "support/vec.h"

struct store {
	struct fs *fs;
	struct str dir;
	struct str blobs;        /* DIR/blobs/sha256 */
	struct str name;         /* of the marker */
	struct str marker;       /* DIR/NAME */
	struct fs_names earlier; /* the blobs that were there: HEX, sorted */
	VEC(struct str) wanted;  /* HEX, as they came */
	bool made;               /* there was no folder; and */
	bool fresh;              /* nothing was in it */
	int lock;
};

/*
 * Makes and locks the folder. One that is not empty must hold a file `marker` that begins with
 * `mark`, so that nothing of others is lost; an empty one gets it first. False: reported.
 */
bool store_open(
	struct store *store, struct fs *fs, struct str dir, struct str marker, struct str mark);

/* The blobs in DIR, sorted, none when there is no such folder. */
struct fs_names store_list(struct arena *arena, struct str dir);

/* The blob stays, or belongs there soon. */
void store_want(struct store *store, struct str hex);

/* Writes `bytes` unless they are there. False: reported. */
bool store_add(struct store *store, struct str bytes, char hex[SHA256_HEX_SIZE]);

/* Is the blob there, and is it what its name says? For any thread. */
bool store_check(struct arena *arena, struct str blobs, struct str hex, uint64_t *size);

/* `ok`: what is not wanted goes; else what was not there before. False: reported. */
bool store_close(struct store *store, bool ok);
