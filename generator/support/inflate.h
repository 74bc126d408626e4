/*
 * support/inflate.h - deflated bytes back, never more than the caller allows.
 *
 * Memory grows with what really comes out, not with what the input claims, so that a few bytes
 * cannot ask for gigabytes.
 */
#pragma once

#include <stdbool.h>

#include "support/str.h"

struct arena;

enum inflate_format {
	INFLATE_ZLIB, /* RFC 1950 */
	INFLATE_GZIP, /* RFC 1952; members that follow each other give one content */
};

/*
 * Inflates the stream at the start of `in`; *used is its length there. False: *fault says why,
 * one of them being that more than `limit` bytes would come out; *used is how far it got.
 */
bool inflate_bounded(struct arena *arena, struct str in, enum inflate_format format, size_t limit,
	struct str *out, size_t *used, const char **fault);

/*
 * The same for gzip that comes in pieces and goes out in pieces; what follows the last member is
 * a fault. inflate_end() frees it.
 */
struct inflate;

struct inflate *inflate_begin(void);

/*
 * Takes from the front of *in and fills `room`; *got bytes of that are used. It is done with *in
 * when *got is less than `size`. False: *fault says why.
 */
bool inflate_next(struct inflate *inflate, struct str *in, char *room, size_t size, size_t *got,
	const char **fault);

/* True if a member has just ended. */
bool inflate_is_whole(const struct inflate *inflate);

size_t inflate_members(const struct inflate *inflate);

void inflate_end(struct inflate *inflate);

/* True if `bytes` begin as a gzip file does. */
static inline bool
inflate_is_gzip(struct str bytes)
{
	return bytes.len >= 2 && memcmp(bytes.at, "\x1f\x8b", 2) == 0;
}
