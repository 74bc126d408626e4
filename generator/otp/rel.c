#include "otp/release.h"

const struct release_application *
release_find(const struct release *release, struct str name)
{
	for (size_t i = 0; i < release->applications.len; i++)
		if (str_eq(release->applications.at[i].app->name, name))
			return &release->applications.at[i];
	return NULL;
}

/* --- reading --- */

struct entry {
	struct str name, version;
	enum otp_start start;
	bool start_given, included_given;
	struct names included;
	struct srcpos pos;
};

struct rel {
	struct fs *fs;
	const char *file;
	VEC(struct entry) entries;
	bool ok;
};

static struct srcpos
term_pos(const struct rel *rel, const struct term *term)
{
	return (struct srcpos){rel->file, term->line, term->column};
}

/* {App, Vsn} | {App, Vsn, Type} | {App, Vsn, [Included]} | {App, Vsn, Type, [Included]} */
static bool
parse_entry(struct rel *rel, const struct term *term, struct entry *entry)
{
	struct arena *arena = rel->fs->arena;
	size_t at = 2;

	*entry = (struct entry){.start = OTP_PERMANENT, .pos = term_pos(rel, term)};
	if (term->kind != TERM_TUPLE || term->len < 2 || term->len > 4 ||
		term->items[0].kind != TERM_ATOM ||
		!term_text(arena, &term->items[1], &entry->version))
		return false;
	entry->name = term->items[0].atom;

	if (at < term->len && term->items[at].kind == TERM_ATOM) {
		if (!otp_start_parse(term->items[at].atom, &entry->start))
			return false;
		entry->start_given = true;
		at++;
	} else if (term->len == 4) {
		return false;
	}
	if (at < term->len) {
		const struct term *list = &term->items[at];
		if (!names_take(arena, list, &entry->included))
			return false;
		entry->included_given = true;
	}
	return true;
}

static void
read_entries(struct rel *rel, const struct term *list)
{
	for (size_t i = 0; i < list->len; i++) {
		struct entry entry;

		if (parse_entry(rel, &list->items[i], &entry))
			vec_push(rel->fs->arena, &rel->entries, entry);
		else
			rel->ok = diag_error(rel->fs->diag, term_pos(rel, &list->items[i]),
				"an application is {Name, \"Vsn\"}, and may have a start type "
				"(permanent, transient, temporary, load, none) and then a list of "
				"included applications [illegal_applications]");
	}
}

static void
check_mandatory(struct rel *rel, const struct term *list)
{
	static const struct str mandatory[] = {STR_INIT("kernel"), STR_INIT("stdlib")};

	for (size_t k = 0; k < 2; k++) {
		const struct entry *entry = NULL;

		for (size_t i = 0; i < rel->entries.len && !entry; i++)
			if (str_eq(rel->entries.at[i].name, mandatory[k]))
				entry = &rel->entries.at[i];
		if (!entry)
			rel->ok = diag_error(rel->fs->diag, term_pos(rel, list),
				"every release needs '" STR_FMT "'; add {" STR_FMT
				", \"Vsn\"} [missing_mandatory_app]",
				STR_ARG(mandatory[k]), STR_ARG(mandatory[k]));
		else if (entry->start != OTP_PERMANENT)
			rel->ok = diag_error(rel->fs->diag, entry->pos,
				"'" STR_FMT "' must have start type 'permanent', not '" STR_FMT
				"' [mandatory_app]",
				STR_ARG(mandatory[k]), STR_ARG(otp_start_name(entry->start)));
	}
}

static void
take_text(struct rel *rel, const struct term *term, const char *what, const char *code,
	struct str *text)
{
	if (!term_text(rel->fs->arena, term, text))
		rel->ok = diag_error(rel->fs->diag, term_pos(rel, term),
			"the %s must be a string [%s]", what, code);
}

/* {release, {Name, Vsn}, {erts, EVsn}, [Entry]} */
static bool
read_head(struct rel *rel, const struct term *term, struct release *release)
{
	if (!term_is_tuple(term, 4) || !term_is_atom(&term->items[0], STR("release")) ||
		!term_is_tuple(&term->items[1], 2) || !term_is_tuple(&term->items[2], 2) ||
		!term_is_atom(&term->items[2].items[0], STR("erts")) ||
		!term_is_proper_list(&term->items[3]))
		return diag_error(rel->fs->diag, term_pos(rel, term),
			"a .rel file holds {release, {\"Name\", \"Vsn\"}, {erts, \"Vsn\"}, "
			"[Application, ...]}, this one does not [badly_formatted_release]");

	const struct term *id = &term->items[1], *erts = &term->items[2].items[1];
	take_text(rel, &id->items[0], "release's name", "illegal_name", &release->name);
	take_text(rel, &id->items[1], "release's version", "illegal_form", &release->version);
	take_text(rel, erts, "version of ERTS", "illegal_form", &release->erts);
	release->pos = term_pos(rel, term);
	release->otp = otp_of_erts(release->erts);
	if (rel->ok && release->otp == 0)
		rel->ok = diag_error(rel->fs->diag, term_pos(rel, erts),
			"ERTS '" STR_FMT "' belongs to no OTP release that is served (%d to %d)",
			STR_ARG(release->erts), OTP_OLDEST, OTP_NEWEST);
	return rel->ok;
}

