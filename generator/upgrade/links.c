/*
 * erl_tar, and so release_handler:unpack_release/1, refuses every link whose target is absolute or
 * climbs above where the link's own text begins. What such a link leads to stands in its place.
 */
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"
#include "upgrade/internal.h"

enum {
	MOST_HOPS = 32,      /* links to links, folders in folders */
	MOST_COPIES = 10000, /* entries that come of links */
};

struct resolving {
	struct package *package;
	struct tree *to;
	size_t copies;
};

/* As erl_tar looks at it: by the text alone. */
static bool
is_refused(struct str target)
{
	return path_link_leaves(STR("link"), target);
}

/* Where the link at `path` leads, without "." and ".."; false: out of the tree. */
static bool
follow(struct arena *arena, struct str path, struct str target, struct str *to)
{
	struct buf out = {.arena = arena};
	struct str part;

	if (path_link_leaves(path, target))
		return false;
	buf_str(&out, path_parent(path));
	while (str_next(&target, '/', &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			out.len = path_parent(buf_view(&out)).len;
			continue;
		}
		if (out.len > 0)
			buf_byte(&out, '/');
		buf_str(&out, part);
	}
	*to = buf_view(&out);
	return true;
}

static bool
fault(struct resolving *resolving, const struct tree_entry *link, const char *why)
{
	struct diag *diag = resolving->package->fs->diag;

	diag_error(diag, link->origin, "the link '" STR_FMT "' to '" STR_FMT "' %s",
		STR_ARG(link->path), STR_ARG(link->source), why);
	diag_note(diag, (struct srcpos){0},
		"release_handler:unpack_release/1 refuses such links: remove it, or put there what "
		"is needed");
	return false;
}

/* `entry`, which the link at hand leads to, at `path`. */
static bool copy(struct resolving *resolving, const struct tree_entry *link,
	const struct tree_entry *entry, struct str path, size_t hops);

static bool
copy_folder(struct resolving *resolving, const struct tree_entry *link,
	const struct tree_entry *folder, struct str path, size_t hops)
{
	const struct tree *from = &resolving->package->assembly->tree;
	struct arena *arena = resolving->package->fs->arena;
	const struct tree_entry *end = from->entries.at + from->entries.len;

	for (const struct tree_entry *in = folder + 1;
		in < end && path_is_below(in->path, folder->path); in++) {
		struct str rest = {
			in->path.at + folder->path.len + 1, in->path.len - folder->path.len - 1};
		if (!copy(resolving, link, in, fs_join(arena, path, rest), hops + 1))
			return false;
	}
	return true;
}

/* What `entry`, a link, leads to. */
static bool
copy_target(struct resolving *resolving, const struct tree_entry *link,
	const struct tree_entry *entry, struct str path, size_t hops)
{
	struct package *package = resolving->package;
	const struct tree_entry *target;
	struct str to;

	if (!follow(package->fs->arena, entry->path, entry->source, &to))
		return fault(resolving, link, "leads out of the release");
	target = package_find(package, to);
	if (!target)
		return fault(resolving, link, "leads to nothing in the release, or over a link");
	if (target->kind == TREE_DIR && (path_is_below(entry->path, to) || path_is_below(path, to)))
		return fault(resolving, link, "leads to a folder that it is in itself");
	if (target->kind == TREE_DIR) {
		struct tree_entry folder = *target;
		folder.path = path;
		return tree_add(resolving->to, folder, package->fs->diag) &&
		       copy_folder(resolving, link, target, path, hops);
	}
	if (target->kind == TREE_SYMLINK)
		return hops < MOST_HOPS ? copy_target(resolving, link, target, path, hops + 1)
					: fault(resolving, link, "leads round in a circle");
	return copy(resolving, link, target, path, hops + 1);
}

static bool
copy(struct resolving *resolving, const struct tree_entry *link, const struct tree_entry *entry,
	struct str path, size_t hops)
{
	struct tree_entry made = *entry;

	if (hops > MOST_HOPS || resolving->copies++ > MOST_COPIES)
		return fault(resolving, link, "leads to too much, over other links");
	if (entry->kind == TREE_SYMLINK && is_refused(entry->source))
		return copy_target(resolving, link, entry, path, hops);
	made.path = path;
	return tree_add(resolving->to, made, resolving->package->fs->diag);
}

bool
links_resolve(struct package *package, struct tree *tree)
{
	const struct tree *from = &package->assembly->tree;
	struct resolving resolving = {.package = package, .to = tree};
	bool ok = true;

	for (size_t i = 0; i < from->entries.len; i++) {
		const struct tree_entry *entry = &from->entries.at[i];
		bool added = entry->kind == TREE_SYMLINK && is_refused(entry->source)
				     ? copy_target(&resolving, entry, entry, entry->path, 0)
				     : tree_add(tree, *entry, package->fs->diag);
		if (!added)
			ok = false;
	}
	return ok;
}
