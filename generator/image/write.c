/* Plans as an OCI image layout. */
#include <assert.h>

#include "image/base.h"
#include "image/image.h"
#include "image/oci.h"
#include "image/write.h"
#include "pack/blob.h"
#include "pack/output.h"
#include "pack/store.h"
#include "support/arena.h"
#include "support/buf.h"

enum { HEX_LEN = SHA256_HEX_SIZE - 1 };

static const struct str record_name = STR_INIT("beamrel.json");

struct writing {
	struct fs *fs;
	const struct image_options *options;
	struct tar_options tar;
	enum stream_kind kind;
	struct store store;
	struct known known;
	bool unwritable;
	struct oci_image *images;
	size_t images_len;
	struct oci_blob top;
};

/* --- blobs --- */

static struct str
digest_of(struct arena *arena, struct str hex)
{
	struct buf out = {.arena = arena};

	buf_printf(&out, "sha256:" STR_FMT, STR_ARG(hex));
	return buf_view(&out);
}

static const struct str media_types[] = {
	[STREAM_PLAIN] = STR_INIT("application/vnd.oci.image.layer.v1.tar"),
	[STREAM_GZIP] = STR_INIT("application/vnd.oci.image.layer.v1.tar+gzip"),
	[STREAM_ZSTD] = STR_INIT("application/vnd.oci.image.layer.v1.tar+zstd"),
};

static void
add_layer(struct writing *w, struct oci_image *image, struct str diff_id, struct str digest,
	uint64_t size)
{
	struct oci_layer layer = {
		.blob = {.digest = digest_of(w->fs->arena, digest),
			.media_type = media_types[w->kind],
			.size = size},
		.diff_id = digest_of(w->fs->arena, diff_id),
	};

	store_want(&w->store, digest);
	vec_push(w->fs->arena, &image->layers, layer);
}

static bool
write_layer(struct writing *w, struct oci_image *image, const struct image_layer *layer)
{
	struct arena *arena = w->fs->arena;
	const struct known_layer *known = known_next(&w->known);
	struct blob *blob;

	if (known) {
		add_layer(w, image, known->diff_id, known->digest, known->size);
		return true;
	}
	blob = arena_new(arena, struct blob);
	if (w->unwritable ||
		!blob_write(w->fs, &layer->tree, w->store.blobs, w->kind, &w->tar, blob)) {
		/* the first fault of the output is enough, but of the input all are told */
		if (w->unwritable)
			blob_measure(w->fs, &layer->tree, &w->tar, blob);
		w->unwritable = w->unwritable || blob->unwritable;
		return false;
	}

	struct str diff_id = {blob->diff_id, HEX_LEN}, digest = {blob->digest, HEX_LEN};
	known_add(&w->known, diff_id, digest, blob->size);
	add_layer(w, image, diff_id, digest, blob->size);
	return true;
}

static void
take_bytes(void *context, struct str bytes)
{
	output_write(context, bytes);
}

static bool
copy_layer(struct writing *w, const struct base *base, const struct base_layer *layer)
{
	struct arena arena = {0};
	struct output out;
	const char *fault;
	bool ok;

	if (w->unwritable || !output_open_in(&out, w->fs, w->store.blobs))
		return false;
	ok = base_blob(base, layer->digest, &arena, take_bytes, &out, &fault) ||
	     diag_error(w->fs->diag, base->pos, "the layer " STR_FMT " of '" STR_FMT "': %s",
		     STR_ARG(layer->digest), STR_ARG(base->path), fault);
	arena_release(&arena);
	w->unwritable = !output_close(&out, w->fs, ok, NULL);
	return ok && !w->unwritable;
}

static bool
inherit_layer(struct writing *w, struct oci_image *image, const struct base_layer *layer)
{
	struct str digest = oci_hex(layer->digest);

	store_want(&w->store, digest);
	vec_push(w->fs->arena, &image->layers,
		(struct oci_layer){
			.blob = {layer->digest, layer->media_type, layer->size},
			.diff_id = layer->diff_id,
		});
	if (known_has(&w->known, digest))
		return true;
	if (!copy_layer(w, image->plan->base, layer))
		return false;
	known_add(&w->known, (struct str){0}, digest, layer->size);
	return true;
}

static bool
write_document(struct writing *w, struct str bytes, const char *media_type, struct oci_blob *blob)
{
	char hex[SHA256_HEX_SIZE];
	bool ok = store_add(&w->store, bytes, hex);

	*blob = (struct oci_blob){
		.digest = digest_of(w->fs->arena, (struct str){hex, HEX_LEN}),
		.media_type = {media_type, strlen(media_type)},
		.size = bytes.len,
	};
	return ok;
}

static bool
write_image(struct writing *w, struct oci_image *image)
{
	struct arena *arena = w->fs->arena;
	const struct image_plan *plan = image->plan;
	bool ok = true;

	for (size_t i = 0; plan->base && i < plan->base->layers.len; i++)
		if (!inherit_layer(w, image, &plan->base->layers.at[i]))
			ok = false;
	for (size_t i = 0; i < plan->layers.len; i++)
		if (!write_layer(w, image, &plan->layers.at[i]))
			ok = false;
	return ok && write_document(w, oci_config(arena, image), OCI_CONFIG, &image->config) &&
	       write_document(w, oci_manifest(arena, image), OCI_MANIFEST, &image->manifest);
}

