#include "otp/search.h"

#include "otp/filename.h"
#include "support/arena.h"
#include "support/nearest.h"

enum state { UNREAD, READ, UNPARSED, FAULTY };

/* One .app below a search folder. */
struct found {
	struct str name; /* of the file, without ".app" */
	struct str file;
	size_t dir; /* index in search.dirs */
	enum state state;
	struct application *app; /* READ */
	struct diag faults;      /* UNPARSED, FAULTY: what is wrong, and whether it was told */
	bool told;
};

struct search {
	struct fs *fs;
	unsigned otp;
	size_t otp_dir; /* index of the OTP root's lib/; beyond `dirs` when there is none */
	VEC(struct search_dir) dirs;
	VEC(struct found) found; /* in search order: by folder, then by name of entry */
};

/* --- listing --- */

static bool
ends_in_app(struct str name, struct str *stem)
{
	struct str suffix = STR(".app");

	if (name.len <= suffix.len)
		return false;
	*stem = str_head(name, name.len - suffix.len);
	return str_eq((struct str){name.at + stem->len, suffix.len}, suffix);
}

static bool
is_dir(struct fs *fs, struct str path)
{
	struct stat st;

	return fs_stat(fs, path, &st) && S_ISDIR(st.st_mode);
}

static bool
list_ebin(struct search *search, size_t dir, struct str ebin)
{
	struct fs_names names;
	struct str stem;

	if (!fs_list(search->fs, ebin, search->dirs.at[dir].pos, &names))
		return false;
	for (size_t i = 0; i < names.len; i++) {
		if (!ends_in_app(names.at[i], &stem))
			continue;
		struct found found = {.name = stem,
			.file = fs_join(search->fs->arena, ebin, names.at[i]),
			.dir = dir};
		vec_push(search->fs->arena, &search->found, found);
	}
	return true;
}

static bool
list_dir(struct search *search, size_t dir)
{
	struct fs *fs = search->fs;
	struct search_dir *at = &search->dirs.at[dir];
	struct fs_names names;
	bool ok = true;

	if (!fs_list(fs, at->path, at->pos, &names))
		return false;
	for (size_t i = 0; i < names.len; i++) {
		struct str entry = filename_join(fs->arena, at->path, names.at[i]);
		struct str ebin = fs_join(fs->arena, entry, STR("ebin"));

		if (is_dir(fs, ebin)) {
			if (!list_ebin(search, dir, ebin))
				ok = false;
		} else if (is_dir(fs, entry)) {
			fs_input(fs, entry); /* an ebin/ may appear in it */
		}
	}
	return ok;
}

struct search *
search_new(struct fs *fs, unsigned otp, const struct search_dir *dirs, size_t len,
	struct search_dir otp_root)
{
	struct search *search = arena_new(fs->arena, struct search);
	bool ok = true;

	*search = (struct search){.fs = fs, .otp = otp, .otp_dir = len};
	for (size_t i = 0; i < len; i++) {
		struct search_dir dir = {
			filename_join(fs->arena, STR(""), dirs[i].path), dirs[i].pos};
		vec_push(fs->arena, &search->dirs, dir);
	}
	if (otp_root.path.len > 0) {
		struct search_dir dir = {
			filename_join(fs->arena, otp_root.path, STR("lib")), otp_root.pos};
		vec_push(fs->arena, &search->dirs, dir);
	}
	for (size_t i = 0; i < search->dirs.len; i++)
		if (!list_dir(search, i))
			ok = false;
	return ok ? search : NULL;
}

/* --- reading --- */

/* Reads the .app once. Its faults are kept, for who wants it may go on without it. */
static enum state
load(struct search *search, struct found *found)
{
	struct fs *fs = search->fs;
	struct srcpos pos = search->dirs.at[found->dir].pos;
	struct diag *diag = fs->diag;
	struct term term;

	if (found->state != UNREAD)
		return found->state;

	found->faults.arena = fs->arena;
	fs->diag = &found->faults;
	found->app = arena_new(fs->arena, struct application);
	if (!application_parse(fs, found->file, search->otp, pos, &term))
		found->state = UNPARSED;
	else if (!application_take(fs, &term, found->file, search->otp, found->app))
		found->state = FAULTY;
	else
		found->state = READ;
	found->app->otp = found->dir == search->otp_dir;
	fs->diag = diag;
	return found->state;
}

/* Reports what load() found wrong, once. */
static void
tell_faults(struct search *search, struct found *found)
{
	struct diag *diag = search->fs->diag;

	for (size_t i = 0; i < found->faults.messages.len && !found->told; i++) {
		const struct diag_message *message = &found->faults.messages.at[i];

		if (message->level == DIAG_NOTE)
			diag_note(diag, message->pos, "%s", message->text);
		else
			diag_error(diag, message->pos,
				found->state == UNPARSED ? "%s [parse_error]" : "%s",
				message->text);
	}
	found->told = true;
}

static struct application *
faulty(struct search *search, struct found *found)
{
	tell_faults(search, found);
	return NULL;
}

static struct application *
chosen(struct search *search, struct found *found)
{
	struct application *app = found->app;

	if (str_eq(app->name, found->name))
		return app;
	diag_error(search->fs->diag, app->pos,
		"the file is called " STR_FMT ".app, but describes the application '" STR_FMT
		"'; rename the one or the other [bad_application_name]",
		STR_ARG(found->name), STR_ARG(app->name));
	return NULL;
}

