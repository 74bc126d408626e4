/* --set key=value: applied to the nodes, so that values given this way are checked like all others.
 */
#include "spec/read.h"
#include "support/arena.h"
#include "support/buf.h"

static struct node *
make(struct arena *arena, enum node_kind kind, struct str name, struct srcpos pos)
{
	struct node *node = arena_new(arena, struct node);

	node->kind = kind;
	node->plain = true;
	node->name = name;
	node->key = pos;
	node->pos = pos;
	return node;
}

static bool
is_section(struct str key)
{
	struct str first = {0};

	str_next(&key, '.', &first);
	return key.at && (str_eq(first, STR("release")) || str_eq(first, STR("image")) ||
				 str_eq(first, STR("upgrade")));
}

void
override(struct reader *reader, struct node *root, const struct spec_set *set)
{
	struct buf where = {.arena = reader->arena}, full = {.arena = reader->arena};
	struct node *node = root;
	struct str rest, part;

	buf_printf(&where, "--set " STR_FMT, STR_ARG(set->key));
	buf_byte(&where, '\0');
	buf_printf(&full, "%s" STR_FMT, is_section(set->key) ? "" : "release.", STR_ARG(set->key));
	rest = buf_view(&full);

	struct srcpos pos = {.file = where.at};
	while (str_next(&rest, '.', &part)) {
		if (node->kind != NODE_MAP) {
			diag_error(reader->diag, pos, "'" STR_FMT "' has no keys of its own",
				STR_ARG(node->name));
			return;
		}
		struct node *child = node_child(node, part);
		if (!child) {
			child = make(reader->arena, rest.at ? NODE_MAP : NODE_TEXT, part, pos);
			node_append(node, child);
		}
		node = child;
	}
	if (node->kind == NODE_LIST || node->kind == NODE_MAP) {
		diag_error(
			reader->diag, pos, "'" STR_FMT "' is no single value", STR_ARG(node->name));
		diag_note(reader->diag, node->pos, "change it here");
		return;
	}
	node->kind = NODE_TEXT;
	node->plain = true;
	node->text = set->value;
	node->key = pos;
	node->pos = pos;
}
