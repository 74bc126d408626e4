/*
 * image/base_name.h - names in hostile archives, as paths that cannot leave their tree.
 */
#pragma once

#include <stdbool.h>

#include "support/str.h"

/*
 * `written` without "./" before it and '/' behind it; empty: the root itself. NULL, or what is
 * wrong with it ("is absolute").
 */
const char *base_name(struct str written, struct str *path);
