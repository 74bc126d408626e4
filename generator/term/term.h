/*
 * term/term.h - Erlang terms.
 *
 * A term is a value; its parts live in an arena and are never changed. Text is UTF-8.
 * Where OTP releases differ, functions take `otp`, the release (23, 25, ...) whose rules hold.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/buf.h"
#include "support/diag.h"
#include "support/str.h"
#include "support/vec.h"

/* Brackets within brackets that both readers take, so that no input exhausts the stack. */
enum { TERM_MAX_DEPTH = 1000 };

enum term_kind {
	TERM_ATOM,
	TERM_INTEGER, /* fits int64_t */
	TERM_BIG,     /* does not */
	TERM_FLOAT,
	TERM_BITS, /* binaries and bit strings */
	TERM_TUPLE,
	TERM_LIST,   /* strings too; [] has no items and no tail */
	TERM_MAP,    /* items are key, value, key, value ... in term order, keys unique */
	TERM_FUN,    /* fun m:f/a; items are m, f, a */
	TERM_OPAQUE, /* pids, ports, references, closures: kept as external format */
};

struct term {
	enum term_kind kind;
	unsigned line, column; /* where it began in the text, from 1; 0: not from text */
	union {
		struct str atom;
		int64_t integer;
		struct {
			struct str magnitude; /* little-endian, no leading zero byte */
			bool negative;
		} big;
		double real;
		struct {
			struct str bytes;
			unsigned unused; /* bits not used in the last byte: 0 to 7 */
		} bits;
		struct {
			const struct term *items;
			size_t len;
			const struct term *tail; /* improper lists only, else NULL */
		};
		struct str opaque; /* without the version byte 131 */
	};
};

/* --- making terms --- */

struct term term_atom(struct str name);
struct term term_integer(int64_t value);
struct term term_binary(struct str bytes);
struct term term_string(struct arena *arena, struct str utf8); /* a list of code points */
/* These copy `items`. */
struct term term_tuple(struct arena *arena, const struct term *items, size_t len);
struct term term_list(struct arena *arena, const struct term *items, size_t len);
/* TERM_TUPLE(arena, a, b, c) */
#define TERM_TUPLE(arena, ...)                                  \
	term_tuple((arena), (const struct term[]){__VA_ARGS__}, \
		sizeof((const struct term[]){__VA_ARGS__}) / sizeof(struct term))

/* --- looking at terms --- */

bool term_is_atom(const struct term *term, struct str name);
bool term_is_tuple(const struct term *term, size_t len);
bool term_is_proper_list(const struct term *term);

/* A flat proper list of Unicode scalar values as UTF-8; [] counts. False: anything else. */
bool term_text(struct arena *arena, const struct term *term, struct str *utf8);

/* The standard order of terms, where 1 and 1.0 differ (=:=) and integers come first. <0, 0, >0. */
int term_order(const struct term *a, const struct term *b);
bool term_equal(const struct term *a, const struct term *b);

/* --- text --- */

/*
 * The first term of `text`, up to its dot, as file:consult and file:path_consult read it; what
 * follows is ignored. Encoding: a "coding:" comment in the first two lines, else UTF-8.
 * `file` stands in the diagnostics.
 */
bool term_parse(struct arena *arena, struct str text, const char *file, unsigned otp,
	struct term *term, struct diag *diag);

struct terms {
	const struct term *at;
	size_t len;
};

/* All terms, as file:consult reads them. */
bool term_parse_all(struct arena *arena, struct str text, const char *file, unsigned otp,
	struct terms *terms, struct diag *diag);

/* As io_lib:format("~tp", [Term]) prints, for a line of 80 columns, without a final dot or newline.
 */
void term_print(struct buf *out, const struct term *term, unsigned otp);

/* As io_lib:format("~tw", [Term]): one line, no strings. */
void term_write(struct buf *out, const struct term *term, unsigned otp);

/* --- external term format, erts/doc "External Term Format" --- */

/* As term_to_binary(Term), version byte included. */
void term_encode(struct buf *out, const struct term *term, unsigned otp);

/*
 * As binary_to_term(Bytes), compressed terms included. At most `limit` bytes are inflated.
 * False: *fault says what is wrong, with the byte offset. Trailing bytes are a fault.
 */
bool term_decode(
	struct arena *arena, struct str bytes, size_t limit, struct term *term, const char **fault);
