/* beamrel image: a release as a container image. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "command/images.h"

static void
summary(const struct invocation *invocation, const struct image_options *options,
	const struct image_result *result)
{
	if (invocation->verbosity < 0 || (invocation->verbosity == 0 && !isatty(STDERR_FILENO)))
		return;
	for (size_t i = 0; i < result->layers.len; i++) {
		const struct image_written *layer = &result->layers.at[i];

		fprintf(stderr, "%10" PRIu64 "  " STR_FMT "%s" STR_FMT "%s\n", layer->size,
			STR_ARG(layer->name), layer->platform.len ? ", " : "",
			STR_ARG(layer->platform), layer->known ? "" : "  (new)");
	}
	fprintf(stderr, STR_FMT " -> " STR_FMT "\n", STR_ARG(result->digest),
		STR_ARG(options->layout));
	if (result->compared)
		fprintf(stderr, "push: %" PRIu64 " bytes of %" PRIu64 " (against " STR_FMT ")\n",
			result->push, result->size,
			STR_ARG(options->against.len ? options->against
						     : STR("what was there before")));
	else
		fprintf(stderr, "push: %" PRIu64 " bytes\n", result->size);
}

static int
run(struct invocation *invocation)
{
	struct images images;
	struct image_options options = {.threads = invocation_number(invocation, "--jobs")};
	struct image_result result;

	invocation_text(invocation, "--output", &options.layout);
	invocation_text(invocation, "--archive", &options.archive);
	invocation_text(invocation, "--digest-file", &options.digest_file);
	invocation_text(invocation, "--against", &options.against);
	if (!images_plan(invocation, &images) ||
		!image_write(invocation->fs, images.plans, images.len, &options, &result) ||
		!build_records(
			invocation, fs_join(invocation->arena, options.layout, STR("index.json"))))
		return 1;
	summary(invocation, &options, &result);
	return 0;
}

static const struct option_spec options[] = {
	OPTION_FOR_SPEC,
	{
		.name = "--output",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "The OCI image layout: a folder that is new, empty or such a layout of beamrel's",
		.required = true,
	},
	{
		.name = "--archive",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "Also write the image as one tar, which docker, podman, skopeo and containerd load",
	},
	{
		.name = "--digest-file",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "Write the image's digest, 'sha256:...', to a file",
	},
	{
		.name = "--against",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "Count the bytes to push against this layout, not the one that DIR held before",
	},
	OPTION_FOR_SET,
	OPTION_FOR_STAMP,
	OPTION_FOR_DEPFILE,
	OPTION_FOR_JOBS,
};

const struct command command_image = {
	.name = "image",
	.summary = "Make a release as a container image",
	.description =
		"Assembles the release, for each platform of the spec's section 'image', and writes "
		"an OCI image layout with a layer for each rate of change: the runtime, OTP, "
		"Elixir, dependencies, your own applications, and what belongs to this release "
		"alone. It needs no container engine, no root and no network, and the bytes depend "
		"on the spec and on what it names alone.\n\n"
		"Layers that are in DIR already are not compressed again, blobs that are no longer "
		"used are removed, and DIR/index.json is written last. A folder that is not empty "
		"and not such a layout of beamrel's is refused.\n\n"
		"With -v, and on a terminal, it says how large the layers are and how many bytes a "
		"push would send to a registry that has the image of before.\n\n"
		"SOURCE_DATE_EPOCH in the environment wins over the spec's epoch.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
