/*
 * command/command.h - subcommands and their options, one table for parsing, --help, the man pages
 * and the shell completions.
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

enum option_argument { OPTION_FLAG, OPTION_TEXT, OPTION_FILE, OPTION_DIR, OPTION_NUMBER };

struct option_spec {
	const char *name; /* "--output" */
	enum option_argument argument;
	const char *placeholder; /* "DIR"; NULL for flags */
	const char *help;        /* one sentence, no final dot */
	bool required;
	bool repeated;
};

struct invocation {
	struct arena *arena;
	struct diag *diag;
	struct fs *fs;
	const struct command *command;
	VEC(struct option_value {
		const struct option_spec *option;
		struct str value;
	})
	values;
	int verbosity; /* -1 for -q, 0, 1 for -v */
};

struct command {
	const char *name;
	const char *summary;     /* one line */
	const char *description; /* a paragraph or more for --help and the man page */
	const struct option_spec *options;
	size_t options_len;
	int (*run)(struct invocation *invocation);
};

/* The value of the last --name; false (and *value empty) when it was not given. */
bool invocation_text(const struct invocation *invocation, const char *name, struct str *value);
bool invocation_flag(const struct invocation *invocation, const char *name);
/* All values of a repeated option, in order. */
struct fs_names invocation_texts(const struct invocation *invocation, const char *name);
/* 0 when not given. */
size_t invocation_number(const struct invocation *invocation, const char *name);

extern const struct command command_assemble, command_pack, command_boot, command_check;
