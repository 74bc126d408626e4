/*
 * image/intake.h - the bytes of a hostile blob on their way in: hashed as they are, inflated,
 * hashed again; never more of them than the limits allow, and never anything on disk.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/sha256.h"
#include "support/str.h"

struct arena;

enum intake_coding { INTAKE_PLAIN, INTAKE_GZIP, INTAKE_ZSTD };

enum {
	INTAKE_RATIO = 200,         /* a layer may inflate to so many times its size */
	INTAKE_MEMBERS = 256 * 1024 /* of one gzip stream */
};
#define INTAKE_RATIO_FREE (UINT64_C(64) << 20) /* without a look at the ratio */

/* Where the blob is: in memory, or in the file `fd`, which stays the caller's. */
struct intake_place {
	const char *memory;
	int fd;
	uint64_t offset, size;
};

struct intake;

/* `hashed`: both digests are wanted. At most `most` bytes come out. intake_close() frees it. */
struct intake *intake_open(struct arena *arena, const struct intake_place *place,
	enum intake_coding coding, uint64_t most, bool hashed);

/* The next bytes, which stay valid until the next call; none at the end. False: *fault. */
bool intake_next(struct intake *intake, struct str *bytes, const char **fault);

/* Leaves out the next `size` bytes, of a plain stream that is not hashed, at no cost. */
bool intake_skip(struct intake *intake, uint64_t size, const char **fault);

struct intake_end {
	char raw[SHA256_HEX_SIZE], out[SHA256_HEX_SIZE]; /* out: only if it came to its end */
	uint64_t size;                                   /* of what came out */
};

/* Reads what is left of the blob for its digest, also after a fault. False: it cannot be read. */
bool intake_finish(struct intake *intake, struct intake_end *end, const char **fault);

void intake_close(struct intake *intake);

#define INTAKE_CLOSE __attribute__((cleanup(intake_close_at)))
static inline void
intake_close_at(struct intake **intake)
{
	intake_close(*intake);
}

/* What the first bytes say of a file whose coding nobody names. */
enum intake_coding intake_coding_of(struct str bytes);
