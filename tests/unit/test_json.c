/* JSON out, read back by jansson; JSON in, and what no two readers must see differently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "support/arena.h"
#include "support/json.h"

struct row {
	const char *label;
	struct str text, want;
};

static const struct row rows[] = {
	{"empty", STR_INIT(""), STR_INIT("")},
	{"plain", STR_INIT("a b/c"), STR_INIT("a b/c")},
	{"quotes", STR_INIT("\"\\'"), STR_INIT("\"\\'")},
	{"controls", STR_INIT("a\n\t\x01\x1f\x7f"), STR_INIT("a\n\t\x01\x1f\x7f")},
	{"utf-8", STR_INIT("ä€\xf0\x9f\x98\x80"), STR_INIT("ä€\xf0\x9f\x98\x80")},
};

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct buf out = {.arena = &arena};
	json_error_t error;

	json_text(&out, row->text);
	json_t *value = json_loadb(out.at, out.len, JSON_DECODE_ANY, &error);
	assert_non_null(value);
	assert_int_equal(json_string_length(value), row->want.len);
	assert_memory_equal(json_string_value(value), row->want.at, row->want.len);
	json_decref(value);
	arena_release(&arena);
}

struct read_row {
	const char *label;
	struct str text, want; /* written again */
	const char *fault;     /* "LINE:COLUMN: text", the beginning */
};

static const struct read_row read_rows[] = {
	{"sorted and compact",
		STR_INIT("{ \"b\": [1, -2, true, false, null],\n \"B\": {}, \"a\": \"x\" }"),
		STR_INIT("{\"B\":{},\"a\":\"x\",\"b\":[1,-2,true,false,null]}"), NULL},
	{"names by bytes", STR_INIT("{\"ä\":1,\"z\":2,\"\":3,\"z1\":4}"),
		STR_INIT("{\"\":3,\"z\":2,\"z1\":4,\"ä\":1}"), NULL},
	{"escapes", STR_INIT("[\"\\u00e4\\ud83d\\ude00\\/\\n\\u003c\"]"),
		STR_INIT("[\"ä\xf0\x9f\x98\x80/\\n<\"]"), NULL},
	{"whole numbers", STR_INIT("[9223372036854775807,-9223372036854775808,0]"),
		STR_INIT("[9223372036854775807,-9223372036854775808,0]"), NULL},
	{"real numbers", STR_INIT("[1.5,1e3]"), STR_INIT("[1.5,1000.0]"), NULL},
	{"a duplicate name", STR_INIT("{\"Layers\":[1],\n\"Layers\":[2]}"), STR_INIT(""),
		"2:8: duplicate object key near '\"Layers\"'"},
	{"a duplicate name, escaped", STR_INIT("{\"a\":1,\"\\u0061\":2}"), STR_INIT(""),
		"1:15: duplicate object key"},
	{"a byte order mark", STR_INIT("\xef\xbb\xbf{}"), STR_INIT(""), "1:1: '[' or '{' expected"},
	{"NUL in a string", STR_INIT("[\"a\\u0000\"]"), STR_INIT(""), "1:10: \\u0000 in a string"},
	{"NUL in a name", STR_INIT("{\"\\u0000\":1}"), STR_INIT(""), "1:9: \\u0000 in a string"},
	{"NUL byte", STR_INIT("[\"a\0b\"]"), STR_INIT(""), "1:3: control character 0x0"},
	{"a lone surrogate", STR_INIT("[\"\\ud800\"]"), STR_INIT(""),
		"1:9: invalid Unicode '\\uD800'"},
	{"the second half alone", STR_INIT("[\"\\udc00\"]"), STR_INIT(""), "1:9: invalid Unicode"},
	{"not UTF-8", STR_INIT("[\"\xff\"]"), STR_INIT(""), "1:2: unable to decode byte 0xff"},
	{"a number that does not fit", STR_INIT("[9223372036854775808]"), STR_INIT(""),
		"1:20: too big integer"},
	{"nor a real one", STR_INIT("[1e400]"), STR_INIT(""), "1:6: real number overflow"},
	{"something behind it", STR_INIT("{}\n{}"), STR_INIT(""), "2:1: end of file expected"},
	{"a NUL behind it", STR_INIT("{}\0"), STR_INIT(""), "1:3: end of file expected"},
	{"a comma too many", STR_INIT("[1,]"), STR_INIT(""), "1:4: unexpected token"},
	{"neither object nor array", STR_INIT("3"), STR_INIT(""), "1:1: '[' or '{' expected"},
	{"nothing", STR_INIT(""), STR_INIT(""), "1:0: '[' or '{' expected near end of file"},
};

