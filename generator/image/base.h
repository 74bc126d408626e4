/*
 * image/base.h - the image that ours is built upon: an OCI layout folder, an OCI archive, what
 * `docker save` writes, or the hybrid of both.
 *
 * All of it is hostile until it is verified: size, digest and diff_id of every blob before anything
 * of it is used. What is refused is listed in docs/reference/image.md.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "elf/elf.h"
#include "image/image.h"
#include "support/fs.h"

enum { BASE_OBJECT = 64 << 20 };

struct base_layer {
	struct str digest, diff_id; /* "sha256:HEX" */
	struct str media_type;      /* of OCI, also when the base says it in Docker's words */
	uint64_t size;
};

/* The config's own words; absent ones are empty. */
struct base_config {
	struct fs_names env, entrypoint, command, ports, volumes;
	struct spec_pairs labels;
	struct str user, workdir, stop_signal;
	struct str healthcheck; /* the JSON object, as it is */
};

/* What its layers give one after the other, whiteouts carried out. */
struct base_entry {
	struct str path; /* without leading '/'; no '/' at the end */
	enum tree_kind kind;
	bool special; /* device, fifo: kind is TREE_FILE */
	unsigned mode;
	uint64_t uid, gid, size;
	int64_t mtime;
	struct str link; /* target of a symbolic link */
	const struct elf
		*elf; /* of a file that begins as ELF and has ".so" in its name, if it is */
	const char *elf_fault; /* no larger than BASE_OBJECT; why it could not be read */
};

struct base {
	struct srcpos pos; /* where the spec names it */
	struct str path;
	struct str digest; /* of the manifest; of docker archives that have none, of the config */
	struct image_platform platform;
	struct base_config config;
	struct str history; /* the JSON array, as it is; "[]" when there is none */
	VEC(struct base_layer) layers;
	VEC(struct base_entry) entries; /* sorted by path_order() */
	void *blobs;                    /* base_blob()'s own */
};

/*
 * Reads and verifies the base that the spec names for `platform`. An index is followed to the
 * manifest of that platform. False: reported, with the reason.
 */
bool base_read(struct fs *fs, const struct spec_text *path, const struct spec_text *digest,
	const struct image_platform *platform, struct base **base);

/* NULL: there is nothing at `path`, whose folders may be symbolic links. */
const struct base_entry *base_find(const struct base *base, struct str path);

/* `path` with all links of its folders followed, inside the base: where a file of this name would
 * end up. False: in no folder (a file, or links that go round in circles, are in the way). */
bool base_resolve(
	const struct base *base, struct arena *arena, struct str path, struct str *resolved);

/* Gives the blob's bytes in pieces, and checks their digest once more. False: *fault says why. */
bool base_blob(const struct base *base, struct str digest, struct arena *arena,
	void (*take)(void *context, struct str bytes), void *context, const char **fault);
