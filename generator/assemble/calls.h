/*
 * assemble/calls.h - who calls what among the modules of a release, read from the import and export
 * tables of its beams.
 */
#pragma once

#include "beam/beam.h"
#include "otp/release.h"
#include "support/fs.h"

/* A module that some application of the release lists. */
struct calls_module {
	struct str name, file;
	const struct application *app;
	bool wanted;                   /* its tables are to be read */
	struct beam_functions imports; /* of what is not OTP's */
	struct beam_functions exports;
	const char *fault; /* NULL: it was read, or need not be */
};

struct calls {
	struct calls_module *at; /* sorted by name */
	size_t len;
	struct arena *arenas; /* hold the tables */
	size_t arenas_len;
};

/*
 * Reads the imports of all modules that are not OTP's, and the exports of what these call. What
 * cannot be read has a fault. Call calls_release() in the end.
 */
void calls_read(struct fs *fs, const struct release *release, size_t threads, struct calls *calls);

void calls_release(struct calls *calls);

/* NULL: no application of the release has it. */
struct calls_module *calls_find(const struct calls *calls, struct str name);

bool calls_exports(const struct calls_module *module, const struct beam_function *function);

/* What `module` exports and `function` may mean: the same name, else a near one, with the arity
 * that differs least. NULL: nothing. */
const struct beam_function *calls_nearest(
	const struct calls_module *module, const struct beam_function *function);
