/*
 * image/write.h - the parts of image_write().
 */
#pragma once

#include "image/image.h"
#include "image/oci.h"
#include "pack/blob.h"
#include "pack/store.h"
#include "pack/tar.h"
#include "support/fs.h"

/* --- known.c: layers that need not be made again --- */

struct known_layer {
	struct str diff_id, digest; /* HEX; a base's layers have no diff_id here */
	uint64_t size;
	bool good; /* the blob is there, and is what its name says */
};

struct known {
	struct fs *fs;
	const struct store *store;
	const struct tar_options *tar;
	struct str encoder;
	bool recorded;                  /* there was a run with the same encoder */
	VEC(struct known_layer) layers; /* of earlier runs, then of this one */
	/* The tars of all layers of all images, made only to be asked for their digests. */
	VEC(struct known_measured {
		const struct tree *tree;
		struct blob blob;
		bool good; /* it could be made; else who makes it in earnest says why not */
	})
	measured;
	size_t next; /* of `measured` */
};

/* How the record begins, whoever wrote it. */
extern const struct str known_mark;

/* Reads all that is there and all that is to be, in parallel. */
void known_read(struct known *known, const struct image_plan *plans, size_t len);

/* Of the layers of the plans one after the other: the blob that it is already, or NULL. */
const struct known_layer *known_next(struct known *known);

bool known_has(const struct known *known, struct str digest);
void known_add(struct known *known, struct str diff_id, struct str digest, uint64_t size);

/* The record for the next run. */
bool known_write(struct known *known, const struct oci_image *images, size_t len);

/* --- earlier.c: what a registry that has an earlier image need not be sent --- */

struct earlier {
	struct fs_names blobs; /* HEX, sorted */
	bool there;
};

/* What is in the layout `against`, else in what stood at the output. False: reported. */
bool earlier_read(
	struct earlier *earlier, struct fs *fs, const struct store *store, struct str against);

/* Each blob once. */
struct counting {
	struct arena *arena;
	const struct earlier *earlier;
	VEC(struct str) seen;
	uint64_t size, push;
};

void count_blob(struct counting *counting, const struct oci_blob *blob);

/* --- hybrid.c --- */

/*
 * The layout in `dir` as one tar that is an OCI archive and one of `docker save` at once. Docker's
 * half shows the first image, for an older docker knows no platforms. Not touched when it is that
 * already.
 */
bool hybrid_write(struct fs *fs, const struct oci_image *images, size_t len, struct str index,
	const struct oci_blob *top, const struct reference *names, size_t names_len, struct str dir,
	struct str archive, const struct tar_options *options);
