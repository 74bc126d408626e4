/*
 * Nodes to lines. The rules are those of OTP's pretty printer, with line length 80, no limit of
 * depth, and as many characters on a line as the whole term has. They speak of:
 *
 *	column  where the next character stands, from 1
 *	indent  blanks before what begins a new line at this level
 *	depth   closing brackets that must still fit behind the last element
 *	width   characters on the line since its indentation, as far as they are counted
 *
 * Tagged tuples are tried in three ways: their elements behind the tag, or 4 blanks in, or 1.
 * A dry run finds the first way that keeps to the left half of the lines.
 */
#include <assert.h>

#include "term/print.h"

enum { LINE = 80, MAP_INDENT = 4 };

struct layout {
	struct buf *out; /* NULL in a dry run */
	long all;        /* columns of the whole term on one line */
	long tag_indent; /* -1: behind the tag */
	bool no_good;    /* the dry run has failed */
};

/* Where something stands. */
struct place {
	long column, indent, depth, width;
};

static void put_node(struct layout *l, const struct node *node, struct place at);

static void
put(struct layout *l, struct str text)
{
	if (l->out)
		buf_str(l->out, text);
}

static void
new_line(struct layout *l, long indent)
{
	if (!l->out)
		return;
	buf_byte(l->out, '\n');
	memset(buf_room(l->out, (size_t)indent), ' ', (size_t)indent);
}

static void
put_flat(struct layout *l, const struct node *node)
{
	if (l->out)
		print_flat(l->out, node);
}

static bool
is_text(const struct node *node)
{
	return node->kind == NODE_TEXT;
}

static bool
fits(const struct layout *l, long len, struct place at)
{
	return len < LINE - at.column - at.depth && len + at.width + at.depth <= l->all;
}

/* Does `len` more fit behind a comma, on the same line? */
static bool
fits_after(const struct layout *l, long len, struct place at)
{
	if (at.depth == 0)
		return len + 1 < LINE - at.column && at.width + len + 1 <= l->all;
	return len < LINE - at.column - at.depth && at.width + len + at.depth <= l->all;
}

static struct place
indented(struct place at, long by)
{
	at.column += by;
	at.indent += by;
	return at;
}

/* Returns the width; LINE when nothing may follow on this line. */
static long
put_element(struct layout *l, const struct node *node, struct place at)
{
	if (is_text(node) && fits(l, node->len, at)) {
		put(l, node->text);
		return node->len;
	}
	put_node(l, node, at);
	return LINE;
}

static long
depth_of(const struct node *node, size_t i, long depth)
{
	return i + 1 < node->count ? 0 : depth + 1;
}

static void
put_tail(struct layout *l, const struct node *tail, struct place at, long first_column)
{
	struct place behind = at;

	behind.depth++;
	if (is_text(tail) && fits(l, tail->len + 1, behind)) {
		put(l, STR("|"));
		put(l, tail->text);
		return;
	}
	put(l, STR("|"));
	new_line(l, at.indent);
	if (l->out) /* OTP's dry run differs here */
		behind.column = first_column;
	behind.width = 0;
	put_node(l, tail, behind);
}

/* Elements from `i` on, each behind a comma. `at` is behind the one before. */
static void
put_more(struct layout *l, const struct node *node, size_t i, long first_column, struct place at)
{
	long depth = at.depth;

	for (; i < node->count && !l->no_good; i++) {
		const struct node *item = &node->items[i];

		at.depth = depth_of(node, i, depth);
		put(l, STR(","));
		if (is_text(item) && fits_after(l, 1 + item->len, at)) {
			put(l, item->text);
			at.column += 1 + item->len;
			at.width += 1 + item->len;
			continue;
		}
		new_line(l, at.indent);
		at.width =
			put_element(l, item, (struct place){first_column, at.indent, at.depth, 0});
		at.column = first_column + at.width;
	}
	at.depth = depth;
	if (node->tail && !l->no_good)
		put_tail(l, node->tail, at, first_column);
}

/* Elements from `i` on; the first stands right here. */
static void
put_sequence(struct layout *l, const struct node *node, size_t i, struct place at)
{
	struct place first = at;
	long width;

	first.depth = depth_of(node, i, at.depth);
	width = put_element(l, &node->items[i], first);
	first.column += width;
	first.width += width;
	first.depth = at.depth;
	put_more(l, node, i + 1, at.column, first);
}

static void
put_tagged(struct layout *l, const struct node *node, struct place at)
{
	const struct node *tag = &node->items[0];
	long behind = tag->len + 2, half = LINE / 2, column;

	put(l, tag->text);
	at.width += 1 + tag->len;
	if (l->tag_indent > 0 && behind > l->tag_indent) {
		struct place rest = indented(at, l->tag_indent);

		column = rest.column;
		if (!l->out && l->all + column > LINE && column > half) {
			l->no_good = true;
			return;
		}
		rest.column = at.column + behind;
		put_more(l, node, 1, column, rest);
		return;
	}
	column = at.column + behind;
	if (!l->out && l->all + column >= LINE && column >= half) {
		l->no_good = true;
		return;
	}
	put(l, STR(","));
	at.width++;
	put_sequence(l, node, 1, indented(at, behind));
}

