/* Terms to nodes: what stands where no line breaks are possible, and how wide it is. */
#include "term/print.h"

#include "support/arena.h"
#include "term/grapheme.h"
#include "term/number.h"
#include "term/reserved.h"
#include "term/term.h"
#include "term/utf8.h"

enum { PREFIX_RULE_OTP = 29 }; /* see bytes_as_text() */

static bool
is_name_start(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= 0xdf && code <= 0xff && code != 0xf7);
}

static bool
is_name_char(uint32_t code)
{
	return is_name_start(code) || (code >= 'A' && code <= 'Z') ||
	       (code >= '0' && code <= '9') || code == '_' || code == '@' ||
	       (code >= 0xc0 && code <= 0xde && code != 0xd7);
}

static bool
is_bare_atom(struct str name, unsigned otp)
{
	uint32_t code = 0;
	size_t len = utf8_decode(name, 0, &code);

	if (len == 0 || !is_name_start(code) || reserved_word(name, otp))
		return false;
	for (size_t pos = len; pos < name.len; pos += len) {
		len = utf8_decode(name, pos, &code);
		if (len == 0 || !is_name_char(code))
			return false;
	}
	return true;
}

static void
add_escaped(struct buf *out, uint32_t code, char quote)
{
	static const char values[] = "\n\r\t\v\b\f\x1b\x7f", names[] = "nrtvbfed";
	const char *hit = code && code < 0x80 ? strchr(values, (int)code) : NULL;

	if (code == (unsigned char)quote || code == '\\')
		buf_byte(out, '\\');
	if ((code >= ' ' && code < 0x7f) || code >= 0xa0)
		utf8_add(out, code);
	else if (hit)
		buf_printf(out, "\\%c", names[hit - values]);
	else
		buf_printf(out, "\\%03o", (unsigned)code);
}

static struct str
quoted(struct arena *arena, struct str text, char quote)
{
	struct buf out = {.arena = arena};
	uint32_t code;
	size_t len;

	buf_byte(&out, (unsigned char)quote);
	for (size_t pos = 0; (len = utf8_decode(text, pos, &code)) > 0; pos += len)
		add_escaped(&out, code, quote);
	buf_byte(&out, (unsigned char)quote);
	return buf_view(&out);
}

static struct str
atom_text(struct arena *arena, struct str name, unsigned otp)
{
	return is_bare_atom(name, otp) ? name : quoted(arena, name, '\'');
}

static struct node
text_node(struct str text)
{
	size_t chars;

	utf8_count(text, &chars);
	return (struct node){.kind = NODE_TEXT, .text = text, .len = (long)chars};
}

/* Names of atoms are the only text that may hold more than Latin-1. */
static struct node
atom_node(struct arena *arena, struct str name, unsigned otp)
{
	struct str text = atom_text(arena, name, otp);

	return (struct node){
		.kind = NODE_TEXT, .text = text, .len = (long)grapheme_width(text, otp)};
}

/* What Erlang takes for printable unless it was started with +pc unicode. */
static bool
is_printable(uint32_t code)
{
	return (code >= ' ' && code < 0x7f) || (code >= 0xa0 && code <= 0xff) ||
	       (code >= '\b' && code <= '\r') || code == 0x1b;
}

/* The list as UTF-8 if it counts as a string. */
static bool
list_as_text(struct arena *arena, const struct term *list, struct str *text)
{
	struct buf out = {.arena = arena};

	if (list->tail || list->len == 0)
		return false;
	for (size_t i = 0; i < list->len; i++) {
		const struct term *item = &list->items[i];

		if (item->kind != TERM_INTEGER || item->integer < 0 || item->integer > 0xff ||
			!is_printable((uint32_t)item->integer))
			return false;
	}
	for (size_t i = 0; i < list->len; i++)
		utf8_add(&out, (uint32_t)list->items[i].integer);
	*text = buf_view(&out);
	return true;
}

/*
 * The binary as UTF-8 if it counts as a string: valid UTF-8 of printable characters, in which
 * case *wide says if there are any beyond ASCII; else printable as Latin-1. From OTP 29 on Latin-1
 * is considered only if what precedes the first fault in the UTF-8 is printable.
 */
static bool
bytes_as_text(struct arena *arena, struct str bytes, unsigned otp, struct str *text, bool *wide)
{
	struct buf out = {.arena = arena};
	uint32_t code = 0;
	size_t pos = 0, len = 1;
	bool printable = true;

	for (; pos < bytes.len && (len = utf8_decode(bytes, pos, &code)) > 0; pos += len)
		printable = printable && is_printable(code);
	*wide = false;
	if (pos == bytes.len) {
		for (size_t i = 0; i < bytes.len; i++)
			*wide = *wide || (unsigned char)bytes.at[i] >= 0x80;
		*text = bytes;
		return printable;
	}
	if (otp >= PREFIX_RULE_OTP && !printable)
		return false;
	for (size_t i = 0; i < bytes.len; i++) {
		if (!is_printable((unsigned char)bytes.at[i]))
			return false;
		utf8_add(&out, (unsigned char)bytes.at[i]);
	}
	*text = buf_view(&out);
	return true;
}

