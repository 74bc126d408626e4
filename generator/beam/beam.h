/*
 * beam/beam.h - compiled modules: "FOR1" containers, plain or gzipped.
 *
 * Faults are texts that name the chunk and the byte offset; the caller adds the file.
 * Sources of the rules: beam_lib.erl (stdlib), beam_asm.erl and beam_dict.erl (compiler),
 * beam_file.c (erts).
 */
#pragma once

#include <stdbool.h>

#include "support/str.h"
#include "support/vec.h"
#include "term/term.h"

struct beam_chunk {
	char id[5]; /* NUL-terminated */
	struct str data;
	size_t offset; /* of the data, in the inflated file */
};

struct beam {
	struct str module;             /* the first atom */
	VEC(struct beam_chunk) chunks; /* in file order */
};

struct beam_function {
	struct str module; /* the called one; the beam's own for exports */
	struct str name;
	unsigned arity;
};

struct beam_functions {
	struct beam_function *at;
	size_t len;
};

/* Chunks point into `bytes` or, when these were gzipped, into the arena. */
bool beam_open(struct arena *arena, struct str bytes, struct beam *beam, const char **fault);

/* NULL: there is no such chunk. */
const struct beam_chunk *beam_chunk(const struct beam *beam, const char *id);

bool beam_imports(struct arena *arena, const struct beam *beam, struct beam_functions *imports,
	const char **fault);
bool beam_exports(struct arena *arena, const struct beam *beam, struct beam_functions *exports,
	const char **fault);

/* The Attr chunk, a proplist; an empty list when there is none. */
bool beam_attributes(
	struct arena *arena, const struct beam *beam, struct term *attributes, const char **fault);

/* As beam_lib:md5/1 and Module:module_info(md5). */
bool beam_md5(struct arena *arena, const struct beam *beam, unsigned otp, unsigned char md5[16],
	const char **fault);

/* How two versions of a module differ, as far as a running system is concerned. */
enum beam_difference {
	BEAM_SAME,      /* debug info, documentation and compiler options do not count */
	BEAM_SAME_CODE, /* but other line numbers, types or attributes */
	BEAM_OTHER_CODE
};

/*
 * As beam_lib:cmp/2, for which the module's name counts too; but a module that was stripped, and so
 * lacks what a running system does not need, is the same as one that was not; and the folders of
 * sources, which stand in stack traces, do not count.
 */
bool beam_compare(struct arena *arena, const struct beam *a, const struct beam *b,
	enum beam_difference *difference, const char **fault);

/*
 * As beam_lib:strip/2 of `otp` with ["Attr" | keep], but plain, not gzipped: the tarball compresses
 * better so, and the bytes do not depend on a zlib.
 */
bool beam_strip(struct arena *arena, struct str bytes, unsigned otp, const struct str *keep,
	size_t keep_len, struct str *out, const char **fault);
