/* An OCI layout, seen as what it says: documents and layers instead of blobs named by digests. */
#include "image/compare.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/json.h"

struct unfolding {
	struct fs *fs;
	const struct artifact *layout;
	struct artifact *seen;
	struct str platform; /* "linux/arm64 ", or empty when there is but one image */
};

static bool
layout_fault(struct unfolding *u, const char *what, struct str name)
{
	struct arena *arena = u->fs->arena;

	diag_error(u->fs->diag, (struct srcpos){.file = fs_cstr(arena, u->layout->path)},
		"is an image layout %s '" STR_FMT "'", what, STR_ARG(name));
	return false;
}

static struct str
named(struct unfolding *u, const char *name)
{
	struct buf text = {.arena = u->fs->arena};

	buf_str(&text, u->platform);
	buf_printf(&text, "%s", name);
	return buf_view(&text);
}

static void
add_document(struct unfolding *u, struct str path, struct str bytes)
{
	vec_push(u->fs->arena, &u->seen->entries,
		(struct artifact_entry){
			.path = path, .kind = ARTIFACT_FILE, .bytes = bytes, .is_document = true});
}

static bool
document(struct unfolding *u, struct str name, struct str bytes, struct json *value)
{
	struct json_fault fault;

	return json_read(u->fs->arena, bytes, value, &fault) || layout_fault(u, fault.text, name);
}

/* Empty: there is no such text, or no object. */
static struct str
text_of(const struct json *object, struct str name)
{
	const struct json *member = object ? json_get(object, name) : NULL;

	return member && member->kind == JSON_IS_STRING ? member->text : (struct str){0};
}

/* The blob that `descriptor` names. */
static bool
blob(struct unfolding *u, const struct json *descriptor, struct str *digest, struct str *bytes)
{
	struct buf path = {.arena = u->fs->arena};
	struct str rest, algorithm = {0};

	rest = *digest = text_of(descriptor, STR("digest"));
	str_next(&rest, ':', &algorithm);
	buf_printf(&path, "blobs/" STR_FMT "/" STR_FMT, STR_ARG(algorithm), STR_ARG(rest));

	const struct artifact_entry *entry = artifact_find(u->layout, buf_view(&path));
	if (!entry || entry->kind != ARTIFACT_FILE)
		return layout_fault(u, "without the blob", *digest);
	*bytes = entry->bytes;
	return true;
}

static bool
add_layer(struct unfolding *u, size_t number, const struct json *descriptor)
{
	struct arena *arena = u->fs->arena;
	struct buf name = {.arena = arena};
	struct artifact layer;
	struct str digest, bytes;

	if (!blob(u, descriptor, &digest, &bytes) || !artifact_parse(u->fs, digest, bytes, &layer))
		return false;
	buf_str(&name, u->platform);
	buf_printf(&name, "layer %02zu", number);
	vec_push(arena, &u->seen->entries,
		(struct artifact_entry){.path = buf_view(&name),
			.kind = ARTIFACT_FILE,
			.bytes = bytes,
			.is_layer = true});
	for (size_t i = 0; i < layer.entries.len; i++) {
		struct artifact_entry entry = layer.entries.at[i];
		struct buf path = {.arena = arena};
		buf_printf(
			&path, STR_FMT ": " STR_FMT, STR_ARG(buf_view(&name)), STR_ARG(entry.path));
		entry.path = buf_view(&path);
		vec_push(arena, &u->seen->entries, entry);
	}
	return true;
}

static bool
add_image(struct unfolding *u, struct str bytes, const struct json *manifest)
{
	const struct json *config = json_get(manifest, STR("config"));
	const struct json *layers = json_get(manifest, STR("layers"));
	struct str digest, content;
	bool ok = true;

	add_document(u, named(u, "manifest"), bytes);
	if (!blob(u, config, &digest, &content))
		return false;
	add_document(u, named(u, "config"), content);
	for (size_t i = 0; layers && layers->kind == JSON_IS_ARRAY && i < layers->len; i++)
		if (!add_layer(u, i + 1, &layers->items[i]))
			ok = false;
	return ok;
}

/* `deeper`: an index in index.json, of several platforms. */
static bool
add_manifests(struct unfolding *u, const struct json *index, bool deeper)
{
	const struct json *manifests = json_get(index, STR("manifests"));
	struct str digest, bytes;
	bool ok = true;

	for (size_t i = 0; manifests && manifests->kind == JSON_IS_ARRAY && i < manifests->len;
		i++) {
		const struct json *descriptor = &manifests->items[i];
		const struct json *platform = json_get(descriptor, STR("platform"));
		struct buf name = {.arena = u->fs->arena};
		struct json value;
		if (!blob(u, descriptor, &digest, &bytes) || !document(u, digest, bytes, &value)) {
			ok = false;
			continue;
		}
		if (!deeper && json_get(&value, STR("manifests"))) {
			add_document(u, STR("index"), bytes);
			ok = add_manifests(u, &value, true) && ok;
			continue;
		}
		if (manifests->len > 1)
			buf_printf(&name, STR_FMT "/" STR_FMT STR_FMT " ",
				STR_ARG(text_of(platform, STR("os"))),
				STR_ARG(text_of(platform, STR("architecture"))),
				STR_ARG(text_of(platform, STR("variant"))));
		u->platform = buf_view(&name);
		ok = add_image(u, bytes, &value) && ok;
	}
	return ok;
}

bool
artifact_unfold(struct fs *fs, struct artifact *artifact)
{
	const struct artifact_entry *index = artifact_find(artifact, STR("index.json"));
	const struct artifact_entry *names = artifact_find(artifact, STR("manifest.json"));
	struct artifact layout = *artifact;
	struct unfolding u = {.fs = fs, .layout = &layout, .seen = artifact};
	struct json value;

	if (!index || !artifact_find(artifact, STR("oci-layout")))
		return true;
	*artifact = (struct artifact){
		.path = layout.path, .bytes = layout.bytes, .is_folder = layout.is_folder};
	add_document(&u, STR("index.json"), index->bytes);
	if (names)
		add_document(&u, STR("manifest.json"), names->bytes);

	bool ok = document(&u, STR("index.json"), index->bytes, &value) &&
		  add_manifests(&u, &value, false);
	artifact_sort(artifact);
	return ok;
}
