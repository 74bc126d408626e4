/*
 * image/write.h - the parts of image_write().
 */
#pragma once

#include "image/oci.h"
#include "pack/store.h"
#include "pack/tar.h"
#include "support/fs.h"

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
