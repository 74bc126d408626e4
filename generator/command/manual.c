#include "command/command.h"
#include "command/generate.h"
#include "support/buf.h"

static const char about[] =
	"beamrel assembles releases of Erlang and Elixir systems: the compiled applications, the "
	"runtime, boot scripts, configuration and a launcher. It starts no Erlang VM, needs no root "
	"and no network, and the same inputs give the same bytes.";

static const char *const exits[][2] = {
	{"0", "Done."},
	{"1", "The input is faulty, or a file could not be read or written. Nothing was changed."},
	{"2", "Wrong usage: an unknown command or option, or something is missing."},
	{"3", "Out of memory."},
};

enum { EXITS = sizeof(exits) / sizeof(exits[0]) };

/* '-' stays what it is, a backslash too; "\n\n" begins a paragraph. */
static void
roff(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\')
			buf_printf(out, "\\e");
		else if (*text == '-')
			buf_printf(out, "\\-");
		else
			buf_byte(out, (unsigned char)*text);
		if (text[0] == '\n' && text[1] == '\n')
			buf_printf(out, ".PP");
	}
}

static void
roff_options(struct buf *out, const struct option_spec *options, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct option_spec *option = &options[i];

		buf_printf(out, ".TP\n");
		if (option->letter)
			buf_printf(out, "\\fB\\%s\\fR, ", option->letter);
		buf_printf(out, "\\fB");
		roff(out, option->name);
		buf_printf(out, "\\fR");
		if (option->placeholder)
			buf_printf(out, " \\fI%s\\fR%s", option->placeholder,
				option->repeated ? "..." : "");
		buf_byte(out, '\n');
		roff(out, option->help);
		buf_printf(out, "%s.\n", option->required ? " (required)" : "");
	}
}

static void
roff_section(struct buf *out, const char *title)
{
	buf_printf(out, ".SH %s\n", title);
}

static void
roff_commands(struct buf *out)
{
	roff_section(out, "COMMANDS");
	for (size_t i = 0; i < commands_len; i++) {
		if (commands[i]->hidden)
			continue;
		buf_printf(out, ".TP\n\\fB%s\\fR\n", commands[i]->name);
		roff(out, commands[i]->summary);
		buf_printf(out, "; see \\fBbeamrel\\-%s\\fR(1).\n", commands[i]->name);
	}
}

void
manual_page(struct buf *out, const struct command *command)
{
	struct buf synopsis = {.arena = out->arena};
	const char *name = command ? command->name : "";

	help_synopsis(&synopsis, command);
	buf_byte(&synopsis, '\0');
	buf_printf(out, ".TH \"beamrel%s%s\" 1 \"\" \"BeamRelease %s\"\n", command ? "\\-" : "",
		name, BEAMREL_VERSION);
	roff_section(out, "NAME");
	buf_printf(out, "beamrel%s%s \\- ", command ? "\\-" : "", name);
	roff(out, command ? command->summary : "make releases of Erlang and Elixir systems");
	buf_byte(out, '\n');
	roff_section(out, "SYNOPSIS");
	roff(out, synopsis.at);
	buf_byte(out, '\n');
	roff_section(out, "DESCRIPTION");
	roff(out, command ? command->description : about);
	buf_byte(out, '\n');
	if (command) {
		roff_section(out, "OPTIONS");
		roff_options(out, command->options, command->options_len);
	} else {
		roff_commands(out);
	}
	roff_section(out, "COMMON OPTIONS");
	roff_options(out, common_options, common_options_len);
	roff_section(out, "EXIT STATUS");
	for (size_t i = 0; i < EXITS; i++)
		buf_printf(out, ".TP\n%s\n%s\n", exits[i][0], exits[i][1]);
	if (command)
		buf_printf(out, ".SH SEE ALSO\n\\fBbeamrel\\fR(1)\n");
}

static void
markdown_options(struct buf *out, const struct option_spec *options, size_t len)
{
	buf_printf(out, "| Option | Meaning |\n|---|---|\n");
	for (size_t i = 0; i < len; i++) {
		struct buf usage = {.arena = out->arena};
		struct str rest, part;

		buf_printf(out, "| ");
		if (options[i].letter)
			buf_printf(out, "`%s`, ", options[i].letter);
		help_option(&usage, &options[i]);
		rest = buf_view(&usage);
		for (const char *sep = "`"; str_next(&rest, '|', &part); sep = "\\|")
			buf_printf(out, "%s" STR_FMT, sep, STR_ARG(part));
		buf_printf(out, "` | %s%s. |\n", options[i].help,
			options[i].required ? " (required)" : "");
	}
}

void
manual_markdown(struct buf *out)
{
	buf_printf(out,
		"# The command line\n\n"
		"<!-- Written by `beamrel generate markdown`; edit the tables in "
		"generator/command/ instead. -->\n\n%s\n\n",
		about);
	for (size_t i = 0; i < commands_len; i++) {
		const struct command *command = commands[i];
		if (command->hidden)
			continue;
		buf_printf(out, "## beamrel %s\n\n%s.\n\n    ", command->name, command->summary);
		help_synopsis(out, command);
		buf_printf(out, "\n\n%s\n\n", command->description);
		markdown_options(out, command->options, command->options_len);
		buf_byte(out, '\n');
	}
	buf_printf(out, "## Options of every command\n\n");
	markdown_options(out, common_options, common_options_len);
	buf_printf(out,
		"\nAn option and its value are two words, or one with `=`: `--output=DIR`. An option "
		"marked `...` may be\ngiven several times, and takes several words: "
		"`--lib deps lib`. `--` ends the options.\n");
	buf_printf(out, "\n## Exit status\n\n| Status | Meaning |\n|---|---|\n");
	for (size_t i = 0; i < EXITS; i++)
		buf_printf(out, "| %s | %s |\n", exits[i][0], exits[i][1]);
	buf_printf(out,
		"\n## Messages\n\nMessages go to stderr, one a line, as "
		"`file:line:column: error: text`, so that editors find the place. A `note` line\n"
		"belongs to the message before it: where the other half of a conflict is, or what to "
		"do. One run reports all\nfaults that it can find.\n");
}
