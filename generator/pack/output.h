/*
 * pack/output.h - a file on its way out: written under another name, digested as it goes, there by
 * rename or not at all. The first fault sticks; output_close() tells it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/fs.h"
#include "support/sha256.h"
#include "support/str.h"

struct output {
	int fd; /* -1: not open */
	const char *target;
	bool by_digest; /* the target is a folder, where the file gets its digest as name */
	char *temporary;
	struct sha256 *digest;
	uint64_t size;
	int error; /* errno of the first fault, or 0 */
};

/* False: reported. Else call output_close(). */
bool output_open(struct output *out, struct fs *fs, struct str path);

/* For a file in `dir` that is called by its digest, in hexadecimal. */
bool output_open_in(struct output *out, struct fs *fs, struct str dir);

void output_write(struct output *out, struct str bytes);

/* Puts the file in place if `keep` and there was no fault; else removes what was written. False:
 * a fault, reported; not `keep` is none. `digest` may be NULL. */
bool output_close(struct output *out, struct fs *fs, bool keep, char *digest);
