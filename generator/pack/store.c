#include "pack/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "pack/output.h"
#include "pack/remove.h"
#include "support/arena.h"
#include "support/buf.h"

enum {
	HEX_LEN = SHA256_HEX_SIZE - 1,
	READ_SIZE = 256 * 1024,
};

static const struct str leftover = STR_INIT(".blob."); /* of an interrupted run, see output.c */

static int
by_bytes(const void *a, const void *b)
{
	return str_order(*(const struct str *)a, *(const struct str *)b);
}

static bool
begins_with(struct str text, struct str start)
{
	return str_eq(str_head(text, start.len), start);
}

static struct str
in(struct arena *arena, struct str dir, const char *name)
{
	return fs_join(arena, dir, (struct str){name, strlen(name)});
}

/* The names in `dir`. False: errno says why. */
static bool
list(struct arena *arena, struct str dir, struct fs_names *names)
{
	FS_CLOSE_DIR DIR *handle = opendir(fs_cstr(arena, dir));
	VEC(struct str) found = {0};

	*names = (struct fs_names){0};
	if (!handle)
		return false;
	for (const struct dirent *entry; (entry = readdir(handle));) {
		struct str name = {entry->d_name, strlen(entry->d_name)};

		if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
			continue;
		name.at = fs_cstr(arena, name);
		vec_push(arena, &found, name);
	}
	if (found.len)
		qsort(found.at, found.len, sizeof(*found.at), by_bytes);
	*names = (struct fs_names){found.at, found.len};
	return true;
}

struct fs_names
store_list(struct arena *arena, struct str dir)
{
	struct fs_names names;
	size_t len = 0;

	list(arena, in(arena, dir, "blobs/sha256"), &names);
	for (size_t i = 0; i < names.len; i++)
		if (sha256_is_hex(names.at[i]))
			names.at[len++] = names.at[i];
	names.len = len;
	return names;
}

static bool
fault(const struct store *store, const char *what, const char *remedy)
{
	return diag_error(store->fs->diag,
		(struct srcpos){.file = fs_cstr(store->fs->arena, store->dir)}, "%s: %s; %s", what,
		strerror(errno), remedy);
}

static bool
lock(struct store *store)
{
	store->lock =
		open(fs_cstr(store->fs->arena, store->dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->lock < 0)
		return fault(store, "cannot be opened", "choose another output folder");
	if (flock(store->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return true; /* a file system without locks must do without */
	return diag_error(store->fs->diag,
		(struct srcpos){.file = fs_cstr(store->fs->arena, store->dir)},
		"is being written by another run of beamrel; wait for it, or choose another "
		"output folder");
}

/* Behind a link nothing is written, and nothing removed. */
static bool
is_folder(const struct store *store, const char *name)
{
	struct fs *fs = store->fs;
	struct stat st;

	return !fs_lstat(fs, in(fs->arena, store->dir, name), &st) || S_ISDIR(st.st_mode) ||
	       diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, store->dir)},
		       "holds '%s' that is no folder; choose another output folder, or empty this "
		       "one",
		       name);
}

/* A file that fs_write() had not finished when the run was killed. */
static bool
is_half(const struct store *store, struct str name)
{
	const size_t end = strlen(".XXXXXX");
	struct str whole = str_head(name, name.len > end ? name.len - end : 0);

	return name.len > end && name.at[whole.len] == '.' &&
	       (str_eq(whole, store->name) || str_eq(whole, STR("oci-layout")) ||
		       str_eq(whole, STR("index.json")));
}

static void
remove_halves(const struct store *store, const struct fs_names *names)
{
	struct arena *arena = store->fs->arena;

	for (size_t i = 0; i < names->len; i++)
		if (is_half(store, names->at[i]))
			unlink(fs_cstr(arena, fs_join(arena, store->dir, names->at[i])));
}

/* Is the folder empty, or ours? What a killed run left half written is removed. */
static bool
judge(struct store *store, struct str mark)
{
	struct fs *fs = store->fs;
	struct srcpos pos = {.file = fs_cstr(fs->arena, store->dir)};
	struct fs_names names;
	struct stat st;
	struct str text;
	const char *why;
	size_t whole = 0;

	if (!list(fs->arena, store->dir, &names))
		return fault(store, "cannot be listed", "choose another output folder");
	for (size_t i = 0; i < names.len; i++)
		whole += !is_half(store, names.at[i]);
	store->fresh = whole == 0;
	if (store->fresh) {
		remove_halves(store, &names);
		return true;
	}
	if (!fs_lstat(fs, store->marker, &st) || !S_ISREG(st.st_mode) ||
		!fs_load(fs->arena, store->marker, &text, &why) || !begins_with(text, mark))
		return diag_error(fs->diag, pos,
			"is not empty, and is no layout that beamrel made; choose another output "
			"folder, or empty this one");
	if (!is_folder(store, "blobs") || !is_folder(store, "blobs/sha256"))
		return false;
	remove_halves(store, &names);
	return true;
}

