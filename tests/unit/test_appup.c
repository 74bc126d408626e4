#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "otp/appup.h"
#include "support/arena.h"

struct row {
	const char *name, *text;
	const char *version; /* what is looked for, upwards */
	const char *found;   /* what is to be done; NULL: there is no such entry, or a fault */
	const char *said;    /* how the first message begins; NULL: none */
	unsigned line, column;
};

static struct row rows[] = {
	{"an exact version", "{\"2\",[{\"1\",[a]}],[]}.", "1", "[a]", NULL, 0, 0},
	{"another version", "{\"2\",[{\"1\",[a]}],[]}.", "1.0", NULL, NULL, 0, 0},
	{"the first that fits", "{\"2\",[{<<\"1.*\">>,[a]},{\"1.0\",[b]}],[]}.", "1.0", "[a]", NULL,
		0, 0},
	{"a part does not fit", "{\"2\",[{<<\"1\">>,[a]},{\"1.0\",[b]}],[]}.", "1.0", "[b]", NULL,
		0, 0},
	{"not the way down", "{\"2\",[],[{\"1\",[a]}]}.", "1", NULL, NULL, 0, 0},
	{"no tuple", "[].", "1", NULL, "an .appup holds", 1, 1},
	{"two elements", "% x\n {\"2\",[]}.", "1", NULL, "an .appup holds", 2, 2},
	{"a version that is an atom", "{two,[],[]}.", "1", NULL, "the version must be a string", 1,
		2},
	{"upgrades that are no list", "{\"2\",a,[]}.", "1", NULL, "the upgrades must be a list", 1,
		6},
	{"downgrades that are no list", "{\"2\",[],[x|y]}.", "1", NULL,
		"the downgrades must be a list", 1, 9},
	{"a script that is no list", "{\"2\",[{\"1\",go}],[]}.", "1", NULL,
		"what to do must be a list", 1, 12},
	{"odd entries are passed over", "{\"2\",[{1,[]},{\"1\",[a]}],[]}.", "1", "[a]",
		"this is no {Vsn, [Instruction, ...]}", 1, 7},
	{"bits are no expression", "{\"2\",[{<<1:4>>,[]},{\"1\",[a]}],[]}.", "1", "[a]",
		"this is no {Vsn, [Instruction, ...]}", 1, 7},
	{"no regular expression", "{\"2\",[{<<\"(\">>,[]},{\"1\",[a]}],[]}.", "1", NULL,
		"the regular expression for versions fails on \"1\": missing closing parenthesis",
		1, 8},
	{"no term", "{\"2\",", "1", NULL, "", 1, 6},
};

static void
check_message(const struct row *row, const struct diag *diag)
{
	assert_int_equal(diag->messages.len, row->said ? 1 : 0);
	if (!row->said)
		return;
	const struct diag_message *message = &diag->messages.at[0];
	assert_memory_equal(message->text, row->said, strlen(row->said));
	assert_string_equal(message->pos.file, "x.appup");
	assert_int_equal(message->pos.line, row->line);
	assert_int_equal(message->pos.column, row->column);
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct str text = {row->text, strlen(row->text)};
	struct str version = {row->version, strlen(row->version)};
	const struct appup_entry *entry = NULL;
	struct appup appup;

	if (appup_parse(&fs, text, "x.appup", 25, &appup))
		entry = appup_find(&fs, &appup, APPUP_UP, version);
	assert_true((entry != NULL) == (row->found != NULL));
	if (entry) {
		struct str found = {row->found, row->found ? strlen(row->found) : 0};
		struct buf out = {.arena = &arena};
		term_print(&out, &entry->script, 25);
		assert_true(str_eq(buf_view(&out), found));
	}
	check_message(row, &diag);
	arena_release(&arena);
}

static void
writes_what_it_reads(void **state)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct str text =
		STR("%% coding: utf-8\n"
		    "{\"2ö\",[{<<\"1.*\">>,[{load_module,m}]},{\"0\",[]}],[{\"1\",[]}]}.\n");
	struct appup appup;

	(void)state;
	assert_true(appup_parse(&fs, text, "x.appup", 25, &appup));
	assert_true(str_eq(appup.version, STR("2ö")));
	assert_int_equal(appup.entries[APPUP_UP].len, 2);
	assert_int_equal(appup.entries[APPUP_DOWN].len, 1);
	assert_true(str_eq(appup_text(&arena, &appup, 25), text));
	arena_release(&arena);
}

int
main(void)
{
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[ROWS + 1] = {0};

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){rows[i].name, run_row, NULL, NULL, &rows[i]};
	tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(writes_what_it_reads);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
