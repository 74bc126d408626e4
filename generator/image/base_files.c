#include "image/base_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/base_name.h"
#include "image/untar.h"
#include "support/arena.h"
#include "support/inflate.h"

struct str
base_files_blob(struct arena *arena, struct str digest)
{
	struct buf name = {.arena = arena};

	buf_printf(&name, "blobs/sha256/" STR_FMT, (int)digest.len - 7, digest.at + 7);
	return buf_view(&name);
}

/* The regular file `name` below the folder: no part of it may be a symbolic link. */
static bool
open_below(const struct base_files *source, struct arena *arena, struct str name, int *fd,
	uint64_t *size, const char **fault)
{
	FS_CLOSE_FD int folder =
		open(fs_cstr(arena, source->path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct str rest = name, part;
	struct stat st;

	while (folder >= 0 && str_next(&rest, '/', &part)) {
		int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
			    (rest.at ? O_DIRECTORY : 0);

		*fd = openat(folder, fs_cstr(arena, part), flags);
		if (*fd < 0 || !rest.at)
			break;
		fs_close_fd(&folder);
		folder = *fd;
		*fd = -1;
	}
	if (*fd < 0 || fstat(*fd, &st) != 0) {
		*fault = errno == ELOOP || errno == ENOTDIR
				 ? "is behind a symbolic link, which is not followed"
				 : fs_reason(arena, errno);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		*fault = "is not a regular file";
		return false;
	}
	*size = (uint64_t)st.st_size;
	return true;
}

static int
member_order(const void *pa, const void *pb)
{
	return str_order(
		((const struct base_file *)pa)->name, ((const struct base_file *)pb)->name);
}

static const struct base_file *
find(const struct base_files *source, struct str name)
{
	struct base_file key = {.name = name};

	return source->members.len == 0 ? NULL
					: bsearch(&key, source->members.at, source->members.len,
						  sizeof(key), member_order);
}

bool
base_files_place(const struct base_files *source, struct arena *arena, struct str name,
	struct intake_place *place, int *fd, const char **fault)
{
	const struct base_file *found;

	*fd = -1;
	*place = (struct intake_place){.fd = -1};
	if (!source->is_archive) {
		bool ok = open_below(source, arena, name, fd, &place->size, fault);

		place->fd = *fd;
		return ok;
	}
	found = find(source, name);
	/* docker save makes a link of a layer that two images have; one is enough. */
	if (found && found->link.at)
		found = find(source, found->link);
	if (!found || found->link.at) {
		*fault = "is not there";
		return false;
	}
	*place = (struct intake_place){source->memory, -1, found->offset, found->size};
	if (source->memory)
		return true;
	*fd = place->fd = open(fs_cstr(arena, source->path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd >= 0)
		return true;
	*fault = fs_reason(arena, errno);
	return false;
}

bool
base_files_has(const struct base_files *source, struct arena *arena, struct str name)
{
	FS_CLOSE_FD int fd = -1;
	const char *fault;
	uint64_t size;

	return source->is_archive ? find(source, name) != NULL
				  : open_below(source, arena, name, &fd, &size, &fault);
}

bool
base_files_read(const struct base_files *source, struct arena *arena, struct str name,
	uint64_t most, struct str *content, const char **fault)
{
	FS_CLOSE_FD int fd = -1;
	struct intake_place place;
	struct buf bytes = {.arena = arena};
	struct str piece;

	if (!base_files_place(source, arena, name, &place, &fd, fault))
		return false;
	if (place.size > most) {
		*fault = "is larger than anything of its kind";
		return false;
	}

	INTAKE_CLOSE struct intake *intake = intake_open(arena, &place, INTAKE_PLAIN, most, false);
	do {
		if (!intake_next(intake, &piece, fault))
			return false;
		buf_str(&bytes, piece);
	} while (piece.len > 0);
	*content = buf_view(&bytes);
	return true;
}

/* What a link of the archive stands for: a name from the archive's root. */
static const char *
link_target(struct arena *arena, const struct untar_member *m, struct str name, struct str *target)
{
	struct buf path = {.arena = arena};
	struct str rest = m->link, part, folder = {0};

	if (m->type == TAR_HARD_LINK)
		return base_name(m->link, target);
	if (rest.len == 0 || rest.at[0] == '/')
		return "links to what is not in the archive";
	for (size_t i = name.len; i > 0 && folder.len == 0; i--)
		if (name.at[i - 1] == '/')
			folder = str_head(name, i - 1);
	while (str_next(&rest, '/', &part)) {
		if (!str_eq(part, STR("..")))
			break;
		if (folder.len == 0)
			return "links to what is not in the archive";
		while (folder.len > 0 && folder.at[folder.len - 1] != '/')
			folder.len--;
		folder.len -= folder.len > 0;
		part = (struct str){0};
	}
	if (folder.len > 0) {
		buf_str(&path, folder);
		buf_byte(&path, '/');
	}
	buf_str(&path, part);
	if (rest.at) {
		buf_byte(&path, '/');
		buf_str(&path, rest);
	}
	return base_name(buf_view(&path), target);
}

/* One entry of the archive. */
static bool
add_member(const struct base_reader *r, struct base_files *source, const struct untar_member *m)
{
	struct base_file member = {.offset = m->offset, .size = m->size};
	const char *fault = base_name(m->path, &member.name);

	if (!fault && (m->type == TAR_HARD_LINK || m->type == TAR_SYMLINK))
		fault = link_target(r->arena, m, member.name, &member.link);
	else if (!fault && m->type != TAR_FILE && m->type != TAR_DIR)
		fault = "is neither file nor folder nor link";
	if (fault) {
		base_refuse(r, "is an archive whose entry '" STR_FMT "' %s",
			STR_ARG(str_head(m->path, 256)), fault);
		return base_explain(r);
	}
	if (m->type == TAR_DIR)
		return true;
	if (source->members.len == BASE_FILES_MEMBERS)
		return base_refuse(r, "is an archive of more than %d files", BASE_FILES_MEMBERS);
	if (member.name.len > BASE_FILES_PATH)
		return base_refuse(r, "is an archive with a name of %zu bytes", member.name.len);
	vec_push(r->arena, &source->members, member);
	return true;
}

static bool
read_members(
	const struct base_reader *r, struct base_files *source, const struct intake_place *place)
{
	INTAKE_CLOSE struct intake *intake =
		intake_open(r->arena, place, INTAKE_PLAIN, UINT64_MAX, false);
	struct untar tar = {.arena = r->arena, .intake = intake, .seekable = true};
	struct untar_member member;
	bool end = false;

	while (untar_next(&tar, &member, &end) && !end)
		if (!add_member(r, source, &member))
			return false;
	if (tar.fault) {
		base_refuse(r, "is neither an OCI layout nor an archive that can be read: %s",
			tar.fault);
		return base_explain(r);
	}
	if (source->members.len > 0)
		qsort(source->members.at, source->members.len, sizeof(*source->members.at),
			member_order);
	for (size_t i = 1; i < source->members.len; i++)
		if (str_eq(source->members.at[i - 1].name, source->members.at[i].name))
			return base_refuse(r, "is an archive that has '" STR_FMT "' twice",
				STR_ARG(source->members.at[i].name));
	return true;
}

/* All of an archive that was compressed as a whole comes to memory: its parts are read in an order
 * of our own. */
static bool
inflate_all(const struct base_reader *r, struct base_files *source, struct intake_place *place)
{
	INTAKE_CLOSE struct intake *intake =
		intake_open(r->arena, place, INTAKE_GZIP, BASE_FILES_INFLATED, false);
	struct buf bytes = {.arena = r->arena};
	struct str piece;
	const char *fault;

	do {
		if (!intake_next(intake, &piece, &fault))
			return base_refuse(r, "%s", fault);
		buf_str(&bytes, piece);
	} while (piece.len > 0);
	source->memory = bytes.len > 0 ? bytes.at : "";
	*place = (struct intake_place){source->memory, -1, 0, bytes.len};
	return true;
}

bool
base_files_open(const struct base_reader *r, struct str path, struct base_files *source)
{
	FS_CLOSE_FD int fd = open(fs_cstr(r->arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct intake_place place = {.fd = fd};
	char first[4];
	struct stat st;
	ssize_t got;

	*source = (struct base_files){.path = path};
	if (fd < 0 || fstat(fd, &st) != 0) {
		base_refuse(r, "%s", fs_reason(r->arena, errno));
		return base_explain(r);
	}
	if (S_ISDIR(st.st_mode))
		return true;
	if (!S_ISREG(st.st_mode))
		return base_refuse(r, "is neither a folder nor a file");
	source->is_archive = true;
	place.size = (uint64_t)st.st_size;
	got = pread(fd, first, sizeof(first), 0);
	switch (intake_coding_of((struct str){first, got > 0 ? (size_t)got : 0})) {
	case INTAKE_ZSTD:
		return base_refuse(r, "is compressed with zstd: unpack it with zstd -d first");
	case INTAKE_GZIP:
		if (!inflate_all(r, source, &place))
			return false;
		break;
	case INTAKE_PLAIN:
		break;
	}
	return read_members(r, source, &place);
}
