/*
 * Rows of code by hand: what f/3 returns, as far as that can be told; nothing crashes at what is no
 * code. That compilers write it so is shown by tests/otp/appup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "beam/code.h"
#include "support/arena.h"
#include "support/buf.h"

/* Atoms are m, f and ok; the operand of each. Before the entry, label 2, stands a function's head.
 */
#define M      "\x12"
#define F      "\x22"
#define OK     "\x32"
#define X0     "\x03"
#define X1     "\x13"
#define X2     "\x23"
#define HEAD   "\x01\x10\x99\x10\x02" M F "\x30\x01\x20"
#define RETURN "\x13"
#define TUPLE  "\xa4" /* and where to; then */
#define LIST   "\x17" /* and its length */
#define MOVE   "\x40"
#define CODE(bytes)           \
	STR_INIT("\0\0\0\x10" \
		 "0000mmmmllllffff" bytes)

static struct row {
	const char *name;
	struct str code;
	const char *want;
} rows[] = {
	{"{ok, State}", CODE(HEAD TUPLE X0 LIST "\x20" OK X1 RETURN), "{ok,arg1}"},
	{"two arguments", CODE(HEAD TUPLE X0 LIST "\x30" OK X1 X2 RETURN), "{ok,arg1,arg2}"},
	{"lines and heaps in between",
		CODE(HEAD "\x10\x30\x40\x99\x20" TUPLE X0 LIST "\x20" OK X1 "\x99\x30" RETURN),
		"{ok,arg1}"},
	{"a list of allocations", CODE(HEAD "\x10\x37\x20\x00\x30\x10\x20\x40" MOVE X1 X0 RETURN),
		"arg1"},
	{"a register with a type", CODE(HEAD TUPLE X0 LIST "\x20" OK "\x57\x13\x20" RETURN),
		"{ok,arg1}"},
	{"an atom", CODE(HEAD MOVE OK X0 RETURN), "ok"},
	{"[]", CODE(HEAD MOVE "\x02" X0 RETURN), "[]"},
	{"a number", CODE(HEAD MOVE "\x51" X0 RETURN), "5"},
	{"a number of two bytes", CODE(HEAD MOVE "\x29\x01" X0 RETURN), "257"},
	{"a number that may be negative", CODE(HEAD MOVE "\x19\xff\xff" X0 RETURN), "unknown"},
	{"a number of nine bytes",
		CODE(HEAD MOVE "\xf9\x00"
			       "123456789" X0 RETURN),
		"unknown"},
	{"a literal", CODE(HEAD MOVE "\x47\x10" X0 RETURN), "[a,{b}]"},
	{"a literal that is not there", CODE(HEAD MOVE "\x47\x20" X0 RETURN), "unknown"},
	{"a literal that is none", CODE(HEAD MOVE "\x47\x00" X0 RETURN), "unknown"},
	{"exchanged", CODE(HEAD "\xa9" X0 X2 RETURN), "arg2"},
	{"what it was called with", CODE(HEAD RETURN), "arg0"},
	{"a tuple in a tuple", CODE(HEAD TUPLE X1 LIST "\x10" OK TUPLE X0 LIST "\x10" X1 RETURN),
		"{{ok}}"},
	{"a call", CODE(HEAD "\x04\x30\x15" RETURN), "unknown"},
	{"a register of the stack", CODE(HEAD MOVE "\x04" X0 RETURN), "unknown"},
	{"into a register of the stack", CODE(HEAD MOVE X0 "\x04" RETURN), "unknown"},
	{"an atom that is not there", CODE(HEAD MOVE "\x42" X0 RETURN), "unknown"},
	{"an instruction of another day", CODE(HEAD "\xc0" RETURN), "unknown"},
	{"no instruction", CODE(HEAD "\x00" RETURN), "unknown"},
	{"the end of the code", CODE(HEAD MOVE), "unknown"},
	{"no return", CODE(HEAD), "unknown"},
	{"no entry", CODE("\x01\x30" RETURN), "unknown"},
	{"half an instruction before the entry", CODE("\x02" M), "unknown"},
	{"a list in a list", CODE(HEAD TUPLE X0 LIST "\x10" LIST "\x10" X0 RETURN), "unknown"},
	{"a list that is longer than the code", CODE(HEAD TUPLE X0 LIST "\xf0" X0 RETURN),
		"unknown"},
	{"a tuple of more than anybody needs",
		CODE(HEAD TUPLE X0 LIST "\x90" X0 X0 X0 X0 X0 X0 X0 X0 X0 RETURN), "unknown"},
	{"an operand that is none", CODE(HEAD MOVE "\x67\x00" X0 RETURN), "unknown"},
	{"a type of what is no register", CODE(HEAD MOVE "\x57\x12\x20" X0 RETURN), "unknown"},
	{"a length within a length", CODE(HEAD MOVE "\xf9\x18\x00" X0 RETURN), "unknown"},
	{"a list as an operand of move", CODE(HEAD MOVE LIST "\x10" X1 X0 RETURN), "unknown"},
	{"code before the entry that has all sorts of operands",
		CODE("\x3b\x03\x15" LIST "\x40\x12\x25\x22\x35"     /* select_val */
		     "\x60\x27\x10\x27\x20"                         /* fmove */
		     "\x9c\x15\x57\x03\x10"                         /* is_map */
		     "\xb1\x05\x10\x20\x10\x03" LIST "\x20\x12\x02" /* bs_create_bin */
			HEAD MOVE X2 X0 RETURN),
		"arg2"},
	{"a header that is longer than the chunk",
		STR_INIT("\0\0\xff\xff"
			 "0000"),
		"unknown"},
	{"no header", STR_INIT(""), "unknown"},
	{"a label that is more than any",
		CODE("\x01\xf8\x00"
		     "123456789" HEAD RETURN),
		"arg0"},
};

