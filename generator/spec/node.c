#include "spec/node.h"

#include <assert.h>
#include <yaml.h>

#include "support/arena.h"

enum {
	LARGEST_FILE = 4 << 20,
	MOST_NODES = 100000,
	MOST_KEYS = 1000, /* in one map: duplicates are searched for one by one */
	DEEPEST = 16,
};

static const struct str merge_key = STR_INIT("<<"), bom = STR_INIT("\xef\xbb\xbf");

struct builder {
	struct arena *arena;
	struct diag *diag;
	const char *file;
	struct node *root;
	struct level {
		struct node *node;
		bool has_key; /* in a map: the key has been read, its value not yet */
		struct str key;
		struct srcpos key_pos;
	} levels[DEEPEST];
	size_t depth, nodes;
};

static struct srcpos
place(const struct builder *b, yaml_mark_t mark)
{
	return (struct srcpos){b->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

struct node *
node_child(const struct node *map, struct str name)
{
	for (struct node *child = map->first; child; child = child->next)
		if (str_eq(child->name, name))
			return child;
	return NULL;
}

void
node_append(struct node *parent, struct node *child)
{
	if (!parent->append)
		parent->append = &parent->first;
	*parent->append = child;
	parent->append = &child->next;
	parent->len++;
}

static struct str
copy(struct arena *arena, const yaml_char_t *bytes, size_t len)
{
	char *text = arena_array(arena, char, len + 1);

	if (len)
		memcpy(text, bytes, len);
	return (struct str){text, len};
}

static bool
refuse(struct builder *b, struct srcpos pos, const char *what, const char *remedy)
{
	diag_error(b->diag, pos, "%s", what);
	diag_note(b->diag, pos, "%s", remedy);
	return false;
}

static bool
begin_pair(struct builder *b, struct str key, struct srcpos pos)
{
	struct level *level = &b->levels[b->depth - 1];
	struct node *twin = node_child(level->node, key);

	level->has_key = true;
	level->key = key;
	level->key_pos = pos;
	if (str_eq(key, merge_key)) {
		refuse(b, pos, "the merge key '<<' is not supported",
			"write the keys out where they are needed");
	} else if (twin) {
		diag_error(b->diag, pos, "the key '" STR_FMT "' is there twice", STR_ARG(key));
		diag_note(b->diag, twin->key, "first here; remove one of the two");
	} else if (level->node->len == MOST_KEYS) {
		return refuse(b, pos, "too many keys", "a map has at most 1000");
	}
	return true;
}

/* A list, a map or a text goes where it belongs. A pair that has been refused goes nowhere. */
static void
place_node(struct builder *b, struct node *node)
{
	struct level *level = b->depth ? &b->levels[b->depth - 1] : NULL;

	if (!level) {
		b->root = node;
		return;
	}
	node->name = level->node->name;
	node->key = node->pos;
	node->item = level->node->kind == NODE_LIST;
	if (level->node->kind == NODE_MAP) {
		node->name = level->key;
		node->key = level->key_pos;
		level->has_key = false;
		if (str_eq(node->name, merge_key) || node_child(level->node, node->name))
			return;
	}
	node_append(level->node, node);
}

static struct node *
make(struct builder *b, enum node_kind kind, struct srcpos pos)
{
	struct node *node = arena_new(b->arena, struct node);

	node->kind = kind;
	node->pos = pos;
	return node;
}

/* The value itself is kept, so that its other faults are found too. */
static void
check_plain(struct builder *b, struct srcpos pos, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		refuse(b, pos, "anchors and aliases are not supported",
			"write the value out where it is needed");
	if (tag)
		refuse(b, pos, "tags are not supported",
			"remove it, or quote the value if it begins with '!'");
}

static bool
in_key_place(const struct builder *b)
{
	const struct level *level = b->depth ? &b->levels[b->depth - 1] : NULL;

	return level && level->node->kind == NODE_MAP && !level->has_key;
}

static bool
add_text(struct builder *b, const yaml_event_t *event, struct srcpos pos)
{
	struct str text = copy(b->arena, event->data.scalar.value, event->data.scalar.length);

	check_plain(b, pos, event->data.scalar.anchor, event->data.scalar.tag);
	if (in_key_place(b))
		return begin_pair(b, text, pos);

	struct node *node = make(b, NODE_TEXT, pos);
	node->text = text;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	place_node(b, node);
	return true;
}

static bool
add_alias(struct builder *b, const yaml_event_t *event, struct srcpos pos)
{
	const yaml_char_t *name = event->data.alias.anchor;

	check_plain(b, pos, name, NULL);
	if (in_key_place(b))
		return begin_pair(b, copy(b->arena, name, strlen((const char *)name)), pos);
	place_node(b, make(b, NODE_BAD, pos));
	return true;
}

static bool
begin(struct builder *b, enum node_kind kind, struct srcpos pos)
{
	if (in_key_place(b))
		return refuse(
			b, pos, "a key must be a text", "quote it if it begins with '[' or '{'");
	if (b->depth == DEEPEST)
		return refuse(b, pos, "lists and maps are nested too deeply",
			"a spec needs no more than a few levels");

	struct node *node = make(b, kind, pos);
	place_node(b, node);
	b->levels[b->depth++] = (struct level){.node = node};
	return true;
}

/* False: there is no going on. */
static bool
handle(struct builder *b, const yaml_event_t *event)
{
	struct srcpos pos = place(b, event->start_mark);

	if (++b->nodes > MOST_NODES)
		return refuse(b, pos, "too many values", "a spec has at most 100000");
	switch (event->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_DOCUMENT_START_EVENT:
		return !b->root || refuse(b, pos, "a second document begins here",
					   "a spec is one document; put the other in its own file");
	case YAML_ALIAS_EVENT:
		return add_alias(b, event, pos);
	case YAML_SCALAR_EVENT:
		return add_text(b, event, pos);
	case YAML_SEQUENCE_START_EVENT:
		check_plain(
			b, pos, event->data.sequence_start.anchor, event->data.sequence_start.tag);
		return begin(b, NODE_LIST, pos);
	case YAML_MAPPING_START_EVENT:
		check_plain(
			b, pos, event->data.mapping_start.anchor, event->data.mapping_start.tag);
		return begin(b, NODE_MAP, pos);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		assert(b->depth > 0); /* libyaml balances them */
		b->depth--;
		return true;
	}
	return true;
}

/* libyaml tells only the offset of a byte that it cannot read. */
static struct srcpos
place_of_byte(const struct builder *b, struct str content, size_t offset)
{
	struct srcpos pos = {b->file, 1, 1};

	for (size_t i = 0; i < content.len && i < offset; i++) {
		pos.column += ((unsigned char)content.at[i] & 0xc0) != 0x80;
		if (content.at[i] == '\n') {
			pos.line++;
			pos.column = 1;
		}
	}
	return pos;
}

static void
report_syntax(struct builder *b, const yaml_parser_t *parser, struct str content)
{
	const char *problem = parser->problem ? parser->problem : "not YAML";
	struct srcpos pos = place(b, parser->problem_mark);
	size_t at = parser->problem_mark.index;

	if (parser->error == YAML_READER_ERROR) {
		pos = place_of_byte(b, content, parser->problem_offset);
		diag_error(b->diag, pos, "%s", problem);
		diag_note(b->diag, pos, "a spec is UTF-8 without control characters");
		return;
	}
	diag_error(b->diag, pos, "%s", problem);
	if (parser->context && parser->context_mark.index != at)
		diag_note(b->diag, place(b, parser->context_mark), "%s that begins here",
			parser->context);
	if (at < content.len && content.at[at] == '\t')
		diag_note(b->diag, pos, "YAML is indented with spaces, not with tabs");
	else if (at < content.len && content.at[at] == '%')
		diag_note(b->diag, pos, "remove the line that begins with '%%'");
	else
		diag_note(b->diag, pos,
			"check the indentation, and quote texts that contain ': ', ' #' or begin "
			"with one of [ ] { } , & * ! | > %% @ '");
}

struct node *
node_parse(struct arena *arena, struct diag *diag, const char *file, struct str content)
{
	struct builder b = {.arena = arena, .diag = diag, .file = file};
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true, ok = true;

	if (content.len > LARGEST_FILE) {
		refuse(&b, (struct srcpos){.file = file}, "too large", "a spec has at most 4 MiB");
		return NULL;
	}
	if (!yaml_parser_initialize(&parser)) {
		diag_error(diag, (struct srcpos){.file = file}, "out of memory");
		return NULL;
	}
	if (str_eq(str_head(content, bom.len), bom)) /* libyaml would count it as a column */
		content = (struct str){content.at + bom.len, content.len - bom.len};
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)(content.len ? content.at : ""), content.len);
	while (more) {
		if (!yaml_parser_parse(&parser, &event)) {
			report_syntax(&b, &parser, content);
			ok = false;
			break;
		}
		ok = handle(&b, &event);
		more = ok && event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (ok && !b.root)
		ok = refuse(&b, (struct srcpos){file, 1, 1}, "the spec is empty",
			"it needs at least a release with name, version and applications");
	return ok ? b.root : NULL;
}
