/*
 * Rows of hand-made modules: chunks as a text (id, length if it shall lie, bytes) and what comes of
 * them. That real modules are read as OTP reads them is shown by tests/otp/beam.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "beam/beam.h"
#include "support/arena.h"
#include "support/buf.h"

/* A chunk whose size field says what is true. */
#define CHUNK(id, bytes)                               \
	{                                              \
		id, STR_INIT(bytes), sizeof(bytes) - 1 \
	}

struct part {
	const char *id;
	struct str data;
	uint32_t size;
};

struct row {
	const char *name;
	struct part parts[12];
	int resize; /* the container's size field is so much too large */
	const char *want;
};

/* m, f, g */
#define ATOMS                               \
	CHUNK("AtU8", "\0\0\0\x03\x01m\x01" \
		      "f\x01g")
#define CODE    CHUNK("Code", "code")
#define STRINGS CHUNK("StrT", "")
#define IMPORTS                    \
	CHUNK("ImpT", "\0\0\0\x01" \
		      "\0\0\0\x03\0\0\0\x02\0\0\0\x01")
#define EXPORTS                    \
	CHUNK("ExpT", "\0\0\0\x01" \
		      "\0\0\0\x02\0\0\0\x02\0\0\0\x07")
#define NEEDED   CODE, STRINGS, IMPORTS, EXPORTS
#define NO_ATTRS "attributes []\n"
#define SYMBOLS  "import g:f/1\nexport m:f/2\n"

/* An empty chunk is 8 bytes. */
#define X10(s)  s s s s s s s s s s
#define X100(s) X10(X10(s))

