/*
 * The cases are in spec.cases: "== name", lines of YAML, perhaps "++ FILE" and the YAML of a file
 * that is extended, perhaps "-- key=value" lines as for --set, then "--" and what is wanted: what
 * the spec says, or the diagnostics. Each becomes a test of its own. Bytes that a text file should
 * not hold are in the table below. BR_UPDATE_GOLDEN=1 rewrites the file; review the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "spec/spec.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/diag.h"

struct row {
	const char *name;
	struct str input, sets, want;
	struct str got; /* for BR_UPDATE_GOLDEN */
};

static struct row bytes[] = {
	{
		.name = "Latin-1 is not UTF-8",
		.input = STR_INIT("release:\n  name: caf\xe9\n"),
		.want = STR_INIT(
			"r/release.yaml:2:12: error: incomplete UTF-8 octet sequence\n"
			"r/release.yaml:2:12: note: a spec is UTF-8 without control characters\n"),
	},
	{
		.name = "a NUL byte",
		.input = STR_INIT("release: a\0b\n"),
		.want = STR_INIT(
			"r/release.yaml:1:11: error: control characters are not allowed\n"
			"r/release.yaml:1:11: note: a spec is UTF-8 without control characters\n"),
	},
	{
		.name = "UTF-16 is not UTF-8",
		.input = STR_INIT("\xff\xfer\0e\0"),
		.want = STR_INIT(
			"r/release.yaml:1:1: error: invalid leading UTF-8 octet\n"
			"r/release.yaml:1:1: note: a spec is UTF-8 without control characters\n"),
	},
	{
		.name = "a byte order mark is skipped",
		.input = STR_INIT("\xef\xbb\xbfrelease: {name: a, version: 1, applications: [], "
				  "otp: /usr/otp}"),
		.want = STR_INIT(
			"name a @1:17\nversion 1 @1:29\nepoch 315532800\notp /usr/otp @1:55\nerts include\n"
			"strip\nboot start_clean no_dot_erlang\nchecks warn warn error\n"),
	},
	{
		.name = "columns count characters",
		.input = STR_INIT("{\xc3\xa9\xc3\xa9: x, b: c}\n"),
		.want = STR_INIT(
			"r/release.yaml:1:2: error: unknown key '\xc3\xa9\xc3\xa9' in the spec\n"
			"r/release.yaml:1:2: note: it can have: release, image, upgrade\n"
			"r/release.yaml:1:9: error: unknown key 'b' in the spec\n"
			"r/release.yaml:1:9: note: it can have: release, image, upgrade\n"
			"r/release.yaml:1:1: error: the spec needs 'release'\n"),
	},
};

static void
show(struct buf *out, const char *name, struct spec_text text)
{
	if (!text.text.at)
		return;
	buf_printf(out, "%s " STR_FMT " @", name, STR_ARG(text.text));
	if (text.pos.file &&
		strcmp(text.pos.file, "r/release.yaml") != 0) /* from a file that is extended */
		buf_printf(out, "%s:", text.pos.file);
	buf_printf(out, "%u:%u\n", text.pos.line, text.pos.column);
}

static void
show_all(struct buf *out, const char *name, struct spec_texts texts)
{
	for (size_t i = 0; i < texts.len; i++)
		show(out, name, texts.at[i]);
}

static void
show_entries(struct buf *out, const struct spec *spec)
{
	static const char *const kinds[] = {"from", "text", "link"};

	for (size_t event = 0; event < SPEC_EVENTS; event++) {
		for (size_t i = 0; i < spec->hooks[event].len; i++) {
			const struct spec_hook *hook = &spec->hooks[event].at[i];
			show(out, spec_event_name[event], hook->run);
			if (hook->timeout || hook->ignore)
				buf_printf(out, "  timeout %u%s\n", hook->timeout,
					hook->ignore ? " ignore" : "");
		}
	}
	for (size_t i = 0; i < spec->commands.len; i++) {
		show(out, "command", spec->commands.at[i].name);
		show(out, "  run", spec->commands.at[i].run);
	}
	for (size_t i = 0; i < spec->overlays.len; i++) {
		const struct spec_overlay *overlay = &spec->overlays.at[i];
		show(out, kinds[overlay->kind], overlay->value);
		show(out, "  to", overlay->to);
		if (overlay->mode)
			buf_printf(out, "  mode %04o\n", overlay->mode);
	}
}

