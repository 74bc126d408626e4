/* Paths inside a base: found, and followed through its links. */
#include <stdlib.h>

#include "image/base_layer.h"
#include "support/arena.h"
#include "support/path.h"

enum { LINKS = 40 }; /* as many as Linux follows */

static int
entry_order(const void *pa, const void *pb)
{
	return path_order(
		((const struct base_entry *)pa)->path, ((const struct base_entry *)pb)->path);
}

const struct base_entry *
base_entry_at(const struct base_entries *entries, struct str path)
{
	struct base_entry key = {.path = path};

	return entries->len == 0
		       ? NULL
		       : bsearch(&key, entries->at, entries->len, sizeof(key), entry_order);
}

struct walk {
	const struct base_entries *entries;
	char *done; /* the path so far, without links */
	size_t done_len;
	char todo[BASE_WALK];
	struct str rest; /* of todo */
	unsigned links;
};

static void
go_up(struct walk *w)
{
	while (w->done_len > 0 && w->done[w->done_len - 1] != '/')
		w->done_len--;
	w->done_len -= w->done_len > 0;
}

/* The link's target comes before what is still to do. */
static bool
follow(struct walk *w, struct str target)
{
	size_t rest = w->rest.at ? w->rest.len + 1 : 0;

	if (++w->links > LINKS || target.len + rest > sizeof(w->todo) || target.len == 0)
		return false;
	if (target.at[0] == '/')
		w->done_len = 0;
	else
		go_up(w);
	if (rest > 0) {
		memmove(w->todo + target.len + 1, w->rest.at, w->rest.len);
		w->todo[target.len] = '/';
	}
	memcpy(w->todo, target.at, target.len);
	w->rest = (struct str){w->todo, target.len + rest};
	return true;
}

static bool
step(struct walk *w, struct str part, bool is_last, bool follow_last)
{
	const struct base_entry *entry;
	size_t slash = w->done_len > 0;

	if (w->done_len + slash + part.len > BASE_WALK)
		return false;
	if (slash)
		w->done[w->done_len] = '/';
	memcpy(w->done + w->done_len + slash, part.at, part.len);
	w->done_len += slash + part.len;
	if (is_last && !follow_last)
		return true;
	entry = base_entry_at(w->entries, (struct str){w->done, w->done_len});
	if (entry && entry->kind == TREE_SYMLINK)
		return follow(w, entry->link);
	return !entry || is_last || entry->kind == TREE_DIR;
}

bool
base_walk(const struct base_entries *entries, struct str path, bool last, char room[BASE_WALK],
	struct str *resolved)
{
	struct walk w = {.entries = entries, .done = room};
	struct str part;

	room[0] = '\0';
	if (path.len > sizeof(w.todo))
		return false;
	if (path.len > 0)
		memcpy(w.todo, path.at, path.len);
	w.rest = (struct str){w.todo, path.len};
	while (str_next(&w.rest, '/', &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR("..")))
			go_up(&w);
		else if (!step(&w, part, !w.rest.at, last))
			return false;
	}
	*resolved = (struct str){room, w.done_len};
	return true;
}

const struct base_entry *
base_find(const struct base *base, struct str path)
{
	struct base_entries entries = {base->entries.at, base->entries.len, base->entries.len};
	char room[BASE_WALK];
	struct str resolved;

	return base_walk(&entries, path, false, room, &resolved) ? base_entry_at(&entries, resolved)
								 : NULL;
}

bool
base_resolve(const struct base *base, struct arena *arena, struct str path, struct str *resolved)
{
	struct base_entries entries = {base->entries.at, base->entries.len, base->entries.len};
	char room[BASE_WALK];

	if (!base_walk(&entries, path, false, room, resolved))
		return false;
	resolved->at = fs_cstr(arena, *resolved);
	return true;
}
