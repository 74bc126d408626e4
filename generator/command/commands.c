#include "command/command.h"

const struct option_spec common_options[] = {
	{.name = "--quiet", .letter = "-q", .help = "Print errors only"},
	{.name = "--verbose", .letter = "-v", .help = "Say what is being done"},
	{.name = "--color",
		.argument = OPTION_CHOICE,
		.placeholder = "auto|always|never",
		.help = "Colour messages; auto, the default: on a terminal, unless NO_COLOR is set"},
	{.name = "--version", .help = "Print the version"},
	{.name = "--help", .letter = "-h", .help = "Print this text"},
};
const size_t common_options_len = sizeof(common_options) / sizeof(common_options[0]);

const struct command *const commands[] = {
	&command_assemble,
	&command_pack,
	&command_image,
	&command_context,
	&command_upgrade,
	&command_check,
	&command_boot,
	&command_appup,
	&command_relup,
	&command_diff,
	&command_generate,
};
const size_t commands_len = sizeof(commands) / sizeof(commands[0]);
