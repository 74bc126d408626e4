/* Where ${V} is, and what stands for it while the rest is read. */
#include "otp/fill.h"

#include "support/arena.h"
#include "term/utf8.h"

enum { MOST_HOLES = 10000 };

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_word(char c)
{
	return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static char
peek(struct str text, size_t pos)
{
	char c = '\0';

	if (pos < text.len)
		c = text.at[pos];
	return c;
}

static bool
begins_hole(struct str text, size_t pos)
{
	return peek(text, pos) == '$' && peek(text, pos + 1) == '{';
}

/* Sets name and fault; returns the position behind the name. */
static size_t
read_name(struct str text, size_t pos, struct fill_hole *hole)
{
	size_t start = pos;
	bool capital = false;

	for (; is_word(peek(text, pos)); pos++)
		capital = capital || is_capital(text.at[pos]);
	hole->name = (struct str){text.at + start, pos - start};
	if (pos == start || (text.at[start] >= '0' && text.at[start] <= '9'))
		hole->fault = "'${' is not followed by the name of a variable";
	else if (!capital)
		hole->fault = "the name of this variable has no capital letter; such names are the "
			      "launcher's own";
	return pos;
}

/* Up to the brace that closes it; braces in it come in pairs. */
static size_t
read_preset(struct str text, size_t pos, struct fill_hole *hole)
{
	size_t start = pos, depth = 0;

	for (; pos < text.len && text.at[pos] != '\n'; pos++) {
		if (begins_hole(text, pos)) {
			hole->fault = "the default of this variable holds another variable";
			return pos;
		}
		if (text.at[pos] == '}' && depth == 0) {
			hole->has_preset = true;
			hole->preset = (struct str){text.at + start, pos - start};
			return pos;
		}
		depth += text.at[pos] == '{';
		depth -= text.at[pos] == '}';
	}
	hole->fault = "the default of this variable does not end on its line";
	return pos;
}

/* At "${". */
static struct fill_hole
read_hole(struct str text, size_t start)
{
	struct fill_hole hole = {0};
	size_t pos = read_name(text, start + 2, &hole);

	if (!hole.fault && peek(text, pos) == ':' && peek(text, pos + 1) == '-')
		pos = read_preset(text, pos + 2, &hole);
	else if (!hole.fault && peek(text, pos) != '}')
		hole.fault = "this is neither ${NAME} nor ${NAME:-default}";
	/* what a faulty one was to hold is looked at as if it were not there */
	hole.source = (struct str){text.at + start, hole.fault ? 2 : pos + 1 - start};
	return hole;
}

/* A digit after what a number begins with or goes on, and before the point of one; else a letter
 * (not x, which a backslash would make an escape of).
 * With blanks behind it where a word ends, so that a long default makes no long word. */
static void
add_stand_in(struct fill *fill, struct fill_hole *hole)
{
	size_t start = (size_t)(hole->source.at - fill->text.at), end = start + hole->source.len;
	char before = peek(fill->text, start - 1); /* there is nothing at SIZE_MAX */
	char after = peek(fill->text, end), beyond = peek(fill->text, end + 1);
	bool digit = before && strchr("0123456789#.+-", before);

	if (!is_word(before) && before != '}' &&
		((after >= '0' && after <= '9') || (after == '.' && beyond > ' ' && beyond != '%')))
		digit = true;

	bool goes_on = is_word(after) || after == '@' || after == '.' || after == '$';
	utf8_count(hole->source, &hole->len);
	hole->at = fill->plain.len;
	for (size_t i = 0; i < hole->len; i++)
		buf_byte(&fill->plain, i && !goes_on ? ' ' : digit ? '1' : 'z');
}

static bool
check_text(const struct fill *fill, struct diag *diag)
{
	struct srcpos pos = {.file = fill->file};
	size_t count;

	if (!utf8_count(fill->text, &count)) {
		diag_error(diag, pos, "a template must be UTF-8");
		diag_note(diag, pos, "save the file as UTF-8");
		return false;
	}
	if (fill->text.len && memchr(fill->text.at, '\0', fill->text.len))
		return diag_error(diag, pos, "there is a NUL byte in this template; remove it");
	return true;
}

bool
fill_find(struct fill *fill, struct diag *diag)
{
	struct str text = fill->text;
	struct srcpos pos = {fill->file, 1, 1};

	if (!check_text(fill, diag))
		return false;
	fill->plain.arena = fill->arena;
	buf_room(&fill->plain, text.len + 1); /* an empty text is one, too */
	fill->plain.len = 0;
	for (size_t i = 0; i < text.len;) {
		size_t len = 1, columns;

		if (begins_hole(text, i)) {
			struct fill_hole hole = read_hole(text, i);
			if (fill->len == MOST_HOLES)
				return diag_error(diag, pos,
					"too many variables; a template has at most 10000");
			hole.pos = pos;
			len = hole.source.len;
			if (hole.fault) {
				hole.at = fill->plain.len;
				hole.len = len;
				buf_add(&fill->plain, text.at + i, len);
			} else {
				add_stand_in(fill, &hole);
			}
			vec_push(fill->arena, fill, hole);
		} else {
			uint32_t code;
			len = utf8_decode(text, i, &code);
			buf_add(&fill->plain, text.at + i, len);
		}
		utf8_count((struct str){text.at + i, len}, &columns);
		pos.column += (unsigned)columns;
		i += len;
		if (text.at[i - 1] == '\n') {
			pos.line++;
			pos.column = 1;
		}
	}
	return true;
}

bool
fill_report(const struct fill_hole *hole, struct diag *diag)
{
	diag_error(diag, hole->pos, "%s", hole->fault);
	diag_note(diag, hole->pos,
		"variables are ${NAME} and ${NAME:-default}, NAME of A-Z, a-z, 0-9 and _; a '${' that "
		"begins none is written '$\\{'");
	return false;
}

bool
fill_fault(const struct fill_hole *hole, struct diag *diag, const char *what, const char *remedy)
{
	diag_error(diag, hole->pos, "${" STR_FMT "} %s", STR_ARG(hole->name), what);
	diag_note(diag, hole->pos, "%s", remedy);
	return false;
}
