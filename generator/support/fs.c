#define _XOPEN_SOURCE 700 /* realpath() */

#include "support/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/arena.h"
#include "support/buf.h"

const char *
fs_reason(struct arena *arena, int error)
{
	const char *text = strerror(error);

	return fs_cstr(arena, (struct str){text, strlen(text)});
}

void
fs_close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

void
fs_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

const char *
fs_cstr(struct arena *arena, struct str path)
{
	char *text = arena_array(arena, char, path.len + 1);

	if (path.len)
		memcpy(text, path.at, path.len);
	return text;
}

struct str
fs_join(struct arena *arena, struct str dir, struct str name)
{
	struct buf path = {.arena = arena};

	if (dir.len == 0 || (name.len > 0 && name.at[0] == '/'))
		return name;
	buf_str(&path, dir);
	if (dir.at[dir.len - 1] != '/')
		buf_byte(&path, '/');
	buf_str(&path, name);
	return buf_view(&path);
}

void
fs_input(struct fs *fs, struct str path)
{
	vec_push(fs->arena, &fs->inputs, path);
}

/* A regular file, opened. False: *fault, in `arena`. */
static bool
open_file(struct arena *arena, struct str path, int *fd, struct stat *st, const char **fault)
{
	*fd = open(fs_cstr(arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, st) != 0) {
		*fault = fs_reason(arena, errno);
		return false;
	}
	if (!S_ISREG(st->st_mode))
		*fault = S_ISDIR(st->st_mode) ? "is a directory" : "is not a regular file";
	return S_ISREG(st->st_mode);
}

bool
fs_load(struct arena *arena, struct str path, struct str *content, const char **fault)
{
	struct buf bytes = {.arena = arena};
	FS_CLOSE_FD int fd = -1;
	struct stat st;
	ssize_t got;

	if (!open_file(arena, path, &fd, &st, fault))
		return false;

	/* One byte more than it should have, so that the end is seen without growing. */
	size_t room = (size_t)st.st_size + 1;
	do {
		char *at = buf_room(&bytes, room);
		bytes.len -= room;
		got = read(fd, at, room);
		if (got > 0) {
			bytes.len += (size_t)got;
			room = room > (size_t)got ? room - (size_t)got : 4096;
		}
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		*fault = fs_reason(arena, errno);
	*content = buf_view(&bytes);
	return got == 0;
}

bool
fs_map(struct arena *arena, struct str path, struct str *content, const char **fault)
{
	FS_CLOSE_FD int fd = -1;
	struct stat st;
	void *at;

	if (!open_file(arena, path, &fd, &st, fault))
		return false;
	*content = STR("");
	if (st.st_size == 0)
		return true; /* nothing cannot be mapped */
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		*fault = fs_reason(arena, errno);
		return false;
	}
	*content = (struct str){at, (size_t)st.st_size};
	return true;
}

void
fs_unmap(struct str content)
{
	void *at;

	memcpy(&at, &content.at, sizeof(at)); /* without a cast that takes const away */
	if (content.len > 0)
		munmap(at, content.len);
}

bool
fs_read(struct fs *fs, struct str path, struct srcpos pos, struct str *content)
{
	const char *fault = NULL;

	fs_input(fs, path);
	if (fs_load(fs->arena, path, content, &fault))
		return true;
	return diag_error(fs->diag, pos, "cannot read '" STR_FMT "': %s", STR_ARG(path), fault);
}

bool
fs_head(struct fs *fs, struct str path, struct srcpos pos, char *head, size_t len)
{
	const char *name = fs_cstr(fs->arena, path);
	FS_CLOSE_FD int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got;

	fs_input(fs, path);
	do {
		got = fd < 0 ? -1 : pread(fd, head, len, 0);
	} while (fd >= 0 && got < 0 && errno == EINTR);
	return got >= 0 || diag_error(fs->diag, pos, "cannot read '%s': %s", name, strerror(errno));
}

static int
name_order(const void *pa, const void *pb)
{
	return str_order(*(const struct str *)pa, *(const struct str *)pb);
}

bool
fs_list(struct fs *fs, struct str dir, struct srcpos pos, struct fs_names *names)
{
	FS_CLOSE_DIR DIR *handle = opendir(fs_cstr(fs->arena, dir));
	VEC(struct str) found = {0};
	struct dirent *entry;

	fs_input(fs, dir);
	if (!handle)
		return diag_error(fs->diag, pos, "cannot list '" STR_FMT "': %s", STR_ARG(dir),
			strerror(errno));
	while (errno = 0, (entry = readdir(handle))) {
		struct str name = {entry->d_name, strlen(entry->d_name)};

		if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
			continue;
		name.at = fs_cstr(fs->arena, name);
		vec_push(fs->arena, &found, name);
	}
	if (errno != 0)
		return diag_error(fs->diag, pos, "cannot list '" STR_FMT "': %s", STR_ARG(dir),
			strerror(errno));
	if (found.len)
		qsort(found.at, found.len, sizeof(*found.at), name_order);
	*names = (struct fs_names){found.at, found.len};
	return true;
}

bool
fs_names_have(const struct fs_names *names, struct str name)
{
	return names->len > 0 &&
	       bsearch(&name, names->at, names->len, sizeof(*names->at), name_order);
}

bool
fs_stat(struct fs *fs, struct str path, struct stat *st)
{
	return stat(fs_cstr(fs->arena, path), st) == 0;
}

bool
fs_lstat(struct fs *fs, struct str path, struct stat *st)
{
	return lstat(fs_cstr(fs->arena, path), st) == 0;
}

