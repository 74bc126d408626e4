#include "image/base_layer.h"

#include "image/base_name.h"
#include "image/untar.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

struct reading {
	struct arena *arena;
	struct untar tar;
	struct base_items *items;
	struct buf content; /* of the file at hand, used again and again */
	uint64_t names;     /* bytes so far */
	const char *fault;
};

static bool
fail(struct reading *r, struct str path, const char *text)
{
	struct buf said = {.arena = r->arena};

	buf_printf(&said, "'" STR_FMT "' %s", STR_ARG(str_head(path, 256)), text);
	buf_byte(&said, '\0');
	r->fault = said.at;
	return false;
}

const struct elf *
base_keep_elf(struct arena *arena, const struct elf *elf)
{
	struct elf *kept;

	if (!elf)
		return NULL;
	kept = arena_new(arena, struct elf);
	*kept = elf_copy(arena, elf);
	return kept;
}

/* The file's content, if it begins as ELF does; what is not looked at is left in the tar. */
static bool
read_object(struct reading *r, struct base_entry *entry)
{
	struct arena scratch = {0};
	struct elf elf = {0};
	struct str piece;

	r->content.len = 0;
	do {
		if (!untar_data(&r->tar, &piece))
			return false;
		buf_str(&r->content, piece);
		if (r->content.len >= 4 && !elf_is(buf_view(&r->content)))
			return true;
	} while (piece.len > 0);
	if (!elf_is(buf_view(&r->content)))
		return true;
	if (elf_read(&scratch, buf_view(&r->content), &elf, &entry->elf_fault))
		entry->elf = base_keep_elf(r->arena, &elf);
	else
		entry->elf_fault =
			fs_cstr(r->arena, (struct str){entry->elf_fault, strlen(entry->elf_fault)});
	arena_release(&scratch);
	return true;
}

/* Whether it says that something is gone, and what. */
static bool
read_whiteout(struct reading *r, const struct untar_member *m, struct base_item *item)
{
	struct str path = item->entry.path, folder = path_parent(path), mark = STR(".wh.");
	struct str name =
		folder.len ? (struct str){path.at + folder.len + 1, path.len - folder.len - 1}
			   : path;
	struct buf gone = {.arena = r->arena};

	if (!str_eq(str_head(name, mark.len), mark))
		return true;
	if (m->type != TAR_FILE || m->size > 0)
		return fail(r, path, "is a whiteout, and no empty file");
	item->kind = str_eq(name, STR(".wh..wh..opq")) ? BASE_OPAQUE : BASE_WHITEOUT;
	item->entry.path = folder;
	if (item->kind == BASE_OPAQUE)
		return folder.len > 0 || fail(r, path, "hides everything");
	name = (struct str){name.at + mark.len, name.len - mark.len};
	if (name.len == 0 || str_eq(name, STR(".")) || str_eq(name, STR("..")) ||
		str_eq(str_head(name, mark.len), mark))
		return fail(r, path, "is a whiteout of nothing that can be");
	if (folder.len > 0) {
		buf_str(&gone, folder);
		buf_byte(&gone, '/');
	}
	buf_str(&gone, name);
	item->entry.path = buf_view(&gone);
	return true;
}

/* The name, which cannot leave the tree, and has no whiteout for a folder. */
static bool
read_name(struct reading *r, struct str written, bool is_link, struct str *path)
{
	const char *fault = base_name(written, path);
	struct str rest, part;
	size_t depth = 0;

	if (fault)
		return fail(r, written, fault);
	if (path->len > BASE_LONGEST_NAME)
		return fail(r, written, "has a name of more than 1024 bytes");
	rest = *path;
	while (str_next(&rest, '/', &part)) {
		depth++;
		if ((rest.at || is_link) && str_eq(str_head(part, 4), STR(".wh.")))
			return fail(r, written, "has a whiteout in its name");
	}
	return depth <= BASE_DEEPEST || fail(r, written, "is below more than 128 folders");
}

static bool
read_kind(struct reading *r, const struct untar_member *m, struct base_item *item)
{
	struct base_entry *entry = &item->entry;

	switch (m->type) {
	case TAR_DIR:
		entry->kind = TREE_DIR;
		return true;
	case TAR_SYMLINK:
		entry->kind = TREE_SYMLINK;
		entry->link = m->link;
		return m->link.len > 0 || fail(r, m->path, "is a link to nothing");
	case TAR_CHARACTER:
	case TAR_BLOCK:
	case TAR_FIFO:
		entry->kind = TREE_FILE;
		entry->special = true;
		break;
	case TAR_FILE:
		entry->kind = TREE_FILE;
		break;
	case TAR_HARD_LINK:
		entry->kind = TREE_FILE;
		if (!read_name(r, m->link, true, &item->hard))
			return false;
		if (item->hard.len == 0)
			return fail(r, m->path, "is a hard link to the root");
		break;
	}
	return m->path.at[m->path.len - 1] != '/' ||
	       fail(r, m->path, "is no folder, but ends in '/'");
}

static bool
read_item(struct reading *r, const struct untar_member *m)
{
	struct base_item item = {.seq = r->items->len,
		.entry = {.mode = m->mode,
			.uid = m->uid,
			.gid = m->gid,
			.size = m->size,
			.mtime = m->mtime}};
	struct base_entry *entry = &item.entry;

	if (!read_name(r, m->path, false, &entry->path))
		return false;
	if (!entry->path.at || entry->path.len == 0)
		return m->type == TAR_DIR || fail(r, m->path, "is the root, and no folder");
	if (!read_kind(r, m, &item) || !read_whiteout(r, m, &item))
		return false;
	r->names += entry->path.len;
	if (r->items->len == BASE_ENTRIES || r->names > BASE_NAMES)
		return fail(r, m->path,
			"is one entry more than can be read (500,000, with names of "
			"64 MiB)");
	if (m->type == TAR_FILE && str_contains(entry->path, STR(".so")) &&
		m->size <= BASE_OBJECT && !read_object(r, entry))
		return false;
	vec_push(r->arena, r->items, item);
	return true;
}

bool
base_layer_read(
	struct arena *arena, struct intake *intake, struct base_items *items, const char **fault)
{
	struct reading r = {.arena = arena,
		.tar = {.arena = arena, .intake = intake},
		.items = items,
		.content = {.arena = arena}};
	struct untar_member member = {0};
	bool end = false;

	while (untar_next(&r.tar, &member, &end) && !end && read_item(&r, &member))
		continue;
	*fault = r.tar.fault ? r.tar.fault : r.fault;
	return !*fault;
}
