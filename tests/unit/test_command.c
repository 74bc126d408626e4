/* Words of a command line, then what a command sees of them, or the diagnostics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "support/arena.h"
#include "support/buf.h"

enum { MOST = 16 };

struct row {
	const char *name;
	const char *words; /* separated by spaces */
	const char *want;
};

static struct row rows[] = {
	{"values in either form", "assemble --spec a.yaml --output=out",
		"assemble\n--spec a.yaml\n--output out\n"},
	{"a value may hold '='", "assemble --spec=a=b --output o",
		"assemble\n--spec a=b\n--output o\n"},
	{"a value may begin with '-'", "assemble --spec -x --output -",
		"assemble\n--spec -x\n--output -\n"},
	{"with '--' after '=' alone", "assemble --spec -x --output=--link",
		"assemble\n--spec -x\n--output --link\n"},
	{"else the value was forgotten", "assemble --output --spec release.yaml",
		"beamrel: error: --output wants a value: DIR, and is followed by '--spec'; if that is "
		"the value, write --output=--spec\n"},
	{"an empty text after '='",
		"assemble --spec a --output b --set=", "assemble\n--spec a\n--output b\n--set \n"},
	{"of one that is not repeated the last counts", "assemble --spec a --output b --spec c",
		"assemble\n--spec c\n--output b\n"},
	{"a repeated one keeps all, in order",
		"assemble --spec a --output b --set x=1 --link --set=y=2",
		"assemble\n--spec a\n--output b\n--link\n--set x=1\n--set y=2\n"},
	{"a repeated one takes words until the next option",
		"assemble --spec a --set x=1 y=2 --output b",
		"assemble\n--spec a\n--output b\n--set x=1\n--set y=2\n"},
	{"but not after '='", "assemble --spec a --output b --set=x=1 y=2",
		"beamrel: error: unexpected 'y=2'\n"
		"beamrel: note: see 'beamrel assemble --help'\n"},
	{"others take one word", "assemble --spec a b --output c",
		"beamrel: error: unexpected 'b'\n"
		"beamrel: note: see 'beamrel assemble --help'\n"},
	{"a spec without its option", "assemble --output c release.yaml",
		"beamrel: error: 'beamrel assemble' needs --spec FILE\n"
		"beamrel: error: unexpected 'release.yaml'\n"
		"beamrel: note: did you mean '--spec release.yaml'?\n"
		"beamrel: note: see 'beamrel assemble --help'\n"},
	{"one too many", "assemble --spec a.yml --output c b.yml",
		"beamrel: error: unexpected 'b.yml'\n"
		"beamrel: note: see 'beamrel assemble --help'\n"},
	{"help for a command", "help assemble", "assemble\n--help\n"},
	{"help", "help", "--help\n"},
	{"help for nothing", "help assembel",
		"beamrel: error: unknown command 'assembel'\n"
		"beamrel: note: did you mean 'assemble'?\n"},
	{"mistyped help", "hepl assemble",
		"beamrel: error: unknown command 'hepl'\n"
		"beamrel: note: did you mean 'help'?\n"},
	{"operands stand anywhere", "generate --output o man", "generate\n--output o\n: man\n"},
	{"operands before options", "generate man --output o", "generate\n--output o\n: man\n"},
	{"after '--' there are operands only", "generate --output o -- --man",
		"beamrel: error: '--man' is none of man|markdown|bash|zsh|fish\n"
		"beamrel: note: see 'beamrel generate --help'\n"},
	{"common options before and after the command", "-q generate man --output o",
		"generate\n--output o\n--quiet\n: man\nverbosity -1\n"},
	{"-v", "generate man --output o -v",
		"generate\n--output o\n--verbose\n: man\nverbosity 1\n"},
	{"--quiet wins", "-v -q generate man --output o",
		"generate\n--output o\n--quiet\n--verbose\n: man\nverbosity -1\n"},
	{"--help needs nothing else", "assemble --help", "assemble\n--help\n"},
	{"-h", "-h", "--help\n"},
	{"--version needs no command", "--version", "--version\n"},
	{"a fault beside --help is one", "assemble --help --frob",
		"beamrel: error: unknown option '--frob'\n"
		"beamrel: note: 'beamrel assemble --help' lists what there is\n"},
	{"a number", "check --spec a --jobs 999999999",
		"check\n--spec a\n--jobs 999999999\n= 999999999\n"},
	{"the smallest number", "check --spec a --jobs 1", "check\n--spec a\n--jobs 1\n= 1\n"},
	{"zero", "check --spec a --jobs 0",
		"beamrel: error: --jobs wants a number from 1 to 999999999, not '0'\n"},
	{"a leading zero", "check --spec a --jobs 04",
		"beamrel: error: --jobs wants a number from 1 to 999999999, not '04'\n"},
	{"too large a number", "check --spec a --jobs 1000000000",
		"beamrel: error: --jobs wants a number from 1 to 999999999, not '1000000000'\n"},
	{"no number", "check --spec a --jobs 4x",
		"beamrel: error: --jobs wants a number from 1 to 999999999, not '4x'\n"},
	{"options of another command", "check --spec a --output b",
		"beamrel: error: unknown option '--output'\n"
		"beamrel: note: 'beamrel check --help' lists what there is\n"},
	{"options of a command before it", "--spec a check",
		"beamrel: error: unknown option '--spec'\n"
		"beamrel: note: 'beamrel --help' lists what there is\n"
		"beamrel: error: unknown command 'a'\n"
		"beamrel: note: 'beamrel --help' lists what there is\n"},
	{"everything that is missing", "assemble --link",
		"beamrel: error: 'beamrel assemble' needs --spec FILE, --output DIR\n"
		"beamrel: note: see 'beamrel assemble --help'\n"},
	{"a mistyped command", "assembel",
		"beamrel: error: unknown command 'assembel'\n"
		"beamrel: note: did you mean 'assemble'?\n"},
	{"an abbreviation is not taken, but understood", "assemble --out x",
		"beamrel: error: unknown option '--out'\n"
		"beamrel: note: did you mean '--output'?\n"},
};

