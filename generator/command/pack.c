/* beamrel pack: a release as one archive. */
#include "pack/pack.h"

#include "command/build.h"

static int
run(struct invocation *invocation)
{
	struct spec spec;
	struct assembly assembly;
	struct str output;

	invocation_text(invocation, "--output", &output);
	if (!build_tree(invocation, &spec, &assembly))
		return 1;

	const struct pack_options options = {
		.epoch = assembly.epoch,
		.threads = invocation_number(invocation, "--jobs"),
	};
	if (!pack_archive(invocation->fs, &assembly.tree, output, &options, NULL) ||
		!build_records(invocation, output))
		return 1;
	build_summary(invocation, &assembly, output);
	return 0;
}

static const struct option_spec options[] = {
	OPTION_FOR_SPEC,
	{
		.name = "--output",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The archive; its end, .tar, .tar.gz or .tar.zst, says which kind",
		.required = true,
	},
	OPTION_FOR_SET,
	OPTION_FOR_STAMP,
	OPTION_FOR_DEPFILE,
	OPTION_FOR_JOBS,
};

const struct command command_pack = {
	.name = "pack",
	.summary = "Make a release as an archive",
	.description =
		"Makes the same files as 'beamrel assemble' and writes them into one archive, "
		"without a folder in between. The bytes depend on the spec and on what it names "
		"alone: not on the machine, the folder, the user or the number of threads.\n\n"
		"The archive holds the release at its root, and release_handler:unpack_release/1 "
		"takes it as an upgrade package.\n\n"
		"SOURCE_DATE_EPOCH in the environment wins over the spec's epoch.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
