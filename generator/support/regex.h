/*
 * support/regex.h - regular expressions as Erlang's `re` understands them with the option unicode.
 */
#pragma once

#include "support/str.h"

struct arena;

enum regex_answer { REGEX_NO, REGEX_YES, REGEX_FAULTY };

/*
 * Is the first match of `pattern` in `subject`, searched from its start, all of `subject`? Both are
 * UTF-8. Ends soon whatever the pattern is. Faulty: *fault, in `arena`, says what is wrong with the
 * pattern, or that it cannot be matched with reasonable effort.
 */
enum regex_answer regex_is_whole(
	struct arena *arena, struct str pattern, struct str subject, const char **fault);