static void
show_switch(struct buf *out, const char *key, const struct spec_switch *given)
{
	if (given->pos.file)
		buf_printf(out, "%s %s @%u:%u\n", key, given->on ? "on" : "off", given->pos.line,
			given->pos.column);
}

static void
show_elixir(struct buf *out, const struct spec_elixir *elixir)
{
	show(out, "consolidated", elixir->consolidated);
	show_all(out, "config_provider", elixir->config_providers);
	show_all(out, "skip_mode_validation_for", elixir->skip_mode_validation_for);
	show_switch(out, "reboot", &elixir->reboot_system_after_config);
	show_switch(out, "prune", &elixir->prune_runtime_sys_config_after_boot);
	show_switch(out, "early distribution", &elixir->start_distribution_during_config);
	show_switch(out, "validate_compile_env", &elixir->validate_compile_env);
	if (!elixir->validate_compile_env.on && !elixir->validate_compile_env.pos.file)
		buf_printf(out, "validate_compile_env is off although nobody said so\n");
	show(out, "env", elixir->env);
	show(out, "target", elixir->target);
}

static void
show_pairs(struct buf *out, const char *what, struct spec_pairs pairs)
{
	for (size_t i = 0; i < pairs.len; i++) {
		buf_printf(out, "%s " STR_FMT "=", what, STR_ARG(pairs.at[i].key.text));
		show(out, "", pairs.at[i].value);
	}
}

static void
show_taken(struct buf *out, const char *what, const struct spec_taken *taken)
{
	if (taken->on && !taken->path.text.at)
		buf_printf(out, "%s\n", what);
	else if (taken->on)
		show(out, what, taken->path);
}

static void
show_lists(struct buf *out, const struct spec_image *image)
{
	for (size_t i = 0; i < image->platforms.len; i++) {
		const struct spec_platform *platform = &image->platforms.at[i];
		show(out, "platform", platform->name);
		show(out, "  base", platform->base);
		show(out, "  digest", platform->base_digest);
		show(out, "  otp", platform->otp);
		show(out, "  sysroot", platform->sysroot);
		show_all(out, "  path", platform->paths);
	}
	for (size_t i = 0; i < image->layers.len; i++) {
		show(out, "layer", image->layers.at[i].name);
		show_all(out, "  application", image->layers.at[i].applications);
		show_all(out, "  path", image->layers.at[i].paths);
	}
	show_all(out, "own", image->own);
	show_all(out, "tag", image->tags);
	show_all(out, "port", image->ports);
	show_all(out, "volume", image->volumes);
	if (image->has_entrypoint)
		buf_printf(out, "entrypoint of %zu\n", image->entrypoint.len);
	show_all(out, "  argument", image->entrypoint);
	if (image->has_command)
		buf_printf(out, "command of %zu\n", image->command.len);
	show_all(out, "  argument", image->command);
}

static void
show_image(struct buf *out, const struct spec_image *image)
{
	static const char *const compressions[] = {"gzip", "zstd", "none"};

	show(out, "base", image->base);
	show(out, "digest", image->base_digest);
	show(out, "base_name", image->base_name);
	show(out, "platform", image->platform);
	show_lists(out, image);
	buf_printf(out, "compression %s\n", compressions[image->compression]);
	show(out, "prefix", image->prefix);
	show(out, "user", image->user);
	show(out, "workdir", image->workdir);
	show(out, "stop_signal", image->stop_signal);
	show_pairs(out, "env", image->env);
	show_pairs(out, "label", image->labels);
	show_pairs(out, "annotation", image->annotations);
	show(out, "source", image->source);
	show(out, "revision", image->revision);
	show_all(out, "healthcheck", image->healthcheck.command);
	if (image->healthcheck.command.len)
		buf_printf(out, "  each %d for %d after %d times %d\n",
			(int)image->healthcheck.interval, (int)image->healthcheck.timeout,
			(int)image->healthcheck.start_period, (int)image->healthcheck.retries);
	show(out, "dockerfile", image->dockerfile);
	show(out, "sysroot", image->sysroot);
	show_taken(out, "certificates", &image->certificates);
	show_taken(out, "timezones", &image->timezones);
	show_taken(out, "busybox", &image->busybox);
	if (image->epmd)
		buf_printf(out, "epmd\n");
}

