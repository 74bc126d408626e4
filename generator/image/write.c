/*
 * Plans as an OCI image layout.
 *
 * Beside the layout stands beamrel.json: which tar became which blob, and by which encoder. A layer
 * whose tar is known and whose blob is still there is not compressed again.
 */
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
#include "support/json.h"
#include "support/pool.h"

enum { HEX_LEN = SHA256_HEX_SIZE - 1 };

static const struct str record_name = STR_INIT("beamrel.json");
static const struct str record_mark = STR_INIT("{\"beamrel\":\"image layout\",");

/* --- what is known of earlier runs --- */

struct known {
	struct str diff_id, digest; /* HEX; a base's layers have no diff_id here */
	uint64_t size;
	bool good; /* the blob is what its name says */
};

struct writing {
	struct fs *fs;
	const struct image_options *options;
	struct tar_options tar;
	enum stream_kind kind;
	struct str encoder;
	struct store store;
	bool unwritable;
	bool recorded;           /* there is something to compare with */
	VEC(struct known) known; /* of earlier runs, then of this one */
	struct oci_image *images;
	size_t images_len;
	struct oci_blob top;
};

/* The record up to what it says of layers. */
static void
begin_record(struct buf *out, struct str encoder)
{
	buf_str(out, record_mark);
	buf_printf(out, "\"encoder\":");
	json_text(out, encoder);
	buf_printf(out, ",\"layers\":{");
}

/* What is no record of ours, or another encoder's, is as good as none. */
static void
read_record(struct writing *w)
{
	const struct json *encoder, *layers;
	struct json record;
	struct json_fault where;
	struct str bytes;
	const char *fault;

	if (!fs_load(w->fs->arena, w->store.marker, &bytes, &fault) ||
		!json_read(w->fs->arena, bytes, &record, &where))
		return;
	encoder = json_get(&record, STR("encoder"));
	layers = json_get(&record, STR("layers"));
	if (!encoder || !str_eq(encoder->text, w->encoder) || !layers)
		return;
	w->recorded = true;
	for (size_t i = 0; layers->kind == JSON_IS_OBJECT && i < layers->len; i++) {
		const struct json_member *layer = &layers->members[i];

		if (oci_is_digest(layer->name) && oci_is_digest(layer->value.text))
			vec_push(w->fs->arena, &w->known,
				(struct known){.diff_id = oci_hex(layer->name),
					.digest = oci_hex(layer->value.text)});
	}
}

/* The layers of bases have the digests that they have there. */
static void
expect_bases(struct writing *w, const struct image_plan *plans, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; plans[i].base && k < plans[i].base->layers.len; k++) {
			struct str digest = oci_hex(plans[i].base->layers.at[k].digest);

			vec_push(w->fs->arena, &w->known, (struct known){.digest = digest});
		}
}

static void
check_known(void *context, size_t index, struct arena *scratch)
{
	struct writing *w = context;
	struct known *known = &w->known.at[index];

	known->good = store_check(scratch, w->store.blobs, known->digest, &known->size);
}

static const struct known *
find_known(const struct writing *w, struct str diff_id)
{
	for (size_t i = 0; i < w->known.len; i++)
		if (w->known.at[i].good && str_eq(w->known.at[i].diff_id, diff_id))
			return &w->known.at[i];
	return NULL;
}

static bool
write_record(struct writing *w)
{
	struct buf out = {.arena = w->fs->arena};
	bool first = true;

	begin_record(&out, w->encoder);
	for (size_t i = 0; i < w->images_len; i++) {
		const struct oci_image *image = &w->images[i];
		size_t of_base = image->plan->base ? image->plan->base->layers.len : 0;

		for (size_t k = of_base; k < image->layers.len; k++) {
			buf_printf(&out, "%s\"" STR_FMT "\":\"" STR_FMT "\"", first ? "" : ",",
				STR_ARG(image->layers.at[k].diff_id),
				STR_ARG(image->layers.at[k].blob.digest));
			first = false;
		}
	}
	buf_printf(&out, "}}");
	return fs_write(w->fs, w->store.marker, buf_view(&out), 0644);
}

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

/* When others are known it is cheaper to look first than to compress in vain. */
static bool
write_layer(struct writing *w, struct oci_image *image, const struct image_layer *layer)
{
	struct arena *arena = w->fs->arena;
	struct blob *blob = arena_new(arena, struct blob);
	struct str diff_id = {blob->diff_id, HEX_LEN}, digest = {blob->digest, HEX_LEN};
	const struct known *known = NULL;

	if (w->recorded) {
		if (!blob_measure(w->fs, &layer->tree, &w->tar, blob))
			return false;
		known = find_known(w, diff_id);
	}
	if (known) {
		add_layer(w, image, known->diff_id, known->digest, known->size);
		return true;
	}
	if (w->unwritable ||
		!blob_write(w->fs, &layer->tree, w->store.blobs, w->kind, &w->tar, blob)) {
		/* the first fault of the output is enough, but of the input all are told */
		if (w->unwritable && !w->recorded)
			blob_measure(w->fs, &layer->tree, &w->tar, blob);
		w->unwritable = w->unwritable || blob->unwritable;
		return false;
	}
	vec_push(arena, &w->known, (struct known){diff_id, digest, blob->size, true});
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
is_there(const struct writing *w, struct str digest)
{
	for (size_t i = 0; i < w->known.len; i++)
		if (w->known.at[i].good && str_eq(w->known.at[i].digest, digest))
			return true;
	return false;
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
	if (is_there(w, digest))
		return true;
	if (!copy_layer(w, image->plan->base, layer))
		return false;
	vec_push(w->fs->arena, &w->known, (struct known){.digest = digest, .good = true});
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

	read_record(w);
	expect_bases(w, plans, len);
	pool_run(w->tar.threads, w->known.len, check_known, w);
	w->images = arena_array(w->fs->arena, struct oci_image, len);
	w->images_len = len;
	for (size_t i = 0; i < len; i++) {
		w->images[i].plan = &plans[i];
		if (!write_image(w, &w->images[i]))
			ok = false;
		w->recorded = true; /* platforms have layers in common */
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
	       write_digest(fs, w->options->digest_file, w->top.digest) && write_record(w) &&
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
		!store_open(&w.store, fs, options->layout, record_name, record_mark))
		return false;
	w.encoder = stream_encoder(fs->arena, w.kind);
	ok = earlier_read(&earlier, fs, &w.store, options->against) &&
	     write_blobs(&w, plans, len) && write_layout(&w, names, spec->tags.len);
	if (ok) {
		count(&w, &earlier, result);
		list_layers(&w, &earlier, result);
	}
	return store_close(&w.store, ok) && ok;
}
