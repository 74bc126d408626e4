/* beamrel assemble: a release as a folder. */
#include "command/build.h"
#include "pack/pack.h"
#include "support/path.h"

/* The manifest in the version's folder of the release that stands in `output`, if there is one. */
static struct str
find_marker(struct invocation *invocation, struct str output)
{
	struct arena *arena = invocation->arena;
	struct str file = fs_join(arena, output, STR("releases/start_erl.data"));
	struct str text, erts, version;
	const char *fault;

	if (!fs_load(arena, file, &text, &fault) || !str_next(&text, ' ', &erts) ||
		!str_next(&text, '\n', &version) || path_fault(version))
		version = STR("VERSION");
	return fs_join(arena, fs_join(arena, STR("releases"), version), STR("manifest.json"));
}

static int
run(struct invocation *invocation)
{
	struct spec spec;
	struct assembly assembly;
	struct str output;

	invocation_text(invocation, "--output", &output);
	if (!build_tree(invocation, &spec, &assembly))
		return 1;

	struct str kept = STR(ASSEMBLE_LAUNCHER_FOLDER);
	const struct pack_options options = {
		.epoch = assembly.epoch,
		.threads = invocation_number(invocation, "--jobs"),
		.link = invocation_flag(invocation, "--link"),
		.marker = find_marker(invocation, output),
		.marker_text = STR(ASSEMBLE_MANIFEST_MARK),
		.keep = {&kept, 1},
	};
	if (!pack_directory(invocation->fs, &assembly.tree, output, &options) ||
		!build_records(invocation, output))
		return 1;
	build_summary(invocation, &assembly, output);
	return 0;
}

static const struct option_spec options[] = {
	OPTION_FOR_SPEC,
	{
		.name = "--output",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "The folder that becomes the release; what else is in it vanishes, but for tmp/",
		.required = true,
	},
	{.name = "--link", .help = "Make hard links to files that are taken as they are"},
	OPTION_FOR_SET,
	OPTION_FOR_STAMP,
	OPTION_FOR_DEPFILE,
	OPTION_FOR_JOBS,
};

const struct command command_assemble = {
	.name = "assemble",
	.summary = "Make a release as a folder",
	.description =
		"Finds the applications of the spec and what they need, checks them as systools "
		"does, and makes DIR hold the release: the applications, the runtime, boot scripts, "
		"configuration and a launcher.\n\n"
		"Files that are right already are not written again, and what does not belong to "
		"the release is removed. A folder that was not made by beamrel and is not empty is "
		"refused. tmp/ at its top, where the launcher keeps cookie, process id and "
		"log, stays as it is. When anything is wrong the folder stays as it was.\n\n"
		"SOURCE_DATE_EPOCH in the environment wins over the spec's epoch.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
