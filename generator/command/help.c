#include "command/command.h"

#include "support/buf.h"

enum { WIDTH = 80, COLUMN = 26 };

/* Words of `text` from column `column` on; later lines begin at `indent`. */
static void
wrap(struct buf *out, const char *text, size_t column, size_t indent)
{
	struct str rest = {text, strlen(text)}, word;

	while (str_next(&rest, ' ', &word)) {
		if (column > indent && column + 1 + word.len > WIDTH) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_byte(out, ' ');
			column++;
		}
		buf_str(out, word);
		column += word.len;
	}
	buf_byte(out, '\n');
}

static void
paragraphs(struct buf *out, const char *text)
{
	for (const char *end; (end = strstr(text, "\n\n")); text = end + 2) {
		struct buf one = {.arena = out->arena};
		buf_printf(&one, "%.*s", (int)(end - text), text);
		buf_byte(&one, '\0');
		wrap(out, one.at, 0, 0);
		buf_byte(out, '\n');
	}
	wrap(out, text, 0, 0);
}

/* `left` in the first column, `right` wrapped in the second. */
static void
row(struct buf *out, struct str left, const char *right)
{
	buf_printf(out, "  " STR_FMT, STR_ARG(left));
	if (left.len + 4 > COLUMN)
		buf_printf(out, "\n%*s", COLUMN, "");
	else
		buf_printf(out, "%*s", COLUMN - 2 - (int)left.len, "");
	wrap(out, right, COLUMN, COLUMN);
}

void
help_option(struct buf *out, const struct option_spec *option)
{
	buf_printf(out, "%s", option->name);
	if (option->placeholder)
		buf_printf(out, " %s%s", option->placeholder, option->repeated ? "..." : "");
}

static void
option_row(struct buf *out, const struct option_spec *option)
{
	struct buf left = {.arena = out->arena};

	if (option->letter)
		buf_printf(&left, "%s, ", option->letter);
	help_option(&left, option);
	row(out, buf_view(&left), option->help);
}

void
help_synopsis(struct buf *out, const struct command *command)
{
	bool optional = false;

	if (!command) {
		buf_printf(out, "beamrel COMMAND [options]");
		return;
	}
	buf_printf(out, "beamrel %s", command->name);
	for (size_t i = 0; i < command->options_len; i++) {
		if (command->options[i].required) {
			buf_byte(out, ' ');
			help_option(out, &command->options[i]);
		} else {
			optional = true;
		}
	}
	if (optional)
		buf_printf(out, " [options]");
	if (command->operands)
		buf_printf(out, " %s", command->operands);
}

void
help_text(struct buf *out, const struct command *command)
{
	buf_printf(out, "Usage: ");
	help_synopsis(out, command);
	buf_printf(out, "\n\n");
	if (command) {
		paragraphs(out, command->description);
		buf_printf(out, "\nOptions:\n");
		for (size_t i = 0; i < command->options_len; i++)
			option_row(out, &command->options[i]);
	} else {
		wrap(out,
			"Makes releases of Erlang and Elixir systems: directories and archives, the "
			"same bytes for the same inputs.",
			0, 0);
		buf_printf(out, "\nCommands:\n");
		for (size_t i = 0; i < commands_len; i++)
			if (!commands[i]->hidden)
				row(out, (struct str){commands[i]->name, strlen(commands[i]->name)},
					commands[i]->summary);
	}
	buf_printf(out, "\nOptions of every command:\n");
	for (size_t i = 0; i < common_options_len; i++)
		option_row(out, &common_options[i]);
	buf_printf(out, "\nExit status: 0 done, 1 faulty input, 2 wrong usage, 3 out of memory.\n");
}
