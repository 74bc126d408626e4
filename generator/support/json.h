/*
 * support/json.h - JSON out.
 */
#pragma once

#include "support/buf.h"
#include "support/str.h"

/* `text` as a JSON string, with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void json_text(struct buf *out, struct str text);
