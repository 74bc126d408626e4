/*
 * otp/names.h - lists of atoms, as in .app and .rel files.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "support/str.h"
#include "term/term.h"

struct names {
	struct str *at;
	size_t len;
	const struct term *items; /* the terms that they came from: their positions; or NULL */
};

/* False: `term` is not a proper list of atoms. */
bool names_take(struct arena *arena, const struct term *term, struct names *names);
struct term names_term(struct arena *arena, struct names names);

bool names_have(struct names names, struct str name);

/* The order of atoms: by code points, which is that of their UTF-8. */
int name_order(struct str a, struct str b);
