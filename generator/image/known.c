/*
 * What earlier runs have left in the layout, for this one to go on with.
 *
 * Beside the layout stands beamrel.json: which tar became which blob, and by which encoder. A layer
 * whose tar is known and whose blob is still there is not compressed again.
 */
#include "image/base.h"
#include "image/write.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/json.h"
#include "support/pool.h"

enum { HEX_LEN = SHA256_HEX_SIZE - 1 };

const struct str known_mark = STR_INIT("{\"beamrel\":\"image layout\",");

/* What is no record of ours, or another encoder's, is as good as none. */
static void
read_record(struct known *k)
{
	const struct json *encoder, *layers;
	struct json record;
	struct json_fault where;
	struct str bytes;
	const char *fault;

	if (!fs_load(k->fs->arena, k->store->marker, &bytes, &fault) ||
		!json_read(k->fs->arena, bytes, &record, &where))
		return;
	encoder = json_get(&record, STR("encoder"));
	layers = json_get(&record, STR("layers"));
	if (!encoder || !str_eq(encoder->text, k->encoder) || !layers)
		return;
	k->recorded = true;
	for (size_t i = 0; layers->kind == JSON_IS_OBJECT && i < layers->len; i++) {
		const struct json_member *layer = &layers->members[i];

		if (oci_is_digest(layer->name) && oci_is_digest(layer->value.text))
			vec_push(k->fs->arena, &k->layers,
				(struct known_layer){.diff_id = oci_hex(layer->name),
					.digest = oci_hex(layer->value.text)});
	}
}

/* The layers of bases have the digests that they have there. */
static void
expect_bases(struct known *k, const struct image_plan *plans, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; plans[i].base && j < plans[i].base->layers.len; j++) {
			struct str digest = oci_hex(plans[i].base->layers.at[j].digest);

			vec_push(k->fs->arena, &k->layers, (struct known_layer){.digest = digest});
		}
}

static void
expect_layers(struct known *k, const struct image_plan *plans, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; j < plans[i].layers.len; j++)
			vec_push(k->fs->arena, &k->measured,
				(struct known_measured){.tree = &plans[i].layers.at[j].tree});
}

static void
measure(const struct known *k, struct known_measured *measured, struct arena *scratch)
{
	size_t len = k->measured.len;
	struct tar_options tar = {
		.epoch = k->tar->epoch, .threads = (k->tar->threads + len - 1) / len};
	struct diag unheard = {.arena = scratch};
	struct fs fs = {.arena = scratch, .diag = &unheard};

	measured->good = blob_measure(&fs, measured->tree, &tar, &measured->blob);
}

/* Reads all that is there and all that is to be: the layers first, for they are larger. */
static void
read_one(void *context, size_t index, struct arena *scratch)
{
	struct known *k = context;

	if (index < k->measured.len) {
		measure(k, &k->measured.at[index], scratch);
	} else {
		struct known_layer *layer = &k->layers.at[index - k->measured.len];

		layer->good = store_check(scratch, k->store->blobs, layer->digest, &layer->size);
	}
}

/* When nothing can be known of any layer, it is cheaper not to look. */
void
known_read(struct known *k, const struct image_plan *plans, size_t len)
{
	read_record(k);
	expect_bases(k, plans, len);
	if (k->recorded || len > 1) /* platforms have layers in common */
		expect_layers(k, plans, len);
	pool_run(k->tar->threads, k->measured.len + k->layers.len, read_one, k);
}

static const struct known_layer *
find(const struct known *k, struct str diff_id)
{
	for (size_t i = 0; i < k->layers.len; i++)
		if (k->layers.at[i].good && str_eq(k->layers.at[i].diff_id, diff_id))
			return &k->layers.at[i];
	return NULL;
}

const struct known_layer *
known_next(struct known *k)
{
	const struct known_measured *measured;

	if (k->measured.len == 0)
		return NULL;
	measured = &k->measured.at[k->next++];
	return measured->good ? find(k, (struct str){measured->blob.diff_id, HEX_LEN}) : NULL;
}

bool
known_has(const struct known *k, struct str digest)
{
	for (size_t i = 0; i < k->layers.len; i++)
		if (k->layers.at[i].good && str_eq(k->layers.at[i].digest, digest))
			return true;
	return false;
}

void
known_add(struct known *k, struct str diff_id, struct str digest, uint64_t size)
{
	vec_push(k->fs->arena, &k->layers, (struct known_layer){diff_id, digest, size, true});
}

/* The record up to what it says of layers. */
static void
begin_record(struct buf *out, struct str encoder)
{
	buf_str(out, known_mark);
	buf_printf(out, "\"encoder\":");
	json_text(out, encoder);
	buf_printf(out, ",\"layers\":{");
}

bool
known_write(struct known *k, const struct oci_image *images, size_t len)
{
	struct buf out = {.arena = k->fs->arena};
	bool first = true;

	begin_record(&out, k->encoder);
	for (size_t i = 0; i < len; i++) {
		const struct oci_image *image = &images[i];
		size_t of_base = image->plan->base ? image->plan->base->layers.len : 0;

		for (size_t j = of_base; j < image->layers.len; j++) {
			buf_printf(&out, "%s\"" STR_FMT "\":\"" STR_FMT "\"", first ? "" : ",",
				STR_ARG(image->layers.at[j].diff_id),
				STR_ARG(image->layers.at[j].blob.digest));
			first = false;
		}
	}
	buf_printf(&out, "}}");
	return fs_write(k->fs, k->store->marker, buf_view(&out), 0644);
}
