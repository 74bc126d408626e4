#include "image/base_json_value.h"
#include "image/oci.h"

#include <stdarg.h>

#include "support/arena.h"

const struct str base_layer_tar = STR_INIT("application/vnd.oci.image.layer.v1.tar");
const struct str base_layer_gzip = STR_INIT("application/vnd.oci.image.layer.v1.tar+gzip");
const struct str base_layer_zstd = STR_INIT("application/vnd.oci.image.layer.v1.tar+zstd");

static const struct str docker_list =
	STR_INIT("application/vnd.docker.distribution.manifest.list.v2+json");
static const struct str docker_manifest =
	STR_INIT("application/vnd.docker.distribution.manifest.v2+json");
static const struct str docker_config = STR_INIT("application/vnd.docker.container.image.v1+json");

bool
base_refuse(const struct base_reader *reader, const char *fmt, ...)
{
	struct buf said = {.arena = reader->arena};
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (reader->what.len > 0)
		buf_printf(&said, STR_FMT " ", STR_ARG(reader->what));
	buf_printf(&said, "%s", text);
	buf_byte(&said, '\0');
	return diag_error(reader->diag, reader->pos, "base image '" STR_FMT "': %s",
		STR_ARG(reader->path), said.at);
}

bool
base_explain(const struct base_reader *reader)
{
	diag_note(reader->diag, reader->pos,
		"a base is a file or folder of this machine: 'skopeo copy docker://debian:bookworm "
		"oci:DIR' makes one, 'docker save' and 'podman save' another; 'docker export' and "
		"archives of a root file system are none");
	return false;
}

