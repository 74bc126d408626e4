#include "pack/artifact.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "support/arena.h"
#include "support/buf.h"

enum {
	READ_SIZE = 64 * 1024,
	DEEPEST = 64, /* folders on disk */
};

/* More than any release has, and less than what makes a machine unusable. */
#define MOST_BYTES (UINT64_C(4) << 30)

static struct str
copied(struct arena *arena, const char *text)
{
	struct buf copy = {.arena = arena};

	buf_add(&copy, text ? text : "", text ? strlen(text) : 0);
	return buf_view(&copy);
}

/* "./a/b/" is a/b; "./" is empty. */
static struct str
plain_path(struct str path)
{
	while (path.len >= 2 && path.at[0] == '.' && path.at[1] == '/')
		path = (struct str){path.at + 2, path.len - 2};
	while (path.len > 0 && path.at[path.len - 1] == '/')
		path.len--;
	if (str_eq(path, STR(".")))
		path.len = 0;
	return path;
}

static int
entry_order(const void *a, const void *b)
{
	const struct artifact_entry *x = a, *y = b;
	int order = str_order(x->path, y->path);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

void
artifact_sort(struct artifact *artifact)
{
	if (artifact->entries.len)
		qsort(artifact->entries.at, artifact->entries.len, sizeof(*artifact->entries.at),
			entry_order);
}

/* --- folders --- */

static enum artifact_kind
kind_of(mode_t mode)
{
	return S_ISDIR(mode)   ? ARTIFACT_FOLDER
	       : S_ISREG(mode) ? ARTIFACT_FILE
	       : S_ISLNK(mode) ? ARTIFACT_LINK
			       : ARTIFACT_SPECIAL;
}

static bool
read_folder(struct fs *fs, struct artifact *artifact, struct str dir, struct str path, size_t depth)
{
	struct srcpos pos = {.file = fs_cstr(fs->arena, dir)};
	struct fs_names names;
	bool ok = true;

	if (depth > DEEPEST)
		return diag_error(fs->diag, pos, "lies more than %d folders deep", DEEPEST);
	if (!fs_list(fs, dir, pos, &names))
		return false;
	for (size_t i = 0; i < names.len; i++) {
		struct str disk = fs_join(fs->arena, dir, names.at[i]);
		struct artifact_entry entry = {.path = fs_join(fs->arena, path, names.at[i])};
		struct stat st;
		if (!fs_lstat(fs, disk, &st))
			continue; /* gone meanwhile */
		entry.kind = kind_of(st.st_mode);
		entry.mode = st.st_mode & 07777;
		entry.mtime = st.st_mtime;
		pos.file = fs_cstr(fs->arena, disk);
		if (entry.kind == ARTIFACT_FILE && !fs_read(fs, disk, pos, &entry.bytes))
			ok = false;
		if (entry.kind == ARTIFACT_LINK && !fs_readlink(fs, disk, pos, &entry.link))
			ok = false;
		vec_push(fs->arena, &artifact->entries, entry);
		if (entry.kind == ARTIFACT_FOLDER &&
			!read_folder(fs, artifact, disk, entry.path, depth + 1))
			ok = false;
	}
	return ok;
}

/* --- archives --- */

static bool
archive_fault(struct fs *fs, struct str name, struct archive *archive)
{
	const char *why = archive_error_string(archive);

	diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, name)},
		"cannot be read as an archive: %s", why ? why : "it is damaged");
	return false;
}

/* False: *fault, or what libarchive says. */
static bool
read_content(struct arena *arena, struct archive *archive, uint64_t *left, struct str *bytes,
	const char **fault)
{
	struct buf content = {.arena = arena};
	static _Thread_local char piece[READ_SIZE];
	la_ssize_t got;

	while ((got = archive_read_data(archive, piece, READ_SIZE)) > 0) {
		if ((uint64_t)got > *left) {
			*fault = "holds more than 4 GiB";
			return false;
		}
		*left -= (uint64_t)got;
		buf_add(&content, piece, (size_t)got);
	}
	*bytes = buf_view(&content);
	return got == 0;
}

