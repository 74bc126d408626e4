/*
 * Loaded into a process by LD_PRELOAD: counts the calls by which it changes files below a folder,
 *and at a chosen one ends the process before the call is made, or lets the call fail as on a full
 *disk.
 *
 *	STEP_FOLDER	the folder, as its real path
 *	STEP_CONTROL	a file of 64 bytes, shared by all processes that count: struct control
 *	STEP_GROUP	not empty: the whole process group is killed, not only the process; and each
 *program that is started counts
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
	_Atomic int64_t armed; /* 0: nothing counts */
	_Atomic int64_t count;
	_Atomic int64_t kill_at; /* the process ends before this call; 0: never */
	_Atomic int64_t full_at; /* from this call on the disk is full; 0: never */
	int64_t reserved[4];
};

static struct control *control;
static const char *folder;
static bool group;

__attribute__((constructor)) static void
begin(void)
{
	const char *file = getenv("STEP_CONTROL");
	folder = getenv("STEP_FOLDER");
	const char *whole = getenv("STEP_GROUP");
	group = whole != NULL && *whole != '\0';
	if (file == NULL || folder == NULL)
		return;
	int fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	void *at = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED)
		control = at;
}

/* Is it in the folder? What is given relative to one that is not known is taken for being there. */
static bool
is_inside(int at, const char *path)
{
	char whole[PATH_MAX];
	if (path == NULL)
		return false;
	if (path[0] != '/') {
		char link[64];
		snprintf(link, sizeof(link), at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d",
			at);
		ssize_t length = readlink(link, whole, sizeof(whole) - 1);
		if (length < 0)
			return true;
		whole[length] = '\0';
		path = whole;
	}
	size_t length = strlen(folder);
	return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static bool
is_inside_fd(int fd)
{
	char link[64];
	char path[PATH_MAX];
	struct stat status;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return is_inside(AT_FDCWD, path);
}

/* False: the disk is full. */
static bool
step(bool needs_room)
{
	if (control == NULL || atomic_load(&control->armed) == 0)
		return true;
	int64_t now = atomic_fetch_add(&control->count, 1) + 1;
	if (now == atomic_load(&control->kill_at)) {
		kill(group ? 0 : getpid(), SIGKILL);
		for (;;)
			pause();
	}
	int64_t full = atomic_load(&control->full_at);
	if (needs_room && full != 0 && now >= full) {
		errno = ENOSPC;
		return false;
	}
	return true;
}

static bool
is_counted(int at, const char *path)
{
	return control != NULL && atomic_load(&control->armed) != 0 && is_inside(at, path);
}

/* The next function of that name, which is libc's. */
#define NEXT(type, name, ...)             \
	static type (*next)(__VA_ARGS__); \
	if (next == NULL)                 \
	next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define OPEN(name)                                                                 \
	int name(const char *path, int flags, ...)                                 \
	{                                                                          \
		NEXT(int, #name, const char *, int, ...);                          \
		mode_t mode = 0;                                                   \
		if (flags & (O_CREAT | O_TMPFILE)) {                               \
			va_list list;                                              \
			va_start(list, flags);                                     \
			mode = va_arg(list, mode_t);                               \
			va_end(list);                                              \
		}                                                                  \
		if ((flags & (O_CREAT | O_TRUNC)) && is_counted(AT_FDCWD, path) && \
			!step(flags & O_CREAT))                                    \
			return -1;                                                 \
		return next(path, flags, mode);                                    \
	}
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                         \
	int name(int at, const char *path, int flags, ...)                   \
	{                                                                    \
		NEXT(int, #name, int, const char *, int, ...);               \
		mode_t mode = 0;                                             \
		if (flags & (O_CREAT | O_TMPFILE)) {                         \
			va_list list;                                        \
			va_start(list, flags);                               \
			mode = va_arg(list, mode_t);                         \
			va_end(list);                                        \
		}                                                            \
		if ((flags & (O_CREAT | O_TRUNC)) && is_counted(at, path) && \
			!step(flags & O_CREAT))                              \
			return -1;                                           \
		return next(at, path, flags, mode);                          \
	}
OPENAT(openat)
OPENAT(openat64)

static bool
is_counted_fd(int fd)
{
	return control != NULL && atomic_load(&control->armed) != 0 && is_inside_fd(fd);
}

ssize_t
write(int fd, const void *bytes, size_t size)
{
	NEXT(ssize_t, "write", int, const void *, size_t);
	if (is_counted_fd(fd) && !step(true))
		return -1;
	return next(fd, bytes, size);
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	NEXT(ssize_t, "writev", int, const struct iovec *, int);
	if (is_counted_fd(fd) && !step(true))
		return -1;
	return next(fd, parts, count);
}

ssize_t
copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags)
{
	NEXT(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
	if (is_counted_fd(to) && !step(true))
		return -1;
	return next(from, from_at, to, to_at, size, flags);
}

int
rename(const char *from, const char *to)
{
	NEXT(int, "rename", const char *, const char *);
	if (is_counted(AT_FDCWD, to))
		step(false);
	return next(from, to);
}

int
renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
	NEXT(int, "renameat2", int, const char *, int, const char *, unsigned);
	if (is_counted(to_at, to))
		step(false);
	return next(from_at, from, to_at, to, flags);
}

int
unlink(const char *path)
{
	NEXT(int, "unlink", const char *);
	if (is_counted(AT_FDCWD, path))
		step(false);
	return next(path);
}

int
unlinkat(int at, const char *path, int flags)
{
	NEXT(int, "unlinkat", int, const char *, int);
	if (is_counted(at, path))
		step(false);
	return next(at, path, flags);
}

int
rmdir(const char *path)
{
	NEXT(int, "rmdir", const char *);
	if (is_counted(AT_FDCWD, path))
		step(false);
	return next(path);
}

int
mkdir(const char *path, mode_t mode)
{
	NEXT(int, "mkdir", const char *, mode_t);
	if (is_counted(AT_FDCWD, path) && !step(true))
		return -1;
	return next(path, mode);
}

int
symlink(const char *target, const char *path)
{
	NEXT(int, "symlink", const char *, const char *);
	if (is_counted(AT_FDCWD, path) && !step(true))
		return -1;
	return next(target, path);
}

int
chmod(const char *path, mode_t mode)
{
	NEXT(int, "chmod", const char *, mode_t);
	if (is_counted(AT_FDCWD, path))
		step(false);
	return next(path, mode);
}

/* A command is killed between what it starts, too. */
int
execve(const char *path, char *const arguments[], char *const environment[])
{
	NEXT(int, "execve", const char *, char *const[], char *const[]);
	if (group && control != NULL && atomic_load(&control->armed) != 0)
		step(false);
	return next(path, arguments, environment);
}
