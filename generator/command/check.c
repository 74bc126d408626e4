/* beamrel check: everything that can be known before building. */
#include <stdio.h>

#include "command/build.h"
#include "support/arena.h"
#include "support/pool.h"

/* What became of one entry of the tree. */
struct content {
	size_t size;
	const char *fault; /* NULL: none */
};

struct contents {
	const struct tree *tree;
	struct content *at;
};

static void
read_content(void *context, size_t index, struct arena *scratch)
{
	struct contents *contents = context;
	const struct tree_entry *entry = &contents->tree->entries.at[index];
	struct str content;

	if (entry->kind != TREE_FILE)
		return;
	if (tree_content(entry, scratch, &content, &contents->at[index].fault))
		contents->at[index].size = content.len;
	else /* `scratch` does not last */
		contents->at[index].fault = "";
}

/* Reads and transforms what a build would write. */
static bool
check_contents(struct invocation *invocation, const struct tree *tree, size_t *size)
{
	struct contents contents = {
		tree, arena_array(invocation->arena, struct content, tree->entries.len + 1)};
	size_t threads = invocation_number(invocation, "--jobs");
	bool ok = true;

	pool_run(threads ? threads : pool_default_threads(), tree->entries.len, read_content,
		&contents);
	*size = 0;
	for (size_t i = 0; i < tree->entries.len; i++) {
		const struct tree_entry *entry = &tree->entries.at[i];
		struct str content;
		*size += contents.at[i].size;
		if (contents.at[i].fault &&
			!tree_content(entry, invocation->arena, &content, &contents.at[i].fault))
			ok = diag_error(invocation->diag,
				(struct srcpos){.file = fs_cstr(invocation->arena, entry->source)},
				"%s", contents.at[i].fault);
	}
	return ok;
}

static void
print_report(const struct assembly *assembly, size_t size)
{
	const struct release *release = &assembly->release;
	size_t files = 0;

	for (size_t i = 0; i < assembly->tree.entries.len; i++)
		files += assembly->tree.entries.at[i].kind != TREE_DIR;
	printf(STR_FMT " " STR_FMT ", ERTS " STR_FMT " (OTP %u): %zu applications, %zu files, "
		       "%zu bytes\n",
		STR_ARG(release->name), STR_ARG(release->version), STR_ARG(release->erts),
		release->otp, release->applications.len, files, size);
	for (size_t i = 0; i < release->applications.len; i++) {
		const struct release_application *entry = &release->applications.at[i];
		printf("  " STR_FMT " " STR_FMT " " STR_FMT "  " STR_FMT "\n",
			STR_ARG(entry->app->name), STR_ARG(entry->app->version),
			STR_ARG(otp_start_name(entry->start)), STR_ARG(entry->app->dir));
	}
}

/* Those of one file stand together. */
static void
print_variables(const struct assembly *assembly)
{
	for (size_t i = 0; i < assembly->variables.len; i++) {
		const struct variable *variable = &assembly->variables.at[i];
		if (i == 0 || !str_eq(variable->file, assembly->variables.at[i - 1].file))
			printf("%s  variables of " STR_FMT ":", i ? "\n" : "",
				STR_ARG(variable->file));
		printf(" " STR_FMT "%s", STR_ARG(variable->name),
			variable->required ? "" : " (has a default)");
	}
	if (assembly->variables.len)
		printf("\n");
}

static int
run(struct invocation *invocation)
{
	struct spec spec;
	struct assembly assembly;
	size_t size;

	if (!build_tree(invocation, &spec, &assembly) ||
		!check_contents(invocation, &assembly.tree, &size))
		return 1;
	if (invocation->verbosity >= 0) {
		print_report(&assembly, size);
		print_variables(&assembly);
	}
	return 0;
}

static const struct option_spec options[] = {
	OPTION_FOR_SPEC,
	OPTION_FOR_SET,
	OPTION_FOR_JOBS,
};

const struct command command_check = {
	.name = "check",
	.summary = "Say what a release would hold, and what is wrong with it",
	.description =
		"Does everything that 'beamrel assemble' does but for writing: finds the "
		"applications, checks configuration and boot scripts, reads and strips every file. "
		"Prints the applications with their versions, start types and where they were "
		"found, and the variables that the launcher fills into templates (.src).",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
