#include "pack/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/arena.h"
#include "support/fs.h"
#include "support/vec.h"

enum { FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* Folders found so far, each before those in it; the first is the top. A list and no recursion:
 * depth costs no stack. */
struct removal {
	struct arena arena;
	int top;
	VEC(struct folder {
		size_t parent; /* its place in the list */
		const char *name;
	})
	folders;
	VEC(size_t) way; /* to the one that is opened, backwards */
};

/*
 * By single names and never through a link, at each step: whoever may write somewhere in there
 * could put one in the place of a folder meanwhile.
 */
static int
open_folder(struct removal *r, size_t i)
{
	int fd = openat(r->top, ".", FOLDER);

	for (r->way.len = 0; i > 0; i = r->folders.at[i].parent)
		vec_push(&r->arena, &r->way, i);
	while (fd >= 0 && r->way.len > 0) {
		size_t next = r->way.at[--r->way.len];
		int below = openat(fd, r->folders.at[next].name, FOLDER), error = errno;

		close(fd);
		errno = error;
		fd = below;
	}
	return fd;
}

static bool
remove_files(struct removal *r, size_t i)
{
	int fd = open_folder(r, i);
	struct dirent *entry;

	if (fd < 0)
		return false;

	FS_CLOSE_DIR DIR *handle = fdopendir(fd);
	if (!handle) {
		close(fd);
		return false;
	}
	/* A folder that may not be written cannot be emptied. */
	if (fchmod(fd, 0700) != 0)
		return false;
	while (errno = 0, (entry = readdir(handle))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
			unlinkat(dirfd(handle), name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM) /* so Linux and POSIX say "a folder" */
			return false;
		name = fs_cstr(&r->arena, (struct str){name, strlen(name)});
		vec_push(&r->arena, &r->folders, (struct folder){i, name});
	}
	return errno == 0;
}

static bool
remove_all(struct removal *r)
{
	vec_push(&r->arena, &r->folders, (struct folder){0, "."});
	for (size_t i = 0; i < r->folders.len; i++)
		if (!remove_files(r, i))
			return false;
	for (size_t i = r->folders.len - 1; i > 0; i--) {
		FS_CLOSE_FD int parent = open_folder(r, r->folders.at[i].parent);

		if (parent < 0 || unlinkat(parent, r->folders.at[i].name, AT_REMOVEDIR) != 0)
			return false;
	}
	return true;
}

bool
remove_folder(const char *dir)
{
	struct removal r = {0};
	struct stat st;

	if (lstat(dir, &st) != 0)
		return errno == ENOENT;
	if (!S_ISDIR(st.st_mode))
		return unlink(dir) == 0;

	FS_CLOSE_FD int top = open(dir, FOLDER);
	r.top = top;
	bool ok = top >= 0 && remove_all(&r) && rmdir(dir) == 0;
	int error = errno;

	arena_release(&r.arena);
	errno = error;
	return ok;
}
