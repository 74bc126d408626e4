#include "assemble/copy.h"

#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

enum {
	MAX_DEPTH = 64,
	MAX_FOLLOWED = 1000, /* links; 60 of them, two in a folder, can lead to 2^30 copies */
};

/* Is `path` the folder `dir` or in it? */
static bool
within(struct str path, struct str dir)
{
	return dir.len == 0 || (str_eq(str_head(path, dir.len), dir) &&
				       (path.len == dir.len || path.at[dir.len] == '/' ||
					       dir.at[dir.len - 1] == '/'));
}

/* What follows `dir` in `path`, which is within it: "" or "a/b". */
static struct str
below(struct str path, struct str dir)
{
	struct str rest = {path.at + dir.len, path.len - dir.len};

	while (rest.len > 0 && rest.at[0] == '/')
		rest = (struct str){rest.at + 1, rest.len - 1};
	return rest;
}

/* `dir`/`text` without "." and ".."; false when that leaves the tree. */
static bool
normalize(struct arena *arena, struct str dir, struct str text, struct str *path)
{
	struct buf out = {.arena = arena};
	struct str rest = text, part;

	buf_str(&out, dir);
	while (str_next(&rest, '/', &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (!str_eq(part, STR(".."))) {
			if (out.len > 0)
				buf_byte(&out, '/');
			buf_str(&out, part);
		} else if (out.len > 0) {
			out.len = path_parent(buf_view(&out)).len;
		} else {
			return false;
		}
	}
	*path = buf_view(&out);
	return true;
}

/* The text of a link in folder `from` of the tree to `to`. */
static struct str
relative(struct arena *arena, struct str from, struct str to)
{
	struct buf out = {.arena = arena};

	while (!within(to, from)) {
		buf_add(&out, "../", 3);
		from = path_parent(from);
	}
	buf_str(&out, below(to, from));
	if (out.len == 0)
		buf_byte(&out, '.');
	else if (out.at[out.len - 1] == '/')
		out.len--;
	return buf_view(&out);
}

static bool
same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
is_copied(const struct copy *copy, struct str path)
{
	for (size_t i = 0; i < copy->roots.len; i++)
		if (within(path, copy->roots.at[i].path))
			return true;
	return false;
}

static bool
add(struct copy *copy, struct tree_entry entry)
{
	entry.origin = copy->origin;
	entry.replace = copy->replace;
	return tree_add(copy->tree, entry, copy->fs->diag);
}

static bool
add_link(struct copy *copy, struct str path, struct str target)
{
	return add(
		copy, (struct tree_entry){
			      .path = path, .kind = TREE_SYMLINK, .mode = 0777, .source = target});
}

static bool
add_file(struct copy *copy, struct str disk, struct str path, const struct stat *st)
{
	bool beam = path.len > 5 && memcmp(path.at + path.len - 5, ".beam", 5) == 0;

	fs_input(copy->fs, disk);
	return add(copy, (struct tree_entry){.path = path,
				 .kind = TREE_FILE,
				 .mode = st->st_mode & S_IXUSR ? 0755 : 0644,
				 .source = disk,
				 .transform = beam ? copy->on_beam : NULL});
}

/* A link's text may stay when the same text leads to the same thing in the tree. */
static bool
keeps_text(struct copy *copy, struct str text, struct str path, const struct stat *st)
{
	struct arena *arena = copy->fs->arena;
	struct str target;
	struct stat there;

	if (text.len == 0 || text.at[0] == '/')
		return false;
	if (!normalize(arena, path_parent(path), text, &target))
		return false;
	if (!within(target, copy->path) || !is_copied(copy, target))
		return false;
	return fs_stat(copy->fs, fs_join(arena, copy->disk, below(target, copy->path)), &there) &&
	       same(&there, st);
}

/* What a link leads to, in its place. */
static bool
add_target(struct copy *copy, struct str disk, struct str text, struct str real, struct str path,
	const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return add_file(copy, disk, path, st);
	for (size_t i = 0; i < copy->roots.len; i++)
		if (within(copy->roots.at[i].real, real)) {
			diag_error(copy->fs->diag, copy->origin,
				"the link '" STR_FMT "' leads to '" STR_FMT
				"', a folder that it is in itself",
				STR_ARG(disk), STR_ARG(text));
			diag_note(copy->fs->diag, (struct srcpos){0},
				"remove the link, or let it point at what is needed only");
			return false;
		}

	if (copy->followed++ == MAX_FOLLOWED) {
		diag_error(copy->fs->diag, copy->origin,
			"more than %d links to folders elsewhere, the last is '" STR_FMT "'",
			MAX_FOLLOWED, STR_ARG(path));
		diag_note(copy->fs->diag, (struct srcpos){0},
			"what they lead to is copied for each of them: remove some");
	}
	if (copy->followed > MAX_FOLLOWED)
		return false;

	size_t roots = copy->roots.len;
	vec_push(copy->fs->arena, &copy->roots, (struct copy_root){real, path});
	bool ok = copy_add(copy, real, path);
	copy->roots.len = roots;
	return ok;
}

static bool
copy_link(struct copy *copy, struct str disk, struct str path)
{
	struct fs *fs = copy->fs;
	struct str text, real;
	struct stat st;

	if (!fs_readlink(fs, disk, copy->origin, &text))
		return false;
	if (!fs_stat(fs, disk, &st) || !fs_realpath(fs, disk, &real)) {
		diag_error(fs->diag, copy->origin,
			"the link '" STR_FMT "' points at '" STR_FMT "', where there is nothing",
			STR_ARG(disk), STR_ARG(text));
		diag_note(fs->diag, (struct srcpos){0},
			"install or build what it points at, or remove the link");
		return false;
	}
	if (keeps_text(copy, text, path, &st))
		return add_link(copy, path, text);
	for (size_t i = 0; i < copy->roots.len; i++) {
		const struct copy_root *root = &copy->roots.at[i];
		if (within(real, root->real))
			return add_link(copy, path,
				relative(fs->arena, path_parent(path),
					fs_join(fs->arena, root->path, below(real, root->real))));
	}
	return add_target(copy, disk, text, real, path, &st);
}

bool
copy_root(struct copy *copy, struct str disk, struct str path)
{
	struct copy_root root = {.path = path};

	if (!fs_realpath(copy->fs, disk, &root.real))
		return diag_error(
			copy->fs->diag, copy->origin, "cannot find '" STR_FMT "'", STR_ARG(disk));
	vec_push(copy->fs->arena, &copy->roots, root);
	return true;
}

bool
copy_add(struct copy *copy, struct str disk, struct str path)
{
	struct diag *diag = copy->fs->diag;
	struct stat st;

	if (!fs_lstat(copy->fs, disk, &st))
		return diag_error(diag, copy->origin, "there is no '" STR_FMT "'", STR_ARG(disk));
	if (S_ISLNK(st.st_mode))
		return copy_link(copy, disk, path);
	if (S_ISREG(st.st_mode))
		return add_file(copy, disk, path, &st);
	if (!S_ISDIR(st.st_mode)) {
		diag_error(diag, copy->origin, "'" STR_FMT "' is no file, folder or link",
			STR_ARG(disk));
		diag_note(
			diag, (struct srcpos){0}, "sockets, pipes and devices cannot be released");
		return false;
	}
	if (!add(copy, (struct tree_entry){.path = path, .kind = TREE_DIR, .mode = 0755}))
		return false;
	return copy_folder(copy, disk, path);
}

bool
copy_folder(struct copy *copy, struct str disk, struct str path)
{
	struct arena *arena = copy->fs->arena;
	struct fs_names names;
	bool ok = true;

	if (copy->depth == MAX_DEPTH)
		return diag_error(copy->fs->diag, copy->origin,
			"'" STR_FMT "' is more than %d folders deep", STR_ARG(disk), MAX_DEPTH);
	if (!fs_list(copy->fs, disk, copy->origin, &names))
		return false;
	copy->depth++;
	for (size_t i = 0; i < names.len; i++)
		if (!copy_add(copy, fs_join(arena, disk, names.at[i]),
			    fs_join(arena, path, names.at[i])))
			ok = false;
	copy->depth--;
	return ok;
}
