#include "assemble/build.h"

struct str
build_path(struct build *build, struct str dir, struct str name)
{
	return fs_join(build->fs->arena, dir, name);
}

bool
build_add_bytes(struct build *build, struct str path, struct str bytes, bool executable,
	struct srcpos origin)
{
	return tree_add_bytes(&build->assembly->tree, path, bytes, executable ? 0755 : 0644, origin,
		build->fs->diag);
}

bool
build_add_file(struct build *build, struct str path, const struct spec_text *from, unsigned mode)
{
	struct diag *diag = build->fs->diag;
	struct stat st;

	fs_input(build->fs, from->text);
	if (!fs_stat(build->fs, from->text, &st))
		return diag_error(
			diag, from->pos, "there is no file '" STR_FMT "'", STR_ARG(from->text));
	if (!S_ISREG(st.st_mode))
		return diag_error(diag, from->pos, "'" STR_FMT "' is %s, a file is needed",
			STR_ARG(from->text),
			S_ISDIR(st.st_mode) ? "a folder" : "a device, pipe or socket");
	if (mode == 0)
		mode = st.st_mode & S_IXUSR ? 0755 : 0644;
	return tree_add(&build->assembly->tree,
		(struct tree_entry){
			.path = path,
			.kind = TREE_FILE,
			.mode = mode,
			.source = from->text,
			.origin = from->pos,
		},
		diag);
}

const char *
build_name_fault(struct str name)
{
	if (name.len == 0)
		return "is empty";
	if (name.len > 255)
		return "is longer than 255 bytes";
	if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
		return "is no name";
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '/')
			return "holds a '/'";
		if ((unsigned char)name.at[i] < ' ' || name.at[i] == 127)
			return "holds a control character";
	}
	return NULL;
}
