#include "image/base_choose.h"

#include <errno.h>
#include <sys/stat.h>

#include "image/oci.h"
#include "support/arena.h"

/* An image that may be meant. */
struct candidate {
	struct base_descriptor descriptor;
	size_t group; /* which descriptor of index.json leads to it */
	unsigned fit; /* how well its platform fits, 0: not at all */
};

struct chooser {
	struct base_reader *r;
	const struct base_files *files;
	struct str wanted;
	const struct image_platform *platform;
	struct base_choice *choice;
	VEC(struct candidate) candidates;
	struct buf found; /* what there is, for messages */
};

static bool
read_file(struct chooser *c, struct str name, struct str *content)
{
	const char *fault;

	c->r->what = name;
	vec_push(c->r->arena, &c->choice->read, name);
	return base_files_read(c->files, c->r->arena, name, BASE_JSON_SIZE, content, &fault) ||
	       base_refuse(c->r, "%s", fault);
}

static bool
check_digest(struct chooser *c, struct str content, struct str digest)
{
	char hex[SHA256_HEX_SIZE];

	sha256_hex(content, hex);
	return str_eq((struct str){hex, SHA256_HEX_SIZE - 1},
		       (struct str){digest.at + 7, digest.len - 7}) ||
	       base_refuse(c->r, "has the digest sha256:%s", hex);
}

/* Size, digest, and only then a look at it. */
static bool
read_blob(struct chooser *c, const struct base_descriptor *descriptor, struct str *content)
{
	if (!read_file(c, base_files_blob(c->r->arena, descriptor->digest), content))
		return false;
	if (content->len != descriptor->size)
		return base_refuse(c->r, "has %zu bytes, and its descriptor says %llu",
			content->len, (unsigned long long)descriptor->size);
	return check_digest(c, *content, descriptor->digest);
}

/* "v7" is what arm means without a variant, "v8" what arm64 and "v1" what amd64 means. */
static unsigned
variant_of(const struct image_platform *p)
{
	if (p->variant.len == 2 && p->variant.at[0] == 'v')
		return (unsigned)(p->variant.at[1] - '0');
	if (p->variant.len > 0)
		return 0;
	return str_eq(p->architecture, STR("arm"))     ? 7
	       : str_eq(p->architecture, STR("arm64")) ? 8
						       : 1;
}

/* A machine runs what is made for it, and for the variants before it. */
static unsigned
fit(const struct image_platform *wanted, const struct image_platform *has)
{
	unsigned most = variant_of(wanted), own = variant_of(has);

	if (!str_eq(wanted->os, has->os) || !str_eq(wanted->architecture, has->architecture))
		return 0;
	if (str_eq(wanted->variant, has->variant) || own == most)
		return 100;
	return own > 0 && own < most ? own : 0;
}

static bool
read_image(struct chooser *c, const struct base_descriptor *descriptor,
	struct base_manifest *manifest, struct base_image *image)
{
	struct str text;

	if (!read_blob(c, descriptor, &text) ||
		!base_read_manifest(c->r, text, descriptor->media_type, manifest))
		return false;
	if (manifest->is_index)
		return base_refuse(c->r, "is an index, and its descriptor says an image");
	return read_blob(c, &manifest->config, &text) && base_read_image(c->r, text, image);
}

static void
note_found(struct chooser *c, const struct base_descriptor *d)
{
	buf_printf(&c->found, "%s" STR_FMT, c->found.len > 0 ? ", " : "", STR_ARG(d->digest));
	if (d->name.len > 0)
		buf_printf(&c->found, " (" STR_FMT ")", STR_ARG(d->name));
	if (d->has_platform)
		buf_printf(&c->found, " for " STR_FMT,
			STR_ARG(image_platform_text(c->r->arena, &d->platform)));
}

static bool gather(struct chooser *c, const struct base_descriptors *list, bool meant,
	unsigned level, size_t group);

/* The images of an index inside index.json. */
static bool
gather_index(struct chooser *c, const struct base_descriptor *d, bool meant, unsigned level,
	size_t group)
{
	struct base_manifest index;
	struct str text;

	if (level > 0)
		return base_refuse(c->r, "has an index in an index");
	if (!read_blob(c, d, &text) || !base_read_manifest(c->r, text, d->media_type, &index))
		return false;
	if (!index.is_index)
		return base_refuse(c->r, "is an image, and its descriptor says an index");
	return gather(c, &index.layers, meant, level + 1, group);
}

