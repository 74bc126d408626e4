/*
 * The cases are in otp.cases: "== name", lines that make files and lines that ask, then "--" and
 * what is wanted: the answers, then the diagnostics. Each becomes a test of its own, in a folder
 * of its own. BR_UPDATE_GOLDEN=1 rewrites the file; review the difference.
 *
 *	+ DIR NAME VSN [PROPS]   DIR/ebin/NAME.app, with what an .app must have; PROPS end in a
 *comma
 *	@ FILE TEXT              a file of one line
 *	$ erts VSN...            otp_of_erts()
 *	$ order VSN...           version_order() of each two neighbours, both ways
 *	$ app FILE OTP           application_read()
 *	$ find DIRS NAME [VSN]   search_find(); DIRS are separated by commas, an OTP root stands
 *after ':' $ resolve DIRS NAME[/VSN][=START]...   resolve(), as a .rel $ boot DIRS NAME...      the
 *same, as the paths and starts of a boot script $ consolidated DIRS NAME...   the same, with
 *release_lib and first_path $ texts DIRS NAME...     RELEASES and start_erl.data $ rel FILE DIRS
 *rel_read() and the boot script
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "otp/release.h"
#include "support/arena.h"
#include "support/buf.h"

enum { MOST_CASES = 200, MOST_WORDS = 32 };

struct row {
	const char *name;
	struct str input, want;
	char *got; /* for BR_UPDATE_GOLDEN */
};

struct words {
	struct str at[MOST_WORDS];
	size_t len;
};

/* One run of a case. */
struct run {
	struct arena *arena;
	struct fs *fs;
	struct buf *out;
	struct fs_names files; /* made, to be removed */
};

static struct words
split_words(struct str line)
{
	struct words words = {0};
	struct str word;

	while (words.len < MOST_WORDS && str_next(&line, ' ', &word))
		if (word.len > 0)
			words.at[words.len++] = word;
	return words;
}

static struct str
after_words(struct str line, size_t count)
{
	struct str word;

	while (count-- > 0)
		str_next(&line, ' ', &word);
	return line.at ? line : (struct str){0};
}

/* --- making files --- */

static void
make_file(struct run *run, struct str path, struct str text)
{
	struct str dir = path;

	while (dir.len > 0 && dir.at[dir.len - 1] != '/')
		dir.len--;
	if (dir.len > 0)
		assert_true(fs_mkdirs(run->fs, str_head(dir, dir.len - 1)));
	assert_true(fs_write(run->fs, path, text, 0644));
	run->files.at[run->files.len++] = path;
}

static void
make_app(struct run *run, struct words words, struct str props)
{
	struct buf path = {.arena = run->arena}, text = {.arena = run->arena};
	struct str name = words.at[2], version = words.at[3];

	buf_printf(&path, STR_FMT "/ebin/" STR_FMT ".app", STR_ARG(words.at[1]), STR_ARG(name));
	buf_printf(&text,
		"{application," STR_FMT ",[" STR_FMT "{vsn,\"" STR_FMT
		"\"},{description,\"\"},{modules,[]},{registered,[]},{applications,[]}]}.\n",
		STR_ARG(name), STR_ARG(props), STR_ARG(version));
	make_file(run, buf_view(&path), buf_view(&text));
}

static void
remove_files(const struct run *run)
{
	for (size_t i = 0; i < run->files.len; i++) {
		struct str path = run->files.at[i];

		unlink(fs_cstr(run->arena, path));
		while (path.len > 0) { /* folders go as they become empty */
			while (path.len > 0 && path.at[path.len - 1] != '/')
				path.len--;
			if (path.len > 0 && rmdir(fs_cstr(run->arena, str_head(path, --path.len))))
				break;
		}
	}
}

/* --- asking --- */

static void
show_names(struct run *run, const char *what, struct names names)
{
	if (names.len == 0)
		return;
	buf_printf(run->out, "%s", what);
	for (size_t i = 0; i < names.len; i++)
		buf_printf(run->out, " " STR_FMT, STR_ARG(names.at[i]));
	buf_byte(run->out, '\n');
}

static void
show_term(struct run *run, const char *what, const struct term *term)
{
	buf_printf(run->out, "%s ", what);
	term_write(run->out, term, OTP_NEWEST);
	buf_byte(run->out, '\n');
}

static void
show_app(struct run *run, const struct application *app)
{
	buf_printf(run->out, STR_FMT " " STR_FMT " in " STR_FMT " and " STR_FMT "%s\n",
		STR_ARG(app->name), STR_ARG(app->version), STR_ARG(app->dir), STR_ARG(app->ebin),
		app->otp ? " of OTP" : "");
}

