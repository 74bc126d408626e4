/*
 * image/plan.h - the parts of image_plan(). Each reports what is wrong and returns false then; the
 * others run all the same, so that one run shows all faults.
 */
#pragma once

#include "image/base.h"
#include "image/image.h"
#include "support/fs.h"

/* A layer while it is filled. */
struct draft {
	struct str name;
	VEC(struct tree_entry) entries; /* paths from the image's root */
	VEC(struct str)
	claims; /* of a listed layer: what it takes, paths from the release's root */
};

struct planning {
	struct fs *fs;
	const struct image_release *release;
	const struct spec_image *spec;
	struct image_plan *plan;
	const struct base *base; /* NULL: scratch */
	struct str prefix;       /* without '/' in front: "app" */
	bool has_shell;          /* a base's, or busybox: the launcher can run */
	VEC(struct draft) drafts;
	VEC(struct str) blocked;        /* places of the base where no folder can be, reported */
	size_t place[SPEC_AUTO_LAYERS]; /* of the layers of `auto` among them */
};

/* --- platform.c --- */

bool platform_find(struct planning *planning, struct image_platform *platform);

/* --- layers.c: which files of the release go to which layer --- */

bool layers_split(struct planning *planning);

/* `entry`, from the image's root on, into a layer of `auto`. */
void layers_add(struct planning *planning, enum spec_auto_layer layer, struct tree_entry entry);

/* --- system.c: what an image has beside the release --- */

void system_add(struct planning *planning);

/* --- taken.c: what scratch takes from the sysroot --- */

bool taken_add(struct planning *planning);

/* --- place.c: where entries end up in the base, and that they do not get in each other's way ---
 */

/* Paths become those that they have once the base's links are followed; what the base has goes. */
bool place_all(struct planning *planning);

/* plan->layers from the drafts; those without entries are left out. */
bool place_seal(struct planning *planning);

/* --- shell.c: releases that do not start without a shell --- */

/* Reports each reason, unless there is a shell. */
bool shell_check(struct planning *planning);

/* --- settings.c: plan->config --- */

void settings_make(struct planning *planning);

/* Who runs it: the spec's user, the base's, or the one of scratch. */
struct str settings_user(const struct planning *planning);

/* --- start.c: how a release starts --- */

/* The entry point and command that an image has unless the spec says otherwise, and what they need
 * in the environment ("K=V"). */
struct start {
	VEC(struct str) entrypoint, command, env;
};

/* Does OTP look up names by itself, by /etc/erl_inetrc? */
bool start_asks_itself(const struct planning *planning);

void start_make(const struct planning *planning, struct start *start);

/* --- helpers, plan.c --- */

/* PREFIX/PATH in the arena, with '/' in front. */
struct str plan_absolute(const struct planning *planning, struct str path);

/* NULL: the release has no such file. */
const struct tree_entry *plan_find(const struct tree *tree, struct str path);
