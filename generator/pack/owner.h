/*
 * pack/owner.h - may this folder be replaced?
 */
#pragma once

#include <stdbool.h>

#include "pack/pack.h"
#include "support/fs.h"
#include "tree/tree.h"

enum owner { OWNER_NOBODY, OWNER_US, OWNER_OTHERS };

/*
 * NOBODY: there is no folder, or it is empty. US: see pack_directory(). OTHERS: reported, for
 * nothing of theirs may be lost.
 */
enum owner owner_of(
	struct fs *fs, const struct tree *tree, struct str dir, const struct pack_options *options);