bool
store_open(struct store *store, struct fs *fs, struct str dir, struct str marker, struct str mark)
{
	struct stat st;
	bool there;

	*store = (struct store){.fs = fs,
		.dir = dir,
		.blobs = in(fs->arena, dir, "blobs/sha256"),
		.name = marker,
		.marker = fs_join(fs->arena, dir, marker),
		.lock = -1};
	there = fs_stat(fs, dir, &st);
	if (there && !S_ISDIR(st.st_mode))
		return diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, dir)},
			"is no folder; choose another output folder");
	store->made = !there;
	if ((!there && !fs_mkdirs(fs, dir)) || !lock(store) || !judge(store, mark)) {
		fs_close_fd(&store->lock);
		return false;
	}
	store->earlier = store_list(fs->arena, dir);
	if ((!store->fresh || fs_write(fs, store->marker, mark, 0644)) &&
		fs_mkdirs(fs, store->blobs))
		return true;
	store_close(store, false);
	return false;
}

void
store_want(struct store *store, struct str hex)
{
	hex.at = fs_cstr(store->fs->arena, hex);
	vec_push(store->fs->arena, &store->wanted, hex);
}

bool
store_check(struct arena *arena, struct str blobs, struct str hex, uint64_t *size)
{
	/* Not through a link: what it leads to may be something else tomorrow. */
	FS_CLOSE_FD int fd = open(fs_cstr(arena, fs_join(arena, blobs, hex)),
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat st;
	struct sha256 *digest;
	char *bytes, is[SHA256_HEX_SIZE];
	ssize_t got;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	bytes = arena_array(arena, char, READ_SIZE);
	digest = sha256_begin();
	while ((got = read(fd, bytes, READ_SIZE)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			sha256_add(digest, (struct str){bytes, (size_t)got});
	sha256_end(digest, is);
	*size = (uint64_t)st.st_size;
	return got == 0 && str_eq((struct str){is, HEX_LEN}, hex);
}

bool
store_add(struct store *store, struct str bytes, char hex[SHA256_HEX_SIZE])
{
	struct arena scratch = {0};
	struct output out;
	uint64_t size;

	sha256_hex(bytes, hex);
	store_want(store, (struct str){hex, HEX_LEN});

	bool there = store_check(&scratch, store->blobs, (struct str){hex, HEX_LEN}, &size);
	arena_release(&scratch);
	if (there)
		return true;
	if (!output_open_in(&out, store->fs, store->blobs))
		return false;
	output_write(&out, bytes);
	return output_close(&out, store->fs, true, hex);
}

static bool
is_among(const struct str *names, size_t len, struct str name)
{
	for (size_t i = 0; i < len; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

/* Keeps what is among the names. */
static bool
sweep(struct store *store, const struct str *kept, size_t len)
{
	struct arena *arena = store->fs->arena;
	struct fs_names names;
	bool ok = list(arena, store->blobs, &names);

	for (size_t i = 0; i < names.len; i++) {
		struct str name = names.at[i];

		if (sha256_is_hex(name) ? is_among(kept, len, name) : !begins_with(name, leftover))
			continue;
		if (unlink(fs_cstr(arena, fs_join(arena, store->blobs, name))) != 0)
			ok = false;
	}
	return ok;
}

bool
store_close(struct store *store, bool ok)
{
	struct arena *arena = store->fs->arena;
	bool swept = true;

	if (ok) {
		swept = sweep(store, store->wanted.at, store->wanted.len) ||
			fault(store, "blobs that are no longer used cannot be removed",
				"remove the folder, and make the image again");
	} else if (store->fresh) {
		remove_folder(fs_cstr(arena, in(arena, store->dir, "blobs")));
		unlink(fs_cstr(arena, in(arena, store->dir, "oci-layout")));
		unlink(fs_cstr(arena, store->marker));
		if (store->made)
			rmdir(fs_cstr(arena, store->dir));
	} else {
		sweep(store, store->earlier.at, store->earlier.len);
	}
	fs_close_fd(&store->lock);
	return swept;
}
