#include "pack/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/fs.h"
#include "support/vec.h"

/* Folders found so far, each before those in it. A list and no recursion: depth costs nothing. */
struct removal {
	struct arena arena;
	VEC(const char *) dirs;
};

static const char *
inside(struct arena *arena, const char *dir, const char *name)
{
	struct buf path = {.arena = arena};

	buf_printf(&path, "%s/%s", dir, name);
	buf_byte(&path, '\0');
	return path.at;
}

static bool
remove_files(struct removal *r, const char *dir)
{
	struct dirent *entry;

	/* A folder that may not be written cannot be emptied. */
	if (chmod(dir, 0700) != 0)
		return false;

	FS_CLOSE_DIR DIR *handle = opendir(dir);
	if (!handle)
		return false;
	while (errno = 0, (entry = readdir(handle))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
			unlinkat(dirfd(handle), name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM) /* so Linux and POSIX say "a folder" */
			return false;
		vec_push(&r->arena, &r->dirs, inside(&r->arena, dir, name));
	}
	return errno == 0;
}

static bool
remove_all(struct removal *r, const char *dir)
{
	vec_push(&r->arena, &r->dirs, dir);
	for (size_t i = 0; i < r->dirs.len; i++)
		if (!remove_files(r, r->dirs.at[i]))
			return false;
	for (size_t i = r->dirs.len; i > 0; i--)
		if (rmdir(r->dirs.at[i - 1]) != 0)
			return false;
	return true;
}

bool
remove_folder(const char *dir)
{
	struct removal r = {0};
	struct stat st;

	if (lstat(dir, &st) != 0)
		return errno == ENOENT;

	bool ok = remove_all(&r, dir);
	int error = errno;

	arena_release(&r.arena);
	errno = error;
	return ok;
}