static void
show_options(struct buf *out, const struct invocation *invocation,
	const struct option_spec *options, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *name = options[i].name;
		struct fs_names all = invocation_texts(invocation, name);
		struct str value;

		if (options[i].argument == OPTION_FLAG) {
			if (invocation_flag(invocation, name))
				buf_printf(out, "%s\n", name);
		} else if (options[i].repeated) {
			for (size_t j = 0; j < all.len; j++)
				buf_printf(out, "%s " STR_FMT "\n", name, STR_ARG(all.at[j]));
		} else if (invocation_text(invocation, name, &value)) {
			buf_printf(out, "%s " STR_FMT "\n", name, STR_ARG(value));
		}
		if (options[i].argument == OPTION_NUMBER && all.len)
			buf_printf(out, "= %zu\n", invocation_number(invocation, name));
	}
}

static void
show(struct buf *out, const struct invocation *invocation)
{
	const struct command *command = invocation->command;

	if (command) {
		buf_printf(out, "%s\n", command->name);
		show_options(out, invocation, command->options, command->options_len);
	}
	show_options(out, invocation, common_options, common_options_len);
	for (size_t i = 0; i < invocation->operands.len; i++)
		buf_printf(out, ": " STR_FMT "\n", STR_ARG(invocation->operands.at[i]));
	if (invocation->verbosity)
		buf_printf(out, "verbosity %d\n", invocation->verbosity);
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct invocation invocation = {.arena = &arena, .diag = &diag, .fs = &fs};
	struct buf got = {.arena = &arena};
	struct str rest = {row->words, strlen(row->words)}, word;
	char *argv[MOST], *messages = NULL;
	size_t len;
	FILE *file = open_memstream(&messages, &len);
	int argc = 0;

	while (argc < MOST && str_next(&rest, ' ', &word)) {
		argv[argc] = arena_array(&arena, char, word.len + 1);
		memcpy(argv[argc++], word.at, word.len);
	}

	bool ok = invocation_parse(&invocation, argc, argv);
	if (ok)
		show(&got, &invocation);
	diag_print(&diag, file);
	fclose(file);
	buf_add(&got, messages, len);
	buf_byte(&got, '\0');
	assert_string_equal(got.at, row->want);
	assert_int_equal(ok, diag.errors == 0);
	free(messages);
	arena_release(&arena);
}

/* What the tables promise to --help, the man pages and the completions. */
static void
tables_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < commands_len; i++) {
		const struct command *command = commands[i];

		assert_non_null(command->run);
		assert_true(strlen(command->summary) <= 70);
		assert_true(command->summary[strlen(command->summary) - 1] != '.');
		for (size_t j = 0; j < command->options_len; j++) {
			const struct option_spec *option = &command->options[j];
			assert_memory_equal(option->name, "--", 2);
			assert_true(
				(option->placeholder == NULL) == (option->argument == OPTION_FLAG));
			assert_true(option->help[strlen(option->help) - 1] != '.');
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(option->name, command->options[k].name);
			for (size_t k = 0; k < common_options_len; k++)
				assert_string_not_equal(option->name, common_options[k].name);
		}
	}
}

int
main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 1];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	tests[N] = (struct CMUnitTest)cmocka_unit_test(tables_are_sound);
	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
