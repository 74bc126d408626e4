/*
 * template/template.h - ${name} in launchers, Dockerfiles and vm.args.
 *
 * Only names of the table are replaced; all else, ${RELEASE_ROOT} of a shell script for one, stays
 * as it is. Names of tables are lower case. The bundled templates are compiled in from templates/.
 */
#pragma once

#include "support/str.h"

struct arena;

struct template_value {
	const char *name;
	struct str value;
};

struct str template_expand(
	struct arena *arena, struct str text, const struct template_value *values, size_t len);

/* The bundled template templates/NAME; asserts that there is one. */
struct str template_bundled(const char *name);
