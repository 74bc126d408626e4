/*
 * image/base_choose.h - which image of a base is meant, and where its blobs are.
 */
#pragma once

#include "image/base_files.h"

/* Where a layer is, and what it must be. */
struct base_source {
	struct str name;   /* of the file */
	struct str digest; /* with its size; `at` is NULL: nobody says */
	struct str diff_id;
	struct str media_type; /* empty: nobody says */
	uint64_t size;
};

struct base_sources {
	struct base_source *at;
	size_t len, cap;
};

struct base_choice {
	struct str digest; /* see struct base */
	struct base_image image;
	struct base_sources layers;
	VEC(struct str) read; /* files that were looked at */
};

/*
 * The image for `platform`; `wanted`: the digest that it, the index that it is in, or the config of
 * a docker archive has; or empty. False: reported.
 */
bool base_choose(struct base_reader *reader, const struct base_files *files, struct str wanted,
	const struct image_platform *platform, struct base_choice *choice);