static void
read_text(struct str text, struct str want, const char *want_fault)
{
	struct arena arena = {0};
	struct buf out = {.arena = &arena};
	struct json value;
	struct json_fault fault = {0};

	if (want_fault) {
		assert_false(json_read(&arena, text, &value, &fault));
		buf_printf(&out, "%u:%u: %s", fault.line, fault.column, fault.text);
		assert_true(out.len >= strlen(want_fault));
		out.at[strlen(want_fault)] = '\0';
		assert_string_equal(out.at, want_fault);
	} else {
		assert_true(json_read(&arena, text, &value, &fault));
		json_write(&out, &value);
		assert_int_equal(out.len, want.len);
		assert_memory_equal(out.at, want.at, want.len);
	}
	arena_release(&arena);
}

static void
run_read(void **state)
{
	const struct read_row *row = *state;

	read_text(row->text, row->want, row->fault);
}

/* As deep as allowed, once more, and so deep that a careless reader runs out of stack. */
static void
run_depth(void **state)
{
	enum { DEEP = 100000 };
	static char text[2 * DEEP];

	(void)state;
	memset(text, '[', DEEP);
	memset(text + DEEP, ']', DEEP);
	struct str most = {text + DEEP - JSON_DEPTH, (size_t)2 * JSON_DEPTH};
	struct str over = {most.at - 1, most.len + 2};

	read_text(most, most, NULL);
	read_text(over, over, "1:65: more than 64 objects and arrays inside each other");
	read_text((struct str){text, sizeof(text)}, over, "1:65: more than 64");
	/* Brackets in strings are none; a quote behind a backslash ends nothing. */
	memset(text, '[', DEEP);
	memcpy(text, "[\"\\\"", 4);
	memcpy(text + DEEP, "\"]", 2);
	struct str quoted = {text, DEEP + 2};
	read_text(quoted, quoted, NULL);
}

static void
run_get(void **state)
{
	struct arena arena = {0};
	struct json value;
	struct json_fault fault;

	(void)state;
	assert_true(json_read(&arena, STR("{\"b\":{\"c\":7},\"a\":[]}"), &value, &fault));
	assert_int_equal(json_get(json_get(&value, STR("b")), STR("c"))->integer, 7);
	assert_null(json_get(&value, STR("B")));
	assert_null(json_get(json_get(&value, STR("a")), STR("b")));
	arena_release(&arena);
}

int
main(void)
{
	enum {
		COUNT = sizeof(rows) / sizeof(rows[0]),
		READ_COUNT = sizeof(read_rows) / sizeof(read_rows[0])
	};
	struct CMUnitTest tests[COUNT + READ_COUNT + 2] = {
		{"depth", run_depth, NULL, NULL, NULL},
		{"get", run_get, NULL, NULL, NULL},
	};

	for (size_t i = 0; i < COUNT; i++)
		tests[2 + i] = (struct CMUnitTest){
			rows[i].label, run_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
	for (size_t i = 0; i < READ_COUNT; i++)
		tests[2 + COUNT + i] = (struct CMUnitTest){
			read_rows[i].label, run_read, NULL, NULL, (void *)(uintptr_t)&read_rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
