/*
 * pack/artifact.h - what stands in a folder, an archive or an image, so that two of them can be
 * compared.
 *
 * Nothing is verified here and nothing is unpacked: an artifact with faults can be looked at, too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/fs.h"
#include "support/str.h"
#include "support/vec.h"

enum artifact_kind {
	ARTIFACT_FOLDER,
	ARTIFACT_FILE,
	ARTIFACT_LINK,
	ARTIFACT_SPECIAL,  /* a device, a fifo, a socket */
	ARTIFACT_HARDLINK, /* of archives: to the entry `link` */
};

struct artifact_entry {
	struct str path; /* without "./" and final '/' */
	enum artifact_kind kind;
	unsigned mode; /* 07777 */
	uint64_t uid, gid;
	int64_t mtime;
	struct str link, bytes;
	size_t place;     /* in the archive, from 0 */
	bool is_document; /* of an image: JSON */
	bool is_layer;    /* of an image: its entries follow */
};

struct artifact {
	struct str path;
	bool is_folder;                     /* on disk: owners are those of whoever made it */
	struct str bytes;                   /* of an archive */
	VEC(struct artifact_entry) entries; /* by path; of one path by place */
};

/* A folder, or a tar archive, as it is or compressed. False: reported. */
bool artifact_read(struct fs *fs, struct str path, struct artifact *artifact);

/* The same for the bytes of an archive; `name` is what messages call it. */
bool artifact_parse(struct fs *fs, struct str name, struct str bytes, struct artifact *artifact);

/* The first entry of this path; NULL: there is none. */
const struct artifact_entry *artifact_find(const struct artifact *artifact, struct str path);

/* Entries by path, of one path by place. */
void artifact_sort(struct artifact *artifact);
