/*
 * otp/plan.h - what systools works out between reading a release and writing its boot script:
 * checks across applications, their dependencies as the script states them, their order.
 * Only for boot.c and the upgrades' relup.
 */
#pragma once

#include <stdbool.h>

#include "otp/release.h"

struct planned {
	const struct release_application *entry;
	struct names uses, includes; /* rewritten: what the script says */
};

struct plan {
	struct planned *at; /* the order of loading and starting */
	size_t len;
};

/* False: reported, every fault that can be known at the stage where the first one is. */
bool plan_make(struct fs *fs, const struct release *release, const struct boot_options *options,
	struct plan *plan);

/* --- its parts --- */

/* Undefined applications, names that two register, modules and inclusions that two claim. */
bool plan_check(struct fs *fs, const struct release *release);

/* Every module has a .beam, and a source that is not newer: option src_tests. */
bool plan_check_sources(struct fs *fs, const struct release *release);

/* Uses of included applications become uses of who includes them; lists in .rel order. */
bool plan_rewrite(struct fs *fs, const struct release *release, struct plan *plan);

/* Puts what is used or included first, keeping the .rel order where free. */
bool plan_sort(struct fs *fs, const struct release *release, struct plan *plan);
