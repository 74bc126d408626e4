#include "spec/read.h"

#include "support/arena.h"
#include "support/buf.h"
#include "support/nearest.h"

static const char *const kind_name[] = {
	[NODE_TEXT] = "a text",
	[NODE_LIST] = "a list",
	[NODE_MAP] = "a map of keys and values",
	[NODE_BAD] = "nothing",
};

static const char *const kind_remedy[] = {
	[NODE_TEXT] = "write one value after the colon",
	[NODE_LIST] = "write [a, b], or a line '- a' for each item",
	[NODE_MAP] = "write {key: value}, or an indented line 'key: value' for each key",
	[NODE_BAD] = "",
};

static bool
is_null(const struct node *node)
{
	struct str t = node->text;

	return node->kind == NODE_TEXT && node->plain &&
	       (t.len == 0 || str_eq(t, STR("~")) || str_eq(t, STR("null")) ||
		       str_eq(t, STR("Null")) || str_eq(t, STR("NULL")));
}

/* "'name'", "an item of 'name'" or, at the top, "the spec". */
static const char *
called(struct reader *reader, const struct node *node)
{
	struct buf text = {.arena = reader->arena};

	if (node->name.at)
		buf_printf(&text, "%s'" STR_FMT "'", node->item ? "an item of " : "",
			STR_ARG(node->name));
	else
		buf_printf(&text, "the spec");
	return fs_cstr(reader->arena, buf_view(&text));
}

bool
node_is(struct reader *reader, const struct node *node, enum node_kind kind)
{
	if (node->kind == NODE_BAD)
		return false;
	if (is_null(node)) {
		diag_error(reader->diag, node->pos, "%s has no value", called(reader, node));
		diag_note(reader->diag, node->pos, "%s, or remove it", kind_remedy[kind]);
		return false;
	}
	if (node->kind == kind)
		return true;
	diag_error(reader->diag, node->pos, "%s must be %s, not %s", called(reader, node),
		kind_name[kind], kind_name[node->kind]);
	diag_note(reader->diag, node->pos, "%s", kind_remedy[kind]);
	return false;
}

bool
value_fault(struct reader *reader, const struct node *node, const char *what)
{
	return diag_error(reader->diag, node->pos, "%s must be %s, not '" STR_FMT "'",
		called(reader, node), what, STR_ARG(str_head(node->text, LONGEST_TEXT)));
}

static void
report_unknown(struct reader *reader, const struct node *child, const struct shape *shape)
{
	struct nearest near = {.word = child->name};
	struct buf known = {.arena = reader->arena};

	for (size_t i = 0; i < shape->len; i++) {
		const char *name = shape->keys[i].name;
		nearest_try(&near, (struct str){name, strlen(name)});
		buf_printf(&known, "%s%s", i ? ", " : "", name);
	}
	diag_error(reader->diag, child->key, "unknown key '" STR_FMT "' in %s",
		STR_ARG(child->name), shape->name);
	if (near.best.at)
		diag_note(reader->diag, child->key, "did you mean '" STR_FMT "'?",
			STR_ARG(near.best));
	else
		diag_note(reader->diag, child->key, "it can have: " STR_FMT,
			STR_ARG(buf_view(&known)));
}

static const struct key *
find_key(const struct shape *shape, struct str name)
{
	for (size_t i = 0; i < shape->len; i++)
		if (str_eq(name, (struct str){shape->keys[i].name, strlen(shape->keys[i].name)}))
			return &shape->keys[i];
	return NULL;
}

void
read_map(struct reader *reader, const struct node *node, const struct shape *shape, void *base)
{
	struct buf missing = {.arena = reader->arena};

	if (!node_is(reader, node, NODE_MAP))
		return;
	for (const struct node *child = node->first; child; child = child->next) {
		const struct key *key = find_key(shape, child->name);
		if (key)
			key->read(reader, child, (char *)base + key->offset);
		else
			report_unknown(reader, child, shape);
	}
	for (size_t i = 0; i < shape->len; i++) {
		const char *name = shape->keys[i].name;
		if (shape->keys[i].required && !node_child(node, (struct str){name, strlen(name)}))
			buf_printf(&missing, "%s'%s'", missing.len ? ", " : "", name);
	}
	if (missing.len)
		diag_error(reader->diag, node->pos, "%s needs " STR_FMT, shape->name,
			STR_ARG(buf_view(&missing)));
}

