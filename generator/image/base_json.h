/*
 * image/base_json.h - the JSON of OCI and Docker images, read as strictly as it can be without
 * refusing what real tools write: index, manifest, configuration, docker's manifest.json.
 */
#pragma once

#include "image/base.h"
#include "support/json.h"

enum {
	BASE_JSON_SIZE = 4 << 20, /* bytes of one document */
	BASE_LAYERS = 127,
	BASE_CHOICES = 4096, /* manifests of an index */
	DIGEST_SIZE = 71     /* "sha256:" and 64 digits */
};

/* Who reads and who is to blame. */
struct base_reader {
	struct arena *arena;
	struct diag *diag;
	struct srcpos pos; /* where the spec names the base */
	struct str path;   /* of the base */
	struct str what;   /* of it: "index.json" */
};

/* Reports "base image 'PATH': WHAT ...". False. */
bool base_refuse(const struct base_reader *reader, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A note that says what a base is, for those who gave something else. False. */
bool base_explain(const struct base_reader *reader);

struct base_descriptor {
	struct str media_type, digest, name; /* name: tag or reference, or empty */
	uint64_t size;
	bool has_platform, aside; /* aside: signatures, attestations */
	struct image_platform platform;
};

struct base_descriptors {
	struct base_descriptor *at;
	size_t len, cap;
};

struct base_manifest {
	bool is_index;
	struct base_descriptor config;
	struct base_descriptors layers; /* or the manifests of an index */
};

struct base_image {
	struct image_platform platform;
	struct base_config config;
	struct str history;
	struct fs_names diff_ids;
};

/* An image of docker's manifest.json: names of members of the archive. */
struct base_saved {
	struct str config, tag;
	struct fs_names layers;
};

struct base_saved_list {
	struct base_saved *at;
	size_t len, cap;
};

/* The text as JSON. */
bool base_json(const struct base_reader *reader, struct str text, struct json *value);

/* `media_type`: of the descriptor that led here; empty: none did. */
bool base_read_manifest(const struct base_reader *reader, struct str text, struct str media_type,
	struct base_manifest *manifest);

bool base_read_image(const struct base_reader *reader, struct str text, struct base_image *image);

bool base_read_saved(
	const struct base_reader *reader, struct str text, struct base_saved_list *images);

/* OCI's and Docker's words for them. */
bool base_type_is_image(struct str media_type);
bool base_type_is_index(struct str media_type);

extern const struct str base_layer_tar, base_layer_gzip, base_layer_zstd;
