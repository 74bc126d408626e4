/*
 * otp/appup_modules.h - the modules of two versions of an application, side by side; shared by what
 * makes .appup files and what checks them.
 */
#pragma once

#include "beam/beam.h"
#include "otp/appup_make.h"

enum appup_change {
	APPUP_SAME,
	APPUP_ADDED,
	APPUP_DELETED,
	APPUP_SAME_CODE, /* but lines, types or attributes are others */
	APPUP_CHANGED
};

enum appup_kind { APPUP_PLAIN, APPUP_PROCESS, APPUP_SUPERVISOR };

enum { APPUP_OLD, APPUP_NEW, APPUP_SIDES };

struct appup_side {
	const struct appup_module *module; /* NULL: not in this version */
	struct beam beam;
	struct beam_functions exports;
	enum appup_kind kind;
	struct str behaviour; /* that makes it so; empty: it is known by what it exports */
};

struct appup_pair {
	struct str name;
	enum appup_change change;
	struct appup_side sides[APPUP_SIDES];
};

/* Sorted by name. */
struct appup_pairs {
	struct appup_pair *at;
	size_t len, cap;
};

/* What is in ebin and not in the .app's modules does not count: systools cannot load it; a change
 * of it is a warning if `warn`. False: reported. */
bool appup_pairs(struct fs *fs, const struct appup_version *old, const struct appup_version *new,
	bool warn, struct appup_pairs *pairs);

/* NULL: there is none of this name. */
const struct appup_pair *appup_pair_find(const struct appup_pairs *pairs, struct str name);

bool appup_exports(const struct appup_side *side, struct str name, unsigned arity);

/* What is to be loaded before what. */
struct appup_order {
	struct appup_node {
		size_t *deps; /* indices of pairs, ascending */
		size_t deps_len;
	} * nodes;     /* by index of pair */
	size_t *order; /* those that differ: on the way up each after its deps, cycles by name */
	size_t order_len;
};

/* False: reported. */
bool appup_order(struct fs *fs, const struct appup_pairs *pairs, struct appup_order *order);
