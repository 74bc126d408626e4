#include "command/command.h"
#include "command/generate.h"
#include "support/buf.h"

/* Single-quoted for a shell; bytes of `special` get a backslash. */
static void
quoted(struct buf *out, const char *text, const char *special)
{
	buf_byte(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_printf(out, "'\\''");
		else
			buf_printf(out, "%s%c", strchr(special, *text) ? "\\" : "", *text);
	}
	buf_byte(out, '\'');
}

/* "a|b|c" with `sep` instead of '|'. */
static void
choices(struct buf *out, const char *placeholder, char sep)
{
	for (; *placeholder; placeholder++)
		buf_byte(out, (unsigned char)(*placeholder == '|' ? sep : *placeholder));
}

static void
bash_values(struct buf *out, const char *command, const struct option_spec *options, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (options[i].argument == OPTION_FLAG)
			continue;
		buf_printf(out, "\t%s:%s)\n\t\t", command, options[i].name);
		switch (options[i].argument) {
		case OPTION_FLAG:
		case OPTION_TEXT:
		case OPTION_NUMBER:
			buf_printf(out, "COMPREPLY=()\n");
			break;
		case OPTION_FILE:
			buf_printf(out, "compopt -o filenames\n"
					"\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n");
			break;
		case OPTION_DIR:
			buf_printf(out, "compopt -o filenames\n"
					"\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n");
			break;
		case OPTION_CHOICE:
			buf_printf(out, "mapfile -t COMPREPLY < <(compgen -W '");
			choices(out, options[i].placeholder, ' ');
			buf_printf(out, "' -- \"$cur\")\n");
			break;
		}
		buf_printf(out, "\t\treturn\n\t\t;;\n");
	}
}

static void
bash_names(struct buf *out, const struct option_spec *options, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(out, " %s", options[i].name);
}

void
completion_bash(struct buf *out)
{
	buf_printf(out, "# Completion of beamrel for bash, written by `beamrel generate bash`.\n"
			"_beamrel()\n{\n"
			"\tlocal cur=${COMP_WORDS[COMP_CWORD]} command='' words='' word\n"
			"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
			"\t\tcase $word in\n");
	for (size_t i = 0; i < commands_len; i++)
		buf_printf(out, "%s%s", i ? " | " : "\t\t", commands[i]->name);
	buf_printf(out, ")\n\t\t\tcommand=$word\n\t\t\tbreak\n\t\t\t;;\n\t\tesac\n\tdone\n"
			"\tcase $command:${COMP_WORDS[COMP_CWORD-1]} in\n");
	for (size_t i = 0; i < commands_len; i++)
		bash_values(out, commands[i]->name, commands[i]->options, commands[i]->options_len);
	bash_values(out, "*", common_options, common_options_len);
	buf_printf(out, "\tesac\n\tcase $command in\n\t'') words='");
	for (size_t i = 0; i < commands_len; i++)
		if (!commands[i]->hidden)
			buf_printf(out, "%s ", commands[i]->name);
	buf_printf(out, "' ;;\n");
	for (size_t i = 0; i < commands_len; i++) {
		buf_printf(out, "\t%s) words='", commands[i]->name);
		if (commands[i]->operands)
			choices(out, commands[i]->operands, ' ');
		bash_names(out, commands[i]->options, commands[i]->options_len);
		buf_printf(out, "' ;;\n");
	}
	buf_printf(out, "\tesac\n\twords+='");
	bash_names(out, common_options, common_options_len);
	buf_printf(out, "'\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
			"complete -F _beamrel beamrel\n");
}

static const char *
zsh_action(enum option_argument argument)
{
	switch (argument) {
	case OPTION_FILE:
		return "_files";
	case OPTION_DIR:
		return "_files -/";
	case OPTION_FLAG:
	case OPTION_TEXT:
	case OPTION_NUMBER:
	case OPTION_CHOICE:
		break;
	}
	return " ";
}

