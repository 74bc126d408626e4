#include "upgrade/old.h"

#include "support/arena.h"
#include "support/buf.h"
#include "support/inflate.h"
#include "support/path.h"

enum { MOST_FAULTS = 20 };

/* More than any release has, and less than what makes a machine unusable. */
#define MOST_BYTES ((size_t)4 << 30)

static struct srcpos
at(const struct old *old)
{
	return (struct srcpos){.file = old->file};
}

/* --- what is in the archive --- */

/* NULL, or what is wrong with it. */
static const char *
entry_fault(const struct old *old, const struct artifact_entry *entry)
{
	const struct artifact_entry *before = entry > old->artifact.entries.at ? entry - 1 : NULL;
	const char *fault = path_fault(entry->path);

	if (fault)
		return fault;
	if (entry->kind == ARTIFACT_HARDLINK)
		return "is a hard link";
	if (entry->kind == ARTIFACT_SPECIAL)
		return "is a device, pipe or socket";
	if (entry->kind == ARTIFACT_LINK && path_link_leaves(entry->path, entry->link))
		return "is a link that leads out of the release";
	if (before && str_eq(before->path, entry->path) &&
		(before->kind != ARTIFACT_FOLDER || entry->kind != ARTIFACT_FOLDER))
		return "is there twice";
	for (size_t i = 0; i < entry->path.len; i++) {
		if (entry->path.at[i] != '/')
			continue;
		const struct artifact_entry *above =
			artifact_find(&old->artifact, str_head(entry->path, i));
		if (above && above->kind != ARTIFACT_FOLDER)
			return "lies below what is no folder";
	}
	return NULL;
}

static bool
check_entries(struct fs *fs, const struct old *old)
{
	size_t faults = 0;

	for (size_t i = 0; i < old->artifact.entries.len; i++) {
		const struct artifact_entry *entry = &old->artifact.entries.at[i];
		const char *fault;
		if (entry->path.len == 0 && entry->kind == ARTIFACT_FOLDER)
			continue; /* "./" */
		fault = entry_fault(old, entry);
		if (!fault)
			continue;
		if (faults++ == MOST_FAULTS)
			return diag_error(fs->diag, at(old), "there are more such entries");
		diag_error(fs->diag, at(old), "'" STR_FMT "' %s", STR_ARG(entry->path), fault);
	}
	if (faults)
		diag_note(fs->diag, old->from,
			"no tool that makes releases writes such an archive; get the published one "
			"again");
	return faults == 0;
}

/* libarchive does not look at gzip's checksums. */
static bool
inflate(struct fs *fs, const struct old *old, struct str *bytes)
{
	const char *fault = NULL;
	size_t used;

	if (!inflate_is_gzip(*bytes))
		return true;

	struct str packed = *bytes;
	if (inflate_bounded(fs->arena, packed, INFLATE_GZIP, MOST_BYTES, bytes, &used, &fault)) {
		if (used == packed.len)
			return true;
		fault = "something follows the end of the archive";
	}
	diag_error(fs->diag, at(old), "is damaged: %s (at byte %zu)", fault, used);
	diag_note(fs->diag, old->from, "get the published archive again");
	return false;
}

/* An archive ends with two blocks of zeros. */
static bool
check_end(struct fs *fs, const struct old *old, struct str bytes)
{
	enum { END = 1024 };
	bool is_tar = bytes.len >= 263 && memcmp(bytes.at + 257, "ustar", 5) == 0;
	bool ok = !is_tar || bytes.len >= END;

	for (size_t i = 1; is_tar && ok && i <= END; i++)
		ok = bytes.at[bytes.len - i] == '\0';
	if (ok)
		return true;
	diag_error(fs->diag, at(old), "is damaged: it has no end");
	diag_note(fs->diag, old->from, "get the published archive again");
	return false;
}

static bool
wants_archive(struct fs *fs, const struct old *old)
{
	diag_note(fs->diag, old->from,
		"put the published archive of an earlier version there, NAME-VSN.tar.gz, or name the "
		"file where it is");
	return false;
}

static bool
read_archive(struct fs *fs, struct str path, struct old *old)
{
	struct str bytes;

	if (!fs_read(fs, path, old->from, &bytes))
		return wants_archive(fs, old);
	if (!inflate(fs, old, &bytes) || !check_end(fs, old, bytes))
		return false;
	if (!artifact_parse(fs, path, bytes, &old->artifact))
		return wants_archive(fs, old);
	return check_entries(fs, old);
}

const struct artifact_entry *
old_file(const struct old *old, struct str path)
{
	const struct artifact_entry *entry = artifact_find(&old->artifact, path);

	return entry && entry->kind == ARTIFACT_FILE ? entry : NULL;
}

void
old_each(const struct old *old, struct str dir, struct str end, old_visit *visit, void *context)
{
	for (size_t i = 0; i < old->artifact.entries.len; i++) {
		const struct artifact_entry *entry = &old->artifact.entries.at[i];
		struct str name = entry->path;

		if (entry->kind != ARTIFACT_FILE || name.len <= dir.len + 1 + end.len ||
			!path_is_below(name, dir))
			continue;
		name = (struct str){name.at + dir.len + 1, name.len - dir.len - 1};
		if (memchr(name.at, '/', name.len))
			continue;
		if (str_ends(name, end))
			visit(context, str_head(name, name.len - end.len), entry);
	}
}

/* --- the release --- */

