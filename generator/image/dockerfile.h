/*
 * image/dockerfile.h - a plan in the words of a Dockerfile.
 *
 * The words mean the same to Docker's classic builder, BuildKit and buildah. Nothing is run,
 * nothing is fetched but the base, and what the base has already is not said again.
 */
#pragma once

#include <stdbool.h>

#include "image/image.h"

struct dockerfile_plan {
	const struct image_plan *plan;
	const struct str *files; /* of its layers, seen from the Dockerfile */
};

/*
 * The bundled template, or the user's, filled in: once for each plan, which is a stage when there
 * are several. False: reported, all faults.
 */
bool dockerfile_text(
	struct fs *fs, const struct dockerfile_plan *plans, size_t len, struct str *text);

/* "linux-armv7" when `separator` is '-': for names of stages, variables, folders. */
struct str dockerfile_platform(
	struct arena *arena, const struct image_platform *platform, char separator);
