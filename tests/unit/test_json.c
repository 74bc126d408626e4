/* JSON out, read back by jansson. */
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

int
main(void)
{
	enum { COUNT = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){
			rows[i].label, run_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
