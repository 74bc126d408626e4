/*
 * term/number.h - integers of any size and floats, as text. No locale has a say in this.
 */
#pragma once

#include "term/term.h"

struct arena;

enum {
	NUMBER_MAX_BYTES = 4194304 / 8, /* OTP's own limit, from OTP 28 on: 4,194,303 bits */
	NUMBER_MAX_DIGITS = 100000,     /* of one in a text; reading takes the square of it */
};

/* An integer from its little-endian magnitude, which is copied where it is kept. */
struct term number_integer(struct arena *arena, struct str magnitude, bool negative);

/* `digits` of `base` 2 to 36, nothing else. False: more than NUMBER_MAX_DIGITS. */
bool number_parse(struct arena *arena, struct str digits, unsigned base, struct term *term);

struct term number_negate(struct arena *arena, const struct term *number);

/* True for TERM_INTEGER and TERM_BIG: the value modulo 2^(8 * len), two's complement,
 * little-endian. */
void number_bytes(const struct term *number, unsigned char *bytes, size_t len);

/* Any integer, in decimal. */
void number_print(struct buf *out, const struct term *number);

/* A decimal number as "12", "1.5" or "1.5e-7". False: too large for a double. */
bool number_float(struct arena *arena, struct str text, double *value);

/* The nearest double of an integer. False: too large. */
bool number_to_double(struct arena *arena, const struct term *number, double *value);

/* As io_lib writes it: the fewest digits that read back as the same number. */
void number_print_float(struct buf *out, double value, unsigned otp);
