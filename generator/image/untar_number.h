/*
 * image/untar_number.h - the ways in which tar archives write numbers. False: it is none of them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/str.h"

/* Octal digits between blanks, or GNU's big-endian number behind a byte 0x80 or 0xff. */
bool untar_number(struct str field, int64_t *value);

/* Decimal digits only. */
bool untar_decimal(struct str text, uint64_t *value);

/* Seconds with a sign and a fraction, which is cut off downwards. */
bool untar_seconds(struct str text, int64_t *value);
