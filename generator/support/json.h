/*
 * support/json.h - JSON out.
 */
#pragma once

#include "support/buf.h"
#include "support/str.h"

/* `text`, which is UTF-8, as a JSON string with its quotes. */
void json_text(struct buf *out, struct str text);
