/*
 * term/etf.h - between the files of the external term format.
 */
#pragma once

#include "support/cursor.h"
#include "term/term.h"

enum etf_tag {
	ETF_NEW_FLOAT = 70,
	ETF_BIT_BINARY = 77,
	ETF_COMPRESSED = 80,
	ETF_ATOM_CACHE_REF = 82,
	ETF_NEW_PID = 88,
	ETF_NEW_PORT = 89,
	ETF_NEWER_REFERENCE = 90,
	ETF_SMALL_INTEGER = 97,
	ETF_INTEGER = 98,
	ETF_FLOAT = 99,
	ETF_ATOM = 100, /* Latin-1, as is ETF_SMALL_ATOM */
	ETF_REFERENCE = 101,
	ETF_PORT = 102,
	ETF_PID = 103,
	ETF_SMALL_TUPLE = 104,
	ETF_LARGE_TUPLE = 105,
	ETF_NIL = 106,
	ETF_STRING = 107,
	ETF_LIST = 108,
	ETF_BINARY = 109,
	ETF_SMALL_BIG = 110,
	ETF_LARGE_BIG = 111,
	ETF_NEW_FUN = 112,
	ETF_EXPORT = 113,
	ETF_NEW_REFERENCE = 114,
	ETF_SMALL_ATOM = 115,
	ETF_MAP = 116,
	ETF_FUN = 117,
	ETF_ATOM_UTF8 = 118,
	ETF_SMALL_ATOM_UTF8 = 119,
	ETF_V4_PORT = 120,
	ETF_VERSION = 131,
};

enum { ETF_UTF8_ATOMS_OTP = 26 }; /* from this release on atoms are always written in UTF-8 */

void etf_encode(struct buf *out, const struct term *term, unsigned otp);

struct etf_decoder {
	struct arena *arena;
	struct cursor in;
	unsigned depth;
	const char *where; /* "" or what the offsets count in */
	const char *fault; /* the first one */
};

/* The next term. False: fault. */
bool etf_decode(struct etf_decoder *d, struct term *term);

/* A pid, port, reference or closure, whose tag has just been read. */
bool etf_decode_opaque(struct etf_decoder *d, uint8_t tag, struct term *term);

/* Keeps the first fault; returns false. */
bool etf_fault(struct etf_decoder *d, size_t offset, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* True if all went well so far and `count` things of at least `size` bytes can still follow. */
bool etf_enough(struct etf_decoder *d, size_t count, size_t size);
