/*
 * otp/appup.h - .appup files: what to do to a running application so that it becomes another
 * version of itself. Grammar: appup(4) of sasl, systools_relup.erl, systools_rc.erl.
 */
#pragma once

#include <stdbool.h>

#include "support/diag.h"
#include "support/fs.h"
#include "support/str.h"
#include "term/term.h"

enum appup_direction { APPUP_UP, APPUP_DOWN };

/* Instructions from a version (up), or to it (down). */
struct appup_entry {
	struct term version; /* a string: exactly that one; a binary: a regular expression */
	struct term script;  /* a list of instructions, as written */
};

struct appup_entries {
	struct appup_entry *at;
	size_t len, cap;
};

struct appup {
	const char *file;                /* for messages; terms have lines and columns in it */
	struct str version;              /* the new one */
	struct appup_entries entries[2]; /* by direction, in file order */
};

/* Checks the shape; instructions are looked at by relup_make(). False: reported. */
bool appup_parse(
	struct fs *fs, struct str text, const char *file, unsigned otp, struct appup *appup);

/* The first entry that means `version`. NULL: none, which is not reported; a regular expression
 * that is none is reported. */
const struct appup_entry *appup_find(struct fs *fs, const struct appup *appup,
	enum appup_direction direction, struct str version);

/* The text of an .appup: as systools writes terms. */
struct str appup_text(struct arena *arena, const struct appup *appup, unsigned otp);
