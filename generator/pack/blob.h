/*
 * pack/blob.h - trees as layers of container images: files that are called by the digest of what
 * is in them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "pack/stream.h"
#include "pack/tar.h"
#include "support/fs.h"
#include "support/sha256.h"
#include "tree/tree.h"

struct blob {
	char digest[SHA256_HEX_SIZE];  /* of the file: its name */
	char diff_id[SHA256_HEX_SIZE]; /* of the tar in it */
	uint64_t size;
	bool unwritable; /* what failed is the output, and so will the next */
};

/* What blob_write() would make, without writing it: `diff_id` is filled. False: reported. */
bool blob_measure(struct fs *fs, const struct tree *tree, const struct tar_options *options,
	struct blob *blob);

/* Writes the tree, sealed, as a tar into `dir`. False: reported, and nothing is written. */
bool blob_write(struct fs *fs, const struct tree *tree, struct str dir, enum stream_kind kind,
	const struct tar_options *options, struct blob *blob);
