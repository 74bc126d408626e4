/*
 * support/fs.h - the disk. Nothing else in the program opens, lists or renames a file, but
 * for pack/, which streams.
 *
 * What is read through a `struct fs` is remembered for the depfile, directories included:
 * a file that appears in a listed directory must rebuild the target. Faults are reported
 * with `pos`, the place in the input that asked for the file.
 */
#pragma once

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "support/diag.h"
#include "support/str.h"
#include "support/vec.h"

struct fs {
	struct arena *arena;
	struct diag *diag;
	VEC(struct str) inputs; /* paths read so far, in order of reading, with repeats */
};

struct fs_names {
	struct str *at;
	size_t len;
};

/* Handles that close themselves on early return. Success paths close and check. */
#define FS_CLOSE_DIR __attribute__((cleanup(fs_close_dir)))
#define FS_CLOSE_FD  __attribute__((cleanup(fs_close_fd)))
void fs_close_dir(DIR **dir);
void fs_close_fd(int *fd);

/* What strerror() says of `error`, in `arena`: for worker threads too. */
const char *fs_reason(struct arena *arena, int error);

/* False: errno says why. */
bool fs_write_all(int fd, struct str bytes);

/* Notes `path` as an input without reading it. */
void fs_input(struct fs *fs, struct str path);

/* The whole file. Only regular files; a directory or device is an error. */
bool fs_read(struct fs *fs, struct str path, struct srcpos pos, struct str *content);

/* As fs_read(), for worker threads: remembers nothing, reports nothing. On failure
 * *fault is what strerror() says, in `arena`. */
bool fs_load(struct arena *arena, struct str path, struct str *content, const char **fault);

/* The first `len` bytes, or as many as there are; the rest of `head` is not touched. */
bool fs_head(struct fs *fs, struct str path, struct srcpos pos, char *head, size_t len);

/* As fs_load(), for large files of which little is looked at: only that is read. What shortens the
 * file before fs_unmap() ends the program, so look, and let go. */
bool fs_map(struct arena *arena, struct str path, struct str *content, const char **fault);
void fs_unmap(struct str content);

/* The names in a directory, without "." and "..", sorted by bytes. */
bool fs_list(struct fs *fs, struct str dir, struct srcpos pos, struct fs_names *names);

/* Is `name` among them? */
bool fs_names_have(const struct fs_names *names, struct str name);

/* stat() or lstat(); false, unreported, when there is nothing at `path`. */
bool fs_stat(struct fs *fs, struct str path, struct stat *st);
bool fs_lstat(struct fs *fs, struct str path, struct stat *st);

/* The target of a symbolic link. */
bool fs_readlink(struct fs *fs, struct str path, struct srcpos pos, struct str *target);

/* Where `path` really is, all links followed; false, unreported, when that is nowhere. */
bool fs_realpath(struct fs *fs, struct str path, struct str *real);

/* Writes a file under a temporary name beside `path`, syncs nothing, renames it there.
 * The mode is exactly `mode`, whatever the umask. Untouched when it already holds that. */
bool fs_write(struct fs *fs, struct str path, struct str content, unsigned mode);
/* The same, but always written: for files whose time build tools look at. */
bool fs_write_anew(struct fs *fs, struct str path, struct str content, unsigned mode);

/* False: at `path` is something that must not be replaced by a file; reported. */
bool fs_check_output(struct fs *fs, struct str path);

/* mkdir -p with mode 0755. */
bool fs_mkdirs(struct fs *fs, struct str path);

/* `dir`/`name` in the arena; `name` alone when it is absolute or `dir` is empty. */
struct str fs_join(struct arena *arena, struct str dir, struct str name);

/* `path` NUL-terminated, for system calls and diagnostics. */
const char *fs_cstr(struct arena *arena, struct str path);

/* A make rule "target: inputs", sorted, each once, escaped as GNU Make and Ninja read it. */
bool fs_write_depfile(struct fs *fs, struct str depfile, struct str target);