bool
fs_readlink(struct fs *fs, struct str path, struct srcpos pos, struct str *target)
{
	size_t room = 256;

	for (;;) {
		char *text = arena_array(fs->arena, char, room);
		ssize_t len = readlink(fs_cstr(fs->arena, path), text, room);

		if (len < 0)
			return diag_error(fs->diag, pos, "cannot read the link '" STR_FMT "': %s",
				STR_ARG(path), strerror(errno));
		if ((size_t)len < room) {
			*target = (struct str){text, (size_t)len};
			return true;
		}
		room *= 2;
	}
}

bool
fs_realpath(struct fs *fs, struct str path, struct str *real)
{
	char *found = realpath(fs_cstr(fs->arena, path), NULL);

	if (!found)
		return false;
	real->len = strlen(found);
	real->at = fs_cstr(fs->arena, (struct str){found, real->len});
	free(found);
	return true;
}

static bool
holds(struct fs *fs, struct str path, struct str content, unsigned mode)
{
	struct stat st;
	struct str old;
	const char *fault;

	return fs_lstat(fs, path, &st) && S_ISREG(st.st_mode) && (st.st_mode & 07777) == mode &&
	       (size_t)st.st_size == content.len && fs_load(fs->arena, path, &old, &fault) &&
	       str_eq(old, content);
}

bool
fs_write_all(int fd, struct str content)
{
	while (content.len > 0) {
		ssize_t done = write(fd, content.at, content.len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		content.at += done;
		content.len -= (size_t)done;
	}
	return true;
}

bool
fs_check_output(struct fs *fs, struct str path)
{
	struct stat st;

	if (!fs_stat(fs, path, &st) || S_ISREG(st.st_mode))
		return true;
	return diag_error(fs->diag, (struct srcpos){0},
		"cannot write '" STR_FMT "': it is %s; choose another name for the file",
		STR_ARG(path), S_ISDIR(st.st_mode) ? "a folder" : "a device, pipe or socket");
}

bool
fs_write(struct fs *fs, struct str path, struct str content, unsigned mode)
{
	return holds(fs, path, content, mode) || fs_write_anew(fs, path, content, mode);
}

bool
fs_write_anew(struct fs *fs, struct str path, struct str content, unsigned mode)
{
	struct buf name = {.arena = fs->arena};
	const char *target = fs_cstr(fs->arena, path);

	if (!fs_check_output(fs, path))
		return false;
	buf_str(&name, path);
	buf_add(&name, ".XXXXXX", sizeof(".XXXXXX"));

	int fd = mkstemp(name.at);
	if (fd < 0)
		return diag_error(fs->diag, (struct srcpos){0}, "cannot write beside '%s': %s",
			target, strerror(errno));

	int error = 0;
	if (!fs_write_all(fd, content) || fchmod(fd, mode) != 0)
		error = errno;
	if (close(fd) != 0 && !error)
		error = errno;
	if (!error && rename(name.at, target) != 0)
		error = errno;
	if (!error)
		return true;
	unlink(name.at);
	return diag_error(
		fs->diag, (struct srcpos){0}, "cannot write '%s': %s", target, strerror(error));
}

static bool
is_dir(const char *path)
{
	struct stat st;
	int before = errno;
	bool is = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	errno = before;
	return is;
}

/* Another process may make the same folders at the same time. */
bool
fs_mkdirs(struct fs *fs, struct str path)
{
	for (size_t i = 1; i <= path.len; i++) {
		if (i < path.len && path.at[i] != '/')
			continue;

		const char *dir = fs_cstr(fs->arena, str_head(path, i));
		if (is_dir(dir))
			continue;
		/* chmod, for the umask may take away what the release needs */
		if (mkdir(dir, 0755) == 0 ? chmod(dir, 0755) == 0 : errno == EEXIST && is_dir(dir))
			continue;
		return diag_error(fs->diag, (struct srcpos){0},
			"cannot make the folder '%s': %s; choose another place, or make "
			"this one writable",
			dir, strerror(errno));
	}
	return true;
}

static void
add_escaped(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		if (strchr(" #\\", path.at[i]))
			buf_byte(out, '\\');
		if (path.at[i] == '$')
			buf_byte(out, '$');
		buf_byte(out, (unsigned char)path.at[i]);
	}
}

/* What was looked for in vain: the folder in which it may appear. A prerequisite that is not there
 * would make build tools run their command for ever. */
static struct str
existing(struct fs *fs, struct str path)
{
	struct stat st;

	while (!fs_stat(fs, path, &st)) {
		while (path.len > 0 && path.at[path.len - 1] != '/')
			path.len--;
		while (path.len > 1 && path.at[path.len - 1] == '/')
			path.len--;
		if (path.len == 0)
			return STR(".");
	}
	return path;
}

bool
fs_write_depfile(struct fs *fs, struct str depfile, struct str target)
{
	struct buf out = {.arena = fs->arena};
	struct str *inputs = fs->inputs.at;

	for (size_t i = 0; i < fs->inputs.len; i++)
		inputs[i] = existing(fs, inputs[i]);
	if (fs->inputs.len)
		qsort(inputs, fs->inputs.len, sizeof(*inputs), name_order);
	add_escaped(&out, target);
	buf_byte(&out, ':');
	for (size_t i = 0; i < fs->inputs.len; i++) {
		if (i > 0 && str_eq(inputs[i], inputs[i - 1]))
			continue;
		buf_add(&out, " \\\n ", 4);
		add_escaped(&out, inputs[i]);
	}
	buf_byte(&out, '\n');
	return fs_write_anew(fs, depfile, buf_view(&out), 0644);
}
