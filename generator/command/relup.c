#include "otp/relup.h"

#include "command/systools.h"
#include "support/arena.h"

static const struct srcpos command_line = {.file = "beamrel relup"};

struct bases {
	struct relup_base *at;
	size_t len, cap;
};

static struct bases *
list_of(struct str option, struct bases *up, struct bases *down)
{
	if (str_eq(option, STR("--up-from")))
		return up;
	return str_eq(option, STR("--down-to")) ? down : NULL;
}

static bool
add_base(
	struct invocation *invocation, struct folders folders, struct str file, struct bases *bases)
{
	struct release *release = arena_new(invocation->arena, struct release);
	struct relup_base base = {.release = release, .description = {.kind = TERM_LIST}};
	bool ok = rel_read(invocation->fs, file, folders.at, folders.len, release);

	vec_push(invocation->arena, bases, base);
	return ok;
}

/* Options in their order: --description is about the base before it. */
static bool
take_bases(
	struct invocation *invocation, struct folders folders, struct bases *up, struct bases *down)
{
	struct bases *last = NULL;
	bool ok = true;

	for (size_t i = 0; i < invocation->values.len; i++) {
		const struct option_value *value = &invocation->values.at[i];
		struct str name = {value->option->name, strlen(value->option->name)};
		struct bases *bases = list_of(name, up, down);

		if (bases) {
			ok = add_base(invocation, folders, value->value, bases) && ok;
			last = bases;
		} else if (str_eq(name, STR("--description")) && last) {
			last->at[last->len - 1].description =
				term_string(invocation->arena, value->value);
		} else if (str_eq(name, STR("--description"))) {
			ok = diag_error(invocation->diag, command_line,
				"--description is about the --up-from or --down-to before it, and "
				"there is none");
		}
	}
	return ok;
}

static int
run(struct invocation *invocation)
{
	struct folders folders = systools_folders(invocation, command_line);
	struct relup_options options = {
		.restart_emulator = invocation_flag(invocation, "--restart-emulator")};
	struct bases up = {0}, down = {0};
	struct release top;
	struct term relup;
	struct str rel_file, output, depfile;

	invocation_text(invocation, "--rel", &rel_file);
	invocation_text(invocation, "--output", &output);
	bool ok = rel_read(invocation->fs, rel_file, folders.at, folders.len, &top);
	if (!take_bases(invocation, folders, &up, &down) || !ok ||
		!relup_make(
			invocation->fs, &top, up.at, up.len, down.at, down.len, &options, &relup) ||
		!systools_check_warnings(invocation, &top) ||
		!fs_write(invocation->fs, output,
			term_file_text(invocation->arena, &relup, top.otp), 0644))
		return 1;
	if (invocation_text(invocation, "--depfile", &depfile) &&
		!fs_write_depfile(invocation->fs, depfile, output))
		return 1;
	return 0;
}

static const struct option_spec options[] = {
	{
		.name = "--rel",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The release resource file of the new version, NAME.rel",
		.required = true,
	},
	{
		.name = "--up-from",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The release resource file of a version that becomes the new one",
		.repeated = true,
	},
	{
		.name = "--down-to",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The release resource file of a version that the new one becomes again",
		.repeated = true,
	},
	{
		.name = "--description",
		.argument = OPTION_TEXT,
		.placeholder = "TEXT",
		.help = "Describe the --up-from or --down-to before it; release_handler hands "
			"the text to who installs the release",
		.repeated = true,
	},
	OPTION_FOR_LIB,
	{
		.name = "--output",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The file to write, relup",
		.required = true,
	},
	{
		.name = "--restart-emulator",
		.help = "Restart the emulator at the end of each script",
	},
	OPTION_FOR_WARNINGS,
	OPTION_FOR_DEPFILE,
};

const struct command command_relup = {
	.name = "relup",
	.summary = "Make a relup from .rel and .appup files, as systools:make_relup does",
	.description =
		"Works out how a running release becomes another version of itself, and back, from "
		"the .appup files of the applications that differ, and writes the file relup for "
		"release_handler: the same instructions that systools:make_relup of the OTP makes "
		"to which the new release's ERTS belongs (OTP 23 to 29), without running Erlang. "
		"Where systools leaves the order of modules to chance, they stay in the order of "
		"the .appup.\n\n"
		"Each application, new and old, must be found in exactly the version that its "
		".rel names; APP.appup is looked for beside the new APP.app. A word in brackets at "
		"the end of a message is the name that systools gives to that fault.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
