#include "tree/tree.h"

#include <assert.h>
#include <stdlib.h>

#include "support/fs.h"
#include "support/path.h"

static const char *const kind_name[] = {
	[TREE_DIR] = "directory", [TREE_FILE] = "file", [TREE_SYMLINK] = "symlink"};

static void
push(struct tree *tree, struct tree_entry entry, bool implied)
{
	entry.implied = implied;
	entry.seq = tree->entries.len;
	vec_push(tree->arena, &tree->entries, entry);
}

bool
tree_add(struct tree *tree, struct tree_entry entry, struct diag *diag)
{
	struct tree_entry parent = {.kind = TREE_DIR, .mode = 0755, .origin = entry.origin};
	const char *fault = path_fault(entry.path);
	struct str last = {0};
	size_t alike = 0;

	assert(!tree->sealed);
	if (fault)
		return diag_error(
			diag, entry.origin, "path '" STR_FMT "' %s", STR_ARG(entry.path), fault);
	/* Most entries come after one of the same folder, which has been pushed with that. */
	if (tree->entries.len > 0)
		last = tree->entries.at[tree->entries.len - 1].path;
	while (alike < last.len && alike < entry.path.len && last.at[alike] == entry.path.at[alike])
		alike++;
	for (size_t i = alike; i < entry.path.len; i++) {
		parent.path = str_head(entry.path, i);
		if (entry.path.at[i] == '/')
			push(tree, parent, true);
	}
	push(tree, entry, false);
	return true;
}

/* A total order, because qsort() may reorder elements that compare equal. */
static int
entry_order(const void *pa, const void *pb)
{
	const struct tree_entry *a = pa, *b = pb;
	int order = path_order(a->path, b->path);

	if (order == 0)
		order = b->replace - a->replace; /* an overlay wins */
	if (order == 0)
		order = a->implied - b->implied; /* the explicit entry decides the mode */
	if (order == 0)
		order = (a->seq > b->seq) - (a->seq < b->seq);
	return order;
}

/* A directory may be asked for repeatedly, everything else only once. */
static bool
agree(const struct tree_entry *a, const struct tree_entry *b)
{
	if (a->kind == TREE_DIR && b->kind == TREE_DIR)
		return a->replace != b->replace || b->implied || a->mode == b->mode;
	return a->replace && !b->replace && a->kind != TREE_DIR && b->kind != TREE_DIR;
}

bool
tree_seal(struct tree *tree, struct diag *diag)
{
	struct tree_entry *at = tree->entries.at, *last = NULL;
	size_t kept = 0;
	bool ok = true;

	assert(!tree->sealed);
	if (tree->entries.len > 0)
		qsort(at, tree->entries.len, sizeof(*at), entry_order);
	for (size_t i = 0; i < tree->entries.len; i++) {
		if (!last || !str_eq(last->path, at[i].path)) {
			last = &at[kept++];
			*last = at[i];
		} else if (!agree(last, &at[i]) && !(at[i].implied && at[i - 1].implied)) {
			ok = diag_error(diag, at[i].origin,
				"'" STR_FMT "' is added twice: as %s %04o, and before as %s %04o",
				STR_ARG(last->path), kind_name[at[i].kind], at[i].mode,
				kind_name[last->kind], last->mode);
			diag_note(diag, last->origin, "first added here");
		}
	}
	tree->entries.len = kept;
	tree->sealed = true;
	return ok;
}

bool
tree_add_bytes(struct tree *tree, struct str path, struct str bytes, unsigned mode,
	struct srcpos origin, struct diag *diag)
{
	return tree_add(tree,
		(struct tree_entry){.path = path,
			.kind = TREE_FILE,
			.mode = mode,
			.inlined = true,
			.bytes = bytes,
			.origin = origin},
		diag);
}

bool
tree_content(const struct tree_entry *entry, struct arena *arena, struct str *content,
	const char **fault)
{
	assert(entry->kind == TREE_FILE);
	if (entry->inlined)
		*content = entry->bytes;
	else if (!fs_load(arena, entry->source, content, fault))
		return false;

	const struct tree_transform *transform = entry->transform;
	return !transform || transform->apply(transform->context, arena, *content, content, fault);
}
