/*
 * upgrade/upgrade.h - from a sealed release and published tarballs of earlier versions to the tree
 * of an upgrade package: what release_handler wants beside the release.
 */
#pragma once

#include "assemble/assemble.h"

/* Where the instructions for an application come from. */
struct upgrade_choice {
	struct str name, from, to; /* an application and its versions */
	const char *source;        /* a file; NULL: generated */
};

struct upgrade_report {
	VEC(struct upgrade_choice) choices; /* in the order of the release, then of the tarballs */
};

/*
 * Adds to assembly->tree, which is sealed anew: releases/VSN/relup, releases/VSN/launcher and the
 * .appup of each application that changed. spec->upgrade says from which tarballs. False:
 * reported, all that could be found.
 */
bool upgrade(struct fs *fs, const struct spec *spec, size_t threads, struct assembly *assembly,
	struct upgrade_report *report);
