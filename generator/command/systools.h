/*
 * command/systools.h - what the commands share that do what systools does, from .rel files and
 * folders of applications.
 */
#pragma once

#include "command/command.h"
#include "otp/release.h"

#define OPTION_FOR_LIB                                                                       \
	{                                                                                    \
		.name = "--lib", .argument = OPTION_DIR, .placeholder = "DIR",               \
		.help = "A folder that holds applications as APP or APP-VSN, each with "     \
			"ebin/; the first one that has an application in the right version " \
			"wins",                                                              \
		.required = true, .repeated = true,                                          \
	}
#define OPTION_FOR_WARNINGS                                                                      \
	{                                                                                        \
		.name = "--warnings-as-errors", .help = "Write nothing when there are warnings", \
	}

struct folders {
	struct search_dir *at;
	size_t len;
};

/* Those of --lib. */
struct folders systools_folders(const struct invocation *invocation, struct srcpos command_line);

/* False: --warnings-as-errors has made an error of what there is. */
bool systools_check_warnings(const struct invocation *invocation, const struct release *release);
