/*
 * term/reserved.h - words that are no atoms unless quoted.
 */
#pragma once

#include "support/str.h"

bool reserved_word(struct str word, unsigned otp);
