/* upgrade/internal.h - what the parts of upgrade() share. */
#pragma once

#include "upgrade/old.h"
#include "upgrade/upgrade.h"

/* An application of the new release that is another version in some tarball. */
struct changed {
	const struct application *app;
	struct appup appup; /* what relup_make() is given */
	struct str text;    /* of the package's .appup */
};

struct package {
	struct fs *fs;
	const struct spec *spec;
	struct assembly *assembly;
	struct upgrade_report *report;
	size_t threads;
	struct str dir; /* releases/VSN */
	VEC(struct old) olds;
	VEC(struct changed) changed; /* in the order of the release */
};

struct modules {
	struct appup_module *at;
	size_t len, cap;
};

/* --- modules.c: the beams of both sides --- */

/* Those of one version of an application, as its .app lists them, sorted by name. Protocols that
 * both releases have consolidated are left out: see protocols.c. */
bool modules_of_new(struct package *package, const struct application *app, const struct old *old,
	struct modules *modules);
void modules_of_old(struct package *package, const struct application *app, const struct old *old,
	struct modules *modules);

/* systools and release_handler know the modules that the .app lists, and no others. */
bool modules_check_listed(struct package *package, const struct application *app);

/* An application of the same version in both is the same. */
bool modules_compare(struct package *package);

/* The entry of the sealed tree; NULL: there is none. */
const struct tree_entry *package_find(const struct package *package, struct str path);

/* --- choose.c: package->changed --- */

bool choose_appups(struct package *package);

/* --- protocols.c: consolidated protocols of Elixir --- */

/* Is there a folder releases/VSN/consolidated? */
bool protocols_in_new(const struct package *package);
bool protocols_in_old(const struct old *old);

/* Appends to each script of a relup what swaps the consolidated protocols. */
struct term protocols_add(struct package *package, struct term relup);

/* --- fit.c: what release_handler could not do --- */

bool fit_check(struct package *package);

/* Each module has its attributes; else reported, once. */
bool fit_attributes(struct fs *fs, const struct modules *modules);

/* --- links.c --- */

/* A sealed tree without links that erl_tar refuses: what they lead to stands in their place. */
bool links_resolve(struct package *package, struct tree *tree);