static void
zsh_options(struct buf *out, const struct option_spec *options, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct option_spec *option = &options[i];
		struct buf spec = {.arena = out->arena};

		buf_printf(&spec, "[%s]", option->help);
		if (option->argument == OPTION_CHOICE) {
			buf_printf(&spec, ":value:(");
			choices(&spec, option->placeholder, ' ');
			buf_byte(&spec, ')');
		} else if (option->placeholder) {
			buf_printf(
				&spec, ":%s:%s", option->placeholder, zsh_action(option->argument));
		}
		buf_byte(&spec, '\0');
		if (option->letter)
			buf_printf(out, "\t\t'(%s %s)'{%s,%s}", option->letter, option->name,
				option->letter, option->name);
		else
			buf_printf(out, "\t\t'%s%s%s'", option->repeated ? "*" : "", option->name,
				option->argument == OPTION_FLAG ? "" : "=");
		quoted(out, spec.at, "");
		buf_byte(out, '\n');
	}
}

void
completion_zsh(struct buf *out)
{
	buf_printf(out, "#compdef beamrel\n"
			"# Completion of beamrel for zsh, written by `beamrel generate zsh`.\n"
			"local curcontext=$curcontext state line\n"
			"local -a commands common options\n"
			"commands=(\n");
	for (size_t i = 0; i < commands_len; i++) {
		struct buf entry = {.arena = out->arena};
		if (commands[i]->hidden)
			continue;
		buf_printf(&entry, "%s:%s", commands[i]->name, commands[i]->summary);
		buf_byte(&entry, '\0');
		buf_byte(out, '\t');
		quoted(out, entry.at, "");
		buf_byte(out, '\n');
	}
	buf_printf(out, ")\ncommon=(\n");
	zsh_options(out, common_options, common_options_len);
	buf_printf(out, ")\n_arguments -C $common '1: :->command' '*:: :->options'\n"
			"case $state in\ncommand)\n\t_describe command commands\n\t;;\n"
			"options)\n\toptions=()\n\tcase $words[1] in\n");
	for (size_t i = 0; i < commands_len; i++) {
		buf_printf(out, "\t%s) options=(\n", commands[i]->name);
		zsh_options(out, commands[i]->options, commands[i]->options_len);
		if (commands[i]->operands) {
			buf_printf(out, "\t\t'*:what:(");
			choices(out, commands[i]->operands, ' ');
			buf_printf(out, ")'\n");
		}
		buf_printf(out, "\t) ;;\n");
	}
	buf_printf(out, "\tesac\n\t_arguments $common $options\n\t;;\nesac\n");
}

static void
fish_options(struct buf *out, const char *command, const struct option_spec *options, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct option_spec *option = &options[i];

		buf_printf(out, "complete -c beamrel");
		if (command)
			buf_printf(out, " -n '__fish_seen_subcommand_from %s'", command);
		if (option->letter)
			buf_printf(out, " -s %s", option->letter + 1);
		buf_printf(out, " -l %s", option->name + 2);
		switch (option->argument) {
		case OPTION_FLAG:
			break;
		case OPTION_TEXT:
		case OPTION_NUMBER:
			buf_printf(out, " -x");
			break;
		case OPTION_FILE:
			buf_printf(out, " -r -F");
			break;
		case OPTION_DIR:
			buf_printf(out, " -x -a '(__fish_complete_directories)'");
			break;
		case OPTION_CHOICE:
			buf_printf(out, " -x -a '");
			choices(out, option->placeholder, ' ');
			buf_byte(out, '\'');
			break;
		}
		buf_printf(out, " -d ");
		quoted(out, option->help, "\\");
		buf_byte(out, '\n');
	}
}

void
completion_fish(struct buf *out)
{
	buf_printf(out, "# Completion of beamrel for fish, written by `beamrel generate fish`.\n"
			"complete -c beamrel -f\n");
	for (size_t i = 0; i < commands_len; i++) {
		if (commands[i]->hidden)
			continue;
		buf_printf(out, "complete -c beamrel -n __fish_use_subcommand -a %s -d ",
			commands[i]->name);
		quoted(out, commands[i]->summary, "\\");
		buf_byte(out, '\n');
	}
	for (size_t i = 0; i < commands_len; i++)
		fish_options(
			out, commands[i]->name, commands[i]->options, commands[i]->options_len);
	fish_options(out, NULL, common_options, common_options_len);
}