static struct node
bits_node(struct arena *arena, const struct term *term, struct print_style style)
{
	struct buf out = {.arena = arena};
	struct str bytes = term->bits.bytes, text;
	unsigned unused = term->bits.unused;
	bool wide;

	if (bytes.len == 0)
		return text_node(STR("<<>>"));
	buf_str(&out, STR("<<"));
	if (style.strings && unused == 0 && bytes_as_text(arena, bytes, style.otp, &text, &wide)) {
		buf_str(&out, quoted(arena, text, '"'));
		buf_str(&out, wide ? STR("/utf8>>") : STR(">>"));
		return text_node(buf_view(&out));
	}
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned byte = (unsigned char)bytes.at[i];

		if (i > 0)
			buf_byte(&out, ',');
		if (unused && i == bytes.len - 1)
			buf_printf(&out, "%u:%u", byte >> unused, 8 - unused);
		else
			buf_printf(&out, "%u", byte);
	}
	buf_str(&out, STR(">>"));
	return (struct node){.kind = NODE_BYTES, .text = buf_view(&out), .len = (long)out.len};
}

/* A list, tuple or map with something in it. */
static struct node
items_node(struct arena *arena, const struct term *term, struct print_style style)
{
	struct node *items = arena_array(arena, struct node, term->len), *tail;
	struct node node = {.kind = NODE_LIST, .items = items, .count = term->len};
	long commas = (long)term->len - 1;

	node.len = 2 + commas;
	for (size_t i = 0; i < term->len; i++) {
		items[i] = print_node(arena, &term->items[i], style);
		node.len += items[i].len;
	}
	if (term->kind == TERM_TUPLE) {
		node.kind = term->len > 1 && term->items[0].kind == TERM_ATOM ? NODE_TAGGED
									      : NODE_TUPLE;
	} else if (term->kind == TERM_MAP) {
		node.kind = NODE_MAP; /* "#{", and " => " for every other comma */
		node.len += 1 + 3 * (long)(term->len / 2);
	} else if (term->tail) {
		tail = arena_new(arena, struct node);
		*tail = print_node(arena, term->tail, style);
		node.tail = tail;
		node.len += 1 + tail->len;
	}
	return node;
}

static struct node
fun_node(struct arena *arena, const struct term *term, unsigned otp)
{
	struct buf out = {.arena = arena};

	buf_str(&out, STR("fun "));
	buf_str(&out, atom_text(arena, term->items[0].atom, otp));
	buf_byte(&out, ':');
	buf_str(&out, atom_text(arena, term->items[1].atom, otp));
	buf_byte(&out, '/');
	number_print(&out, &term->items[2]);
	return text_node(buf_view(&out));
}

/* Pids and the like have no text that could be read back. */
static struct node
opaque_node(struct arena *arena, const struct term *term)
{
	struct buf out = {.arena = arena};

	buf_str(&out, STR("#Opaque<"));
	for (size_t i = 0; i < term->opaque.len; i++)
		buf_printf(&out, i ? ".%u" : "%u", (unsigned)(unsigned char)term->opaque.at[i]);
	buf_byte(&out, '>');
	return text_node(buf_view(&out));
}

struct node
print_node(struct arena *arena, const struct term *term, struct print_style style)
{
	struct buf out = {.arena = arena};
	struct str text;

	switch (term->kind) {
	case TERM_ATOM:
		return atom_node(arena, term->atom, style.otp);
	case TERM_INTEGER:
	case TERM_BIG:
		number_print(&out, term);
		return text_node(buf_view(&out));
	case TERM_FLOAT:
		number_print_float(&out, term->real, style.otp);
		return text_node(buf_view(&out));
	case TERM_BITS:
		return bits_node(arena, term, style);
	case TERM_TUPLE:
		return term->len ? items_node(arena, term, style) : text_node(STR("{}"));
	case TERM_LIST:
		if (term->len == 0)
			return text_node(STR("[]"));
		if (style.strings && list_as_text(arena, term, &text))
			return text_node(quoted(arena, text, '"'));
		return items_node(arena, term, style);
	case TERM_MAP:
		return term->len ? items_node(arena, term, style) : text_node(STR("#{}"));
	case TERM_FUN:
		return fun_node(arena, term, style.otp);
	case TERM_OPAQUE:
		return opaque_node(arena, term);
	}
	return text_node(STR(""));
}

void
term_print(struct buf *out, const struct term *term, unsigned otp)
{
	struct arena arena = {0};
	struct node root = print_node(&arena, term, (struct print_style){otp, true});

	print_layout(out, &root);
	arena_release(&arena);
}

void
term_write(struct buf *out, const struct term *term, unsigned otp)
{
	struct arena arena = {0};
	struct node root = print_node(&arena, term, (struct print_style){otp, false});

	print_flat(out, &root);
	arena_release(&arena);
}
