#include "pack/owner.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "support/arena.h"
#include "support/buf.h"

enum { MAX_NAMED = 5 };

/* The names in `dir`, unsorted, and no input. */
static bool
list(struct fs *fs, struct str dir, struct fs_names *names)
{
	FS_CLOSE_DIR DIR *handle = opendir(fs_cstr(fs->arena, dir));
	VEC(struct str) found = {0};
	struct dirent *entry;

	if (!handle)
		return false;
	while (errno = 0, (entry = readdir(handle))) {
		struct str name = {entry->d_name, strlen(entry->d_name)};

		if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
			continue;
		name.at = fs_cstr(fs->arena, name);
		vec_push(fs->arena, &found, name);
	}
	*names = (struct fs_names){found.at, found.len};
	return errno == 0;
}

static int
by_bytes(const void *pa, const void *pb)
{
	return str_order(*(const struct str *)pa, *(const struct str *)pb);
}

static bool
in_tree(const struct tree *tree, struct str name)
{
	for (size_t i = 0; i < tree->entries.len; i++)
		if (str_eq(tree->entries.at[i].path, name))
			return true;
	return false;
}

static bool
is_kept(const struct fs_names *keep, struct str name)
{
	for (size_t i = 0; i < keep->len; i++)
		if (str_eq(keep->at[i], name))
			return true;
	return false;
}

/* What stands at the top of the folder and cannot be ours; sorted. */
static struct fs_names
strangers(struct fs *fs, const struct tree *tree, struct str dir, const struct fs_names *names,
	const struct stat *marker, const struct fs_names *keep)
{
	VEC(struct str) found = {0};

	for (size_t i = 0; i < names->len; i++) {
		struct stat st;

		if (in_tree(tree, names->at[i]) || is_kept(keep, names->at[i]))
			continue;
		/* All that one run writes has one time, to the nanosecond. */
		if (fs_lstat(fs, fs_join(fs->arena, dir, names->at[i]), &st) &&
			st.st_mtim.tv_sec == marker->st_mtim.tv_sec && st.st_mtim.tv_nsec == 0)
			continue;
		vec_push(fs->arena, &found, names->at[i]);
	}
	if (found.len)
		qsort(found.at, found.len, sizeof(*found.at), by_bytes);
	return (struct fs_names){found.at, found.len};
}

static enum owner
refuse(struct fs *fs, struct srcpos pos, const struct fs_names *names)
{
	struct buf text = {.arena = fs->arena};

	for (size_t i = 0; i < names->len && i < MAX_NAMED; i++)
		buf_printf(&text, "%s'" STR_FMT "'", i ? ", " : "", STR_ARG(names->at[i]));
	if (names->len > MAX_NAMED)
		buf_printf(&text, " and %zu more", names->len - MAX_NAMED);
	buf_byte(&text, '\0');
	diag_error(fs->diag, pos,
		"holds what beamrel did not put there: %s; "
		"move that away, or choose another output folder",
		text.at);
	return OWNER_OTHERS;
}

/* Is the marker there, as one run of ours has left it? */
static bool
is_marked(struct fs *fs, struct str dir, const struct pack_options *options, struct stat *st)
{
	struct str marker = fs_join(fs->arena, dir, options->marker), text;
	const char *fault;

	return fs_lstat(fs, marker, st) && S_ISREG(st->st_mode) && st->st_mtim.tv_nsec == 0 &&
	       fs_load(fs->arena, marker, &text, &fault) &&
	       str_contains(text, options->marker_text);
}

enum owner
owner_of(struct fs *fs, const struct tree *tree, struct str dir, const struct pack_options *options)
{
	struct srcpos pos = {.file = fs_cstr(fs->arena, dir)};
	struct fs_names names;
	struct stat st;

	if (!fs_lstat(fs, dir, &st))
		return OWNER_NOBODY;
	if (!S_ISDIR(st.st_mode)) {
		diag_error(fs->diag, pos, "is no folder; choose another output folder");
		return OWNER_OTHERS;
	}
	if (!list(fs, dir, &names)) {
		diag_error(fs->diag, pos, "cannot be listed: %s", strerror(errno));
		return OWNER_OTHERS;
	}
	if (names.len == 0)
		return OWNER_NOBODY;
	if (!is_marked(fs, dir, options, &st)) {
		diag_error(fs->diag, pos,
			"is not empty, and was not made by beamrel ('" STR_FMT
			"' is missing, newer or not beamrel's); choose another output folder, "
			"or empty this one",
			STR_ARG(options->marker));
		return OWNER_OTHERS;
	}

	struct fs_names others = strangers(fs, tree, dir, &names, &st, &options->keep);
	return others.len ? refuse(fs, pos, &others) : OWNER_US;
}
