/*
 * The cases are in fill.cases: "== KIND OTP name", where KIND is terms or arguments, a template,
 * then
 * "--" and what is wanted: the calls that the launcher is to make, or the diagnostics.
 * BR_UPDATE_GOLDEN=1 rewrites the file; review the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "otp/fill.h"
#include "support/arena.h"
#include "support/fs.h"

struct row {
	const char *name;
	struct str input, want;
	struct str got; /* for BR_UPDATE_GOLDEN */
};

static bool
starts(struct str line, const char *with)
{
	return str_eq(str_head(line, strlen(with)), (struct str){with, strlen(with)});
}

/* The script from its first call on. */
static void
show_script(struct buf *out, struct str script)
{
	struct str line;

	while (str_next(&script, '\n', &line))
		if (starts(line, "fill_begin")) {
			buf_add(out, line.at, (size_t)(script.at + script.len - line.at));
			return;
		}
}

static void
show_diag(struct buf *out, const struct diag *diag)
{
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	diag_print(diag, file);
	fclose(file);
	buf_add(out, text, len);
	free(text);
}

static void
run_row(void **state)
{
	struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct buf got = {.arena = &arena}, script = {.arena = &arena};
	bool terms = strncmp(row->name, "terms", 5) == 0;
	struct fill fill = {.arena = &arena, .file = "x.src", .text = row->input, .otp = 25};

	if (strstr(row->name, " 27 "))
		fill.otp = 27;
	bool ok = terms ? fill_scan_terms(&fill, &diag) : fill_scan_arguments(&fill, &diag);
	if (ok) {
		fill_script(&script, &fill, STR("x.src"));
		show_script(&got, buf_view(&script));
	}
	show_diag(&got, &diag);
	buf_byte(&got, '\0');
	row->got = (struct str){strdup(got.at), got.len - 1};

	assert_int_equal(ok, diag.errors == 0);
	if (!getenv("BR_UPDATE_GOLDEN")) {
		struct buf want = {.arena = &arena};
		buf_str(&want, row->want);
		buf_byte(&want, '\0');
		assert_string_equal(got.at, want.at);
	}
	arena_release(&arena);
}

/* What no text file holds. */
static void
bytes(void **state)
{
	static const struct str texts[] = {
		STR_INIT("[{a, \"\0${A}\"}]."), STR_INIT("[{a, \"\xe9${A}\"}].")};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct diag diag = {.arena = &arena};
		struct fill fill = {.arena = &arena, .file = "x", .text = texts[i], .otp = 25};
		assert_false(fill_scan_terms(&fill, &diag));
		assert_int_equal(diag.errors, 1);
	}
	arena_release(&arena);
}

static size_t
split_cases(struct arena *arena, struct str text, struct row *rows, size_t most)
{
	struct str line, *part = NULL;
	size_t len = 0;

	while (str_next(&text, '\n', &line) && text.at) {
		if (starts(line, "== ") && len < most) {
			rows[len] = (struct row){
				.name = fs_cstr(arena, (struct str){line.at + 3, line.len - 3})};
			part = &rows[len++].input;
			part->at = text.at;
		} else if (len && str_eq(line, STR("--"))) {
			part = &rows[len - 1].want;
			part->at = text.at;
		} else if (part) {
			part->len = (size_t)(text.at - part->at);
		}
	}
	return len;
}

static void
rewrite(const char *path, const struct row *rows, size_t len)
{
	FILE *file = fopen(path, "w");

	for (size_t i = 0; i < len; i++)
		fprintf(file, "== %s\n" STR_FMT "--\n" STR_FMT, rows[i].name,
			STR_ARG(rows[i].input), STR_ARG(rows[i].got));
	fclose(file);
}

int
main(void)
{
	enum { MOST = 100 };
	static const char path[] = TEST_SOURCE_DIR "/fill.cases";
	static struct row rows[MOST];
	struct CMUnitTest tests[MOST + 1];
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct str text;

	if (!fs_read(&fs, STR(TEST_SOURCE_DIR "/fill.cases"), (struct srcpos){0}, &text)) {
		diag_print(&diag, stderr);
		return 1;
	}
	size_t len = split_cases(&arena, text, rows, MOST);
	for (size_t i = 0; i < len; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	tests[len] = (struct CMUnitTest)cmocka_unit_test(bytes);

	int failed = _cmocka_run_group_tests("fill", tests, len + 1, NULL, NULL);
	if (getenv("BR_UPDATE_GOLDEN"))
		rewrite(path, rows, len);
	for (size_t i = 0; i < len; i++)
		free((void *)(uintptr_t)rows[i].got.at);
	arena_release(&arena);
	return failed;
}
