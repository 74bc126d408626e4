#include "image/oci.h"

#include <inttypes.h>
#include <time.h>

#include "image/base.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/json.h"
#include "support/sha256.h"

enum { NANOSECONDS = 1000000000 };

/* --- JSON, with the commas where they belong --- */

static void
item(struct buf *out)
{
	char last = '{';

	if (out->len)
		last = out->at[out->len - 1];

	if (last != '{' && last != '[' && last != ':')
		buf_byte(out, ',');
}

static void
key(struct buf *out, struct str name)
{
	item(out);
	json_text(out, name);
	buf_byte(out, ':');
}

static void
text(struct buf *out, const char *name, struct str value)
{
	key(out, (struct str){name, strlen(name)});
	json_text(out, value);
}

static void
number(struct buf *out, const char *name, uint64_t value)
{
	key(out, (struct str){name, strlen(name)});
	buf_printf(out, "%" PRIu64, value);
}

static void
open(struct buf *out, const char *name, char bracket)
{
	if (name)
		key(out, (struct str){name, strlen(name)});
	else
		item(out);
	buf_byte(out, (unsigned char)bracket);
}

static void
texts(struct buf *out, const char *name, const struct fs_names *values)
{
	if (values->len == 0)
		return;
	open(out, name, '[');
	for (size_t i = 0; i < values->len; i++) {
		item(out);
		json_text(out, values->at[i]);
	}
	buf_byte(out, ']');
}

/* A set, as Docker writes one. */
static void
set(struct buf *out, const char *name, const struct fs_names *values)
{
	if (values->len == 0)
		return;
	open(out, name, '{');
	for (size_t i = 0; i < values->len; i++) {
		key(out, values->at[i]);
		buf_add(out, "{}", 2);
	}
	buf_byte(out, '}');
}

static void
pairs(struct buf *out, const char *name, const struct spec_pairs *values)
{
	if (values->len == 0)
		return;
	open(out, name, '{');
	for (size_t i = 0; i < values->len; i++) {
		key(out, values->at[i].key.text);
		json_text(out, values->at[i].value.text);
	}
	buf_byte(out, '}');
}

bool
oci_is_digest(struct str digest)
{
	const struct str kind = STR("sha256:");

	return str_eq(str_head(digest, kind.len), kind) && sha256_is_hex(oci_hex(digest));
}

/* --- config --- */

