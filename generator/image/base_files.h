/*
 * image/base_files.h - the files of a base: those of a layout folder, or the members of an archive.
 * No symbolic link is followed in a folder, and nothing but regular files is read.
 */
#pragma once

#include "image/base_json.h"
#include "image/intake.h"

enum {
	BASE_FILES_MEMBERS = 65536, /* of an archive */
	BASE_FILES_PATH = 1024
};
#define BASE_FILES_INFLATED \
	(UINT64_C(1) << 30) /* bytes of an archive that is compressed as a whole */

struct base_file {
	struct str name, link; /* link: the name of another member that it stands for */
	uint64_t offset, size;
};

struct base_files {
	struct str path;
	bool is_archive;
	const char *memory; /* of an archive that was compressed, else NULL */
	uint64_t size;
	VEC(struct base_file) members; /* sorted by name */
};

/* Looks what is at `path`. False: reported. */
bool base_files_open(const struct base_reader *reader, struct str path, struct base_files *source);

/* The file of that name. *fd is the caller's to close, also after a failure. False: *fault. */
bool base_files_place(const struct base_files *source, struct arena *arena, struct str name,
	struct intake_place *place, int *fd, const char **fault);

bool base_files_has(const struct base_files *source, struct arena *arena, struct str name);

/* All of a file of at most `most` bytes. */
bool base_files_read(const struct base_files *source, struct arena *arena, struct str name,
	uint64_t most, struct str *content, const char **fault);

/* "blobs/sha256/HEX" of a digest. */
struct str base_files_blob(struct arena *arena, struct str digest);
