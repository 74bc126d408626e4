/* A layer over those below it: whiteouts, links, and what contradicts itself. */
#include <stdlib.h>

#include "image/base_layer.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

struct merge {
	struct arena *arena;
	struct base_entries *lower;
	struct base_items *items;
	struct str folder; /* the last one that was looked at and had no link */
	size_t hidden;     /* length of the part of it that a whiteout hides; 0: none */
	size_t folders;    /* looked at so far */
	const char *fault;
};

static bool
fail(struct merge *m, struct str path, const char *text, struct str other)
{
	struct buf said = {.arena = m->arena};

	buf_printf(&said, "'" STR_FMT "' %s", STR_ARG(str_head(path, 256)), text);
	if (other.len > 0)
		buf_printf(&said, " '" STR_FMT "'", STR_ARG(str_head(other, 256)));
	buf_byte(&said, '\0');
	m->fault = said.at;
	return false;
}

/* Of one path: what it hides comes before what it has. */
static int
item_order(const void *pa, const void *pb)
{
	const struct base_item *a = pa, *b = pb;
	int order = path_order(a->entry.path, b->entry.path);

	if (order == 0)
		order = (b->kind > a->kind) - (b->kind < a->kind);
	return order ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

static void
sort(struct base_items *items)
{
	if (items->len > 0)
		qsort(items->at, items->len, sizeof(*items->at), item_order);
}

/* The first item at `path` or behind it. */
static size_t
item_at(const struct base_items *items, struct str path)
{
	size_t low = 0, high = items->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (path_order(items->at[middle].entry.path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct base_items *items, size_t i, struct str path)
{
	return i < items->len && str_eq(items->at[i].entry.path, path);
}

/*
 * What an entry stands in, when something else is there already: a folder of this layer or of those
 * below, or a link below that leads to a folder. Links of this layer are not followed: engines do
 * not agree on them. *link: where to go on instead.
 */
static bool
check_folder(struct merge *m, struct str path, struct str folder, bool has, bool *hidden,
	struct str *link)
{
	const struct base_entry *entry;
	char room[BASE_WALK];
	struct str real;

	*link = (struct str){0};
	for (size_t i = item_at(m->items, folder); is_at(m->items, i, folder); i++) {
		const struct base_item *item = &m->items->at[i];

		/* umoci says of all in a folder that it is gone, also when a file takes its place.
		 */
		if (item->kind != BASE_HAS || (!has && item->entry.kind != TREE_DIR))
			*hidden = true;
		else if (item->entry.kind == TREE_SYMLINK)
			return fail(m, path, "would go through the link of the same layer", folder);
		else if (item->entry.kind == TREE_FILE)
			return fail(m, path, "is below a file:", folder);
		else
			return true;
	}
	if (*hidden)
		return true;
	entry = base_entry_at(m->lower, folder);
	if (!entry || entry->kind == TREE_DIR)
		return true;
	if (entry->kind == TREE_FILE)
		return fail(m, path, "is below a file of a layer below:", folder);
	if (!base_walk(m->lower, folder, true, room, &real))
		return fail(m, path, "goes through a link that leads nowhere:", folder);
	entry = base_entry_at(m->lower, real);
	if (real.len > 0 && (!entry || entry->kind != TREE_DIR))
		return fail(m, path, "goes through a link that leads to no folder:", folder);
	*link = (struct str){fs_cstr(m->arena, real), real.len};
	return true;
}

static struct str
join(struct arena *arena, struct str folder, struct str name)
{
	return folder.len > 0 ? fs_join(arena, folder, name) : name;
}

/* How much of `folder` is known already, up to a '/'. */
static size_t
known_part(const struct merge *m, struct str folder)
{
	size_t known = 0;

	for (size_t i = 0; i <= folder.len && i <= m->folder.len; i++) {
		bool ends = (i == folder.len || folder.at[i] == '/') &&
			    (i == m->folder.len || m->folder.at[i] == '/');

		if (ends)
			known = i;
		if (i == folder.len || i == m->folder.len || folder.at[i] != m->folder.at[i])
			break;
	}
	return known;
}

/* Where the folder of `path` really is. At most 40 links, as base_walk() follows. */
static bool
real_folder(struct merge *m, struct str path, struct str folder, bool has, struct str *real)
{
	size_t end = known_part(m, folder), at = m->hidden <= end ? m->hidden : 0;
	struct str link = {0};

	for (unsigned links = 0; end < folder.len;) {
		size_t from = end + (end > 0);
		const char *slash = memchr(folder.at + from, '/', folder.len - from);
		struct str part =
			str_head(folder, slash ? (size_t)(slash - folder.at) : folder.len);
		bool hidden = at > 0;

		if (++m->folders > (size_t)2 * BASE_ENTRIES)
			return fail(m, path, "is below one folder more than can be read",
				(struct str){0});
		if (!check_folder(m, path, part, has, &hidden, &link))
			return false;
		end = part.len;
		at = at > 0 ? at : hidden ? end : 0;
		if (!link.at)
			continue;
		if (!has)
			return fail(m, path, "is a whiteout behind a link:", part);
		if (++links > 40)
			return fail(m, path, "goes round in circles", (struct str){0});
		folder = end < folder.len
				 ? join(m->arena, link,
					   (struct str){folder.at + end + 1, folder.len - end - 1})
				 : link;
		end = at = 0;
	}
	m->folder = folder;
	m->hidden = at;
	*real = folder;
	return true;
}

/* The path with its folder's links followed. */
static bool
real_path(struct merge *m, struct str *path, bool has)
{
	struct str folder = path_parent(*path), real;

	if (folder.len == 0 || str_eq(folder, m->folder))
		return true;
	if (!real_folder(m, *path, folder, has, &real))
		return false;
	if (!str_eq(folder, real)) {
		*path = join(m->arena, real,
			(struct str){path->at + folder.len + 1, path->len - folder.len - 1});
		if (path->len > BASE_LONGEST_NAME)
			return fail(
				m, *path, "has a name of more than 1024 bytes", (struct str){0});
	}
	return true;
}

static bool
resolve_items(struct merge *m)
{
	struct str *real = arena_array(m->arena, struct str, m->items->len);
	bool moved = false;

	for (size_t i = 0; i < m->items->len; i++) {
		struct base_item *item = &m->items->at[i];

		real[i] = item->entry.path;
		if (!real_path(m, &real[i], item->kind == BASE_HAS))
			return false;
		if (item->hard.len > 0 && !real_path(m, &item->hard, true))
			return false;
	}
	for (size_t i = 0; i < m->items->len; i++) {
		moved = moved || real[i].at != m->items->at[i].entry.path.at;
		m->items->at[i].entry.path = real[i];
	}
	if (moved)
		sort(m->items);
	return true;
}

/* Two items of one path. */
static bool
check_pair(struct merge *m, const struct base_item *a, const struct base_item *b)
{
	if (a->kind == b->kind)
		return fail(m, b->entry.path,
			a->kind == BASE_HAS ? "is there twice in one layer"
					    : "is hidden twice in one layer",
			(struct str){0});
	if (a->kind == BASE_WHITEOUT && b->seq < a->seq)
		return fail(m, b->entry.path, "is hidden by a whiteout that comes after it",
			(struct str){0});
	if (a->kind == BASE_OPAQUE && b->kind == BASE_HAS && b->entry.kind != TREE_DIR)
		return fail(
			m, b->entry.path, "is an opaque folder, and no folder", (struct str){0});
	return true;
}

/* A whiteout is about the layers below; some engines let it hide what came before it in its own. */
static bool
check_order(struct merge *m)
{
	struct {
		struct str path;
		size_t seq;
	} over[BASE_LONGEST_NAME];
	size_t depth = 0;

	for (size_t i = 0; i < m->items->len; i++) {
		const struct base_item *item = &m->items->at[i];

		if (i > 0 && str_eq(item->entry.path, item[-1].entry.path) &&
			!check_pair(m, &item[-1], item))
			return false;
		while (depth > 0 && !path_is_below(item->entry.path, over[depth - 1].path) &&
			!str_eq(item->entry.path, over[depth - 1].path))
			depth--;
		if (depth > 0 && item->seq < over[depth - 1].seq &&
			path_is_below(item->entry.path, over[depth - 1].path))
			return fail(m, item->entry.path,
				"is hidden by a whiteout that comes after it:",
				over[depth - 1].path);
		if (item->kind == BASE_HAS || depth == BASE_LONGEST_NAME)
			continue;
		size_t seq = depth > 0 && over[depth - 1].seq > item->seq ? over[depth - 1].seq
									  : item->seq;
		over[depth].path = item->entry.path;
		over[depth++].seq = seq;
	}
	return true;
}

struct hard {
	struct base_item *item;
};

static int
seq_order(const void *pa, const void *pb)
{
	const struct base_item *a = ((const struct hard *)pa)->item,
			       *b = ((const struct hard *)pb)->item;

	return (a->seq > b->seq) - (a->seq < b->seq);
}

/* A hard link is the file that it names, which came before it in the same layer. */
static bool
link_hard(struct merge *m)
{
	VEC(struct hard) links = {0};

	for (size_t i = 0; i < m->items->len; i++)
		if (m->items->at[i].hard.len > 0)
			vec_push(m->arena, &links, (struct hard){&m->items->at[i]});
	if (links.len > 0)
		qsort(links.at, links.len, sizeof(*links.at), seq_order);
	for (size_t i = 0; i < links.len; i++) {
		struct base_item *link = links.at[i].item;
		size_t to = item_at(m->items, link->hard);
		struct base_entry entry;

		while (is_at(m->items, to, link->hard) && m->items->at[to].kind != BASE_HAS)
			to++;
		if (!is_at(m->items, to, link->hard) || m->items->at[to].seq >= link->seq)
			return fail(m, link->entry.path,
				"is a hard link to what does not come before it in its layer:",
				link->hard);
		entry = m->items->at[to].entry;
		if (entry.kind != TREE_FILE || entry.special)
			return fail(m, link->entry.path,
				"is a hard link to what is no file:", link->hard);
		entry.path = link->entry.path;
		link->entry = entry;
	}
	return true;
}

static bool
push(struct merge *m, struct base_entries *merged, struct base_entry entry)
{
	if (merged->len == BASE_ENTRIES)
		return fail(m, entry.path, "is one entry more than a base may have (500,000)",
			(struct str){0});
	vec_push(m->arena, merged, entry);
	return true;
}

/* One path of the layers below, and the items of this one from `i` on, if they are at that path. */
static bool
merge_entry(struct merge *m, struct base_entries *merged, const struct base_entry *entry, size_t *i,
	struct str *cut)
{
	bool gone = cut->at && path_is_below(entry->path, *cut);
	bool is_dir = entry->kind == TREE_DIR;

	for (; is_at(m->items, *i, entry->path); (*i)++) {
		const struct base_item *item = &m->items->at[*i];

		if (item->kind == BASE_OPAQUE && !gone && !is_dir &&
			!(is_at(m->items, *i + 1, entry->path)))
			return fail(
				m, entry->path, "is made opaque, and no folder", (struct str){0});
		if (!gone && is_dir && (item->kind != BASE_HAS || item->entry.kind != TREE_DIR))
			*cut = entry->path;
		if (item->kind == BASE_HAS && !push(m, merged, item->entry))
			return false;
		gone = gone || item->kind != BASE_OPAQUE;
	}
	return gone || push(m, merged, *entry);
}

static bool
merge(struct merge *m, struct base_entries *merged)
{
	struct str cut = {0};
	size_t i = 0;

	for (size_t e = 0; e <= m->lower->len; e++) {
		const struct base_entry *entry = e < m->lower->len ? &m->lower->at[e] : NULL;

		for (; i < m->items->len &&
			(!entry || path_order(m->items->at[i].entry.path, entry->path) < 0);
			i++)
			if (m->items->at[i].kind == BASE_HAS &&
				!push(m, merged, m->items->at[i].entry))
				return false;
		if (entry && !merge_entry(m, merged, entry, &i, &cut))
			return false;
	}
	return true;
}

static int
entry_order(const void *pa, const void *pb)
{
	return path_order(
		((const struct base_entry *)pa)->path, ((const struct base_entry *)pb)->path);
}

/* Folders that no layer has, though something is in them: engines make them so. */
static bool
add_folders(struct merge *m, struct base_entries *merged)
{
	size_t len = merged->len;
	struct str last = {0}; /* a folder that is known to be there */

	for (size_t i = 0; i < len; i++) {
		struct str folder = path_parent(merged->at[i].path);
		struct str before = i > 0 ? merged->at[i - 1].path : (struct str){0};

		/* In this order the entry before is a sibling, the folder, or below a sibling. */
		while (folder.len > 0 && !str_eq(folder, before) && !str_eq(folder, last) &&
			!path_is_below(before, folder) && !path_is_below(last, folder)) {
			if (!push(m, merged, (struct base_entry){.path = folder, .mode = 0755}))
				return false;
			folder = path_parent(folder);
		}
		last = path_parent(merged->at[i].path);
	}
	if (merged->len > len)
		qsort(merged->at, merged->len, sizeof(*merged->at), entry_order);
	return true;
}

bool
base_merge(struct arena *arena, struct base_entries *entries, struct base_items *items,
	const char **fault)
{
	struct merge m = {.arena = arena, .lower = entries, .items = items};
	struct base_entries merged = {0};
	bool ok;

	sort(items);
	ok = resolve_items(&m) && check_order(&m) && link_hard(&m) && merge(&m, &merged) &&
	     add_folders(&m, &merged);
	*fault = m.fault;
	if (ok)
		*entries = merged;
	return ok;
}
