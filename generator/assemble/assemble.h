/*
 * assemble/assemble.h - from the spec to the sealed tree, the only place where OTP's rules,
 * the spec and the tree meet. The tree is that of design section 5.
 */
#pragma once

#include <stdbool.h>

#include "otp/release.h"
#include "spec/spec.h"
#include "support/fs.h"
#include "tree/tree.h"

/* What the launcher makes in the folder it is in, unless RELEASE_TMP says where else. */
#define ASSEMBLE_LAUNCHER_FOLDER "tmp"

/* How releases/VSN/manifest.json begins, and nothing that another tool makes. */
#define ASSEMBLE_MANIFEST_MARK "\"manifest\": 1"

/* One that the launcher fills into a template of configuration. */
struct variable {
	struct str file, name; /* "sys.config.src" */
	bool required;         /* it has no default */
};

/* Whose an application is. */
enum assembly_origin { ASSEMBLY_OTP, ASSEMBLY_ELIXIR, ASSEMBLY_DEPENDENCY, ASSEMBLY_OWN };

struct assembly_application {
	struct str name, folder; /* "lib/shop-1.4.0" */
	enum assembly_origin origin;
};

/* What a command wants to tell or check beside the tree. */
struct assembly {
	struct release release;
	struct tree tree;               /* sealed */
	VEC(struct variable) variables; /* by file, in the order in which they stand there */
	VEC(struct assembly_application) applications; /* in the order of the release */
	int64_t epoch;                                 /* SOURCE_DATE_EPOCH, else the spec's */
};

/* False when anything is wrong; all that could be found is reported. The tree does not depend on
 * the number of threads; 0: as many as there are processors. */
bool assemble(struct fs *fs, const struct spec *spec, size_t threads, struct assembly *assembly);
