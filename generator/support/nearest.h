/*
 * support/nearest.h - the right name for a mistyped one, for "did you mean ...?".
 *
 *	struct nearest near = {.word = typed};
 *	for each name: nearest_try(&near, name);
 *	if (near.best.at) ... near.best
 *
 * A name is near when few edits (a byte added, lost, changed, or two swapped) lead to it. The
 * first of several equally near ones stays.
 */
#pragma once

#include "support/str.h"

struct nearest {
	struct str word;
	struct str best; /* `at` is NULL: nothing is near */
	size_t edits;    /* from `word` to `best` */
};

void nearest_try(struct nearest *nearest, struct str name);
