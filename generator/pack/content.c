#include "pack/content.h"

#include <errno.h>
#include <fcntl.h>

#include "support/arena.h"

int
content_open(struct arena *arena, struct str path, struct stat *st, const char **fault)
{
	int fd = open(fs_cstr(arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	if (fd < 0)
		*fault = fs_reason(arena, errno);
	else
		*fault = S_ISDIR(st->st_mode) ? "is a directory" : "is not a regular file";
	fs_close_fd(&fd);
	return -1;
}

bool
content_report(struct fs *fs, const struct tree_entry *entry, const char *fault)
{
	struct srcpos pos = entry->origin;
	bool own_origin = false;

	if (entry->inlined) {
		diag_error(fs->diag, pos, "the content of '" STR_FMT "': %s", STR_ARG(entry->path),
			fault);
	} else {
		pos = (struct srcpos){.file = fs_cstr(fs->arena, entry->source)};
		own_origin = entry->origin.file && strcmp(entry->origin.file, pos.file) != 0;
		diag_error(fs->diag, pos, "%s", fault);
	}
	if (own_origin)
		diag_note(fs->diag, entry->origin, "needed here, for '" STR_FMT "'",
			STR_ARG(entry->path));
	if (entry->transform)
		diag_note(fs->diag, (struct srcpos){0},
			"build that file again, or leave it as it is by turning off '%s'",
			entry->transform->name);
	return false;
}