static bool
gather(struct chooser *c, const struct base_descriptors *list, bool meant, unsigned level,
	size_t group)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct base_descriptor *d = &list->at[i];
		bool is_meant = meant || str_eq(d->digest, c->wanted);
		struct candidate candidate = {*d, level == 0 ? i : group, 0};

		if (d->aside)
			continue;
		note_found(c, d);
		if (base_type_is_index(d->media_type)) {
			if (!gather_index(c, d, is_meant, level, candidate.group))
				return false;
		} else if (base_type_is_image(d->media_type) && is_meant) {
			vec_push(c->r->arena, &c->candidates, candidate);
		}
	}
	return true;
}

/* An index need not say for what an image is; its config does. */
static bool
find_platform(struct chooser *c, struct candidate *candidate)
{
	struct base_manifest manifest;
	struct base_image image;

	if (!candidate->descriptor.has_platform) {
		if (!read_image(c, &candidate->descriptor, &manifest, &image))
			return false;
		candidate->descriptor.platform = image.platform;
	}
	candidate->fit = fit(c->platform, &candidate->descriptor.platform);
	return true;
}

static bool
choose(struct chooser *c, const struct candidate **chosen)
{
	*chosen = NULL;
	for (size_t i = 0; i < c->candidates.len; i++) {
		struct candidate *candidate = &c->candidates.at[i];

		if (!find_platform(c, candidate))
			return false;
		if (candidate->fit > (*chosen ? (*chosen)->fit : 0))
			*chosen = candidate;
	}
	c->r->what = (struct str){0};
	if (!*chosen && c->candidates.len > 0)
		c->found.len = 0;
	for (size_t i = 0; !*chosen && i < c->candidates.len; i++) {
		c->candidates.at[i].descriptor.has_platform = true;
		note_found(c, &c->candidates.at[i].descriptor);
	}
	if (!*chosen && c->candidates.len == 0 && c->wanted.len > 0)
		return base_refuse(c->r, "has no image " STR_FMT "; it has " STR_FMT,
			STR_ARG(c->wanted), STR_ARG(buf_view(&c->found)));
	if (!*chosen)
		return base_refuse(c->r, "has no image for " STR_FMT "; it has " STR_FMT,
			STR_ARG(image_platform_text(c->r->arena, c->platform)),
			STR_ARG(c->found.len > 0 ? buf_view(&c->found) : STR("none")));
	for (size_t i = 0; i < c->candidates.len; i++) {
		const struct candidate *other = &c->candidates.at[i];

		if (other->group != (*chosen)->group && other->fit > 0 &&
			!str_eq(other->descriptor.digest, (*chosen)->descriptor.digest))
			return base_refuse(c->r,
				"has several images: " STR_FMT "; say which, as PATH@sha256:...",
				STR_ARG(buf_view(&c->found)));
	}
	return true;
}

static bool
check_platform(struct chooser *c, const struct base_image *image)
{
	return fit(c->platform, &image->platform) > 0 ||
	       base_refuse(c->r, "is for " STR_FMT ", and the image is to be for " STR_FMT,
		       STR_ARG(image_platform_text(c->r->arena, &image->platform)),
		       STR_ARG(image_platform_text(c->r->arena, c->platform)));
}

static bool
choose_oci(struct chooser *c)
{
	struct base_manifest manifest;
	struct base_choice *choice = c->choice;
	const struct candidate *chosen;
	struct str text;
	struct json layout;
	const struct json *version;

	if (!read_file(c, STR("oci-layout"), &text) || !base_json(c->r, text, &layout))
		return false;
	version = json_get(&layout, STR("imageLayoutVersion"));
	if (!version || !str_eq(version->text, STR("1.0.0")))
		return base_refuse(c->r, "is of another version than 1.0.0");
	if (!read_file(c, STR("index.json"), &text) ||
		!base_read_manifest(c->r, text, (struct str){0}, &manifest))
		return false;
	if (!manifest.is_index)
		return base_refuse(c->r, "is no index");
	if (!gather(c, &manifest.layers, c->wanted.len == 0, 0, 0) || !choose(c, &chosen) ||
		!read_image(c, &chosen->descriptor, &manifest, &choice->image) ||
		!check_platform(c, &choice->image))
		return false;
	choice->digest = chosen->descriptor.digest;
	if (choice->image.diff_ids.len != manifest.layers.len)
		return base_refuse(c->r, "has %zu diff_ids, and the manifest %zu layers",
			choice->image.diff_ids.len, manifest.layers.len);
	for (size_t i = 0; i < manifest.layers.len; i++) {
		const struct base_descriptor *layer = &manifest.layers.at[i];

		vec_push(c->r->arena, &choice->layers,
			(struct base_source){base_files_blob(c->r->arena, layer->digest),
				layer->digest, choice->image.diff_ids.at[i], layer->media_type,
				layer->size});
	}
	return true;
}