static bool
write_top(struct writing *w)
{
	if (w->images_len > 1)
		return write_document(w, oci_platforms(w->fs->arena, w->images, w->images_len),
			OCI_INDEX, &w->top);
	w->top = w->images[0].manifest;
	return true;
}

/* --- all of it --- */

static bool
write_blobs(struct writing *w, const struct image_plan *plans, size_t len)
{
	bool ok = true;

	known_read(&w->known, plans, len);
	w->images = arena_array(w->fs->arena, struct oci_image, len);
	w->images_len = len;
	for (size_t i = 0; i < len; i++) {
		w->images[i].plan = &plans[i];
		if (!write_image(w, &w->images[i]))
			ok = false;
	}
	return ok && write_top(w);
}

static bool
write_digest(struct fs *fs, struct str file, struct str digest)
{
	struct buf text = {.arena = fs->arena};

	buf_str(&text, digest);
	buf_byte(&text, '\n');
	return file.len == 0 || fs_write(fs, file, buf_view(&text), 0644);
}

/*
 * index.json last: it names all else, and a fault of what comes before leaves the old layout as it
 * was.
 */
static bool
write_layout(struct writing *w, const struct reference *names, size_t names_len)
{
	struct fs *fs = w->fs;
	struct str dir = w->options->layout;
	const struct image_platform *platform =
		w->images_len == 1 ? &w->images[0].plan->platform : NULL;
	struct str index = oci_index(fs->arena, &w->top, platform, names_len ? names : NULL);

	return (w->options->archive.len == 0 ||
		       hybrid_write(fs, w->images, w->images_len, index, &w->top, names, names_len,
			       dir, w->options->archive, &w->tar)) &&
	       write_digest(fs, w->options->digest_file, w->top.digest) &&
	       known_write(&w->known, w->images, w->images_len) &&
	       fs_write(fs, fs_join(fs->arena, dir, STR("oci-layout")), STR(OCI_LAYOUT), 0644) &&
	       fs_write(fs, fs_join(fs->arena, dir, STR("index.json")), index, 0644);
}

static bool
names_of(struct fs *fs, const struct spec_texts *tags, struct reference **names)
{
	bool ok = true;

	*names = arena_array(fs->arena, struct reference, tags->len + 1);
	for (size_t i = 0; i < tags->len; i++) {
		const char *fault;

		if (!reference_parse(fs->arena, tags->at[i].text, &(*names)[i], &fault))
			ok = false;
	}
	return ok;
}

static enum stream_kind
kind_of(enum spec_compression compression)
{
	switch (compression) {
	case SPEC_GZIP:
		return STREAM_GZIP;
	case SPEC_ZSTD:
		return STREAM_ZSTD;
	case SPEC_UNCOMPRESSED:
		return STREAM_PLAIN;
	}
	return STREAM_GZIP;
}

static void
count(const struct writing *w, const struct earlier *earlier, struct image_result *result)
{
	struct counting counting = {.arena = w->fs->arena, .earlier = earlier};

	count_blob(&counting, &w->top);
	for (size_t i = 0; i < w->images_len; i++) {
		const struct oci_image *image = &w->images[i];

		count_blob(&counting, &image->config);
		count_blob(&counting, &image->manifest);
		for (size_t k = 0; k < image->layers.len; k++)
			count_blob(&counting, &image->layers.at[k].blob);
	}
	result->digest = w->top.digest;
	result->size = counting.size;
	result->push = counting.push;
	result->compared = earlier->there;
}

static void
list_layers(const struct writing *w, const struct earlier *earlier, struct image_result *result)
{
	struct arena *arena = w->fs->arena;

	for (size_t i = 0; i < w->images_len; i++) {
		const struct oci_image *image = &w->images[i];
		size_t of_base = image->layers.len - image->plan->layers.len;

		for (size_t k = of_base; k < image->layers.len; k++) {
			const struct oci_blob *blob = &image->layers.at[k].blob;
			struct image_written layer = {
				.name = image->plan->layers.at[k - of_base].name,
				.digest = blob->digest,
				.size = blob->size,
				.known = earlier->there &&
					 fs_names_have(&earlier->blobs, oci_hex(blob->digest)),
			};

			if (w->images_len > 1)
				layer.platform = image_platform_text(arena, &image->plan->platform);
			vec_push(arena, &result->layers, layer);
		}
	}
}

bool
image_write(struct fs *fs, const struct image_plan *plans, size_t len,
	const struct image_options *options, struct image_result *result)
{
	const struct spec_image *spec = &plans[0].release->spec->image;
	struct writing w = {.fs = fs,
		.options = options,
		.kind = kind_of(spec->compression),
		.tar = {.epoch = plans[0].release->epoch,
			.threads = stream_threads(options->threads)}};
	struct earlier earlier;
	struct reference *names;
	bool ok;

	assert(len > 0);
	*result = (struct image_result){0};
	if (fs->diag->errors || !reference_check(fs, &spec->tags) ||
		!names_of(fs, &spec->tags, &names) ||
		!store_open(&w.store, fs, options->layout, record_name, known_mark))
		return false;
	w.known = (struct known){.fs = fs,
		.store = &w.store,
		.tar = &w.tar,
		.encoder = stream_encoder(fs->arena, w.kind)};
	ok = earlier_read(&earlier, fs, &w.store, options->against) &&
	     write_blobs(&w, plans, len) && write_layout(&w, names, spec->tags.len);
	if (ok) {
		count(&w, &earlier, result);
		list_layers(&w, &earlier, result);
	}
	return store_close(&w.store, ok) && ok;
}
