/*
 * support/json.h - JSON in and out (RFC 8259, with the stricter rules of RFC 7493).
 *
 * In: names once in each object, valid UTF-8 without \u0000 and lone surrogates, no byte order
 * mark, numbers that fit, nothing behind the value. So no two readers see different things in what
 * is accepted here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/buf.h"
#include "support/str.h"

enum { JSON_DEPTH = 64 }; /* of objects and arrays inside each other */

enum json_kind {
	JSON_IS_NULL,
	JSON_IS_BOOLEAN,
	JSON_IS_INTEGER,
	JSON_IS_REAL,
	JSON_IS_STRING,
	JSON_IS_ARRAY,
	JSON_IS_OBJECT
};

struct json {
	enum json_kind kind;
	bool truth;
	int64_t integer;
	double real;
	struct str text;
	const struct json *items;          /* of an array */
	const struct json_member *members; /* of an object, sorted by name */
	size_t len;                        /* of items or members */
};

struct json_member {
	struct str name;
	struct json value;
};

struct json_fault {
	unsigned line, column;
	const char *text;
};

/* One object or array, with its texts in `arena`. False: *fault says where and why. */
bool json_read(struct arena *arena, struct str text, struct json *value, struct json_fault *fault);

/* The member of that name; NULL: there is none, or `value` is no object. */
const struct json *json_get(const struct json *value, struct str name);

/* Compact, members sorted by name: the same for all texts that mean the same. */
void json_write(struct buf *out, const struct json *value);

/* `text`, which is UTF-8, as a JSON string with its quotes. */
void json_text(struct buf *out, struct str text);