static void
show_spec(struct buf *out, const struct spec *spec)
{
	static const char *const starts[] = {
		"", " permanent", " transient", " temporary", " load", " none"};
	static const char *const checks[] = {"error", "warn", "off"};

	show(out, "name", spec->name);
	show(out, "version", spec->version);
	buf_printf(out, "epoch %lld", (long long)spec->epoch);
	if (spec->epoch_pos.file)
		buf_printf(out, " @%u:%u", spec->epoch_pos.line, spec->epoch_pos.column);
	buf_byte(out, '\n');
	for (size_t i = 0; i < spec->applications.len; i++) {
		const struct spec_application *a = &spec->applications.at[i];
		show(out, "application", a->name);
		show(out, "  version", a->version);
		if (a->start)
			buf_printf(out, " %s\n", starts[a->start]);
	}
	show_all(out, "path", spec->paths);
	show(out, "otp", spec->otp);
	buf_printf(out, "erts %s\n", spec->erts_include ? "include" : "exclude");
	buf_printf(out, "%sstrip\n", spec->strip ? "" : "no ");
	show_all(out, "  keep", spec->strip_keep);
	buf_printf(out, "boot%s%s\n", spec->start_clean ? " start_clean" : "",
		spec->no_dot_erlang ? " no_dot_erlang" : "");
	if (spec->include_src || spec->include_headers)
		buf_printf(out, "include%s%s\n", spec->include_src ? " src" : "",
			spec->include_headers ? " headers" : "");
	show(out, "sys", spec->sys_config);
	show(out, "vm_args", spec->vm_args);
	show(out, "remote_vm_args", spec->remote_vm_args);
	show(out, "env", spec->env);
	show(out, "runtime", spec->runtime);
	show_entries(out, spec);
	buf_printf(out, "checks %s %s %s\n", checks[spec->undefined_calls],
		checks[spec->missing_applications], checks[spec->native]);
	show_elixir(out, &spec->elixir);
	if (spec->has_image || spec->has_upgrade)
		buf_printf(out, "has%s%s\n", spec->has_image ? " image" : "",
			spec->has_upgrade ? " upgrade" : "");
	if (spec->has_image)
		show_image(out, &spec->image);
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

/* "key=value" lines. */
static size_t
split_sets(struct str lines, struct spec_set *sets, size_t most)
{
	struct str line;
	size_t len = 0;

	while (len < most && str_next(&lines, '\n', &line))
		if (line.len > 3) {
			line = (struct str){line.at + 3, line.len - 3}; /* without "-- " */
			str_next(&line, '=', &sets[len].key);
			sets[len++].value = line;
		}
	return len;
}

struct files {
	struct str rest; /* "++ FILE\n" and its content, and so on */
	struct diag *diag;
};

static bool
load(void *context, struct str file, struct srcpos pos, struct str *content)
{
	const struct files *files = context;
	struct str rest = files->rest, line;
	bool found = false;

	while (str_next(&rest, '\n', &line)) {
		if (str_eq(str_head(line, 3), STR("++ "))) {
			if (found)
				break;
			found = str_eq(file, (struct str){line.at + 3, line.len - 3});
			*content = (struct str){rest.at, 0};
		} else if (found && rest.at) {
			content->len = (size_t)(rest.at - content->at);
		}
	}
	return found || diag_error(files->diag, pos, "cannot read '" STR_FMT "'", STR_ARG(file));
}

/* The spec itself; what it may extend stays in `files`. */
static struct str
split_files(struct str input, struct files *files)
{
	struct str line;

	for (struct str rest = input; str_next(&rest, '\n', &line);)
		if (str_eq(str_head(line, 3), STR("++ "))) {
			size_t at = (size_t)(line.at - input.at);
			files->rest = (struct str){line.at, input.len - at};
			return str_head(input, at);
		}
	return input;
}

static void
run_row(void **state)
{
	struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct buf got = {.arena = &arena};
	struct spec_set sets[8];
	struct spec spec;
	size_t sets_len = split_sets(row->sets, sets, 8);

	struct files files = {.diag = &diag};
	struct str input = split_files(row->input, &files);
	bool ok = spec_parse(
		&arena, &diag, STR("r/release.yaml"), input, sets, sets_len, load, &files, &spec);
	if (ok)
		show_spec(&got, &spec);
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

/* A spec in the root of the file system, in a folder, or without one. */
static void
folders(void **state)
{
	static const struct {
		const char *file, *want;
	} cases[] = {{"/release.yaml", "/otp"}, {"/a/release.yaml", "/a/otp"},
		{"release.yaml", "otp"}, {"../r.yaml", "../otp"}, {"a//r.yaml", "a/otp"}};
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct spec spec;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str file = {cases[i].file, strlen(cases[i].file)};
		assert_true(spec_parse(&arena, &diag, file,
			STR("release: {name: a, version: 1, applications: [], otp: otp}"), NULL, 0,
			NULL, NULL, &spec));
		assert_string_equal(fs_cstr(&arena, spec.otp.text), cases[i].want);
	}
	arena_release(&arena);
}

static bool
starts(struct str line, const char *with)
{
	return str_eq(str_head(line, strlen(with)), (struct str){with, strlen(with)});
}

/* Everything from `begin` to where `rest` is now. */
static struct str
upto(const char *begin, struct str line)
{
	return (struct str){begin, (size_t)(line.at - begin)};
}

static size_t
split_cases(struct arena *arena, struct str text, struct row *rows, size_t most)
{
	enum { NAME, INPUT, SETS, WANT } part = NAME;
	struct str line;
	size_t len = 0;

	while (str_next(&text, '\n', &line)) {
		struct row *row = len ? &rows[len - 1] : NULL;
		const char *after = line.at + line.len + 1;

		if (starts(line, "== ") || !text.at) {
			if (row)
				row->want = upto(row->want.at, line);
			if (!text.at || len == most)
				break;
			row = &rows[len++];
			*row = (struct row){.input.at = after};
			row->name = fs_cstr(arena, (struct str){line.at + 3, line.len - 3});
			part = INPUT;
		} else if (part == INPUT && (starts(line, "-- ") || str_eq(line, STR("--")))) {
			row->input = upto(row->input.at, line);
			part = SETS;
		}
		if (row && part == SETS && starts(line, "-- ")) {
			if (!row->sets.at)
				row->sets.at = line.at;
			row->sets.len = (size_t)(after - row->sets.at);
		} else if (row && part == SETS) {
			row->want.at = after;
			part = WANT;
		}
	}
	return len;
}

static void
rewrite(const char *path, const struct row *rows, size_t len)
{
	FILE *file = fopen(path, "w");

	for (size_t i = 0; i < len; i++)
		fprintf(file, "== %s\n" STR_FMT STR_FMT "--\n" STR_FMT, rows[i].name,
			STR_ARG(rows[i].input), STR_ARG(rows[i].sets), STR_ARG(rows[i].got));
	fclose(file);
}

int
main(void)
{
	enum { BYTES = sizeof(bytes) / sizeof(bytes[0]), MOST = 200 };
	static const char path[] = TEST_SOURCE_DIR "/spec.cases";
	static struct row rows[MOST];
	struct CMUnitTest tests[MOST + BYTES + 1];
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct str text;

	if (!fs_read(&fs, STR(TEST_SOURCE_DIR "/spec.cases"), (struct srcpos){0}, &text)) {
		diag_print(&diag, stderr);
		return 1;
	}
	size_t len = split_cases(&arena, text, rows, MOST);
	for (size_t i = 0; i < len + BYTES; i++) {
		struct row *row = i < len ? &rows[i] : &bytes[i - len];
		tests[i] = (struct CMUnitTest){
			.name = row->name, .test_func = run_row, .initial_state = row};
	}

	tests[len + BYTES] = (struct CMUnitTest)cmocka_unit_test(folders);

	int failed = _cmocka_run_group_tests("spec", tests, len + BYTES + 1, NULL, NULL);
	if (getenv("BR_UPDATE_GOLDEN"))
		rewrite(path, rows, len);
	for (size_t i = 0; i < len + BYTES; i++)
		free((void *)(uintptr_t)(i < len ? &rows[i] : &bytes[i - len])->got.at);
	arena_release(&arena);
	return failed;
}
