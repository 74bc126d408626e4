/*
 * command/build.h - what assemble, pack and check have in common: from the options to the sealed
 * tree, and what is written beside an artifact.
 */
#pragma once

#include "assemble/assemble.h"
#include "command/command.h"

#define OPTION_FOR_STAMP                                                                          \
	{                                                                                         \
		.name = "--stamp", .argument = OPTION_FILE, .placeholder = "FILE",                \
		.help = "Write an empty file at the end; the rule in the depfile is then for it", \
	}

/* Reads --spec with --set, assembles; SOURCE_DATE_EPOCH wins over the spec's epoch. */
bool build_tree(struct invocation *invocation, struct spec *spec, struct assembly *assembly);

/* SOURCE_DATE_EPOCH, if it is set. False: it is no time, which is reported. */
bool build_epoch(struct diag *diag, int64_t *epoch);

/* --stamp and --depfile, once `output` is there. */
bool build_records(struct invocation *invocation, struct str output);

/* "name 1.0.0: 12 applications, 345 files"; on a terminal, or with -v. */
void build_summary(
	const struct invocation *invocation, const struct assembly *assembly, struct str output);
