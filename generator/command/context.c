/* beamrel context: what `docker build` makes the same image of. */
#include <stdio.h>
#include <unistd.h>

#include "command/images.h"

static void
summary(const struct invocation *invocation, const struct images *images, struct str output)
{
	size_t layers = 0;

	if (invocation->verbosity < 0 || (invocation->verbosity == 0 && !isatty(STDERR_FILENO)))
		return;
	for (size_t i = 0; i < images->len; i++)
		layers += images->plans[i].layers.len;
	fprintf(stderr, STR_FMT " " STR_FMT ": a Dockerfile and %zu layers -> " STR_FMT "\n",
		STR_ARG(images->plans[0].release->name), STR_ARG(images->plans[0].release->version),
		layers, STR_ARG(output));
}

static int
run(struct invocation *invocation)
{
	struct images images;
	struct str output;

	invocation_text(invocation, "--output", &output);
	if (!images_plan(invocation, &images) ||
		!context_write(invocation->fs, images.plans, images.len, output,
			invocation_number(invocation, "--jobs")) ||
		!build_records(invocation, output))
		return 1;
	summary(invocation, &images, output);
	return 0;
}

static const struct option_spec options[] = {
	OPTION_FOR_SPEC,
	{
		.name = "--output",
		.argument = OPTION_FILE,
		.placeholder = "DIR",
		.help = "The folder for 'docker build'; X.tar is a tar with the same, for 'docker build -'",
		.required = true,
	},
	OPTION_FOR_SET,
	OPTION_FOR_STAMP,
	OPTION_FOR_DEPFILE,
	OPTION_FOR_JOBS,
};

const struct command command_context = {
	.name = "context",
	.summary = "Make a Dockerfile and the layers that it needs",
	.description =
		"Plans the same image as 'beamrel image' and writes what 'docker build', 'buildah "
		"build' or 'podman build' make it of: a Dockerfile, a tar for each layer, which "
		"holds the same bytes, and a .dockerignore. No command runs while it builds, and "
		"nothing is fetched but the base.\n\n"
		"The Dockerfile names the base by the argument BASE, so that another name of it "
		"can be given: 'docker build --build-arg BASE=debian:bookworm DIR'. The spec's "
		"image.dockerfile names a template of yours for it. Several platforms are stages, "
		"of which the builder takes the one that is asked for.\n\n"
		"A folder that was not made by this command and is not empty is refused. When "
		"nothing has changed nothing is written.\n\n"
		"SOURCE_DATE_EPOCH in the environment wins over the spec's epoch.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
