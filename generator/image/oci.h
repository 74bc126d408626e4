/*
 * image/oci.h - the JSON documents of an image (OCI image-spec 1.0: config.md, manifest.md,
 * image-index.md, image-layout.md). Compact, keys sorted, no newline at the end: their digests are
 * what the image is called.
 */
#pragma once

#include <stdint.h>

#include "image/image.h"
#include "image/reference.h"
#include "support/str.h"
#include "support/vec.h"

#define OCI_CONFIG   "application/vnd.oci.image.config.v1+json"
#define OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define OCI_INDEX    "application/vnd.oci.image.index.v1+json"
#define OCI_LAYOUT   "{\"imageLayoutVersion\":\"1.0.0\"}"

/* What stands in a blob, and what it is. */
struct oci_blob {
	struct str digest; /* "sha256:HEX" */
	struct str media_type;
	uint64_t size;
};

struct oci_layer {
	struct oci_blob blob;
	struct str diff_id; /* "sha256:HEX" */
};

/* The image of one platform. */
struct oci_image {
	const struct image_plan *plan;
	VEC(struct oci_layer) layers; /* those of the base first */
	struct oci_blob config, manifest;
};

/* "sha256:HEX"? */
bool oci_is_digest(struct str text);

/* HEX of "sha256:HEX" */
static inline struct str
oci_hex(struct str digest)
{
	return (struct str){
		digest.at + sizeof("sha256:") - 1, digest.len - (sizeof("sha256:") - 1)};
}

/* "2026-01-02T03:04:05Z" */
struct str oci_time(struct arena *arena, int64_t epoch);

struct str oci_config(struct arena *arena, const struct oci_image *image);
struct str oci_manifest(struct arena *arena, const struct oci_image *image);

/* The index of several platforms, which is a blob itself. */
struct str oci_platforms(struct arena *arena, const struct oci_image *images, size_t len);

/* index.json: one descriptor, of the only manifest (then `platform`) or of the index. */
struct str oci_index(struct arena *arena, const struct oci_blob *top,
	const struct image_platform *platform, const struct reference *name);

/* What docker reads: manifest.json of the archive. */
struct str oci_docker_manifest(struct arena *arena, const struct oci_image *image,
	const struct reference *names, size_t names_len);
