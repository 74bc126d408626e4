#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/arena.h"
#include "support/regex.h"

struct row {
	const char *name, *pattern, *subject;
	enum regex_answer want;
};

static struct row rows[] = {
	{"the text itself", "1.0", "1.0", REGEX_YES},
	{"a dot is any character", "1.0", "1x0", REGEX_YES},
	{"a quoted dot is none", "1\\.0", "1x0", REGEX_NO},
	{"a part at the start", "1", "1.0", REGEX_NO},
	{"a part at the end", "0", "1.0", REGEX_NO},
	{"the first alternative that fits is the match", "1|1\\.0", "1.0", REGEX_NO},
	{"the longer alternative first", "1\\.0|1", "1.0", REGEX_YES},
	{"anchors", "^1\\.[0-9]+$", "1.23", REGEX_YES},
	{"lazy stops early", "1.*?", "1.23", REGEX_NO},
	{"lazy up to the end", "1.*?$", "1.23", REGEX_YES},
	{"a later match is none", "x?", "1x", REGEX_NO},
	{"an empty match of the empty text", "", "", REGEX_YES},
	{"an empty match of a text", "", "1", REGEX_NO},
	{"\\K moves the start", "1\\K2", "12", REGEX_NO},
	{"characters are not bytes", "^.$", "ö", REGEX_YES},
	{"beyond ASCII", "vö+€", "vöö€", REGEX_YES},
	{"\\d is ASCII without UCP", "\\d", "٣", REGEX_NO},
	{"no case, beyond ASCII", "(?i)Ö", "ö", REGEX_YES},
	{"a dot is no newline", "1.2", "1\n2", REGEX_NO},
	{"a dot is a carriage return", "1.2", "1\r2", REGEX_YES},
	{"\\R is any line end", "1\\R2",
		"1\xc2\x85"
		"2",
		REGEX_YES},
	{"groups", "(\\d+)(?:\\.\\1)*", "7.7.7", REGEX_YES},
	{"a parenthesis too few", "(1", "1", REGEX_FAULTY},
	{"a group that is not there", "(?P>x)", "1", REGEX_FAULTY},
	{"no UTF-8", "\xff", "1", REGEX_FAULTY},
	{"ends, however many ways there are", "(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		REGEX_FAULTY},
	{"ends, however deep", "(?:(?:a?){100}){100}(?:a?){100}b\\b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", REGEX_FAULTY},
	{"ends, calling itself", "(?R)", "a", REGEX_FAULTY},
	{"ends, though it wants more steps", "(*LIMIT_MATCH=4000000000)(a|aa)+$",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", REGEX_FAULTY},
};

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	const char *fault = NULL;
	struct str pattern = {row->pattern, strlen(row->pattern)};
	struct str subject = {row->subject, strlen(row->subject)};

	assert_int_equal(regex_is_whole(&arena, pattern, subject, &fault), row->want);
	assert_true((fault != NULL) == (row->want == REGEX_FAULTY));
	arena_release(&arena);
}

int
main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0])] = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[i] = (struct CMUnitTest){rows[i].name, run_row, NULL, NULL, &rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
