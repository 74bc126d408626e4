#include "command/command.h"

#include <stdio.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/nearest.h"

static const struct srcpos usage = {.file = "beamrel"};

enum { NUMBER_DIGITS = 9 };

/* The words that are still to be read. */
struct words {
	char *const *at, *const *end;
};

static struct str
text(const char *s)
{
	return (struct str){s, s ? strlen(s) : 0};
}

static bool
ends(struct str s, const char *end)
{
	size_t len = strlen(end);

	return s.len > len && memcmp(s.at + s.len - len, end, len) == 0;
}

static bool
starts(struct str s, const char *prefix)
{
	return str_eq(str_head(s, strlen(prefix)), text(prefix));
}

/* Adds ", did you mean 'X'?" as a note. */
static bool
suggest(struct invocation *invocation, const struct nearest *near)
{
	const struct command *command = invocation->command;

	if (near->best.at)
		diag_note(invocation->diag, usage, "did you mean '" STR_FMT "'?",
			STR_ARG(near->best));
	else
		diag_note(invocation->diag, usage, "'beamrel%s%s --help' lists what there is",
			command ? " " : "", command ? command->name : "");
	return false;
}

static const struct option_spec *
find(const struct option_spec *options, size_t len, struct str name, struct nearest *near)
{
	for (size_t i = 0; i < len; i++) {
		if (str_eq(name, text(options[i].name)) || str_eq(name, text(options[i].letter)))
			return &options[i];
		nearest_try(near, text(options[i].name));
	}
	return NULL;
}

/* True when `value` is one of the words of `choices`, "a|b|c". */
static bool
chosen(struct str value, struct str choices, struct nearest *near)
{
	struct str choice;

	while (str_next(&choices, '|', &choice)) {
		if (str_eq(value, choice))
			return true;
		nearest_try(near, choice);
	}
	return false;
}

static bool
check_value(struct invocation *invocation, const struct option_spec *option, struct str value)
{
	struct nearest near = {.word = value};
	bool number = value.len > 0 && value.len <= NUMBER_DIGITS && value.at[0] != '0';

	switch (option->argument) {
	case OPTION_FLAG:
	case OPTION_TEXT:
		return true;
	case OPTION_FILE:
	case OPTION_DIR:
		return value.len > 0 ||
		       diag_error(invocation->diag, usage, "%s wants a %s, not an empty text",
			       option->name, option->placeholder);
	case OPTION_NUMBER:
		for (size_t i = 0; i < value.len; i++)
			number = number && value.at[i] >= '0' && value.at[i] <= '9';
		return number || diag_error(invocation->diag, usage,
					 "%s wants a number from 1 to 999999999, not '" STR_FMT "'",
					 option->name, STR_ARG(value));
	case OPTION_CHOICE:
		if (chosen(value, text(option->placeholder), &near))
			return true;
		diag_error(invocation->diag, usage, "%s is one of %s, not '" STR_FMT "'",
			option->name, option->placeholder, STR_ARG(value));
		return near.best.at ? suggest(invocation, &near) : false;
	}
	return false;
}

static bool
add_value(struct invocation *invocation, const struct option_spec *option, struct str value)
{
	vec_push(invocation->arena, &invocation->values, (struct option_value){option, value});
	return check_value(invocation, option, value);
}

/* `word` begins with '-'. Takes the option's values from `words`. */
static bool
parse_option(struct invocation *invocation, struct str word, struct words *words)
{
	const struct command *command = invocation->command;
	const char *equals = starts(word, "--") ? memchr(word.at, '=', word.len) : NULL;
	struct str name = str_head(word, equals ? (size_t)(equals - word.at) : word.len);
	struct nearest near = {.word = name};
	const struct option_spec *option = NULL;

	if (command)
		option = find(command->options, command->options_len, name, &near);
	if (!option)
		option = find(common_options, common_options_len, name, &near);
	if (!option) {
		diag_error(invocation->diag, usage, "unknown option '" STR_FMT "'", STR_ARG(name));
		return suggest(invocation, &near);
	}
	if (option->argument == OPTION_FLAG && equals)
		return diag_error(invocation->diag, usage, "%s takes no value", option->name);
	if (option->argument == OPTION_FLAG)
		return add_value(invocation, option, (struct str){0});
	if (equals)
		return add_value(invocation, option, text(equals + 1));
	if (words->at == words->end)
		return diag_error(invocation->diag, usage, "%s wants a value: %s", option->name,
			option->placeholder);
	/* More likely forgotten than meant. */
	if (starts(text(*words->at), "--"))
		return diag_error(invocation->diag, usage,
			"%s wants a value: %s, and is followed by '%s'; if that is the value, "
			"write %s=%s",
			option->name, option->placeholder, *words->at, option->name, *words->at);

	bool ok = add_value(invocation, option, text(*words->at++));
	while (option->repeated && !command->operands && words->at < words->end &&
		(*words->at)[0] != '-')
		if (!add_value(invocation, option, text(*words->at++)))
			ok = false;
	return ok;
}

static bool
parse_command(struct invocation *invocation, struct str word)
{
	struct nearest near = {.word = word};

	for (size_t i = 0; i < commands_len && !invocation->command; i++) {
		if (str_eq(word, text(commands[i]->name)))
			invocation->command = commands[i];
		if (!commands[i]->hidden)
			nearest_try(&near, text(commands[i]->name));
	}
	nearest_try(&near, STR("help"));
	if (invocation->command)
		return true;
	diag_error(invocation->diag, usage, "unknown command '" STR_FMT "'", STR_ARG(word));
	return suggest(invocation, &near);
}

