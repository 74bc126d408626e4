/*
 * otp/version.h - versions of ERTS, OTP and applications, and start types.
 *
 * `otp` in this module is the OTP release whose rules hold: 23, 25, ...
 */
#pragma once

#include <stdbool.h>

#include "support/str.h"

enum { OTP_OLDEST = 23, OTP_NEWEST = 29 };

/* 23 for "11.1.8", 29 for "17.1.1"; 0 when `erts` is not a version that we know how to serve. */
unsigned otp_of_erts(struct str erts);

/*
 * Orders versions as people do: runs of digits are numbers, and what follows a '-' or '~' comes
 * before the version without it ("1.10" after "1.9", "2.0-rc1" before "2.0"). <0, 0, >0; 0 only
 * for equal texts.
 */
int version_order(struct str a, struct str b);

/* In the order of strength: an application is started as its strongest asker, see resolve(). */
enum otp_start { OTP_NONE, OTP_LOAD, OTP_TEMPORARY, OTP_TRANSIENT, OTP_PERMANENT };

struct str otp_start_name(enum otp_start start);
/* False: no start type has this name. */
bool otp_start_parse(struct str name, enum otp_start *start);

/* Does the boot script start it, not only load it or put it on the path? */
static inline bool
otp_start_runs(enum otp_start start)
{
	return start > OTP_LOAD;
}
