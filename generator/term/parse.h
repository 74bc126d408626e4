/*
 * term/parse.h - between the files of the parser.
 */
#pragma once

#include "term/scan.h"

struct parser {
	struct scanner scan;
	struct token token; /* the one ahead */
	unsigned depth;     /* of brackets around it */
	size_t sized;       /* bits of integers in binaries that are wider than a machine word */
	size_t joined;      /* elements that tails have brought to their lists */
};

/* Reads the next token. */
bool parse_next(struct parser *p);

/* Is the punctuation `mark` ahead? */
bool parse_at(const struct parser *p, const char *mark);

/* Any term; a sign before a number, too. */
bool parse_value(struct parser *p, struct term *term);

/* A term without sign, or anything in parentheses. */
bool parse_primary(struct parser *p, struct term *term);

/* A number or a character after "+" or "-". */
bool parse_signed(struct parser *p, struct term *term);

/* One or more adjacent strings. */
bool parse_strings(struct parser *p, struct token *joined);

/* At "<<". */
bool parse_bits(struct parser *p, struct term *term);

/* Reports what is ahead instead of `wanted`. */
bool parse_unexpected(struct parser *p, const char *wanted);

struct srcpos parse_pos(const struct parser *p, const struct token *token);
