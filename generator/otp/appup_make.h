/*
 * otp/appup_make.h - an .appup made from the modules of two versions of an application, and the
 * check that a hand-written one forgets none.
 */
#pragma once

#include "otp/application.h"
#include "otp/appup.h"

/* A compiled module, stripped or not, plain or gzipped. */
struct appup_module {
	struct str name; /* as its file is called, without .beam */
	struct str bytes;
	const char *file; /* for messages */
};

/* One version of an application, with all of its beams, sorted by name. */
struct appup_version {
	const struct application *app;
	const struct appup_module *modules;
	size_t modules_len;
};

/*
 * One entry up and one down, between exactly these versions, added to `appup`. What no program can
 * know (children that a supervisor gains or loses, a state of another shape) is a warning with what
 * to write by hand. False: reported.
 */
bool appup_make(struct fs *fs, const struct appup_version *old, const struct appup_version *new,
	unsigned otp, struct appup *appup);

/* Every module that differs between the versions is taken care of by the entries that `appup` has
 * for them. False: reported, each one that is not. */
bool appup_check(struct fs *fs, const struct appup *appup, const struct appup_version *old,
	const struct appup_version *new, unsigned otp);
