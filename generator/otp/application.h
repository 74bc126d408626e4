/*
 * otp/application.h - applications as their .app files describe them.
 */
#pragma once

#include <stdbool.h>

#include "otp/names.h"
#include "otp/version.h"
#include "support/diag.h"
#include "support/fs.h"
#include "support/str.h"
#include "term/term.h"

/* An .app file. Lists are in file order. */
struct application {
	struct str name, version;
	struct str dir;              /* the application's folder, as found; ebin/ is in it */
	struct str ebin;             /* where the .app is: dir/ebin */
	struct srcpos pos;           /* of the .app's term */
	bool otp;                    /* found in the OTP root's lib/ */
	struct term description, id; /* strings */
	struct names modules, registered, applications, optional, included;
	struct term env, max_time, max_processes;
	struct term start_phases, mod; /* meaningful if has_... */
	struct term compile_env;       /* mix's list of what was read at compile time, or [] */
	bool has_start_phases, has_mod;
};

/*
 * Reads DIR/ebin/NAME.app. False: reported, each faulty key (systools' bad_param, missing_param,
 * dupl_entry, ...). That the term's name is that of the file is the caller's business.
 */
bool application_read(struct fs *fs, struct str app_file, unsigned otp, struct application *app);

/* Its two steps: the text is a term; the term describes an application. `pos` is who asks. */
bool application_parse(
	struct fs *fs, struct str app_file, unsigned otp, struct srcpos pos, struct term *term);
bool application_take(struct fs *fs, const struct term *term, struct str app_file, unsigned otp,
	struct application *app);

/* Where the i-th of `names` stands in the .app. */
struct srcpos application_pos(const struct application *app, struct names names, size_t i);

/* NAME-VSN, the folder's name in a release. */
struct str application_folder(struct arena *arena, const struct application *app);
