/*
 * command/command.h - subcommands and their options, one table for parsing, --help, the man pages,
 * the reference page and the shell completions.
 *
 * A command is a function from parsed options to the exit status: 0 done, 1 faulty input. Wrong
 * usage (2) is found before it runs. Diagnostics are printed by main().
 */
#pragma once

#include <stdbool.h>

#include "support/diag.h"
#include "support/fs.h"
#include "support/str.h"
#include "support/vec.h"

struct buf;
struct invocation;
struct spec;

enum option_argument {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_FILE,
	OPTION_DIR,
	OPTION_NUMBER, /* 1 to 999999999 */
	OPTION_CHOICE  /* one of the words of the placeholder, "auto|always|never" */
};

struct option_spec {
	const char *name; /* "--output" */
	enum option_argument argument;
	const char *placeholder; /* "DIR"; NULL for flags */
	const char *help;        /* one sentence, no final dot */
	bool required;
	bool repeated;      /* in a command without operands also `--name A B C` */
	const char *letter; /* "-q" for --quiet; NULL: none */
};

/* Options of several commands: the same words everywhere. */
#define OPTION_FOR_SPEC                                                              \
	{                                                                            \
		.name = "--spec", .argument = OPTION_FILE, .placeholder = "FILE",    \
		.help = "The description of the release, in YAML", .required = true, \
	}
#define OPTION_FOR_SET                                                                        \
	{                                                                                     \
		.name = "--set", .argument = OPTION_TEXT, .placeholder = "KEY=VALUE",         \
		.help = "Give a scalar of the spec another value, as in --set version=1.4.1", \
		.repeated = true,                                                             \
	}
#define OPTION_FOR_DEPFILE                                                                     \
	{                                                                                      \
		.name = "--depfile", .argument = OPTION_FILE, .placeholder = "FILE",           \
		.help = "Write a make rule that names every file and directory that was read", \
	}
#define OPTION_FOR_JOBS                                                          \
	{                                                                        \
		.name = "--jobs", .argument = OPTION_NUMBER, .placeholder = "N", \
		.help = "Work with N threads; all processors by default",        \
	}

struct command {
	const char *name;
	const char *summary;     /* one line, no final dot */
	const char *description; /* paragraphs, separated by "\n\n"; --help wraps them */
	const struct option_spec *options;
	size_t options_len;
	int (*run)(struct invocation *invocation);
	/* What follows the options, one word of the string an operand: "OLD NEW". NULL: nothing.
	 * With '|' in it, as a choice. */
	const char *operands;
	bool hidden; /* not in lists of commands */
};

struct invocation {
	struct arena *arena;
	struct diag *diag;
	struct fs *fs;
	const struct command *command; /* NULL: `beamrel --help` or `beamrel --version` */
	VEC(struct option_value {
		const struct option_spec *option;
		struct str value;
	})
	values;
	VEC(struct str) operands; /* as many as the command wants */
	int verbosity;            /* -1 for -q, 0, 1 for -v */
};

/* The value of the last --name; false (and *value empty) when it was not given. */
bool invocation_text(const struct invocation *invocation, const char *name, struct str *value);
bool invocation_flag(const struct invocation *invocation, const char *name);
/* All values of a repeated option, in order. */
struct fs_names invocation_texts(const struct invocation *invocation, const char *name);
/* 0 when not given. */
size_t invocation_number(const struct invocation *invocation, const char *name);

/* Reads --spec with --set: the options OPTION_FOR_SPEC and OPTION_FOR_SET. False: reported. */
bool invocation_spec(const struct invocation *invocation, struct spec *spec);

/* Fills `invocation` from the words after the program's name. False: wrong usage, reported. */
bool invocation_parse(struct invocation *invocation, int argc, char *const *argv);

/* The options that every command has, and all commands in the order of lists. */
extern const struct option_spec common_options[];
extern const size_t common_options_len;
extern const struct command *const commands[];
extern const size_t commands_len;

/* "beamrel assemble --spec FILE --output DIR [options]" */
void help_synopsis(struct buf *out, const struct command *command);
/* "--lib DIR..." */
void help_option(struct buf *out, const struct option_spec *option);
/* The text of --help; of the program itself when `command` is NULL. */
void help_text(struct buf *out, const struct command *command);

extern const struct command command_generate;
extern const struct command command_assemble, command_pack, command_image, command_context,
	command_boot, command_check, command_diff, command_relup, command_upgrade, command_appup;
