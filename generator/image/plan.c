#include "image/image.h"

#include "support/arena.h"
#include "support/buf.h"

/* The release in one layer. */
bool
image_plan(struct fs *fs, const struct image_release *release, struct image_plan *plan)
{
	struct image_layer layer = {.name = STR("release"), .tree = {.arena = fs->arena}};
	bool ok = true;

	*plan = (struct image_plan){
		.release = release, .platform = {.os = STR("linux"), .architecture = STR("amd64")}};
	for (size_t i = 0; i < release->tree->entries.len; i++) {
		struct tree_entry entry = release->tree->entries.at[i];

		entry.path = fs_join(fs->arena, STR("app"), entry.path);
		if (!tree_add(&layer.tree, entry, fs->diag))
			ok = false;
	}
	if (!tree_seal(&layer.tree, fs->diag))
		ok = false;
	vec_push(fs->arena, &plan->layers, layer);

	struct str *entrypoint = arena_new(fs->arena, struct str);
	struct buf program = {.arena = fs->arena};
	buf_printf(&program, "/app/bin/" STR_FMT, STR_ARG(release->name));
	*entrypoint = buf_view(&program);
	plan->config.entrypoint = (struct fs_names){entrypoint, 1};
	plan->config.workdir = STR("/app");
	return ok;
}
