/*
 * image/dockerfile.h - a plan in the words of a Dockerfile.
 *
 * The words mean the same to Docker's classic builder, BuildKit and buildah. Nothing is run,
 * nothing is fetched but the base, and what the base has already is not said again.
 */
#pragma once

#include <stdbool.h>

#include "image/image.h"

/*
 * The bundled template, or the user's, filled in; `files` are those of the plan's layers, seen from
 * the Dockerfile. False: reported, all faults.
 */
bool dockerfile_text(
	struct fs *fs, const struct image_plan *plan, const struct str *files, struct str *text);