struct str
oci_time(struct arena *arena, int64_t epoch)
{
	struct buf out = {.arena = arena};
	time_t seconds = (time_t)epoch;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	buf_printf(&out, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return buf_view(&out);
}

static void
put_duration(struct buf *out, const char *name, int64_t seconds)
{
	if (seconds > 0)
		number(out, name, (uint64_t)seconds * NANOSECONDS);
}

static void
put_healthcheck(struct buf *out, const struct image_plan *plan)
{
	const struct image_config *config = &plan->config;
	bool inherited = config->healthcheck.len == 0;

	if (inherited && (!plan->base || plan->base->config.healthcheck.len == 0))
		return;
	if (inherited) {
		key(out, STR("Healthcheck"));
		buf_str(out, plan->base->config.healthcheck);
		return;
	}
	open(out, "Healthcheck", '{');
	put_duration(out, "Interval", config->interval);
	if (config->retries > 0)
		number(out, "Retries", (uint64_t)config->retries);
	put_duration(out, "StartPeriod", config->start_period);
	texts(out, "Test", &config->healthcheck);
	put_duration(out, "Timeout", config->timeout);
	buf_byte(out, '}');
}

static void
put_text_if(struct buf *out, const char *name, struct str value)
{
	if (value.len > 0)
		text(out, name, value);
}

static void
put_process(struct buf *out, const struct image_plan *plan)
{
	const struct image_config *config = &plan->config;

	open(out, "config", '{');
	texts(out, "Cmd", &config->command);
	texts(out, "Entrypoint", &config->entrypoint);
	texts(out, "Env", &config->env);
	set(out, "ExposedPorts", &config->ports);
	put_healthcheck(out, plan);
	pairs(out, "Labels", &config->labels);
	put_text_if(out, "StopSignal", config->stop_signal);
	put_text_if(out, "User", config->user);
	set(out, "Volumes", &config->volumes);
	put_text_if(out, "WorkingDir", config->workdir);
	buf_byte(out, '}');
}

/* That of the base word for word, for tools that look for it; then one entry for each layer, since
 * docker refuses more of them than there are layers. */
static void
put_history(struct buf *out, const struct image_plan *plan, struct str created)
{
	open(out, "history", '[');
	if (plan->base && plan->base->history.len > 2)
		buf_add(out, plan->base->history.at + 1, plan->base->history.len - 2);
	for (size_t i = 0; i < plan->layers.len; i++) {
		struct buf by = {.arena = out->arena};

		buf_printf(&by, "beamrel image, layer " STR_FMT, STR_ARG(plan->layers.at[i].name));
		open(out, NULL, '{');
		text(out, "created", created);
		text(out, "created_by", buf_view(&by));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

struct str
oci_config(struct arena *arena, const struct oci_image *image)
{
	const struct image_plan *plan = image->plan;
	struct str created = oci_time(arena, plan->release->epoch);
	struct buf out = {.arena = arena};

	open(&out, NULL, '{');
	text(&out, "architecture", plan->platform.architecture);
	put_process(&out, plan);
	text(&out, "created", created);
	put_history(&out, plan, created);
	text(&out, "os", plan->platform.os);
	open(&out, "rootfs", '{');
	open(&out, "diff_ids", '[');
	for (size_t i = 0; i < image->layers.len; i++) {
		item(&out);
		json_text(&out, image->layers.at[i].diff_id);
	}
	buf_byte(&out, ']');
	text(&out, "type", STR("layers"));
	buf_byte(&out, '}');
	put_text_if(&out, "variant", plan->platform.variant);
	buf_byte(&out, '}');
	return buf_view(&out);
}

/* --- manifest and index --- */

static void
put_blob(struct buf *out, const struct oci_blob *blob)
{
	text(out, "digest", blob->digest);
	text(out, "mediaType", blob->media_type);
}

static void
put_platform(struct buf *out, const struct image_platform *platform)
{
	open(out, "platform", '{');
	text(out, "architecture", platform->architecture);
	text(out, "os", platform->os);
	put_text_if(out, "variant", platform->variant);
	buf_byte(out, '}');
}

static void
end_document(struct buf *out, const char *media_type)
{
	text(out, "mediaType", (struct str){media_type, strlen(media_type)});
	number(out, "schemaVersion", 2);
	buf_byte(out, '}');
}

struct str
oci_manifest(struct arena *arena, const struct oci_image *image)
{
	struct buf out = {.arena = arena};

	open(&out, NULL, '{');
	pairs(&out, "annotations", &image->plan->config.annotations);
	open(&out, "config", '{');
	put_blob(&out, &image->config);
	number(&out, "size", image->config.size);
	buf_byte(&out, '}');
	open(&out, "layers", '[');
	for (size_t i = 0; i < image->layers.len; i++) {
		open(&out, NULL, '{');
		put_blob(&out, &image->layers.at[i].blob);
		number(&out, "size", image->layers.at[i].blob.size);
		buf_byte(&out, '}');
	}
	buf_byte(&out, ']');
	end_document(&out, OCI_MANIFEST);
	return buf_view(&out);
}

static bool
has_pair(const struct spec_pairs *among, const struct spec_pair *pair)
{
	for (size_t i = 0; i < among->len; i++)
		if (str_eq(among->at[i].key.text, pair->key.text))
			return str_eq(among->at[i].value.text, pair->value.text);
	return false;
}

/* What the annotations of all platforms say. */
static struct spec_pairs
common_annotations(struct arena *arena, const struct oci_image *images, size_t len)
{
	const struct spec_pairs *first = &images[0].plan->config.annotations;
	struct spec_pairs common = {0};

	for (size_t i = 0; i < first->len; i++) {
		bool all = true;

		for (size_t k = 1; k < len; k++)
			if (!has_pair(&images[k].plan->config.annotations, &first->at[i]))
				all = false;
		if (all)
			vec_push(arena, &common, first->at[i]);
	}
	return common;
}

struct str
oci_platforms(struct arena *arena, const struct oci_image *images, size_t len)
{
	struct buf out = {.arena = arena};
	struct spec_pairs annotations = common_annotations(arena, images, len);

	open(&out, NULL, '{');
	pairs(&out, "annotations", &annotations);
	open(&out, "manifests", '[');
	for (size_t i = 0; i < len; i++) {
		open(&out, NULL, '{');
		put_blob(&out, &images[i].manifest);
		put_platform(&out, &images[i].plan->platform);
		number(&out, "size", images[i].manifest.size);
		buf_byte(&out, '}');
	}
	buf_byte(&out, ']');
	end_document(&out, OCI_INDEX);
	return buf_view(&out);
}

struct str
oci_index(struct arena *arena, const struct oci_blob *top, const struct image_platform *platform,
	const struct reference *name)
{
	struct buf out = {.arena = arena};

	open(&out, NULL, '{');
	open(&out, "manifests", '[');
	open(&out, NULL, '{');
	if (name) {
		/* Both: containerd and podman want the whole name in the first, skopeo and umoci
		 * find the image by the tag in the second. */
		open(&out, "annotations", '{');
		text(&out, "io.containerd.image.name", reference_text(arena, name));
		text(&out, "org.opencontainers.image.ref.name", name->tag);
		buf_byte(&out, '}');
	}
	put_blob(&out, top);
	if (platform)
		put_platform(&out, platform);
	number(&out, "size", top->size);
	buf_byte(&out, '}');
	buf_byte(&out, ']');
	end_document(&out, OCI_INDEX);
	return buf_view(&out);
}

static void
put_path(struct buf *out, struct str digest)
{
	struct buf path = {.arena = out->arena};

	buf_printf(&path, "blobs/sha256/" STR_FMT, STR_ARG(oci_hex(digest)));
	json_text(out, buf_view(&path));
}

struct str
oci_docker_manifest(struct arena *arena, const struct oci_image *image,
	const struct reference *names, size_t names_len)
{
	struct buf out = {.arena = arena};
	struct fs_names tags = {arena_array(arena, struct str, names_len + 1), names_len};

	for (size_t i = 0; i < names_len; i++)
		tags.at[i] = reference_text(arena, &names[i]);
	buf_byte(&out, '[');
	open(&out, NULL, '{');
	key(&out, STR("Config"));
	put_path(&out, image->config.digest);
	open(&out, "Layers", '[');
	for (size_t i = 0; i < image->layers.len; i++) {
		item(&out);
		put_path(&out, image->layers.at[i].blob.digest);
	}
	buf_byte(&out, ']');
	texts(&out, "RepoTags", &tags);
	buf_add(&out, "}]", 2);
	return buf_view(&out);
}
