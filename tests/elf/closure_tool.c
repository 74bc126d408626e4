/*
 * usage: closure_tool SYSROOT ARCHITECTURE DEPFILE PREFIX FOLDER...
 *
 * Each folder is a group of files below PREFIX. Prints what the closure takes along, as lines:
 * group, mode, path, and source or "-> target".
 */
#include <stdio.h>
#include <string.h>

#include "image/image.h"
#include "support/arena.h"

static struct str
text(const char *argument)
{
	return (struct str){argument, strlen(argument)};
}

static bool
add_folder(struct fs *fs, struct tree *tree, struct str from, struct str to)
{
	struct fs_names names;
	bool ok = true;

	if (!fs_list(fs, from, (struct srcpos){0}, &names))
		return false;
	for (size_t i = 0; i < names.len; i++) {
		struct tree_entry entry = {.path = fs_join(tree->arena, to, names.at[i])};
		struct stat st;

		entry.source = fs_join(tree->arena, from, names.at[i]);
		if (!fs_lstat(fs, entry.source, &st))
			return false;
		entry.mode = st.st_mode & 0777;
		if (S_ISDIR(st.st_mode)) {
			ok = add_folder(fs, tree, entry.source, entry.path) && ok;
			continue;
		}
		entry.kind = S_ISLNK(st.st_mode) ? TREE_SYMLINK : TREE_FILE;
		if (entry.kind == TREE_SYMLINK)
			fs_readlink(fs, entry.source, (struct srcpos){0}, &entry.source);
		ok = tree_add(tree, entry, fs->diag) && ok;
	}
	return ok;
}

int
main(int argc, char **argv)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct spec spec = {.native = SPEC_ERROR};
	struct image_release release = {.spec = &spec};
	struct tree *groups[16];
	struct image_platform platform;
	struct closure_file *files;
	size_t len;

	if (argc < 6 || argc > 20)
		return 2;
	platform = (struct image_platform){.os = STR("linux"), .architecture = text(argv[2])};
	spec.image.sysroot.text = text(argv[1]);
	for (int i = 5; i < argc; i++) {
		struct tree *tree = groups[i - 5] = arena_new(&arena, struct tree);

		tree->arena = &arena;
		if (!add_folder(&fs, tree, text(argv[i]), text(argv[4])))
			return 2;
		tree_seal(tree, &diag);
	}
	bool ok = closure_find(&fs, &release, &platform, (const struct tree *const *)groups,
		(size_t)argc - 5, &files, &len);
	diag_print(&diag, stderr);
	for (size_t i = 0; ok && i < len; i++)
		printf("%zu %04o " STR_FMT " %s" STR_FMT "\n", files[i].group, files[i].mode,
			STR_ARG(files[i].path), files[i].source.len ? "" : "-> ",
			STR_ARG(files[i].source.len ? files[i].source : files[i].link));
	if (ok && !fs_write_depfile(&fs, text(argv[3]), STR("closure")))
		return 2;
	arena_release(&arena);
	return !ok;
}
