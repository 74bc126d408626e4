/*
 * Which files of the release go to which layer.
 *
 * The rarest to change come first: engines keep layers in a chain, where one that changes takes all
 * behind it along. What is in the layers of ERTS and of kernel and stdlib depends on the OTP alone,
 * so that the images of all projects of a team share them.
 */
#include "image/plan.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/nearest.h"
#include "support/path.h"

static bool
is_below(struct str path, struct str folder)
{
	return str_eq(str_head(path, folder.len), folder) &&
	       (path.len == folder.len || path.at[folder.len] == '/');
}

static const struct image_application *
find_application(const struct planning *planning, struct str name)
{
	const struct image_release *release = planning->release;

	for (size_t i = 0; i < release->applications.len; i++)
		if (str_eq(release->applications.at[i].name, name))
			return &release->applications.at[i];
	return NULL;
}

/* --- layers that the spec lists --- */

static bool
claim_application(struct planning *planning, struct draft *draft, const struct spec_text *name)
{
	const struct image_release *release = planning->release;
	const struct image_application *app = find_application(planning, name->text);
	struct diag *diag = planning->fs->diag;
	struct nearest near = {.word = name->text};

	if (app) {
		vec_push(planning->fs->arena, &draft->claims, app->folder);
		return true;
	}
	for (size_t i = 0; i < release->applications.len; i++)
		nearest_try(&near, release->applications.at[i].name);
	diag_error(diag, name->pos, "the application '" STR_FMT "' is not in the release",
		STR_ARG(name->text));
	if (near.best.at)
		diag_note(diag, name->pos, "did you mean '" STR_FMT "'?", STR_ARG(near.best));
	else
		diag_note(diag, name->pos, "remove it from the layer '" STR_FMT "'",
			STR_ARG(draft->name));
	return false;
}

/* "lib/shop/priv" is "lib/shop-1.4.0/priv", so that a spec need not know versions. */
static struct str
with_version(const struct planning *planning, struct str path)
{
	struct str rest = path, lib = {0}, name = {0};
	struct buf full = {.arena = planning->fs->arena};
	const struct image_application *app;

	if (!str_next(&rest, '/', &lib) || !str_eq(lib, STR("lib")) || !str_next(&rest, '/', &name))
		return path;
	app = find_application(planning, name);
	if (!app)
		return path;
	buf_str(&full, app->folder);
	if (rest.at)
		buf_printf(&full, "/" STR_FMT, STR_ARG(rest));
	return buf_view(&full);
}

static bool
claim_path(struct planning *planning, struct draft *draft, const struct spec_text *given)
{
	const struct tree *tree = planning->release->tree;
	struct diag *diag = planning->fs->diag;
	struct str path = given->text;

	if (!plan_find(tree, path))
		path = with_version(planning, path);
	if (!plan_find(tree, path)) {
		diag_error(diag, given->pos, "there is nothing at '" STR_FMT "' in the release",
			STR_ARG(given->text));
		diag_note(diag, given->pos,
			"paths begin at the root of the release: bin, lib/APP/priv, releases");
		return false;
	}
	vec_push(planning->fs->arena, &draft->claims, path);
	return true;
}

static bool
draft_listed(struct planning *planning, const struct spec_layer *layer)
{
	struct draft draft = {.name = layer->name.text};
	bool ok = true;

	for (size_t i = 0; i < layer->applications.len; i++)
		if (!claim_application(planning, &draft, &layer->applications.at[i]))
			ok = false;
	for (size_t i = 0; i < layer->paths.len; i++)
		if (!claim_path(planning, &draft, &layer->paths.at[i]))
			ok = false;
	vec_push(planning->fs->arena, &planning->drafts, draft);
	return ok;
}

/* --- their order --- */

/* Layers of `auto` that the spec does not list. */
static void
draft_auto(struct planning *planning, enum spec_auto_layer first, enum spec_auto_layer last)
{
	const struct spec_layers *listed = &planning->spec->layers;

	for (enum spec_auto_layer i = first; i <= last; i++) {
		struct draft draft = {.name = {spec_layer_name[i], strlen(spec_layer_name[i])}};
		bool is_listed = false;

		for (size_t j = 0; j < listed->len; j++)
			if (str_eq(listed->at[j].name.text, draft.name))
				is_listed = true;
		if (!is_listed)
			vec_push(planning->fs->arena, &planning->drafts, draft);
	}
}

