/*
 * otp/release.h - applications and releases as OTP's tools know them.
 *
 * The pipeline: search -> applications -> release (in .rel order) -> boot script, RELEASES.
 * Two makers of a struct release: rel_read() from a .rel, where versions are given and nothing
 * is added (systools), and resolve() from names, where versions are found and dependencies are
 * added (mix release, relx). Rules and their sources: systools_make.erl (sasl).
 *
 * `otp` is the OTP release whose rules hold (23, 25, ...), from otp_of_erts().
 */
#pragma once

#include <stdbool.h>

#include "support/diag.h"
#include "support/fs.h"
#include "support/str.h"
#include "support/vec.h"
#include "term/term.h"

/* 23 for "11.1.8", 29 for "17.1.1"; 0 when `erts` is not a version that we know how to serve. */
unsigned otp_of_erts(struct str erts);

/* The order is that of strength: what needs a permanent application... see resolve(). */
enum otp_start { OTP_NONE, OTP_LOAD, OTP_TEMPORARY, OTP_TRANSIENT, OTP_PERMANENT };
struct str otp_start_name(enum otp_start start);

struct names {
	struct str *at;
	size_t len;
};

/* An .app file. Lists are in file order. */
struct application {
	struct str name, version;
	struct str dir;    /* the application's folder, as found; ebin/ is in it */
	struct str ebin;   /* dir/ebin, or where the .app stood when that is not called ebin */
	struct srcpos pos; /* of the .app */
	bool otp;          /* found in the OTP root's lib/ */
	struct term description, id; /* strings */
	struct names modules, registered, applications, optional, included;
	struct term env, max_time, max_processes;
	struct term start_phases, mod; /* meaningful if has_... */
	bool has_start_phases, has_mod;
};

/* Reads ebin/NAME.app. False: reported (systools' bad_param, missing_param, dupl_entry, ...). */
bool application_read(struct fs *fs, struct str app_file, unsigned otp, struct application *app);

struct release_application {
	struct application *app;
	enum otp_start start;
	struct names included; /* what of app->included counts here */
	bool included_given;   /* the .rel said so: write a tuple with the list */
	bool start_given;      /* the .rel or spec said so: write the start type */
	struct srcpos pos;
};

/* In .rel order, which decides the order of the boot script where dependencies leave it free. */
struct release {
	struct str name, version, erts;
	unsigned otp;
	struct srcpos pos;
	VEC(struct release_application) applications;
};

/* --- finding applications --- */

/* All applications below some folders, read once. Folders are searched in order. */
struct search;

/* `dirs` hold APP or APP-VSN folders, each with ebin/; `otp_root` (may be empty) adds its lib/
 * last. */
struct search *search_new(
	struct fs *fs, unsigned otp, const struct str *dirs, size_t len, struct str otp_root);

/*
 * The application called `name` by its .app. Of several the first folder's, and in one folder the
 * highest version; when `version` is not empty, exactly that one. Two folders entries with the same
 * name and version in one search folder are an error. NULL: reported, with where it was looked for
 * and the nearest name.
 */
struct application *search_find(
	struct search *search, struct str name, struct str version, struct srcpos pos);

/* --- making a release --- */

struct resolve_request {
	struct str name, version; /* of an application; version may be empty */
	enum otp_start start;
	bool start_given;
	struct srcpos pos;
};

/*
 * kernel, stdlib, then what is asked for, in order, then what they need, sorted by name: the order
 * of mix release. Start types go on to dependencies as in mix: the strongest asker wins; included
 * applications become load.
 */
bool resolve(struct fs *fs, struct search *search, const struct resolve_request *requests,
	size_t len, struct release *release);

/* --- files --- */

/* As systools reads it. `dirs` are folders as of --lib; applications are searched in them as
 * systools does. */
bool rel_read(struct fs *fs, struct str rel_file, const struct str *dirs, size_t len,
	struct release *release);

/* {release, {Name, Vsn}, {erts, V}, [...]}, to be printed with term_print(). */
struct term rel_term(struct arena *arena, const struct release *release);

/* The text of RELEASES with this release as the only, permanent one, paths relative
 * (release_handler:create_RELEASES/3). */
struct str releases_text(struct arena *arena, const struct release *release);

/* A term file as systools writes it: coding comment, ~tp, dot, newline. */
struct str term_file_text(struct arena *arena, const struct term *term, unsigned otp);

/* --- the boot script --- */

struct boot_variable {
	struct str name, prefix;
};

struct boot_options {
	bool local; /* absolute paths of where the applications are, as found */
	bool no_dot_erlang;
	bool no_warn_sasl;
	bool src_tests;
	bool release_lib; /* what is not OTP's own is $RELEASE_LIB/APP-VSN/ebin (design section 5)
			   */
	const struct boot_variable *variables;
	size_t variables_len;
	struct str first_path; /* when not empty: comes first in every path with a non-OTP entry
				  (consolidated protocols) */
};

/* Checks as systools:make_script does and makes {script, {Name, Vsn}, Instructions}. */
bool boot_script(struct fs *fs, const struct release *release, const struct boot_options *options,
	struct term *script);

/* The .boot: external format of the script. */
struct str boot_bytes(struct arena *arena, const struct term *script, unsigned otp);