static void
ask_app(struct run *run, struct words words)
{
	unsigned otp = (unsigned)strtoul(fs_cstr(run->arena, words.at[3]), NULL, 10);
	struct application app;

	if (!application_read(run->fs, words.at[2], otp, &app))
		return;
	show_app(run, &app);
	show_term(run, "description", &app.description);
	show_term(run, "id", &app.id);
	show_names(run, "modules", app.modules);
	show_names(run, "registered", app.registered);
	show_names(run, "applications", app.applications);
	show_names(run, "optional", app.optional);
	show_names(run, "included", app.included);
	show_term(run, "env", &app.env);
	show_term(run, "maxT", &app.max_time);
	show_term(run, "maxP", &app.max_processes);
	if (app.has_start_phases)
		show_term(run, "start_phases", &app.start_phases);
	if (app.has_mod)
		show_term(run, "mod", &app.mod);
}

static struct search *
open_search(struct run *run, struct str dirs)
{
	struct search_dir at[MOST_WORDS], root = {{0}, {"case", 1, 1}};
	struct str dir, lists = {0};
	size_t len = 0;

	str_next(&dirs, ':', &lists);
	root.path = dirs.at ? dirs : (struct str){0};
	while (str_next(&lists, ',', &dir))
		if (dir.len > 0)
			at[len++] = (struct search_dir){dir, {"case", 1, 1}};
	return search_new(run->fs, 25, at, len, root);
}

static void
ask_find(struct run *run, struct words words)
{
	struct search *search = open_search(run, words.at[2]);
	struct application *app = search ? search_find(search, words.at[3], words.at[4],
						   (struct srcpos){"case", 2, 1})
					 : NULL;

	if (app)
		show_app(run, app);
}

/* NAME[/VSN][=START] */
static struct resolve_request
parse_request(struct str word, unsigned line)
{
	struct resolve_request request = {.start = OTP_PERMANENT, .pos = {"case", line, 1}};
	struct str name = {0}, version = {0};

	str_next(&word, '=', &name);
	request.start_given = word.at && otp_start_parse(word, &request.start);
	str_next(&name, '/', &version);
	request.name = version;
	request.version = name.at ? name : (struct str){0};
	return request;
}

static bool
make_release(struct run *run, struct words words, struct release *release)
{
	struct resolve_request requests[MOST_WORDS];
	struct search *search = open_search(run, words.at[2]);
	struct str careless = STR("careless"); /* needs what does not run */
	struct names unchecked = {&careless, 1, NULL};

	*release = (struct release){
		.name = STR("r"), .version = STR("1"), .erts = STR("13.1"), .otp = 25};
	for (size_t i = 3; i < words.len; i++)
		requests[i - 3] = parse_request(words.at[i], (unsigned)i);
	return search && resolve(run->fs, search, requests, words.len - 3, unchecked, release);
}

static void
ask_resolve(struct run *run, struct words words)
{
	struct release release;
	struct term term;

	if (!make_release(run, words, &release))
		return;
	term = rel_term(run->arena, &release);
	term_print(run->out, &term, 25);
	buf_byte(run->out, '\n');
}

/* The instructions that say where and what, without the terms of applications. */
static void
show_script(struct run *run, const struct term *script)
{
	for (size_t i = 0; i < script->items[2].len; i++) {
		const struct term *instruction = &script->items[2].items[i];
		const struct term *call = &instruction->items[instruction->len - 1];

		if (term_is_atom(&instruction->items[0], STR("path"))) {
			term_print(run->out, instruction, 25);
			buf_byte(run->out, '\n');
		} else if (term_is_atom(&instruction->items[0], STR("apply")) &&
			   !term_is_atom(&call->items[1], STR("load"))) {
			show_term(run, "apply", call);
		}
	}
}

static void
ask_boot(struct run *run, struct words words, bool consolidated)
{
	struct boot_options options = {.no_warn_sasl = true};
	struct release release;
	struct term script;

	if (consolidated) {
		options.release_lib = options.no_dot_erlang = true;
		options.first_path = STR("$RELEASE_LIB/../consolidated");
	}
	if (make_release(run, words, &release) && boot_script(run->fs, &release, &options, &script))
		show_script(run, &script);
}

static void
ask_texts(struct run *run, struct words words)
{
	struct release release;

	if (!make_release(run, words, &release))
		return;
	buf_str(run->out, releases_text(run->arena, &release));
	buf_str(run->out, start_erl_text(run->arena, &release));
}

static void
ask_rel(struct run *run, struct words words)
{
	struct search_dir dir = {words.at[3], {"case", 1, 1}};
	struct boot_options options = {0};
	struct release release;
	struct term script;

	if (rel_read(run->fs, words.at[2], &dir, 1, &release) &&
		boot_script(run->fs, &release, &options, &script))
		show_script(run, &script);
}

