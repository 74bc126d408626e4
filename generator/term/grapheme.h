/*
 * term/grapheme.h - how wide OTP takes a text to be when it breaks lines.
 */
#pragma once

#include "support/str.h"

/* Characters, if all are Latin-1; else grapheme clusters. */
size_t grapheme_width(struct str utf8, unsigned otp);
