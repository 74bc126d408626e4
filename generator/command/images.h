/*
 * command/images.h - what `image` and `context` have in common: from the options to the plans, one
 * for each platform.
 */
#pragma once

#include "command/build.h"
#include "image/image.h"

/* With --set, as the only options of the command that are read here: OPTION_FOR_SPEC, _SET, _JOBS.
 */
struct images {
	struct spec *spec; /* as it was read */
	struct image_plan *plans;
	size_t len;
};

/* Reads the spec, assembles a release for each of its platforms, and plans their images. All faults
 * of all platforms are found. False: reported. */
bool images_plan(struct invocation *invocation, struct images *images);