/* What is included: the first word that the .rel says about the application, else the .app's. */
static bool
choose_included(struct rel *rel, struct release_application *to)
{
	const struct entry *given = NULL;
	bool ok = true;

	for (size_t i = 0; i < rel->entries.len && !given; i++)
		if (str_eq(rel->entries.at[i].name, to->app->name) &&
			rel->entries.at[i].included_given)
			given = &rel->entries.at[i];
	to->included = given ? given->included : to->app->included;
	for (size_t i = 0; given && i < given->included.len; i++) {
		struct str name = given->included.at[i];
		if (names_have(to->app->included, name))
			continue;
		ok = diag_error(rel->fs->diag, term_pos(rel, &given->included.items[i]),
			"'" STR_FMT "' does not include '" STR_FMT
			"' by its .app; remove it here, or add it to included_applications in %s "
			"[override_include]",
			STR_ARG(to->app->name), STR_ARG(name), to->app->pos.file);
	}
	return ok;
}

static void
collect(struct rel *rel, rel_find *find, void *context, struct release *release)
{
	for (size_t i = 0; i < rel->entries.len; i++) {
		const struct entry *entry = &rel->entries.at[i];
		struct release_application to = {
			.app = find(context, release->otp, entry->name, entry->version, entry->pos),
			.start = entry->start,
			.start_given = entry->start_given,
			.included_given = entry->included_given,
			.pos = entry->pos,
		};

		if (to.app && choose_included(rel, &to))
			vec_push(rel->fs->arena, &release->applications, to);
		else
			rel->ok = false;
	}
}

bool
rel_parse(struct fs *fs, struct str text, const char *file, rel_find *find, void *context,
	struct release *release)
{
	struct rel rel = {.fs = fs, .file = file, .ok = true};
	struct term term;

	*release = (struct release){0};
	/* Which rules hold is not known before the file is read; a newer OTP reads more. */
	if (!term_parse(fs->arena, text, file, OTP_NEWEST, &term, fs->diag) ||
		!read_head(&rel, &term, release))
		return false;
	read_entries(&rel, &term.items[3]);
	if (!rel.ok)
		return false;
	check_mandatory(&rel, &term.items[3]);
	collect(&rel, find, context, release);
	return rel.ok;
}

/* Folders, listed once the .rel has said by which OTP's rules. */
struct folders {
	struct fs *fs;
	const struct search_dir *dirs;
	size_t len;
	struct search *search;
	bool tried;
};

static struct application *
find_in_folders(void *context, unsigned otp, struct str name, struct str version, struct srcpos pos)
{
	struct folders *folders = context;

	if (!folders->tried)
		folders->search = search_new(
			folders->fs, otp, folders->dirs, folders->len, (struct search_dir){0});
	folders->tried = true;
	return folders->search ? search_exact(folders->search, name, version, pos) : NULL;
}

bool
rel_read(struct fs *fs, struct str rel_file, const struct search_dir *dirs, size_t len,
	struct release *release)
{
	struct folders folders = {.fs = fs, .dirs = dirs, .len = len};
	const char *file = fs_cstr(fs->arena, rel_file);
	struct str text;

	*release = (struct release){0};
	return fs_read(fs, rel_file, (struct srcpos){file, 0, 0}, &text) &&
	       rel_parse(fs, text, file, find_in_folders, &folders, release);
}

/* --- writing --- */

static struct term
entry_term(struct arena *arena, const struct release_application *entry)
{
	struct term items[4] = {
		term_atom(entry->app->name), term_string(arena, entry->app->version)};
	size_t len = 2;

	if (entry->start_given || entry->start != OTP_PERMANENT)
		items[len++] = term_atom(otp_start_name(entry->start));
	if (entry->included_given)
		items[len++] = names_term(arena, entry->included);
	return term_tuple(arena, items, len);
}

struct term
rel_term(struct arena *arena, const struct release *release)
{
	VEC(struct term) entries = {0};
	struct term id = TERM_TUPLE(
		arena, term_string(arena, release->name), term_string(arena, release->version));
	struct term erts =
		TERM_TUPLE(arena, term_atom(STR("erts")), term_string(arena, release->erts));

	for (size_t i = 0; i < release->applications.len; i++)
		vec_push(arena, &entries, entry_term(arena, &release->applications.at[i]));
	return TERM_TUPLE(arena, term_atom(STR("release")), id, erts,
		term_list(arena, entries.at, entries.len));
}