static void
add_chunk(struct buf *out, const char *id, struct str data)
{
	buf_add(out, id, 4);
	buf_be32(out, (uint32_t)data.len);
	buf_str(out, data);
	buf_add(out, "\0\0\0", -data.len & 3);
}

/* Two literals, not compressed: no term, and [a, {b}]. */
static const struct str literals = STR_INIT("\0\0\0\0\0\0\0\x02\0\0\0\x03"
					    "bad"
					    "\0\0\0\x0f\x83l\0\0\0\x02w\x01"
					    "ah\x01s\x01"
					    "bj");

static struct beam
make_beam(struct arena *arena, struct str code)
{
	struct buf chunks = {.arena = arena}, out = {.arena = arena};
	struct beam beam;
	const char *fault;

	add_chunk(&chunks, "AtU8",
		STR("\0\0\0\x03\x01m\x01"
		    "f\x02ok"));
	add_chunk(&chunks, "Code", code);
	add_chunk(&chunks, "ExpT", STR("\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x02"));
	add_chunk(&chunks, "LitT", literals);
	buf_str(&out, STR("FOR1"));
	buf_be32(&out, (uint32_t)chunks.len + 4);
	buf_str(&out, STR("BEAM"));
	buf_str(&out, buf_view(&chunks));
	assert_true(beam_open(arena, buf_view(&out), &beam, &fault));
	return beam;
}

static void
put_value(struct buf *out, const struct beam_value *value)
{
	switch (value->kind) {
	case BEAM_UNKNOWN:
		buf_printf(out, "unknown");
		break;
	case BEAM_ARGUMENT:
		buf_printf(out, "arg%u", value->argument);
		break;
	case BEAM_TERM:
		term_write(out, &value->term, 25);
		break;
	case BEAM_TUPLE:
		for (size_t i = 0; i < value->len; i++) {
			buf_byte(out, i ? ',' : '{');
			put_value(out, &value->items[i]);
		}
		buf_byte(out, '}');
		break;
	}
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct buf got = {.arena = &arena};
	struct beam beam = make_beam(&arena, row->code);
	struct beam_value value = beam_returns(&arena, &beam, STR("f"), 3);

	put_value(&got, &value);
	buf_byte(&got, 0);
	assert_string_equal(got.at, row->want);
	assert_int_equal(beam_value_is_ok(&value, 1, 1), strcmp(row->want, "{ok,arg1}") == 0);
	assert_int_equal(beam_value_is_ok(&value, 1, 2), strcmp(row->want, "{ok,arg1,arg2}") == 0);
	/* It is not exported with this arity, or by this name. */
	value = beam_returns(&arena, &beam, STR("f"), 2);
	assert_int_equal(value.kind, BEAM_UNKNOWN);
	value = beam_returns(&arena, &beam, STR("ok"), 3);
	assert_int_equal(value.kind, BEAM_UNKNOWN);
	arena_release(&arena);
}

/* A module with one function in FunT, whose last words are these. */
static struct beam
make_fun(struct arena *arena, const char *words)
{
	struct beam beam = make_beam(arena, STR("code"));
	struct beam_chunk chunk = {.id = "FunT"};
	struct buf data = {.arena = arena};

	buf_str(&data, STR("\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\0\0\x05\0\0\0\0"));
	buf_add(&data, words, 8);
	chunk.data = buf_view(&data);
	vec_push(arena, &beam.chunks, chunk);
	return beam;
}

/* old_uniq, the last word, does not count for beam_lib:md5/1 either. */
static void
test_old_uniq(void **state)
{
	struct arena arena = {0};
	struct beam a = make_fun(&arena, "\0\0\0\1old1"), b = make_fun(&arena, "\0\0\0\1old2");
	struct beam c = make_fun(&arena, "\0\0\0\2old1");
	enum beam_difference difference;
	const char *fault;

	(void)state;
	assert_true(beam_compare(&arena, &a, &b, &difference, &fault));
	assert_int_equal(difference, BEAM_SAME);
	assert_true(beam_compare(&arena, &a, &c, &difference, &fault));
	assert_int_equal(difference, BEAM_OTHER_CODE);
	arena_release(&arena);
}

int
main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 1];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	tests[N] = (struct CMUnitTest)cmocka_unit_test(test_old_uniq);
	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
