/* For renameat2(), which Linux alone has. */
#define _GNU_SOURCE
#include "pack/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "pack/remove.h"
#include "support/arena.h"
#include "support/buf.h"

static const char *
text(struct arena *arena, const char *a, const char *b)
{
	struct buf out = {.arena = arena};

	buf_printf(&out, "%s%s", a, b);
	buf_byte(&out, '\0');
	return out.at;
}

static bool
report(struct fs *fs, const char *path, const char *what, const char *remedy)
{
	return diag_error(fs->diag, (struct srcpos){.file = path}, "%s: %s; %s", what,
		strerror(errno), remedy);
}

/* False: errno says why; EWOULDBLOCK: another process has it; EEXIST: another user. */
static bool
lock_folder(struct staging *s)
{
	struct stat locked, there;

	for (;;) {
		bool made = mkdir(s->folder, 0700) == 0;

		if (!made && errno != EEXIST)
			return false;
		s->lock = open(s->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (s->lock < 0 && errno == ENOENT && !made)
			continue; /* the one who had it has just removed it */
		if (s->lock < 0)
			return false;
		if (fstat(s->lock, &locked) != 0)
			return false;
		/* Whoever else may write there could change what is built, or removed. */
		if (locked.st_uid != geteuid()) {
			errno = EEXIST;
			return false;
		}
		if (fchmod(s->lock, 0700) != 0)
			return false;
		if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
			return false;
		/* The one who had it may have removed it just before we got it. */
		if (lstat(s->folder, &there) == 0 && locked.st_ino == there.st_ino &&
			locked.st_dev == there.st_dev)
			return true;
		close(s->lock);
	}
}

static const char *
folder_of(struct arena *arena, struct str dir)
{
	struct buf folder = {.arena = arena};
	size_t slash = dir.len;

	while (slash > 0 && dir.at[slash - 1] != '/')
		slash--;
	buf_str(&folder, str_head(dir, slash));
	buf_byte(&folder, '.');
	buf_add(&folder, dir.at + slash, dir.len - slash);
	buf_add(&folder, ".beamrel", sizeof(".beamrel"));
	return folder.at;
}

bool
staging_exists(struct fs *fs, struct str dir)
{
	struct stat st;

	return lstat(folder_of(fs->arena, dir), &st) == 0;
}

static const char *
in_folder(struct arena *arena, const char *dir, struct str name)
{
	return fs_cstr(arena, fs_join(arena, (struct str){dir, strlen(dir)}, name));
}

/* What is to be kept goes from the output folder to the new one. */
static bool
take_over(struct staging *s, struct fs *fs)
{
	for (size_t i = 0; i < s->keep->len; i++) {
		const char *from = in_folder(fs->arena, s->dir, s->keep->at[i]);
		const char *to = in_folder(fs->arena, s->tree, s->keep->at[i]);

		if (rename(from, to) != 0 && errno != ENOENT)
			return report(fs, from, "cannot be moved to the new folder",
				"move it away, or choose another output folder");
	}
	return true;
}

/* What is to be kept and is in `from` goes to the output folder, where it belongs. */
static bool
put_back(struct staging *s, struct fs *fs, const char *from)
{
	for (size_t i = 0; i < s->keep->len; i++) {
		const char *there = in_folder(fs->arena, from, s->keep->at[i]);
		const char *here = in_folder(fs->arena, s->dir, s->keep->at[i]);

		if (rename(there, here) == 0 || errno == ENOENT)
			continue;
		s->stuck = true;
		return diag_error(fs->diag, (struct srcpos){.file = here},
			"cannot be put back: %s; it is in '%s': move or remove it by hand",
			strerror(errno), there);
	}
	return true;
}

bool
staging_open(struct staging *s, struct fs *fs, struct str dir, const struct fs_names *keep)
{
	static const char remedy[] = "the new folder is built beside the old one, so make "
				     "that place writable or choose another output folder";
	struct stat st;

	*s = (struct staging){.dir = fs_cstr(fs->arena, dir),
		.folder = folder_of(fs->arena, dir),
		.keep = keep,
		.lock = -1};
	s->tree = text(fs->arena, s->folder, "/tree");
	s->old = text(fs->arena, s->folder, "/old");

	if (!lock_folder(s)) {
		int error = errno;

		fs_close_fd(&s->lock);
		errno = error;
		if (error == EWOULDBLOCK)
			return diag_error(fs->diag, (struct srcpos){.file = s->dir},
				"another beamrel writes it right now (it holds '%s'); wait for it",
				s->folder);
		if (error == EEXIST)
			return diag_error(fs->diag, (struct srcpos){.file = s->folder},
				"belongs to another user; remove it, or choose another output "
				"folder");
		return report(fs, s->folder, "cannot be made", remedy);
	}
	/* A run that ended between the two renames of swap_slowly(). */
	bool lost = lstat(s->dir, &st) != 0 && lstat(s->old, &st) == 0;
	s->restored = lost && rename(s->old, s->dir) == 0;
	if (lost && !s->restored) {
		report(fs, s->old, "cannot be put back", "move it by hand");
		fs_close_fd(&s->lock);
		return false;
	}
	/* One that ended before staging_swap() was over. */
	if (!put_back(s, fs, s->tree) || !put_back(s, fs, s->old)) {
		fs_close_fd(&s->lock);
		return false;
	}
	if (remove_folder(s->tree) && remove_folder(s->old) && mkdir(s->tree, 0700) == 0)
		return true;
	report(fs, s->tree, "cannot be made", remedy);
	fs_close_fd(&s->lock);
	return false;
}

static bool
swap_slowly(struct staging *s)
{
	if (rename(s->dir, s->old) != 0)
		return false;
	if (rename(s->tree, s->dir) == 0)
		return true;

	int error = errno;

	rename(s->old, s->dir);
	errno = error;
	return false;
}

bool
staging_swap(struct staging *s, struct fs *fs, bool replace)
{
	bool done;

	if (!take_over(s, fs)) {
		put_back(s, fs, s->tree);
		return false;
	}
	if (!replace && !s->restored) {
		done = rename(s->tree, s->dir) == 0;
	} else {
#ifdef RENAME_EXCHANGE
		done = renameat2(AT_FDCWD, s->tree, AT_FDCWD, s->dir, RENAME_EXCHANGE) == 0;
		if (!done && (errno == ENOSYS || errno == EINVAL))
			done = swap_slowly(s);
#else
		done = swap_slowly(s);
#endif
	}
	if (done) /* should the release have made it anew meanwhile, nothing gets lost */
		return put_back(s, fs, s->tree) && put_back(s, fs, s->old);
	if (errno == EBUSY || errno == EXDEV)
		report(fs, s->dir, "cannot be replaced as a whole",
			"it is a mount point: choose a folder in it");
	else if (errno == ENOTEMPTY || errno == EEXIST)
		report(fs, s->dir, "cannot be replaced",
			"somebody has put something there meanwhile");
	else
		report(fs, s->dir, "cannot be replaced", "it is as it was");
	put_back(s, fs, s->tree);
	return false;
}

bool
staging_close(struct staging *s, struct fs *fs)
{
	bool ok = s->stuck || remove_folder(s->folder) ||
		  report(fs, s->folder, "cannot be removed", "remove it by hand");

	fs_close_fd(&s->lock);
	return ok;
}
