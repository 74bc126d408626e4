#include "command/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct srcpos environment = {.file = "SOURCE_DATE_EPOCH"};

/* The most that the eleven octal digits of a tar header hold. */
#define MAX_EPOCH INT64_C(8589934591)

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static bool
read_epoch(struct diag *diag, const char *text, int64_t *epoch)
{
	int64_t value = 0;
	bool good = *text != '\0';

	for (const char *at = text; good && *at; at++) {
		good = *at >= '0' && *at <= '9';
		if (good)
			value = value * 10 + (*at - '0');
		good = good && value <= MAX_EPOCH;
	}
	if (!good) {
		diag_error(diag, environment, "'%s' is not a number from 0 to 8589934591", text);
		diag_note(diag, (struct srcpos){0},
			"give seconds since 1970-01-01 UTC, or unset the variable");
		return false;
	}
	*epoch = value;
	return true;
}

bool
build_epoch(struct diag *diag, int64_t *epoch)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");

	return !text || read_epoch(diag, text, epoch);
}

bool
build_tree(struct invocation *invocation, struct spec *spec, struct assembly *assembly)
{
	bool ok = true;

	if (!invocation_spec(invocation, spec))
		return false;
	if (!assemble(invocation->fs, spec, invocation_number(invocation, "--jobs"), assembly))
		ok = false;
	if (!build_epoch(invocation->diag, &assembly->epoch))
		ok = false;
	return ok;
}

/* The stamp last: it says that all else is there. */
bool
build_records(struct invocation *invocation, struct str output)
{
	struct str stamp, depfile;
	bool stamped = invocation_text(invocation, "--stamp", &stamp);

	if (invocation_text(invocation, "--depfile", &depfile) &&
		!fs_write_depfile(invocation->fs, depfile, stamped ? stamp : output))
		return false;
	return !stamped || fs_write_anew(invocation->fs, stamp, STR(""), 0644);
}

void
build_summary(
	const struct invocation *invocation, const struct assembly *assembly, struct str output)
{
	const struct release *release = &assembly->release;
	size_t files = 0;

	if (invocation->verbosity < 0 || (invocation->verbosity == 0 && !isatty(STDERR_FILENO)))
		return;
	for (size_t i = 0; i < assembly->tree.entries.len; i++)
		files += assembly->tree.entries.at[i].kind != TREE_DIR;
	fprintf(stderr, STR_FMT " " STR_FMT ": %zu applications, %zu files -> " STR_FMT "\n",
		STR_ARG(release->name), STR_ARG(release->version), release->applications.len, files,
		STR_ARG(output));
}
