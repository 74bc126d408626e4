/*
 * otp/fill.h - templates of configuration: ${V} and ${V:-default} in sys.config.src and
 * vm.args.src, which the launcher fills in at start.
 *
 * What a value may hold, and how it is written there, depends on where its variable stands. That is
 * found out here, so that the launcher, a shell script, has no more to do than to write it.
 */
#pragma once

#include <stdbool.h>

#include "support/buf.h"
#include "support/diag.h"

enum fill_kind {
	FILL_COMMENT, /* nothing happens to it */
	FILL_STRING,  /* part of a quoted text */
	FILL_ATOM,    /* part of a quoted atom */
	FILL_TERM,    /* a whole term */
	FILL_WORD,    /* part of an atom without quotes, or of a number */
	FILL_ARGUMENT /* an argument of the VM, or part of one */
};

enum fill_first { FILL_ANY, FILL_LETTER, FILL_DIGIT };

struct fill_hole {
	struct str name, preset; /* `preset` is the default, as it stands in the template */
	bool has_preset;
	struct str source; /* "${V:-default}" in the template */
	struct srcpos pos;
	const char *fault; /* why it is none */
	size_t at, len;    /* of its stand-in */
	enum fill_kind kind;
	char close;     /* FILL_STRING, FILL_ATOM: the quote; FILL_ARGUMENT: that, or NUL */
	bool in_binary; /* FILL_STRING: a segment without a type, which has one byte a character */
	enum fill_first first; /* FILL_WORD: what it begins with */
	bool opens;            /* FILL_ATOM: the first one in its atom */
	size_t room;           /* of that: how many characters it may have yet */
};

struct fill {
	struct arena *arena;
	const char *file;
	struct str text; /* the template */
	struct buf
		plain; /* with stand-ins: what a parser can read, position by position the same */
	unsigned otp;
	struct fill_hole *at;
	size_t len, cap;
};

/* Finds the variables and where they stand. False: faults, reported. Whether `plain` is a good
 * sys.config or vm.args is not looked at. */
bool fill_scan_terms(struct fill *fill, struct diag *diag);
bool fill_scan_arguments(struct fill *fill, struct diag *diag);

/* What the launcher reads: a script of calls of its functions. `name` is what messages call the
 * template. */
void fill_script(struct buf *out, const struct fill *fill, struct str name);

/* --- between the files of this module --- */

/* The variables of `text`, faulty ones too, with stand-ins in `plain`. */
bool fill_find(struct fill *fill, struct diag *diag);

/* Reports why `hole` is none. */
bool fill_report(const struct fill_hole *hole, struct diag *diag);

/* "${NAME} WHAT"; returns false. */
bool fill_fault(
	const struct fill_hole *hole, struct diag *diag, const char *what, const char *remedy);
