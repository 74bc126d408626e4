/* Table-driven: each row becomes a cmocka test of its own, named after the row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/fs.h"
#include "template/template.h"

struct row {
	const char *name;
	struct str text, want;
};

#define TEXT(literal) STR_INIT(literal)

static const struct template_value values[] = {
	{"name", STR_INIT("shop")},
	{"empty", STR_INIT("")},
	{"loop", STR_INIT("${loop} ${name}")},
	{"na", STR_INIT("wrong: a prefix of another name")},
};

static struct row rows[] = {
	{"empty text", TEXT(""), TEXT("")},
	{"nothing to replace", TEXT("a $name {name} $ {name}"), TEXT("a $name {name} $ {name}")},
	{"a name", TEXT("<${name}>"), TEXT("<shop>")},
	{"only a name", TEXT("${name}"), TEXT("shop")},
	{"two names side by side", TEXT("${name}${name}"), TEXT("shopshop")},
	{"an empty value", TEXT("a${empty}b"), TEXT("ab")},
	{"a value is not expanded again", TEXT("${loop}!"), TEXT("${loop} ${name}!")},
	{"unknown names stay, as the shell wants them", TEXT("${RELEASE_ROOT}/${x:-1} ${Name}"),
		TEXT("${RELEASE_ROOT}/${x:-1} ${Name}")},
	{"no name at all", TEXT("${} ${ ${name"), TEXT("${} ${ ${name")},
	{"a reference inside another", TEXT("${a${name}}"), TEXT("${ashop}")},
	{"'$' before a reference", TEXT("$${name}$"), TEXT("$shop$")},
	{"NUL bytes are bytes", TEXT("\0${name}\0"), TEXT("\0shop\0")},
};

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct str got =
		template_expand(&arena, row->text, values, sizeof(values) / sizeof(values[0]));

	assert_int_equal(got.len, row->want.len);
	assert_memory_equal(got.len ? got.at : "", row->want.at, got.len);
	arena_release(&arena);
}

/* What is compiled in is what lies in templates/, byte for byte. */
static void
bundled_is_the_file(void **state)
{
	static const char *const names[] = {"env.sh", "remote.vm.args", "vm.args"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf path = {.arena = &arena};
		struct str want = {0}, got = template_bundled(names[i]);
		const char *fault = NULL;

		buf_printf(&path, "%s/../../templates/%s", TEST_SOURCE_DIR, names[i]);
		assert_true(fs_load(&arena, buf_view(&path), &want, &fault));
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.at, want.at, want.len);
	}
	arena_release(&arena);
}

/* The launcher is all files of templates/launcher/, in the order of their names. */
static void
launcher_is_its_parts(void **state)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct buf want = {.arena = &arena};
	struct str dir = STR(TEST_SOURCE_DIR "/../../templates/launcher");
	struct str got = template_bundled("launcher.sh");
	struct fs_names parts;

	(void)state;
	assert_true(fs_list(&fs, dir, (struct srcpos){0}, &parts));
	for (size_t i = 0; i < parts.len; i++) {
		struct str part = {0};
		assert_true(
			fs_read(&fs, fs_join(&arena, dir, parts.at[i]), (struct srcpos){0}, &part));
		buf_str(&want, part);
	}
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.at, want.at, want.len);
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
	tests[N] = (struct CMUnitTest){
		.name = "bundled files equal templates/", .test_func = bundled_is_the_file};
	tests[N + 1] = (struct CMUnitTest){
		.name = "the launcher is made of its parts", .test_func = launcher_is_its_parts};
	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