/* What depends on OTP and Elixir alone comes before the layers of the spec, the rest behind. */
static bool
draft_layers(struct planning *planning)
{
	const struct spec_layers *listed = &planning->spec->layers;
	bool ok = true;

	draft_auto(planning, SPEC_LAYER_RUNTIME, SPEC_LAYER_ELIXIR);
	for (size_t i = 0; i < listed->len; i++)
		if (!draft_listed(planning, &listed->at[i]))
			ok = false;
	draft_auto(planning, SPEC_LAYER_DEPENDENCIES, SPEC_LAYER_RELEASE);
	for (size_t i = 0; i < planning->drafts.len; i++)
		for (size_t j = 0; j < SPEC_AUTO_LAYERS; j++)
			if (str_eq(planning->drafts.at[i].name,
				    (struct str){spec_layer_name[j], strlen(spec_layer_name[j])}))
				planning->place[j] = i;
	return ok;
}

/* --- what goes where --- */

static enum spec_auto_layer
layer_of_application(const struct image_application *app)
{
	switch (app->origin) {
	case IMAGE_OTP:
		return str_eq(app->name, STR("kernel")) || str_eq(app->name, STR("stdlib"))
			       ? SPEC_LAYER_OTP
			       : SPEC_LAYER_OTP_MORE;
	case IMAGE_ELIXIR:
		return SPEC_LAYER_ELIXIR;
	case IMAGE_DEPENDENCY:
		return SPEC_LAYER_DEPENDENCIES;
	case IMAGE_OWN:
		return SPEC_LAYER_OWN;
	}
	return SPEC_LAYER_RELEASE;
}

static bool
is_epmd(const struct planning *planning, struct str path)
{
	struct buf epmd = {.arena = planning->fs->arena};

	buf_printf(&epmd, "erts-" STR_FMT "/bin/epmd", STR_ARG(planning->release->erts));
	return str_eq(path, buf_view(&epmd));
}

static enum spec_auto_layer
layer_of(const struct planning *planning, struct str path)
{
	const struct image_release *release = planning->release;
	struct str rest = path, first = {0};

	str_next(&rest, '/', &first);
	if (str_eq(str_head(first, 5), STR("erts-")))
		return SPEC_LAYER_RUNTIME;
	for (size_t i = 0; i < release->applications.len; i++)
		if (is_below(path, release->applications.at[i].folder))
			return layer_of_application(&release->applications.at[i]);
	return SPEC_LAYER_RELEASE;
}

static struct draft *
draft_of(struct planning *planning, struct str path, bool of_system)
{
	for (size_t i = 0; i < planning->drafts.len; i++) {
		struct draft *draft = &planning->drafts.at[i];
		for (size_t j = 0; j < draft->claims.len; j++)
			if (is_below(path, draft->claims.at[j]))
				return draft;
	}
	return &planning->drafts.at[planning->place[of_system ? SPEC_LAYER_SYSTEM
							      : layer_of(planning, path)]];
}

bool
layers_split(struct planning *planning)
{
	const struct tree *tree = planning->release->tree;
	bool ok = draft_layers(planning);

	for (size_t i = 0; i < tree->entries.len; i++) {
		struct tree_entry entry = tree->entries.at[i];
		bool epmd = !planning->base && is_epmd(planning, entry.path);

		/* folders that are there for what is in them are there in each layer */
		if (entry.implied || (epmd && !planning->spec->epmd))
			continue;
		struct draft *draft = draft_of(planning, entry.path, epmd);
		entry.path = fs_join(planning->fs->arena, planning->prefix, entry.path);
		entry.replace = false;
		vec_push(planning->fs->arena, &draft->entries, entry);
	}
	return ok;
}

void
layers_add(struct planning *planning, enum spec_auto_layer layer, struct tree_entry entry)
{
	struct draft *draft = &planning->drafts.at[planning->place[layer]];

	vec_push(planning->fs->arena, &draft->entries, entry);
}