/* OCI's word for a type of layer; empty: none that we read. */
static struct str
layer_type(struct str media_type)
{
	static const struct str pairs[][2] = {
		{STR_INIT("application/vnd.docker.image.rootfs.diff.tar"),
			STR_INIT("application/vnd.oci.image.layer.v1.tar")},
		{STR_INIT("application/vnd.docker.image.rootfs.diff.tar.gzip"),
			STR_INIT("application/vnd.oci.image.layer.v1.tar+gzip")},
		{STR_INIT("application/vnd.docker.image.rootfs.diff.tar.zstd"),
			STR_INIT("application/vnd.oci.image.layer.v1.tar+zstd")},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (str_eq(media_type, pairs[i][0]) || str_eq(media_type, pairs[i][1]))
			return pairs[i][1];
	return (struct str){0};
}

bool
base_type_is_image(struct str media_type)
{
	return str_eq(media_type, STR(OCI_MANIFEST)) || str_eq(media_type, docker_manifest);
}

bool
base_type_is_index(struct str media_type)
{
	return str_eq(media_type, STR(OCI_INDEX)) || str_eq(media_type, docker_list);
}

bool
base_json(const struct base_reader *r, struct str text, struct json *value)
{
	struct json_fault fault = {0};

	if (json_read(r->arena, text, value, &fault))
		return true;
	return base_refuse(r, "is no good JSON at %u:%u: %s", fault.line, fault.column, fault.text);
}

/* What is only beside an image: signatures, statements on how it was built. */
static void
read_annotations(const struct json *notes, struct base_descriptor *descriptor)
{
	static const struct str aside[] = {STR_INIT("io.containerd.manifest.subject"),
		STR_INIT("vnd.docker.reference.digest"), STR_INIT("vnd.docker.reference.type")};
	static const struct str names[] = {STR_INIT("io.containerd.image.name"),
		STR_INIT("org.opencontainers.image.ref.name")};

	for (size_t i = 0; i < sizeof(aside) / sizeof(aside[0]); i++)
		if (json_get(notes, aside[i]))
			descriptor->aside = true;
	for (size_t i = 0; i < 2 && descriptor->name.len == 0; i++) {
		const struct json *name = json_get(notes, names[i]);

		if (name && name->kind == JSON_IS_STRING)
			descriptor->name = name->text;
	}
}

static bool
read_descriptor(
	const struct base_reader *r, const struct json *object, struct base_descriptor *descriptor)
{
	static const char *const known[] = {
		"mediaType", "digest", "size", "platform", "annotations", "urls", "data", NULL};
	const struct json *size, *platform, *notes;

	*descriptor = (struct base_descriptor){0};
	if (object->kind != JSON_IS_OBJECT)
		return base_refuse(r, "has a descriptor that is no object");
	if (!base_json_names(r, object, known) ||
		!base_json_text(r, object, "mediaType", &descriptor->media_type) ||
		!base_json_text(r, object, "digest", &descriptor->digest) ||
		!base_json_member(r, object, "size", JSON_IS_INTEGER, &size) ||
		!base_json_member(r, object, "platform", JSON_IS_OBJECT, &platform) ||
		!base_json_member(r, object, "annotations", JSON_IS_OBJECT, &notes))
		return false;
	if (!oci_is_digest(descriptor->digest))
		return base_refuse(r,
			"has the digest '" STR_FMT "': it must be sha256: and 64 of 0-9 and a-f",
			STR_ARG(str_head(descriptor->digest, 100)));
	if (!size || size->integer < 0)
		return base_refuse(r, "has no good size for " STR_FMT, STR_ARG(descriptor->digest));
	descriptor->size = (uint64_t)size->integer;
	descriptor->has_platform = platform != NULL;
	if (notes)
		read_annotations(notes, descriptor);
	return !platform || base_json_platform(r, platform, &descriptor->platform);
}

static bool
read_descriptors(const struct base_reader *r, const struct json *array, size_t most,
	struct base_descriptors *list)
{
	bool ok = true;

	if (array->len > most)
		return base_refuse(r, "lists %zu blobs; %zu are the most", array->len, most);
	for (size_t i = 0; i < array->len; i++) {
		struct base_descriptor descriptor;

		if (!read_descriptor(r, &array->items[i], &descriptor))
			ok = false;
		vec_push(r->arena, list, descriptor);
	}
	return ok;
}

/* Its own word on what it is, and that of who led here. */
static bool
check_type(const struct base_reader *r, const struct json *object, struct str media_type,
	bool is_index)
{
	struct str own;
	const struct json *version;

	if (!base_json_text(r, object, "mediaType", &own) ||
		!base_json_member(r, object, "schemaVersion", JSON_IS_INTEGER, &version))
		return false;
	if (!version || version->integer != 2)
		return base_refuse(r, "is not of schema version 2: pull the image again with a "
				      "present engine");
	if (own.len > 0 && media_type.len > 0 && !str_eq(own, media_type))
		return base_refuse(r, "says that it is '" STR_FMT "', its descriptor '" STR_FMT "'",
			STR_ARG(own), STR_ARG(media_type));
	own = own.len > 0 ? own : media_type;
	if (own.len == 0)
		return true;
	if (is_index ? base_type_is_index(own) : base_type_is_image(own))
		return true;
	return base_refuse(r, "is of the type '" STR_FMT "', which is no image%s", STR_ARG(own),
		is_index ? " index" : "");
}

static bool
read_layers(const struct base_reader *r, const struct json *layers, struct base_manifest *manifest)
{
	bool ok = read_descriptors(r, layers, BASE_LAYERS, &manifest->layers);

	for (size_t i = 0; i < manifest->layers.len; i++) {
		struct base_descriptor *layer = &manifest->layers.at[i];
		struct str type = layer_type(layer->media_type);

		if (layer->digest.len > 0 && type.len == 0)
			ok = base_refuse(r,
				"has a layer of the type '" STR_FMT "', which is not read",
				STR_ARG(layer->media_type));
		layer->media_type = type;
	}
	return ok;
}

bool
base_read_manifest(const struct base_reader *r, struct str text, struct str media_type,
	struct base_manifest *manifest)
{
	static const char *const known[] = {"schemaVersion", "mediaType", "config", "layers",
		"manifests", "annotations", "subject", "artifactType", NULL};
	const struct json *config, *layers, *manifests;
	struct json root;

	*manifest = (struct base_manifest){0};
	if (!base_json(r, text, &root))
		return false;
	if (root.kind != JSON_IS_OBJECT)
		return base_refuse(r, "is no object");
	if (!base_json_names(r, &root, known) ||
		!base_json_member(r, &root, "config", JSON_IS_OBJECT, &config) ||
		!base_json_member(r, &root, "layers", JSON_IS_ARRAY, &layers) ||
		!base_json_member(r, &root, "manifests", JSON_IS_ARRAY, &manifests))
		return false;
	if (manifests && (layers || config))
		return base_refuse(r,
			"is an image and an index at once: it has 'manifests' and '%s'",
			layers ? "layers" : "config");
	manifest->is_index = manifests != NULL;
	if (!check_type(r, &root, media_type, manifest->is_index))
		return false;
	if (manifests)
		return read_descriptors(r, manifests, BASE_CHOICES, &manifest->layers);
	if (!config || !layers)
		return base_refuse(r, "has no '%s'", config ? "layers" : "config");
	if (!read_descriptor(r, config, &manifest->config))
		return false;
	if (!str_eq(manifest->config.media_type, STR(OCI_CONFIG)) &&
		!str_eq(manifest->config.media_type, docker_config))
		return base_refuse(r,
			"is no container image: its config is of the type '" STR_FMT "'",
			STR_ARG(manifest->config.media_type));
	return read_layers(r, layers, manifest);
}

bool
base_read_saved(const struct base_reader *r, struct str text, struct base_saved_list *images)
{
	static const char *const known[] = {"Config", "RepoTags", "Layers", NULL};
	struct json root;

	if (!base_json(r, text, &root))
		return false;
	if (root.kind != JSON_IS_ARRAY || root.len == 0 || root.len > BASE_CHOICES)
		return base_refuse(r, "is no list of images");
	for (size_t i = 0; i < root.len; i++) {
		const struct json *object = &root.items[i];
		struct base_saved image = {0};
		struct fs_names tags;

		if (object->kind != JSON_IS_OBJECT)
			return base_refuse(r, "has an image that is no object");
		if (!base_json_names(r, object, known) ||
			!base_json_text(r, object, "Config", &image.config) ||
			!base_json_texts(r, object, "RepoTags", &tags) ||
			!base_json_texts(r, object, "Layers", &image.layers))
			return false;
		if (image.config.len == 0)
			return base_refuse(r, "has an image without 'Config'");
		if (image.layers.len > BASE_LAYERS)
			return base_refuse(r, "lists %zu layers; %d are the most", image.layers.len,
				BASE_LAYERS);
		image.tag = tags.len > 0 ? tags.at[0] : (struct str){0};
		vec_push(r->arena, images, image);
	}
	return true;
}
