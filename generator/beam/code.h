/*
 * beam/code.h - what little can be told about a function from its compiled code.
 *
 * Only code that runs straight through, moving values about, is understood; of all other code, and
 * of bytes that are none, it is "not known", which is no fault.
 */
#pragma once

#include <stdbool.h>

#include "beam/beam.h"
#include "term/term.h"

enum beam_value_kind {
	BEAM_UNKNOWN,
	BEAM_ARGUMENT, /* what the function was called with */
	BEAM_TERM,
	BEAM_TUPLE,
};

struct beam_value {
	enum beam_value_kind kind;
	unsigned argument; /* from 0 */
	struct term term;
	const struct beam_value *items;
	size_t len;
};

/* What the exported function returns, whatever it is called with; BEAM_UNKNOWN if that cannot be
 * told. */
struct beam_value beam_returns(
	struct arena *arena, const struct beam *beam, struct str name, unsigned arity);

/* True for {ok, First} and {ok, First, Second}...: the arguments `first` and following, `count` of
 * them. */
bool beam_value_is_ok(const struct beam_value *value, unsigned first, size_t count);

/* Atoms, sorted, each once. */
struct beam_names {
	struct str *at;
	size_t len;
};

/* All that stand in the code or in its literals. False: that cannot be told. */
bool beam_names(struct arena *arena, const struct beam *beam, struct beam_names *names);

bool beam_names_have(const struct beam_names *names, struct str name);