static void
ask_order(struct run *run, struct words words)
{
	for (size_t i = 3; i < words.len; i++) {
		int order = version_order(words.at[i - 1], words.at[i]);
		int other = version_order(words.at[i], words.at[i - 1]);
		const char *shown = order < 0 && other > 0   ? "<"
				    : order > 0 && other < 0 ? ">"
				    : order == other         ? "="
							     : "contradicts";

		buf_printf(run->out, STR_FMT " %s " STR_FMT "\n", STR_ARG(words.at[i - 1]), shown,
			STR_ARG(words.at[i]));
	}
}

static void
ask(struct run *run, struct words words)
{
	struct str what = words.at[1];

	if (str_eq(what, STR("erts")))
		for (size_t i = 2; i < words.len; i++)
			buf_printf(run->out, STR_FMT " %u\n", STR_ARG(words.at[i]),
				otp_of_erts(words.at[i]));
	else if (str_eq(what, STR("order")))
		ask_order(run, words);
	else if (str_eq(what, STR("app")))
		ask_app(run, words);
	else if (str_eq(what, STR("find")))
		ask_find(run, words);
	else if (str_eq(what, STR("resolve")))
		ask_resolve(run, words);
	else if (str_eq(what, STR("boot")))
		ask_boot(run, words, false);
	else if (str_eq(what, STR("consolidated")))
		ask_boot(run, words, true);
	else if (str_eq(what, STR("texts")))
		ask_texts(run, words);
	else if (str_eq(what, STR("rel")))
		ask_rel(run, words);
	else
		fail_msg("no such question: " STR_FMT, STR_ARG(what));
}

static void
run_line(struct run *run, struct str line)
{
	struct words words = split_words(line);

	if (words.len == 0)
		return;
	if (str_eq(words.at[0], STR("+")))
		make_app(run, words, after_words(line, 4));
	else if (str_eq(words.at[0], STR("@")))
		make_file(run, words.at[1], after_words(line, 2));
	else
		ask(run, words);
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
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct buf got = {.arena = &arena}, want = {.arena = &arena};
	struct str files[64], input = row->input, line;
	struct run run = {&arena, &fs, &got, {files, 0}};
	char folder[] = "/tmp/otp-XXXXXX";

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	while (str_next(&input, '\n', &line))
		run_line(&run, line);
	remove_files(&run);
	assert_int_equal(chdir("/") || rmdir(folder), 0);

	show_diag(&got, &diag);
	buf_byte(&got, '\0');
	buf_str(&want, row->want);
	buf_byte(&want, '\0');
	row->got = strdup(got.at);
	if (!getenv("BR_UPDATE_GOLDEN"))
		assert_string_equal(got.at, want.at);
	arena_release(&arena);
}

/* --- the file of cases --- */

static bool
starts(struct str line, const char *with)
{
	return str_eq(str_head(line, strlen(with)), (struct str){with, strlen(with)});
}

static size_t
split_cases(struct arena *arena, struct str text, struct row *rows)
{
	struct str line, *part = NULL;
	size_t len = 0;

	while (str_next(&text, '\n', &line)) {
		const char *after = line.at + line.len + 1;

		if (starts(line, "== ") && len < MOST_CASES) {
			rows[len] = (struct row){.input.at = after};
			rows[len].name = fs_cstr(arena, (struct str){line.at + 3, line.len - 3});
			part = &rows[len++].input;
		} else if (part && str_eq(line, STR("--"))) {
			part = &rows[len - 1].want;
			part->at = after;
		} else if (part && text.at) {
			part->len = (size_t)(after - part->at);
		}
	}
	return len;
}

static void
rewrite(const char *path, const struct row *rows, size_t len)
{
	FILE *file = fopen(path, "w");

	for (size_t i = 0; i < len; i++)
		fprintf(file, "== %s\n" STR_FMT "--\n%s", rows[i].name, STR_ARG(rows[i].input),
			rows[i].got);
	fclose(file);
}

int
main(void)
{
	static const char path[] = TEST_SOURCE_DIR "/otp.cases";
	static struct row rows[MOST_CASES];
	struct CMUnitTest tests[MOST_CASES];
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct str text;

	if (!fs_read(&fs, STR(TEST_SOURCE_DIR "/otp.cases"), (struct srcpos){0}, &text)) {
		diag_print(&diag, stderr);
		return 1;
	}
	size_t len = split_cases(&arena, text, rows);
	for (size_t i = 0; i < len; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};

	int failed = _cmocka_run_group_tests("otp", tests, len, NULL, NULL);
	if (getenv("BR_UPDATE_GOLDEN"))
		rewrite(path, rows, len);
	for (size_t i = 0; i < len; i++)
		free(rows[i].got);
	arena_release(&arena);
	return failed;
}