static struct row rows[] = {
	{"a module", {ATOMS, NEEDED}, 0,
		"module m\n" SYMBOLS NO_ATTRS "strip AtU8 Code StrT ImpT ExpT\n"},
	{"strip's order, and what it drops",
		{CHUNK("Docs", "d"), CHUNK("Meta", "m"), CHUNK("LocT", ""), ATOMS, EXPORTS, IMPORTS,
			CODE, STRINGS, CHUNK("Attr", "\x83j"), CHUNK("Line", "12345"),
			CHUNK("Type", ""), CHUNK("LitT", "x")},
		0,
		"module m\n" SYMBOLS NO_ATTRS
		"strip Attr Line Type AtU8 Code StrT ImpT ExpT LitT Meta\n"},
	{"the first of two chunks counts", {ATOMS, CHUNK("AtU8", "\0\0\0\x01\x01n"), NEEDED}, 0,
		"module m\n" SYMBOLS NO_ATTRS "strip AtU8 Code StrT ImpT ExpT\n"},
	{"attributes", {ATOMS, NEEDED, CHUNK("Attr", "\x83l\0\0\0\x01h\x02w\x03vsnja\x01")}, 0,
		"module m\n" SYMBOLS "fault chunk 'Attr' at byte 108: is not a list\n"},
	{"Latin-1 atoms",
		{CHUNK("Atom", "\0\0\0\x02\x02m\xe9\x01"
			       "f"),
			CODE, STRINGS, CHUNK("ImpT", "\0\0\0\0"), CHUNK("ExpT", "\0\0\0\0")},
		0, "module m\xc3\xa9\n" NO_ATTRS "strip Atom Code StrT ImpT ExpT\n"},
	{"compact lengths, of one and two bytes",
		{CHUNK("AtU8", "\xff\xff\xff\xfe\x10m\x08\x11"
			       "0123456789abcdefg"),
			CODE, STRINGS, CHUNK("ImpT", "\0\0\0\0"),
			CHUNK("ExpT", "\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0\x01")},
		0,
		"module m\nexport m:0123456789abcdefg/0\n" NO_ATTRS
		"strip AtU8 Code StrT ImpT ExpT\n"},
	{"a compact length of a form that no atom has",
		{CHUNK("AtU8", "\xff\xff\xff\xff\x18\x01m"), NEEDED}, 0,
		"fault chunk 'AtU8' at byte 24: the length of atom 1 cannot be right\n"},
	{"an atom that ends outside of the chunk", {CHUNK("AtU8", "\0\0\0\x01\x05m"), NEEDED}, 0,
		"fault chunk 'AtU8' at byte 24: the length of atom 1 cannot be right\n"},
	{"more atoms than bytes", {CHUNK("AtU8", "\0\0\1\0\1m"), NEEDED}, 0,
		"fault chunk 'AtU8' at byte 20: the number of atoms, 256, cannot be right\n"},
	{"the least number of atoms", {CHUNK("AtU8", "\x80\0\0\0\1m"), NEEDED}, 0,
		"fault chunk 'AtU8' at byte 20: the number of atoms, -2147483648, cannot be right\n"},
	{"no atoms", {CHUNK("AtU8", "\0\0\0\0"), NEEDED}, 0,
		"fault chunk 'AtU8' at byte 20: the number of atoms, 0, cannot be right\n"},
	{"an atom that is no UTF-8", {CHUNK("AtU8", "\0\0\0\1\1\xff"), NEEDED}, 0,
		"fault chunk 'AtU8' at byte 24: atom 1 is no UTF-8 of at most 255 characters\n"},
	{"no atom table", {NEEDED}, 0,
		"fault has neither a chunk 'AtU8' nor 'Atom' after byte 12: the module has no name\n"},
	{"an import of an atom that is not there",
		{ATOMS, CODE, STRINGS, EXPORTS, CHUNK("ImpT", "\0\0\0\1\0\0\0\4\0\0\0\1\0\0\0\0")},
		0,
		"module m\n"
		"fault chunk 'ImpT' at byte 88: entry 1 has an atom beyond the 3 that there are, or an "
		"arity above 255\n"},
	{"an export's arity",
		{ATOMS, CODE, STRINGS, IMPORTS, CHUNK("ExpT", "\0\0\0\1\0\0\0\1\0\0\1\0\0\0\0\0")},
		0,
		"module m\nimport g:f/1\n"
		"fault chunk 'ExpT' at byte 88: entry 1 has an atom beyond the 3 that there are, or an "
		"arity above 255\n"},
	{"half an import", {ATOMS, CODE, STRINGS, EXPORTS, CHUNK("ImpT", "\0\0\0\1\0\0\0\1\0\0")},
		0,
		"module m\n"
		"fault chunk 'ImpT' at byte 84: 1 entries of 12 bytes and a count of 4 do not make 10 "
		"bytes\n"},
	{"a count that would overflow",
		{ATOMS, CODE, STRINGS, EXPORTS,
			CHUNK("ImpT", "\xff\xff\xff\xff\0\0\0\1\0\0\0\0\0\0\0\0")},
		0,
		"module m\n"
		"fault chunk 'ImpT' at byte 84: 4294967295 entries of 12 bytes and a count of 4 do not "
		"make 16 bytes\n"},
	{"no Code", {ATOMS, STRINGS, IMPORTS, EXPORTS}, 0,
		"module m\n" SYMBOLS NO_ATTRS
		"fault has no chunk 'Code' after byte 12, which every module must have\n"},
	{"a chunk that is longer than the file", {ATOMS, {"Code", STR_INIT("code"), 5}}, 0,
		"fault chunk 'Code' at byte 40: has 5 bytes, but the file ends after 4\n"},
	{"a chunk of 4 GiB", {ATOMS, {"Code", STR_INIT("code"), UINT32_MAX}}, 0,
		"fault chunk 'Code' at byte 40: has 4294967295 bytes, but the file ends after 4\n"},
	{"half a chunk's header", {ATOMS, {"Cod", {0}, 0}}, -1,
		"fault is truncated in a chunk's header at byte 32\n"},
	{"a chunk without a name", {ATOMS, CHUNK("C\1de", "")}, 0,
		"fault has no chunk's name at byte 32\n"},
	{"more chunks than any module has", {ATOMS, {"Many", STR_INIT(X100("Many\0\0\0\0")), 0}}, 0,
		"fault has more than 100 chunks at byte 824\n"},
	{"a truncated file", {ATOMS, NEEDED}, 3,
		"fault is truncated at byte 100: its header promises 3 bytes more\n"},
	{"bytes behind the end", {ATOMS, NEEDED}, -4,
		"fault 4 bytes follow the end that its header gives at byte 96\n"},
};

static struct str
assemble(struct arena *arena, const struct row *row)
{
	struct buf out = {.arena = arena}, chunks = {.arena = arena};

	for (size_t i = 0; i < 12 && row->parts[i].id; i++) {
		const struct part *p = &row->parts[i];
		static const char zeros[4];

		buf_add(&chunks, p->id, strlen(p->id));
		buf_be32(&chunks, p->size);
		buf_str(&chunks, p->data);
		buf_add(&chunks, zeros, -p->data.len & 3);
	}
	buf_str(&out, STR("FOR1"));
	buf_be32(&out, (uint32_t)(chunks.len + 4) + (uint32_t)row->resize);
	buf_str(&out, STR("BEAM"));
	buf_str(&out, buf_view(&chunks));
	if (row->resize == -1) /* of a header that lacks its end */
		out.len--;
	return buf_view(&out);
}