size_t
read_choice(struct reader *reader, const struct node *node, const char *const *names, size_t len)
{
	struct buf choices = {.arena = reader->arena};
	struct nearest near = {.word = node->text};

	if (!node_is(reader, node, NODE_TEXT))
		return len;
	for (size_t i = 0; i < len; i++) {
		struct str name = {names[i], strlen(names[i])};
		if (str_eq(node->text, name))
			return i;
		nearest_try(&near, name);
		buf_printf(&choices, "%s%s", i == 0 ? "" : i + 1 < len ? ", " : " or ", names[i]);
	}
	buf_byte(&choices, '\0');
	value_fault(reader, node, choices.at);
	if (near.best.at)
		diag_note(
			reader->diag, node->pos, "did you mean '" STR_FMT "'?", STR_ARG(near.best));
	return len;
}

bool
read_number(struct reader *reader, const struct node *node, int64_t least, int64_t most,
	int64_t *number)
{
	struct buf what = {.arena = reader->arena};
	struct str text = node->text;
	int64_t value = 0;

	if (!node_is(reader, node, NODE_TEXT))
		return false;

	bool good = node->plain && text.len <= 18 && (text.len == 1 || text.at[0] != '0');
	for (size_t i = 0; good && i < text.len; i++) {
		good = text.at[i] >= '0' && text.at[i] <= '9';
		value = value * 10 + (text.at[i] - '0');
	}
	if (!good || value < least || value > most) {
		buf_printf(&what, "a number from %lld to %lld%s", (long long)least, (long long)most,
			node->plain ? "" : " without quotes");
		buf_byte(&what, '\0');
		return value_fault(reader, node, what.at);
	}
	*number = value;
	return true;
}

bool
node_text(struct reader *reader, const struct node *node, struct str *text)
{
	if (!node_is(reader, node, NODE_TEXT))
		return false;
	if (node->text.len == 0)
		return value_fault(reader, node, "a text that is not empty");
	if (node->text.len > LONGEST_TEXT)
		return diag_error(reader->diag, node->pos, "'" STR_FMT "' is longer than %d bytes",
			STR_ARG(node->name), LONGEST_TEXT);
	for (size_t i = 0; i < node->text.len; i++)
		if ((unsigned char)node->text.at[i] < ' ' || node->text.at[i] == 0x7f)
			return value_fault(reader, node, "a text without control characters");
	*text = node->text;
	return true;
}

bool
is_word(struct str text, const char *first, const char *rest, size_t longest)
{
	if (text.len == 0 || text.len > longest)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if (c == '\0' || !(strchr(first, c) || (i > 0 && strchr(rest, c))))
			return false;
	}
	return true;
}

void
read_text(struct reader *reader, const struct node *node, void *target)
{
	struct spec_text *text = target;
	struct str value = {0};

	if (node_text(reader, node, &value))
		*text = (struct spec_text){value, node->pos};
}

void
read_path(struct reader *reader, const struct node *node, void *target)
{
	struct spec_text *text = target;
	struct str value = {0};

	if (node_text(reader, node, &value))
		*text = (struct spec_text){fs_join(reader->arena, reader->dir, value), node->pos};
}

void
read_items(
	struct reader *reader, const struct node *node, struct spec_texts *texts, read_value *read)
{
	if (!node_is(reader, node, NODE_LIST))
		return;
	for (const struct node *item = node->first; item; item = item->next) {
		struct spec_text text = {0};
		read(reader, item, &text);
		if (text.text.at)
			vec_push(reader->arena, texts, text);
	}
}

void
read_texts(struct reader *reader, const struct node *node, void *target)
{
	read_items(reader, node, target, read_text);
}

void
read_paths(struct reader *reader, const struct node *node, void *target)
{
	read_items(reader, node, target, read_path);
}

void
read_bool(struct reader *reader, const struct node *node, void *target)
{
	bool *value = target;

	if (!node_is(reader, node, NODE_TEXT))
		return;
	if (!node->plain || (!str_eq(node->text, STR("true")) && !str_eq(node->text, STR("false"))))
		value_fault(reader, node,
			node->plain ? "true or false" : "true or false without quotes");
	else
		*value = str_eq(node->text, STR("true"));
}

void
read_ignored(struct reader *reader, const struct node *node, void *target)
{
	(void)reader, (void)node, (void)target;
}
