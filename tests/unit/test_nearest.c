#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/nearest.h"

struct row {
	const char *name;
	const char *word, *names[4];
	const char *want; /* NULL: none is near */
};

static struct row rows[] = {
	{"a byte too many", "releasse", {"image", "release"}, "release"},
	{"a byte too few", "relese", {"image", "release"}, "release"},
	{"another byte", "relaase", {"image", "release"}, "release"},
	{"two bytes swapped count once", "paht", {"path"}, "path"},
	{"swapped at the start", "prth", {"rpth"}, "rpth"},
	{"the nearest of several", "--depfiel", {"--debug", "--depfile", "--define"}, "--depfile"},
	{"the first of equals", "cat", {"bat", "hat"}, "bat"},
	{"an abbreviation", "appl", {"paths", "applications"}, "applications"},
	{"a word that goes on", "warning", {"off", "warn"}, "warn"},
	{"a short abbreviation is none", "ap", {"applications"}, NULL},
	{"far away", "frobnicate", {"release", "image"}, NULL},
	{"nothing in common", "x", {"y"}, NULL},
	{"a single edit of a short word", "naem", {"name"}, "name"},
	{"too many edits for a short word", "nx", {"name"}, NULL},
	{"half of the letters", "shop", {"snmp", "ssh"}, NULL},
	{"less than half", "alfa", {"snmp", "alpha"}, "alpha"},
	{"half of it is too much", "--frob", {"--jobs"}, NULL},
	{"the empty word", "", {"a", "ab"}, NULL},
	{"an empty name", "a", {""}, NULL},
	{"the word itself", "name", {"names", "name"}, "name"},
	{"too long to be a name",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		{"aaaa"}, NULL},
	{"64 bytes are a name", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
};

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct nearest near = {.word = {row->word, strlen(row->word)}};

	for (size_t i = 0; i < 4 && row->names[i]; i++)
		nearest_try(&near, (struct str){row->names[i], strlen(row->names[i])});
	if (row->want) {
		assert_non_null(near.best.at);
		assert_string_equal(near.best.at, row->want);
	} else {
		assert_null(near.best.at);
	}
}

int
main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