static void
put_functions(struct buf *out, const char *title, const struct beam_functions *functions)
{
	for (size_t i = 0; i < functions->len; i++)
		buf_printf(out, "%s " STR_FMT ":" STR_FMT "/%u\n", title,
			STR_ARG(functions->at[i].module), STR_ARG(functions->at[i].name),
			functions->at[i].arity);
}

static bool
put_strip(struct buf *out, struct str bytes, const char **fault)
{
	struct beam beam;
	struct str stripped;

	if (!beam_strip(out->arena, bytes, 25, NULL, 0, &stripped, fault))
		return false;
	assert_true(beam_open(out->arena, stripped, &beam, fault));
	buf_printf(out, "strip");
	for (size_t i = 0; i < beam.chunks.len; i++)
		buf_printf(out, " %s", beam.chunks.at[i].id);
	buf_printf(out, "\n");
	return true;
}

static bool
describe(struct buf *out, struct str bytes, const char **fault)
{
	struct arena *arena = out->arena;
	struct beam_functions functions;
	struct term attributes;
	struct beam beam;

	if (!beam_open(arena, bytes, &beam, fault))
		return false;
	buf_printf(out, "module " STR_FMT "\n", STR_ARG(beam.module));
	if (!beam_imports(arena, &beam, &functions, fault))
		return false;
	put_functions(out, "import", &functions);
	if (!beam_exports(arena, &beam, &functions, fault))
		return false;
	put_functions(out, "export", &functions);

	if (!beam_attributes(arena, &beam, &attributes, fault))
		return false;
	buf_printf(out, "attributes ");
	term_write(out, &attributes, 25);
	buf_printf(out, "\n");
	return put_strip(out, bytes, fault);
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct buf got = {.arena = &arena};
	const char *fault = NULL;

	if (!describe(&got, assemble(&arena, row), &fault))
		buf_printf(&got, "fault %s\n", fault);
	buf_byte(&got, '\0');
	assert_string_equal(got.at, row->want);
	arena_release(&arena);
}

static void
test_kept_chunks(void **state)
{
	struct row row = {.parts = {ATOMS, NEEDED, CHUNK("Docs", "d"), CHUNK("Dbgi", "i"),
				  CHUNK("Line", "l")}};
	const struct str keep[] = {STR("Dbgi"), STR("Line"), STR("None"), STR("long name")};
	struct arena arena = {0};
	const char *fault;
	struct str out;
	struct beam beam;

	(void)state;
	assert_true(beam_strip(&arena, assemble(&arena, &row), 25, keep, 4, &out, &fault));
	assert_true(beam_open(&arena, out, &beam, &fault));
	assert_int_equal(beam.chunks.len, 7);
	assert_string_equal(beam.chunks.at[0].id, "Dbgi");
	assert_string_equal(beam.chunks.at[1].id, "Line");
	assert_string_equal(beam.chunks.at[2].id, "AtU8");
	arena_release(&arena);
}

static void
test_rules_of_otps(void **state)
{
	struct row row = {.parts = {ATOMS, NEEDED, CHUNK("Type", "t"), CHUNK("Meta", "m"),
				  CHUNK("Recs", "r"), CHUNK("DbgB", "b")}};
	static const struct {
		unsigned otp;
		size_t chunks;
	} want[] = {{23, 5}, {25, 7}, {27, 7}, {29, 9}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct str out;
		struct beam beam;
		const char *fault;

		assert_true(beam_strip(
			&arena, assemble(&arena, &row), want[i].otp, NULL, 0, &out, &fault));
		assert_true(beam_open(&arena, out, &beam, &fault));
		assert_int_equal(beam.chunks.len, want[i].chunks);
	}
	arena_release(&arena);
}

int
main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 2];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	tests[N] = (struct CMUnitTest)cmocka_unit_test(test_kept_chunks);
	tests[N + 1] = (struct CMUnitTest)cmocka_unit_test(test_rules_of_otps);
	return cmocka_run_group_tests_name("beam", tests, NULL, NULL);
}