static bool
lacks(struct fs *fs, const struct old *old, struct str path, const char *what)
{
	const struct artifact_entry *entry = artifact_find(&old->artifact, path);

	diag_error(fs->diag, at(old), "%s '" STR_FMT "'%s", entry ? "has no file" : "lacks",
		STR_ARG(path), what);
	diag_note(fs->diag, old->from,
		"an upgrade begins at a tarball of 'beamrel pack', 'beamrel upgrade', 'mix release' or "
		"relx, with the runtime and all applications");
	return false;
}

/* "ERTS VSN" */
static bool
read_version(struct fs *fs, const struct old *old, struct str *version)
{
	struct str path = STR("releases/start_erl.data"), rest, erts;
	const struct artifact_entry *entry = old_file(old, path);

	if (!entry)
		return lacks(fs, old, path, ", which says its version: it holds no release");
	rest = entry->bytes;
	while (rest.len > 0 && strchr(" \t\r\n", rest.at[rest.len - 1]))
		rest.len--;
	if (str_next(&rest, ' ', &erts) && erts.len > 0 && rest.at && rest.len > 0) {
		*version = rest;
		return true;
	}
	return diag_error(fs->diag, at(old),
		"'" STR_FMT "' does not hold two words, the versions of ERTS and of the release",
		STR_ARG(path));
}

struct reading {
	struct fs *fs;
	struct old *old;
	VEC(struct str) rels;
};

/* OLD.tar.gz/lib/shop-1.0.0/ebin/shop.app */
static struct str
inside(struct fs *fs, const struct old *old, struct str path)
{
	struct buf name = {.arena = fs->arena};

	buf_printf(&name, "%s/" STR_FMT, old->file, STR_ARG(path));
	return buf_view(&name);
}

static struct application *
find_application(
	void *context, unsigned otp, struct str name, struct str version, struct srcpos pos)
{
	struct reading *reading = context;
	struct fs *fs = reading->fs;
	struct old *old = reading->old;
	struct application *app = arena_new(fs->arena, struct application);
	struct buf path = {.arena = fs->arena};
	struct term term;

	buf_printf(&path, "lib/" STR_FMT "-" STR_FMT "/ebin/" STR_FMT ".app", STR_ARG(name),
		STR_ARG(version), STR_ARG(name));
	const struct artifact_entry *entry = old_file(old, buf_view(&path));
	if (!entry) {
		lacks(fs, old, buf_view(&path), ", which its .rel names");
		return NULL;
	}

	struct str file = inside(fs, old, entry->path);
	if (!term_parse(fs->arena, entry->bytes, fs_cstr(fs->arena, file), otp, &term, fs->diag) ||
		!application_take(fs, &term, file, otp, app))
		return NULL;
	if (str_eq(app->name, name) && str_eq(app->version, version))
		return app;
	diag_error(fs->diag, app->pos, "is '" STR_FMT "' '" STR_FMT "'", STR_ARG(app->name),
		STR_ARG(app->version));
	diag_note(fs->diag, pos, "the .rel says '" STR_FMT "' '" STR_FMT "'", STR_ARG(name),
		STR_ARG(version));
	return NULL;
}

static void
see_rel(void *context, struct str name, const struct artifact_entry *entry)
{
	struct reading *reading = context;

	(void)entry;
	vec_push(reading->fs->arena, &reading->rels, name);
}

/* No releases/VSN/NAME.rel: of another release? */
static bool
wrong_name(struct reading *reading, struct str path, struct str name)
{
	struct fs *fs = reading->fs;

	old_each(reading->old, reading->old->dir, STR(".rel"), see_rel, reading);
	if (reading->rels.len == 0)
		return lacks(fs, reading->old, path, ", which says what is in the release");
	diag_error(fs->diag, at(reading->old), "holds the release '" STR_FMT "', not '" STR_FMT "'",
		STR_ARG(reading->rels.at[0]), STR_ARG(name));
	diag_note(fs->diag, reading->old->from,
		"an upgrade is between versions of one release, of the same name");
	return false;
}

static bool
read_release(struct fs *fs, struct str name, struct old *old)
{
	struct reading reading = {.fs = fs, .old = old};
	struct release *release = &old->release;
	struct buf path = {.arena = fs->arena};
	struct str version = {0};

	if (!read_version(fs, old, &version))
		return false;
	old->dir = fs_join(fs->arena, STR("releases"), version);
	buf_printf(&path, STR_FMT "/" STR_FMT ".rel", STR_ARG(old->dir), STR_ARG(name));
	const struct artifact_entry *entry = old_file(old, buf_view(&path));
	if (!entry)
		return wrong_name(&reading, buf_view(&path), name);

	struct str file = inside(fs, old, entry->path);
	if (!rel_parse(fs, entry->bytes, fs_cstr(fs->arena, file), find_application, &reading,
		    release))
		return false;
	if (str_eq(release->name, name) && str_eq(release->version, version))
		return true;
	diag_error(fs->diag, release->pos, "is the release '" STR_FMT "' '" STR_FMT "'",
		STR_ARG(release->name), STR_ARG(release->version));
	diag_note(fs->diag, old->from,
		"its place in the archive says '" STR_FMT "' '" STR_FMT
		"', and release_handler wants both to agree",
		STR_ARG(name), STR_ARG(version));
	return false;
}

bool
old_read(struct fs *fs, const struct spec_text *from, struct str name, struct old *old)
{
	*old = (struct old){.from = from->pos, .file = fs_cstr(fs->arena, from->text)};
	return read_archive(fs, from->text, old) && read_release(fs, name, old);
}
