/*
 * beam/internal.h - shared by the files of beam/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "beam/beam.h"

struct arena;
struct cursor;

/* Sets *fault and returns false. */
bool beam_fault(struct arena *arena, const char **fault, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets *fault to "chunk 'ID' at byte OFFSET: ..." and returns false. `pos`: in the chunk. */
bool beam_chunk_fault(struct arena *arena, const struct beam_chunk *chunk, size_t pos,
	const char **fault, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

struct beam_atoms {
	struct str *at; /* UTF-8; atom index 1 is at[0] */
	size_t len;
};

/* The first `most` atoms of AtU8 or Atom, at least one. */
bool beam_atoms(struct arena *arena, const struct beam *beam, size_t most, struct beam_atoms *atoms,
	const char **fault);

/* The bytes of a chunk LitT, unpacked: a count, then a size and a term each. */
bool beam_literals(
	struct arena *arena, const struct beam_chunk *chunk, struct str *plain, const char **fault);

/* A compact term's number, after its `first` byte (beam_asm:encode/2). `wide`: it does not fit. */
uint64_t beam_number(struct cursor *in, unsigned first, bool *wide);
