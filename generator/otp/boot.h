/*
 * otp/boot.h - boot scripts, as systools:make_script makes them.
 */
#pragma once

#include <stdbool.h>

#include "support/fs.h"
#include "support/str.h"
#include "term/term.h"

struct release;

struct boot_variable {
	struct str name, prefix;
};

struct boot_options {
	bool local;     /* absolute paths of where the applications are, as found */
	struct str cwd; /* with local: what relative folders are relative to */
	bool no_dot_erlang;
	bool no_warn_sasl;
	bool src_tests;   /* every module has a .beam, and a source that is not newer */
	bool release_lib; /* what is not OTP's own is $RELEASE_LIB/APP-VSN/ebin (design section 5)
			   */
	bool config_provider; /* Elixir's configuration providers run once stdlib is started */
	const struct boot_variable *variables;
	size_t variables_len;
	struct str first_path; /* when not empty: comes first in every path with a non-OTP entry
				  (consolidated protocols) */
};

/*
 * Checks as systools:make_script does and makes {script, {Name, Vsn}, Instructions}. Each message
 * that systools has a word for ends with it, in brackets: [duplicate_modules]. False: reported.
 */
bool boot_script(struct fs *fs, const struct release *release, const struct boot_options *options,
	struct term *script);

/* The .boot: external format of the script. */
struct str boot_bytes(struct arena *arena, const struct term *script, unsigned otp);
