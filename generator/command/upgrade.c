/* beamrel upgrade: a release as an archive that running systems take. */
#include "upgrade/upgrade.h"

#include <stdio.h>
#include <unistd.h>

#include "command/build.h"
#include "pack/pack.h"

/* --from after those of the spec. */
static void
take_from(struct invocation *invocation, struct spec *spec)
{
	struct fs_names names = invocation_texts(invocation, "--from");

	for (size_t i = 0; i < names.len; i++)
		vec_push(invocation->arena, &spec->upgrade.from,
			(struct spec_text){names.at[i], {.file = "--from"}});
}

/* release_handler unpacks nothing else. */
static bool
check_output(struct invocation *invocation, struct str output)
{
	if (str_ends(output, STR(".tar.gz")))
		return true;
	diag_error(invocation->diag, (struct srcpos){.file = "--output"},
		"'" STR_FMT "' does not end in .tar.gz", STR_ARG(output));
	diag_note(invocation->diag, (struct srcpos){0},
		"release_handler unpacks archives that are compressed by gzip, and no others");
	return false;
}

/* Which applications are upgraded, and by whose word. */
static void
print_choices(const struct invocation *invocation, const struct upgrade_report *report)
{
	if (invocation->verbosity < 0 || (invocation->verbosity == 0 && !isatty(STDERR_FILENO)))
		return;
	for (size_t i = 0; i < report->choices.len; i++) {
		const struct upgrade_choice *choice = &report->choices.at[i];
		fprintf(stderr, "  " STR_FMT " " STR_FMT " -> " STR_FMT ": %s\n",
			STR_ARG(choice->name), STR_ARG(choice->from), STR_ARG(choice->to),
			choice->source ? choice->source : "generated");
	}
}

static int
run(struct invocation *invocation)
{
	struct spec spec;
	struct assembly assembly;
	struct upgrade_report report;
	struct str output;
	size_t threads = invocation_number(invocation, "--jobs");

	invocation_text(invocation, "--output", &output);
	bool ok = check_output(invocation, output);
	if (!build_tree(invocation, &spec, &assembly))
		return 1;
	take_from(invocation, &spec);
	if (!upgrade(invocation->fs, &spec, threads, &assembly, &report) || !ok)
		return 1;

	const struct pack_options options = {.epoch = assembly.epoch, .threads = threads};
	if (!pack_archive(invocation->fs, &assembly.tree, output, &options, NULL) ||
		!build_records(invocation, output))
		return 1;
	build_summary(invocation, &assembly, output);
	print_choices(invocation, &report);
	return 0;
}

static const struct option_spec options[] = {
	OPTION_FOR_SPEC,
	{
		.name = "--from",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "A published tarball of an earlier version, beside those that the spec's "
			"upgrade.from names",
		.repeated = true,
	},
	{
		.name = "--output",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The upgrade package, a .tar.gz",
		.required = true,
	},
	OPTION_FOR_SET,
	OPTION_FOR_STAMP,
	OPTION_FOR_DEPFILE,
	OPTION_FOR_JOBS,
};

const struct command command_upgrade = {
	.name = "upgrade",
	.summary = "Make a release as a package that running systems upgrade to",
	.description =
		"Makes what 'beamrel pack' makes, with what release_handler needs to bring a "
		"running system from each of the named versions to this one and back: "
		"releases/VSN/relup, and an .appup for each application that changed. It can be "
		"installed where nothing runs, too.\n\n"
		"Earlier versions are read from their published tarballs, as 'beamrel pack', "
		"'beamrel upgrade', 'mix release' or relx wrote them; nothing else of them is "
		"needed.\n\n"
		"Instructions for an application come from a hand-written .appup: the one in the "
		"folder upgrade.appups of the spec, else the application's own. One that forgets a "
		"changed module is an error. Without any they are generated from the compiled "
		"modules.\n\n"
		"SOURCE_DATE_EPOCH in the environment wins over the spec's epoch.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