static void
note_searched(struct search *search, struct srcpos pos)
{
	struct buf list = {.arena = search->fs->arena};

	for (size_t i = 0; i < search->dirs.len; i++) {
		buf_printf(&list, "%s" STR_FMT "/*/ebin", i ? ", " : "",
			STR_ARG(search->dirs.at[i].path));
	}
	if (search->dirs.len == 0)
		diag_note(search->fs->diag, pos, "no folder to search was given");
	else
		diag_note(
			search->fs->diag, pos, "looked for in " STR_FMT, STR_ARG(buf_view(&list)));
}

static struct application *
report_absent(struct search *search, struct str name, struct srcpos pos)
{
	struct diag *diag = search->fs->diag;
	struct nearest near = {.word = name};

	for (size_t i = 0; i < search->found.len; i++)
		nearest_try(&near, search->found.at[i].name);
	if (near.best.at)
		diag_error(diag, pos,
			"there is no application '" STR_FMT "'; did you mean '" STR_FMT
			"'? [not_found]",
			STR_ARG(name), STR_ARG(near.best));
	else
		diag_error(diag, pos,
			"there is no application '" STR_FMT
			"'; add the folder that holds it to the search path [not_found]",
			STR_ARG(name));
	note_searched(search, pos);
	return NULL;
}

/* All of the right name were looked at. `other` is one with another version. */
static struct application *
report_version(
	struct search *search, const struct found *other, struct str version, struct srcpos pos)
{
	diag_error(search->fs->diag, pos,
		"version " STR_FMT " of '" STR_FMT "' was not found, only " STR_FMT
		"; ask for that one, or add the folder that holds the other [no_valid_version]",
		STR_ARG(version), STR_ARG(other->name), STR_ARG(other->app->version));
	diag_note(search->fs->diag, other->app->pos, "version " STR_FMT " is here",
		STR_ARG(other->app->version));
	return NULL;
}

/* --- the rules of systools --- */

struct application *
search_exact(struct search *search, struct str name, struct str version, struct srcpos pos)
{
	struct found *first_fault = NULL;

	for (size_t i = 0; i < search->found.len; i++) {
		struct found *found = &search->found.at[i];

		if (!str_eq(found->name, name))
			continue;
		enum state state = load(search, found);
		if (state == FAULTY)
			return faulty(search, found);
		if (state == READ && str_eq(found->app->version, version))
			return chosen(search, found);
		if (!first_fault)
			first_fault = found;
	}
	if (!first_fault)
		return report_absent(search, name, pos);
	if (first_fault->state == UNPARSED)
		return faulty(search, first_fault);
	return report_version(search, first_fault, version, pos);
}

/* --- the rules of mix release and relx --- */

/* Debian has APP as a link to APP-VSN beside it. */
static bool
same_file(struct fs *fs, struct str a, struct str b)
{
	struct str real_a, real_b;

	return fs_realpath(fs, a, &real_a) && fs_realpath(fs, b, &real_b) && str_eq(real_a, real_b);
}

/*
 * Is `found` to be preferred over `best`? Both are in one folder or `best` is NULL. OTP keeps
 * what its patches replace, so there the newest is meant. Elsewhere an old build may lie about,
 * or a new one: that is not for us to guess.
 */
static bool
better(struct search *search, const struct found *found, const struct found *best, bool *clash)
{
	if (!best)
		return true;

	int order = version_order(found->app->version, best->app->version);
	bool same = order == 0 && same_file(search->fs, found->file, best->file);
	if (same || (order != 0 && found->dir == search->otp_dir))
		return order > 0;

	*clash = true;
	if (order == 0)
		diag_error(search->fs->diag, found->app->pos,
			"'" STR_FMT "' " STR_FMT " is in the same search folder twice; remove one",
			STR_ARG(found->name), STR_ARG(found->app->version));
	else
		diag_error(search->fs->diag, found->app->pos,
			"'" STR_FMT "' is in this search folder in two versions, " STR_FMT
			" and " STR_FMT "; remove one, or list the application with the "
			"version that is meant",
			STR_ARG(found->name), STR_ARG(best->app->version),
			STR_ARG(found->app->version));
	diag_note(search->fs->diag, best->app->pos, "the other one is here");
	return false;
}

struct application *
search_find(struct search *search, struct str name, struct str version, struct srcpos pos)
{
	struct found *best = NULL, *other = NULL;
	bool clash = false;

	for (size_t i = 0; i < search->found.len; i++) {
		struct found *found = &search->found.at[i];

		if (!str_eq(found->name, name))
			continue;
		if (best && best->dir != found->dir)
			break;
		if (load(search, found) != READ)
			return faulty(search, found);
		if (version.len > 0 && !str_eq(found->app->version, version))
			other = other ? other : found;
		else if (better(search, found, best, &clash))
			best = found;
	}
	if (clash)
		return NULL;
	if (best)
		return chosen(search, best);
	if (other)
		return report_version(search, other, version, pos);
	return report_absent(search, name, pos);
}

bool
search_has(const struct search *search, struct str name)
{
	for (size_t i = 0; i < search->found.len; i++)
		if (str_eq(search->found.at[i].name, name))
			return true;
	return false;
}
