/* What a call of a function that is not exported may mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assemble/calls.h"

enum { MOST = 4 };

struct function {
	const char *name;
	unsigned arity;
};

struct row {
	const char *name;
	struct function call, exports[MOST];
	struct function want; /* name NULL: nothing */
};

static struct row rows[] = {
	{"another arity", {"add", 1}, {{"add", 2}, {"stop", 1}}, {"add", 2}},
	{"the nearest arity", {"add", 4}, {{"add", 0}, {"add", 3}, {"add", 6}}, {"add", 3}},
	{"of equally near ones the first", {"add", 2}, {{"add", 1}, {"add", 3}}, {"add", 1}},
	{"another name", {"ad_item", 2}, {{"stop", 2}, {"add_item", 2}}, {"add_item", 2}},
	{"another name, the nearest arity", {"ad_item", 2}, {{"add_item", 4}, {"add_item", 3}},
		{"add_item", 3}},
	{"the same name wins", {"stop", 0}, {{"stops", 0}, {"stop", 3}}, {"stop", 3}},
	{"nothing near", {"add", 2}, {{"stop", 2}, {"code_change", 3}}, {NULL, 0}},
	{"no exports", {"add", 2}, {{NULL, 0}}, {NULL, 0}},
};

static struct beam_function
function_of(const struct function *from)
{
	return (struct beam_function){
		.name = {from->name, strlen(from->name)}, .arity = from->arity};
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct beam_function exports[MOST], call = function_of(&row->call);
	struct calls_module module = {.exports = {exports, 0}};

	while (module.exports.len < MOST && row->exports[module.exports.len].name) {
		exports[module.exports.len] = function_of(&row->exports[module.exports.len]);
		module.exports.len++;
	}

	const struct beam_function *near = calls_nearest(&module, &call);

	assert_int_equal(near != NULL, row->want.name != NULL);
	if (near && row->want.name) {
		assert_true(
			str_eq(near->name, (struct str){row->want.name, strlen(row->want.name)}));
		assert_int_equal(near->arity, row->want.arity);
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
	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