static enum artifact_kind
archived_kind(struct archive_entry *from)
{
	if (archive_entry_hardlink(from))
		return ARTIFACT_HARDLINK;
	return kind_of(archive_entry_filetype(from));
}

static void
take_entry(struct fs *fs, struct archive_entry *from, struct artifact_entry *entry)
{
	entry->path = plain_path(copied(fs->arena, archive_entry_pathname(from)));
	entry->kind = archived_kind(from);
	entry->mode = archive_entry_perm(from) & 07777;
	entry->uid = (uint64_t)archive_entry_uid(from);
	entry->gid = (uint64_t)archive_entry_gid(from);
	entry->mtime = archive_entry_mtime(from);
	if (entry->kind == ARTIFACT_LINK)
		entry->link = copied(fs->arena, archive_entry_symlink(from));
	if (entry->kind == ARTIFACT_HARDLINK)
		entry->link = copied(fs->arena, archive_entry_hardlink(from));
}

static bool
read_entries(struct fs *fs, struct str name, struct archive *archive, struct artifact *artifact)
{
	struct archive_entry *from;
	uint64_t left = MOST_BYTES;
	int status;

	while ((status = archive_read_next_header(archive, &from)) == ARCHIVE_OK ||
		status == ARCHIVE_WARN) {
		struct artifact_entry entry = {.place = artifact->entries.len};
		const char *fault = NULL;
		take_entry(fs, from, &entry);
		if (entry.kind == ARTIFACT_FILE &&
			!read_content(fs->arena, archive, &left, &entry.bytes, &fault))
			return fault ? diag_error(fs->diag,
					       (struct srcpos){.file = fs_cstr(fs->arena, name)},
					       "%s", fault)
				     : archive_fault(fs, name, archive);
		vec_push(fs->arena, &artifact->entries, entry);
	}
	return status == ARCHIVE_EOF || archive_fault(fs, name, archive);
}

bool
artifact_parse(struct fs *fs, struct str name, struct str bytes, struct artifact *artifact)
{
	struct archive *archive = archive_read_new();

	*artifact = (struct artifact){.path = name, .bytes = bytes};
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_tar(archive);
	/* Names are bytes, in every locale. */
	archive_read_set_options(archive, "hdrcharset=BINARY");

	bool ok = archive_read_open_memory(archive, bytes.at, bytes.len) == ARCHIVE_OK
			  ? read_entries(fs, name, archive, artifact)
			  : archive_fault(fs, name, archive);
	archive_read_free(archive);
	artifact_sort(artifact);
	return ok;
}

bool
artifact_read(struct fs *fs, struct str path, struct artifact *artifact)
{
	struct srcpos pos = {.file = fs_cstr(fs->arena, path)};
	struct str bytes;
	struct stat st;

	*artifact = (struct artifact){.path = path, .is_folder = true};
	if (!fs_stat(fs, path, &st))
		return diag_error(fs->diag, pos, "is not there");
	if (!S_ISDIR(st.st_mode)) {
		if (!fs_read(fs, path, pos, &bytes))
			return false;
		if (artifact_parse(fs, path, bytes, artifact))
			return true;
		diag_note(fs->diag, (struct srcpos){0},
			"give a release's folder, a .tar, .tar.gz or .tar.zst, or an image's layout");
		return false;
	}

	bool ok = read_folder(fs, artifact, path, (struct str){0}, 0);
	artifact_sort(artifact);
	return ok;
}

const struct artifact_entry *
artifact_find(const struct artifact *artifact, struct str path)
{
	size_t low = 0, high = artifact->entries.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_order(artifact->entries.at[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < artifact->entries.len && str_eq(artifact->entries.at[low].path, path))
		return &artifact->entries.at[low];
	return NULL;
}