/* Returns the width, as put_element(). */
static long
put_pair(struct layout *l, const struct node *pair, struct place at)
{
	long len = pair[0].len + pair[1].len + 4;

	if (fits(l, len, at)) {
		put_flat(l, &pair[0]);
		put(l, STR(" => "));
		put_flat(l, &pair[1]);
		return is_text(&pair[0]) && is_text(&pair[1]) ? len : LINE;
	}
	put_node(l, &pair[0], at);
	put(l, STR(" =>"));
	at = indented(at, l->tag_indent > 0 ? l->tag_indent : MAP_INDENT);
	at.width = 0;
	new_line(l, at.indent);
	if (!l->no_good)
		put_node(l, &pair[1], at);
	return LINE;
}

static void
put_map(struct layout *l, const struct node *node, struct place at)
{
	struct place next = at;
	long first_column = at.column, width;

	next.depth = node->count > 2 ? 0 : at.depth + 1;
	width = put_pair(l, node->items, next);
	next.column += width;
	next.width = l->out ? width : next.width + width; /* OTP's dry run differs here */
	for (size_t i = 2; i < node->count && !l->no_good; i += 2) {
		const struct node *pair = &node->items[i];
		long len = 1 + pair[0].len + pair[1].len + 4;

		next.depth = i + 2 < node->count ? 0 : at.depth + 1;
		put(l, STR(","));
		if (is_text(&pair[0]) && is_text(&pair[1]) && fits_after(l, len, next)) {
			put(l, pair[0].text);
			put(l, STR(" => "));
			put(l, pair[1].text);
			next.column += len;
			next.width += len;
			continue;
		}
		new_line(l, at.indent);
		next.width =
			put_pair(l, pair, (struct place){first_column, at.indent, next.depth, 0});
		next.column = first_column + next.width;
	}
}

/* Numbers until the line is full. */
static void
put_bytes(struct layout *l, const struct node *node, struct place at)
{
	struct str rest = {node->text.at + 2, node->text.len - 4}, number;
	long room = LINE - at.column, most = l->all - 4 - at.width, left;

	if (!l->out)
		return;
	room = (room < most ? room : most) - at.depth;
	room = room < 8 ? 8 : room;
	left = room;
	put(l, STR("<<"));
	while (str_next(&rest, ',', &number)) {
		bool last = !rest.at;
		long len = (long)number.len + !last;

		if (len > left) {
			new_line(l, at.indent);
			left = room;
		}
		left -= len;
		put(l, number);
		if (!last)
			put(l, STR(","));
	}
	put(l, STR(">>"));
}

static void
put_node(struct layout *l, const struct node *node, struct place at)
{
	if (l->no_good)
		return;
	if (fits(l, node->len, at)) {
		put_flat(l, node);
		return;
	}

	struct place inside = indented(at, 1);
	inside.width++;
	switch (node->kind) {
	case NODE_TEXT:
		put(l, node->text);
		break;
	case NODE_BYTES:
		put_bytes(l, node, indented(at, 2));
		break;
	case NODE_LIST:
		put(l, STR("["));
		put_sequence(l, node, 0, inside);
		put(l, STR("]"));
		break;
	case NODE_TUPLE:
		put(l, STR("{"));
		put_sequence(l, node, 0, inside);
		put(l, STR("}"));
		break;
	case NODE_TAGGED:
		put(l, STR("{"));
		put_tagged(l, node, at);
		put(l, STR("}"));
		break;
	case NODE_MAP:
		inside = indented(at, 2);
		inside.width += l->out ? 1 : 2; /* as in OTP */
		put(l, STR("#{"));
		put_map(l, node, inside);
		put(l, STR("}"));
		break;
	}
}

void
print_layout(struct buf *out, const struct node *root)
{
	static const long tag_indents[] = {-1, 4, 1};
	struct place start = {.column = 1};
	struct layout l = {.all = root->len};

	if (is_text(root) || root->len < LINE - start.column) {
		print_flat(out, root);
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		l.tag_indent = tag_indents[i];
		l.no_good = false;
		if (i < 2)
			put_node(&l, root, start);
		if (!l.no_good)
			break;
	}
	l.out = out;
	put_node(&l, root, start);
	assert(!l.no_good);
}

static void
flat_items(struct buf *out, const struct node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0)
			buf_str(out, node->kind == NODE_MAP && i % 2 == 1 ? STR(" => ") : STR(","));
		print_flat(out, &node->items[i]);
	}
	if (node->tail) {
		buf_byte(out, '|');
		print_flat(out, node->tail);
	}
}

void
print_flat(struct buf *out, const struct node *node)
{
	switch (node->kind) {
	case NODE_TEXT:
	case NODE_BYTES:
		buf_str(out, node->text);
		break;
	case NODE_LIST:
		buf_byte(out, '[');
		flat_items(out, node);
		buf_byte(out, ']');
		break;
	case NODE_MAP:
		buf_byte(out, '#');
		/* fall through */
	case NODE_TUPLE:
	case NODE_TAGGED:
		buf_byte(out, '{');
		flat_items(out, node);
		buf_byte(out, '}');
		break;
	}
}
