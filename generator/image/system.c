/* What an image has beside the release: users, /tmp, volumes, the folder it starts in. */
#include "image/plan.h"
#include "support/arena.h"
#include "support/buf.h"

static void
add_text(struct planning *planning, struct str path, struct str text)
{
	layers_add(planning, SPEC_LAYER_RELEASE,
		(struct tree_entry){
			.path = path,
			.kind = TREE_FILE,
			.mode = 0644,
			.inlined = true,
			.bytes = text,
			.origin = planning->spec->pos,
		});
}

/* passwd and group, for programs that ask who they are, and for those who look from outside. */
static void
add_users(struct planning *planning)
{
	struct arena *arena = planning->fs->arena;
	struct str rest = settings_user(planning), uid = {0}, gid = {0};
	const char *shell = planning->has_shell ? "/bin/sh" : "/sbin/nologin";
	struct buf passwd = {.arena = arena}, group = {.arena = arena};

	str_next(&rest, ':', &uid);
	if (!str_next(&rest, ':', &gid))
		gid = uid;
	buf_printf(&passwd, "root:x:0:0:root:/tmp:%s\n", shell);
	buf_printf(&group, "root:x:0:\n");
	if (!str_eq(uid, STR("0")))
		buf_printf(&passwd, "app:x:" STR_FMT ":" STR_FMT "::/tmp:%s\n", STR_ARG(uid),
			STR_ARG(gid), shell);
	if (!str_eq(gid, STR("0")))
		buf_printf(&group, "app:x:" STR_FMT ":\n", STR_ARG(gid));
	add_text(planning, STR("etc/passwd"), buf_view(&passwd));
	add_text(planning, STR("etc/group"), buf_view(&group));
}

/* Folders of the spec, which win over what the release has there. */
static void
add_folder(struct planning *planning, const struct spec_text *folder, unsigned mode)
{
	struct tree_entry entry = {
		.path = {folder->text.at + 1, folder->text.len - 1},
		.kind = TREE_DIR,
		.mode = mode,
		.origin = folder->pos,
		.replace = true,
	};

	layers_add(planning, SPEC_LAYER_RELEASE, entry);
}

/* The folder it starts in, unless it is that of the release, the root, or one that is made so. */
static void
add_workdir(struct planning *planning)
{
	const struct spec_image *image = planning->spec;
	struct str workdir = image->workdir.text;

	if (!workdir.at || workdir.len == 1 || str_eq(workdir, image->prefix.text) ||
		str_eq(workdir, STR("/tmp")))
		return;
	for (size_t i = 0; i < image->volumes.len; i++)
		if (str_eq(workdir, image->volumes.at[i].text))
			return;
	add_folder(planning, &image->workdir, 0755);
}

void
system_add(struct planning *planning)
{
	const struct spec_image *image = planning->spec;
	const struct spec_text tmp = {STR("/tmp"), image->pos};

	add_folder(planning, &tmp, 01777);
	for (size_t i = 0; i < image->volumes.len; i++)
		add_folder(planning, &image->volumes.at[i], 01777);
	add_workdir(planning);
	if (start_asks_itself(planning))
		add_text(planning, STR("etc/erl_inetrc"), STR("{lookup, [file, dns]}.\n"));
	if (planning->base)
		return;
	add_users(planning);
	/* without it the C library would ask services first that are not there */
	add_text(planning, STR("etc/nsswitch.conf"),
		STR("passwd: files\ngroup: files\nhosts: files dns\n"));
}
