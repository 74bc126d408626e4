/*
 * otp/release.h - applications and releases as OTP's tools know them.
 *
 * The pipeline: search -> applications -> release (in .rel order) -> boot script, RELEASES.
 * Two makers of a struct release: rel_read() from a .rel, where versions are given and nothing
 * is added (systools), and resolve() from names, where versions are found and dependencies are
 * added (mix release, relx). Rules and their sources: systools_make.erl (sasl).
 */
#pragma once

#include <stdbool.h>

#include "otp/application.h"
#include "otp/boot.h"
#include "otp/search.h"
#include "otp/version.h"
#include "support/diag.h"
#include "support/fs.h"
#include "support/str.h"
#include "support/vec.h"
#include "term/term.h"

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

/* NULL: not in the release. */
const struct release_application *release_find(const struct release *release, struct str name);

/* --- making a release --- */

struct resolve_request {
	struct str name, version; /* of an application; version may be empty */
	enum otp_start start;
	bool start_given;
	struct srcpos pos;
};

/*
 * What is asked for, in order, then what they need, sorted by name: the order of mix release.
 * kernel and stdlib come first unless they are asked for. An application that is not asked for
 * starts as its strongest asker does, as in mix. Included applications become load; what they need
 * starts as they would, for they run as part of their includer. With Elixir in the release all is
 * as mix does it: what an included application needs becomes load too, which is warned of, and iex
 * is added with start type none, after what is asked for, when it can be found. The caller has set
 * name, version, erts, otp and pos of `release`. False: reported, every missing application with
 * who needs it.
 */
bool resolve(struct fs *fs, struct search *search, const struct resolve_request *requests,
	size_t len, struct names unchecked, struct release *release);

/* --- files --- */

/* As systools reads it. `dirs` are folders as of --lib; applications are searched in them as
 * systools does. */
bool rel_read(struct fs *fs, struct str rel_file, const struct search_dir *dirs, size_t len,
	struct release *release);

/* The application `name` of exactly `version`, as `otp` reads it. NULL: reported at `pos`. */
typedef struct application *rel_find(
	void *context, unsigned otp, struct str name, struct str version, struct srcpos pos);

/* The same for the text of a .rel; `find` is called, with `context`, for each application. */
bool rel_parse(struct fs *fs, struct str text, const char *file, rel_find *find, void *context,
	struct release *release);

/* {release, {Name, Vsn}, {erts, V}, [...]}, to be printed with term_print(). */
struct term rel_term(struct arena *arena, const struct release *release);

/* The text of RELEASES with this release as the only, permanent one, paths relative
 * (release_handler:create_RELEASES/3; OTP 23, which has no such thing, takes them too). */
struct str releases_text(struct arena *arena, const struct release *release);

/* The text of start_erl.data: "ERTS VSN" and a newline. */
struct str start_erl_text(struct arena *arena, const struct release *release);

/* A term file as systools writes it: coding comment, ~tp, dot, newline. */
struct str term_file_text(struct arena *arena, const struct term *term, unsigned otp);
