/*
 * image/untar.h - the entries of a hostile tar archive (POSIX.1-2017, pax, "ustar Interchange
 * Format"; GNU's long names and big numbers).
 *
 * Strict: whatever two readers could understand differently is a fault, so that what is accepted
 * here means the same to every engine.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/str.h"

struct arena;
struct intake;

enum tar_type {
	TAR_FILE = '0',
	TAR_HARD_LINK = '1',
	TAR_SYMLINK = '2',
	TAR_CHARACTER = '3',
	TAR_BLOCK = '4',
	TAR_DIR = '5',
	TAR_FIFO = '6'
};

enum {
	TAR_LONGEST_PATH = 4096, /* of names and targets of links */
	TAR_EXTENDED = 1 << 20   /* bytes of an extended header */
};

struct untar_member {
	enum tar_type type;
	struct str path, link; /* as they are written, in the reader's arena */
	unsigned mode;         /* permission bits */
	uint64_t uid, gid, size;
	int64_t mtime;
	uint64_t offset; /* of the content in the archive */
};

struct untar {
	struct arena *arena;
	struct intake *intake;
	bool seekable;     /* intake_skip() may be used */
	struct str piece;  /* read and not used yet */
	uint64_t at;       /* bytes used */
	uint64_t left;     /* of the member's content */
	size_t padding;    /* behind it */
	struct str path;   /* of the member, for messages */
	const char *fault; /* the first one */
};

/* The next member; *end: there is none. False: tar->fault. */
bool untar_next(struct untar *tar, struct untar_member *member, bool *end);

/* The next piece of the member's content, valid until the next call; none at its end. What is not
 * read is left out by untar_next(). */
bool untar_data(struct untar *tar, struct str *bytes);