/* A config's file often has its digest for a name; then it must be true. */
static bool
check_config_name(struct chooser *c, struct str name, struct str digest)
{
	struct str hex = {digest.at + 7, digest.len - 7}, prefix = STR("blobs/sha256/"),
		   end = STR(".json");
	struct str given = name;
	struct buf named = {.arena = c->r->arena};

	if (str_eq(str_head(given, prefix.len), prefix))
		given = (struct str){given.at + prefix.len, given.len - prefix.len};
	else if (given.len == hex.len + end.len &&
		 str_eq((struct str){given.at + hex.len, end.len}, end))
		given.len = hex.len;
	else
		return true;
	buf_printf(&named, "sha256:" STR_FMT, STR_ARG(given));
	return !oci_is_digest(buf_view(&named)) || str_eq(given, hex) ||
	       base_refuse(c->r, "has the digest " STR_FMT, STR_ARG(digest));
}

/* One image of docker's manifest.json: its config, whose digest is its name. */
static bool
read_saved(struct chooser *c, const struct base_saved *saved, struct base_choice *choice)
{
	char hex[SHA256_HEX_SIZE];
	struct buf digest = {.arena = c->r->arena};
	struct str text;

	if (!read_file(c, saved->config, &text))
		return false;
	sha256_hex(text, hex);
	buf_printf(&digest, "sha256:%s", hex);
	choice->digest = buf_view(&digest);
	if (!check_config_name(c, saved->config, choice->digest) ||
		!base_read_image(c->r, text, &choice->image))
		return false;
	if (choice->image.diff_ids.len != saved->layers.len)
		return base_refuse(c->r, "has %zu diff_ids, and manifest.json lists %zu layers",
			choice->image.diff_ids.len, saved->layers.len);
	for (size_t i = 0; i < saved->layers.len; i++)
		vec_push(c->r->arena, &choice->layers,
			(struct base_source){.name = saved->layers.at[i],
				.diff_id = choice->image.diff_ids.at[i]});
	return true;
}

static bool
choose_saved(struct chooser *c)
{
	struct base_saved_list images = {0};
	struct base_choice own = {0};
	size_t fits = 0;
	struct str text;

	if (!read_file(c, STR("manifest.json"), &text) || !base_read_saved(c->r, text, &images))
		return false;
	for (size_t i = 0; i < images.len; i++) {
		struct base_choice choice = {0};

		if (!read_saved(c, &images.at[i], &choice))
			return false;
		note_found(c, &(struct base_descriptor){.digest = choice.digest,
				      .name = images.at[i].tag,
				      .has_platform = true,
				      .platform = choice.image.platform});
		if (c->wanted.len > 0 ? !str_eq(c->wanted, choice.digest)
				      : fit(c->platform, &choice.image.platform) == 0)
			continue;
		if (fits++ > 0 && !str_eq(own.digest, choice.digest)) {
			c->r->what = (struct str){0};
			return base_refuse(c->r,
				"has several images: " STR_FMT "; say which, as PATH@sha256:...",
				STR_ARG(buf_view(&c->found)));
		}
		own = choice;
	}
	c->r->what = (struct str){0};
	if (fits == 0)
		return base_refuse(c->r, "has no image %s" STR_FMT "; it has " STR_FMT,
			c->wanted.len > 0 ? "" : "for ",
			STR_ARG(c->wanted.len > 0 ? c->wanted
						  : image_platform_text(c->r->arena, c->platform)),
			STR_ARG(buf_view(&c->found)));
	c->choice->digest = own.digest;
	c->choice->image = own.image;
	c->choice->layers = own.layers;
	return check_platform(c, &own.image);
}

/* A folder, but no layout. */
static bool
is_other_folder(const struct base_reader *r, const struct base_files *files)
{
	struct buf path = {.arena = r->arena};
	struct stat st;

	if (files->is_archive)
		return false;
	buf_printf(&path, STR_FMT "/oci-layout", STR_ARG(files->path));
	buf_byte(&path, '\0');
	return lstat(path.at, &st) != 0 && errno == ENOENT;
}

bool
base_choose(struct base_reader *r, const struct base_files *files, struct str wanted,
	const struct image_platform *platform, struct base_choice *choice)
{
	struct chooser c = {.r = r,
		.files = files,
		.wanted = wanted,
		.platform = platform,
		.choice = choice,
		.found = {.arena = r->arena}};

	if (is_other_folder(r, files)) {
		base_refuse(r, "is a folder without the file 'oci-layout'");
		return base_explain(r);
	}
	if (base_files_has(files, r->arena, STR("oci-layout")) || !files->is_archive)
		return choose_oci(&c);
	if (base_files_has(files, r->arena, STR("manifest.json")))
		return choose_saved(&c);
	base_refuse(r, "is an archive without 'oci-layout' and without 'manifest.json': neither "
		       "OCI's nor docker's");
	return base_explain(r);
}
