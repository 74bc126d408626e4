/*
 * Input: a compiled module, perhaps gzipped. Nothing may crash; what strips must strip to itself,
 * keep its MD5, its functions and its attributes, and be found the same by every OTP's rules. What
 * functions return is looked at; it is the same, stripped or not.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "beam/beam.h"
#include "beam/code.h"
#include "support/arena.h"

enum { OTP_NEWEST = 29 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_functions(struct arena *arena, const struct beam *a, const struct beam *b)
{
	struct beam_functions in_a, in_b;
	const char *fault;

	if (beam_imports(arena, a, &in_a, &fault) != beam_imports(arena, b, &in_b, &fault) ||
		in_a.len != in_b.len)
		abort();
	if (beam_exports(arena, a, &in_a, &fault) != beam_exports(arena, b, &in_b, &fault) ||
		in_a.len != in_b.len)
		abort();
	for (size_t i = 0; i < in_a.len; i++)
		if (!str_eq(in_a.at[i].name, in_b.at[i].name) ||
			in_a.at[i].arity != in_b.at[i].arity)
			abort();
}

static bool
same_value(const struct beam_value *a, const struct beam_value *b)
{
	if (a->kind != b->kind || a->argument != b->argument || a->len != b->len)
		return false;
	if (a->kind == BEAM_TERM && !term_equal(&a->term, &b->term))
		return false;
	/* Tuples of tuples are made by code that runs straight through: not deep. */
	for (size_t i = 0; i < a->len; i++)
		if (!same_value(&a->items[i], &b->items[i]))
			return false;
	return true;
}

static void
check_code(struct arena *arena, const struct beam *beam, const struct beam *stripped, unsigned otp)
{
	enum { MOST = 20 }; /* each is looked for from the start */
	enum beam_difference difference;
	struct beam_functions exports;
	struct beam_names names, same;
	const char *fault = NULL;

	/* Earlier ones drop chunks that they do not know. */
	if (!beam_compare(arena, beam, stripped, &difference, &fault)
			? !fault
			: otp == OTP_NEWEST && difference != BEAM_SAME)
		abort();
	if (beam_names(arena, beam, &names) != beam_names(arena, stripped, &same) ||
		names.len != same.len)
		abort();
	if (!beam_exports(arena, beam, &exports, &fault))
		return;
	for (size_t i = 0; i < exports.len && i < MOST; i++) {
		const struct beam_function *f = &exports.at[i];
		struct beam_value a = beam_returns(arena, beam, f->name, f->arity);
		struct beam_value b = beam_returns(arena, stripped, f->name, f->arity);

		if (!same_value(&a, &b))
			abort();
	}
}

static void
check_strip(struct arena *arena, struct str bytes, const struct beam *beam, unsigned otp)
{
	unsigned char before[16], after[16];
	struct str once, twice;
	struct term one, two;
	const char *fault = NULL;
	struct beam stripped;

	if (!beam_strip(arena, bytes, otp, NULL, 0, &once, &fault)) {
		if (!fault || beam_md5(arena, beam, otp, before, &fault))
			abort();
		return;
	}
	if (!beam_strip(arena, once, otp, NULL, 0, &twice, &fault) || !str_eq(once, twice))
		abort();
	if (!beam_open(arena, once, &stripped, &fault) || !str_eq(stripped.module, beam->module))
		abort();
	if (!beam_md5(arena, beam, otp, before, &fault) ||
		!beam_md5(arena, &stripped, otp, after, &fault) ||
		memcmp(before, after, sizeof(before)) != 0)
		abort();
	check_functions(arena, beam, &stripped);
	check_code(arena, beam, &stripped, otp);
	if (beam_attributes(arena, beam, &one, &fault) !=
		beam_attributes(arena, &stripped, &two, &fault))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	struct arena arena = {0};
	const char *fault = NULL;
	struct beam beam;

	if (beam_open(&arena, bytes, &beam, &fault))
		for (unsigned otp = 23; otp <= OTP_NEWEST; otp += 2)
			check_strip(&arena, bytes, &beam, otp);
	else if (!fault)
		abort();
	arena_release(&arena);
	return 0;
}