/* All that is missing in one message: ", --output DIR". */
static bool
check_missing(struct invocation *invocation)
{
	const struct command *command = invocation->command;
	struct buf missing = {.arena = invocation->arena};
	struct str given;

	for (size_t i = 0; i < command->options_len; i++) {
		const struct option_spec *option = &command->options[i];
		if (!option->required || invocation_text(invocation, option->name, &given))
			continue;
		buf_printf(&missing, "%s%s %s", missing.len ? ", " : "", option->name,
			option->placeholder);
	}
	return missing.len == 0 ||
	       diag_error(invocation->diag, usage, "'beamrel %s' needs " STR_FMT, command->name,
		       STR_ARG(buf_view(&missing)));
}

/* A bare name, where the command wants --spec. */
static void
suggest_spec(struct invocation *invocation, struct str word)
{
	const struct command *command = invocation->command;
	struct nearest near = {0};
	struct str given;

	if (find(command->options, command->options_len, STR("--spec"), &near) &&
		!invocation_text(invocation, "--spec", &given) &&
		(ends(word, ".yaml") || ends(word, ".yml")))
		diag_note(invocation->diag, usage, "did you mean '--spec " STR_FMT "'?",
			STR_ARG(word));
}

static bool
check_operands(struct invocation *invocation)
{
	const struct command *command = invocation->command;
	struct str rest = text(command->operands), wanted;
	size_t count = 0;
	bool ok = true;

	while (str_next(&rest, ' ', &wanted)) {
		size_t i = count++;
		if (i >= invocation->operands.len) {
			ok = diag_error(invocation->diag, usage, "'beamrel %s' needs " STR_FMT,
				command->name, STR_ARG(wanted));
		} else if (memchr(wanted.at, '|', wanted.len)) {
			struct str word = invocation->operands.at[i];
			struct nearest near = {.word = word};
			if (!chosen(word, wanted, &near))
				ok = diag_error(invocation->diag, usage,
					"'" STR_FMT "' is none of " STR_FMT, STR_ARG(word),
					STR_ARG(wanted));
		}
	}
	for (size_t i = count; i < invocation->operands.len; i++) {
		ok = diag_error(invocation->diag, usage, "unexpected '" STR_FMT "'",
			STR_ARG(invocation->operands.at[i]));
		suggest_spec(invocation, invocation->operands.at[i]);
	}
	return ok;
}

/* "help X" is "X --help". */
static void
want_help(struct invocation *invocation)
{
	struct nearest near = {0};
	const struct option_spec *help =
		find(common_options, common_options_len, STR("--help"), &near);

	vec_push(invocation->arena, &invocation->values, (struct option_value){.option = help});
}

static bool
parse_words(struct invocation *invocation, struct words *words)
{
	bool ok = true, options = true;

	while (words->at < words->end) {
		struct str word = text(*words->at++);
		if (options && str_eq(word, STR("--"))) {
			options = false;
		} else if (options && word.len > 1 && word.at[0] == '-') {
			if (!parse_option(invocation, word, words))
				ok = false;
		} else if (!invocation->command && str_eq(word, STR("help"))) {
			want_help(invocation);
		} else if (!invocation->command) {
			/* without the command there is no telling what the rest means */
			if (!parse_command(invocation, word))
				return false;
		} else {
			vec_push(invocation->arena, &invocation->operands, word);
		}
	}
	return ok;
}

bool
invocation_parse(struct invocation *invocation, int argc, char *const *argv)
{
	struct words words = {argv, argv + argc};
	bool ok = parse_words(invocation, &words);

	invocation->verbosity = invocation_flag(invocation, "--quiet")     ? -1
				: invocation_flag(invocation, "--verbose") ? 1
									   : 0;
	if (!ok || invocation_flag(invocation, "--help") ||
		invocation_flag(invocation, "--version"))
		return ok;
	if (!invocation->command) {
		diag_error(invocation->diag, usage, "a command is missing");
		diag_note(invocation->diag, usage, "'beamrel --help' lists them");
		return false;
	}
	if (!check_missing(invocation))
		ok = false;
	if (!check_operands(invocation))
		ok = false;
	if (!ok)
		diag_note(invocation->diag, usage, "see 'beamrel %s --help'",
			invocation->command->name);
	return ok;
}

bool
invocation_text(const struct invocation *invocation, const char *name, struct str *value)
{
	for (size_t i = invocation->values.len; i > 0; i--) {
		const struct option_value *v = &invocation->values.at[i - 1];
		if (strcmp(v->option->name, name) == 0) {
			*value = v->value;
			return true;
		}
	}
	*value = (struct str){0};
	return false;
}

bool
invocation_flag(const struct invocation *invocation, const char *name)
{
	struct str value;

	return invocation_text(invocation, name, &value);
}

struct fs_names
invocation_texts(const struct invocation *invocation, const char *name)
{
	VEC(struct str) found = {0};

	for (size_t i = 0; i < invocation->values.len; i++)
		if (strcmp(invocation->values.at[i].option->name, name) == 0)
			vec_push(invocation->arena, &found, invocation->values.at[i].value);
	return (struct fs_names){found.at, found.len};
}

size_t
invocation_number(const struct invocation *invocation, const char *name)
{
	struct str value;
	size_t number = 0;

	invocation_text(invocation, name, &value);
	for (size_t i = 0; i < value.len; i++)
		number = number * 10 + (size_t)(value.at[i] - '0');
	return number;
}
