/* For copy_file_range(), which Linux and FreeBSD have. */
#define _GNU_SOURCE
#include "pack/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pack/content.h"
#include "support/arena.h"
#include "support/fs.h"

enum {
	PART = 32 * 1024, /* on the stack, twice */
	MODE_BITS = 07777,
};

static bool
at_epoch(const struct stat *st, int64_t epoch)
{
	return st->st_mtim.tv_sec == epoch && st->st_mtim.tv_nsec == 0;
}

/* --- is it there? --- */

/* Fills `bytes` unless the file ends before. */
static size_t
read_part(int fd, char *bytes, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t got = read(fd, bytes + have, len - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return have;
}

static bool
same_bytes(int fd, struct str bytes)
{
	char part[PART];

	while (bytes.len > 0) {
		struct str want = str_head(bytes, PART);

		if (read_part(fd, part, want.len) != want.len ||
			memcmp(part, want.at, want.len) != 0)
			return false;
		bytes.at += want.len;
		bytes.len -= want.len;
	}
	return read_part(fd, part, 1) == 0;
}

static bool
same_files(int a, int b)
{
	char one[PART], two[PART];
	size_t len;

	do {
		len = read_part(a, one, PART);
		if (read_part(b, two, PART) != len || memcmp(one, two, len) != 0)
			return false;
	} while (len == PART);
	return true;
}

/* Whether the file with `st` may stand for the source, whose inode it shares. */
static bool
is_link(struct arena *arena, const struct stat *st, const struct tree_entry *entry)
{
	struct stat source;

	return !entry->inlined && !entry->transform &&
	       stat(fs_cstr(arena, entry->source), &source) == 0 && source.st_dev == st->st_dev &&
	       source.st_ino == st->st_ino;
}

/* Whether it has the time that make_file() would give it. */
static bool
at_time(struct arena *arena, const struct stat *st, const struct tree_entry *entry,
	const struct place_rules *rules)
{
	struct stat source;

	if (entry->inlined || entry->transform || !rules->source_times)
		return at_epoch(st, rules->epoch);
	return stat(fs_cstr(arena, entry->source), &source) == 0 &&
	       source.st_mtim.tv_sec == st->st_mtim.tv_sec &&
	       source.st_mtim.tv_nsec == st->st_mtim.tv_nsec;
}

static bool
holds_file(struct arena *arena, const char *path, const struct stat *st,
	const struct tree_entry *entry, const struct place_rules *rules)
{
	struct stat source;
	struct str content;
	const char *fault;

	if (!S_ISREG(st->st_mode) || (st->st_mode & MODE_BITS) != entry->mode)
		return false;
	if (rules->link && is_link(arena, st, entry))
		return true;
	/* With a second name it could be changed by that name, as after a run with `link`. */
	if (st->st_nlink != 1 || !at_time(arena, st, entry, rules))
		return false;

	FS_CLOSE_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	if (entry->inlined || entry->transform)
		return tree_content(entry, arena, &content, &fault) &&
		       content.len == (size_t)st->st_size && same_bytes(fd, content);

	FS_CLOSE_FD int from = content_open(arena, entry->source, &source, &fault);
	return from >= 0 && source.st_size == st->st_size && same_files(fd, from);
}

static bool
holds_symlink(struct arena *arena, const char *path, struct str target)
{
	char *there = arena_array(arena, char, target.len + 1);
	ssize_t len = readlink(path, there, target.len + 1);

	return len >= 0 && str_eq((struct str){there, (size_t)len}, target);
}

static bool
holds_folder(const char *path, size_t children)
{
	FS_CLOSE_DIR DIR *handle = opendir(path);
	struct dirent *entry;
	size_t found = 0;

	if (!handle)
		return false;
	while (errno = 0, (entry = readdir(handle)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			found++;
	return errno == 0 && found == children;
}

bool
place_holds(struct arena *arena, const char *path, const struct tree_entry *entry, size_t children,
	const struct place_rules *rules)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return false;
	switch (entry->kind) {
	case TREE_DIR:
		return S_ISDIR(st.st_mode) && (st.st_mode & MODE_BITS) == entry->mode &&
		       (rules->any_time || at_epoch(&st, rules->epoch)) &&
		       holds_folder(path, children);
	case TREE_FILE:
		return holds_file(arena, path, &st, entry, rules);
	case TREE_SYMLINK:
		return S_ISLNK(st.st_mode) && at_epoch(&st, rules->epoch) &&
		       holds_symlink(arena, path, entry->source);
	}
	return false;
}

/* --- putting it there --- */

static enum place_fault
copy_by_hand(struct arena *arena, int from, int to, const char **fault)
{
	char part[PART];
	ssize_t got;

	do {
		got = read(from, part, PART);
		if (got > 0 && !fs_write_all(to, (struct str){part, (size_t)got})) {
			*fault = fs_reason(arena, errno);
			return PLACE_OUTPUT;
		}
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got == 0)
		return PLACE_OK;
	*fault = fs_reason(arena, errno);
	return PLACE_INPUT;
}

/* The kernel copies, or shares the blocks where the file system can. */
static enum place_fault
copy(struct arena *arena, int from, int to, const struct stat *st, const char **fault)
{
#ifdef __linux__
	ssize_t done = 0;
	off_t left = st->st_size;

	while (left > 0 && (done = copy_file_range(from, NULL, to, NULL, (size_t)left, 0)) > 0)
		left -= done;
		/* On a fault, which may be no more than "not here", the rest says what is wrong. */
#else
	(void)st;
#endif
	return copy_by_hand(arena, from, to, fault);
}

static enum place_fault
fill(struct arena *arena, int to, const struct tree_entry *entry, const struct place_rules *rules,
	struct timespec *time, const char **fault)
{
	struct str content;
	struct stat st;

	if (entry->inlined || entry->transform) {
		if (!tree_content(entry, arena, &content, fault))
			return PLACE_INPUT;
		if (fs_write_all(to, content))
			return PLACE_OK;
		*fault = fs_reason(arena, errno);
		return PLACE_OUTPUT;
	}

	FS_CLOSE_FD int from = content_open(arena, entry->source, &st, fault);
	if (from < 0)
		return PLACE_INPUT;
	if (rules->source_times)
		*time = st.st_mtim;
	return copy(arena, from, to, &st, fault);
}

static enum place_fault
make_file(struct arena *arena, const char *path, const struct tree_entry *entry,
	const struct place_rules *rules, const char **fault)
{
	struct timespec times[] = {{.tv_sec = rules->epoch}, {.tv_sec = rules->epoch}};
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		*fault = fs_reason(arena, errno);
		return PLACE_OUTPUT;
	}

	enum place_fault result = fill(arena, fd, entry, rules, &times[1], fault);
	int error = 0;

	times[0] = times[1];
	if (fchmod(fd, entry->mode) != 0 || futimens(fd, times) != 0)
		error = errno;
	if (close(fd) != 0 && !error)
		error = errno;
	if (result == PLACE_OK && error) {
		*fault = fs_reason(arena, error);
		return PLACE_OUTPUT;
	}
	return result;
}

static enum place_fault
make_symlink(struct arena *arena, const char *path, const struct tree_entry *entry,
	const struct place_rules *rules, const char **fault)
{
	struct timespec times[] = {{.tv_sec = rules->epoch}, {.tv_sec = rules->epoch}};

	if (symlink(fs_cstr(arena, entry->source), path) == 0 &&
		utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0)
		return PLACE_OK;
	*fault = fs_reason(arena, errno);
	return PLACE_OUTPUT;
}

/* A second name for the source, if that has the right mode and the same file system. */
static bool
make_link(struct arena *arena, const char *path, const struct tree_entry *entry)
{
	const char *source = fs_cstr(arena, entry->source);
	struct stat st;

	return !entry->inlined && !entry->transform && stat(source, &st) == 0 &&
	       S_ISREG(st.st_mode) && (st.st_mode & MODE_BITS) == entry->mode &&
	       linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

enum place_fault
place_make(struct arena *arena, const char *path, const struct tree_entry *entry,
	const struct place_rules *rules, const char **fault)
{
	if (entry->kind == TREE_SYMLINK)
		return make_symlink(arena, path, entry, rules, fault);
	if (rules->link && make_link(arena, path, entry))
		return PLACE_OK;
	return make_file(arena, path, entry, rules, fault);
}

bool
place_finish_folder(const char *path, unsigned mode, int64_t epoch)
{
	struct timespec times[] = {{.tv_sec = epoch}, {.tv_sec = epoch}};

	return chmod(path, mode) == 0 && utimensat(AT_FDCWD, path, times, 0) == 0;
}
