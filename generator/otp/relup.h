/*
 * otp/relup.h - how a running release becomes another version of itself, and back, as
 * systools:make_relup works it out.
 */
#pragma once

#include "otp/appup.h"
#include "otp/release.h"

struct relup_base {
	const struct release *release;
	struct term description; /* [] unless given */
};

/* The .appup of an application of the new release, into *appup; it holds entries for all bases
 * that matter. False: there is none, or a faulty one; reported at `pos`. */
typedef bool relup_appup(
	void *context, const struct application *app, struct srcpos pos, struct appup *appup);

struct relup_options {
	bool restart_emulator;
	relup_appup *find; /* NULL: APP.appup beside the .app */
	void *context;
};

/*
 * {Vsn, [{From, Description, Script}], [{To, Description, Script}]}. Each message that systools has
 * a word for ends with it, in brackets. Where systools leaves the order of modules to chance, that
 * of the .appup decides, and between applications that of the boot script. False: reported.
 */
bool relup_make(struct fs *fs, const struct release *top, const struct relup_base *up,
	size_t up_len, const struct relup_base *down, size_t down_len,
	const struct relup_options *options, struct term *relup);
