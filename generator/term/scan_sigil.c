/* What OTP 27 brought: sigils, and text in three or more quotes. */
#include <assert.h>

#include "support/arena.h"
#include "term/scan.h"
#include "term/utf8.h"

static char
closing(char opening)
{
	static const char from[] = "([{</|#`'\"", to[] = ")]}>/|#`'\"";
	const char *hit = opening ? strchr(from, opening) : NULL;

	return to[hit ? (size_t)(hit - from) : sizeof(to) - 1];
}

/* A line of a text in triple quotes, as offsets into what was collected. */
struct line {
	size_t start, end; /* `end` is behind its newline */
};

struct block {
	struct buf text;
	VEC(struct line) lines;
	size_t indent; /* where the blanks before the closing quotes begin */
};

static bool
is_blank(uint32_t code)
{
	return code <= ' ' || (code >= 0x80 && code <= 0xa0);
}

static bool
is_blank_text(struct str text)
{
	uint32_t code;
	size_t len;

	for (size_t pos = 0; (len = utf8_decode(text, pos, &code)) > 0; pos += len)
		if (!is_blank(code))
			return false;
	return true;
}

/*
 * Collects lines up to one that begins, after blanks, with `quotes` quotes. Blanks that an escape
 * made do not count as such.
 */
static bool
collect(struct scanner *s, struct token *token, size_t quotes, bool verbatim, struct block *block)
{
	size_t start = 0, seen = 0;
	bool head = false; /* only blanks and then quotes so far on this line, not the first */

	while (s->pos < s->text.len) {
		size_t before = block->text.len;
		bool escape = scan_peek(s, 0) == '\\' && !verbatim, quote = scan_peek(s, 0) == '"';
		uint32_t code = 0;

		if (!scan_quoted_char(s, verbatim, &block->text))
			return false;
		utf8_decode(buf_view(&block->text), before, &code);
		if (code == '\n' && (!escape || s->column == 1)) {
			vec_push(s->arena, &block->lines, (struct line){start, block->text.len});
			start = block->text.len;
			head = true;
			seen = 0;
		} else if (head && quote && !escape) {
			if (++seen == quotes) {
				block->indent = start;
				block->text.len -= quotes;
				return true;
			}
		} else if (escape || seen > 0 || !is_blank(code)) {
			head = false;
		}
	}
	return diag_error(s->diag, scan_start(s, token),
		"the text that begins here has no closing quotes; put %zu of them on a line of "
		"their own",
		quotes);
}

static struct str
slice(const struct block *block, size_t start, size_t end)
{
	return (struct str){block->text.at + start, end - start};
}

static size_t
newline_length(struct str line)
{
	if (line.len == 0 || line.at[line.len - 1] != '\n')
		return 0;
	return line.len > 1 && line.at[line.len - 2] == '\r' ? 2 : 1;
}

/* Takes the indentation of the closing quotes from each line, and the last newline. */
static bool
strip(struct scanner *s, struct token *token, const struct block *block)
{
	struct str indent = slice(block, block->indent, block->text.len);
	struct buf content = {.arena = s->arena};

	for (size_t i = 1; i < block->lines.len; i++) {
		struct str line = slice(block, block->lines.at[i].start, block->lines.at[i].end);
		bool last = i + 1 == block->lines.len;
		size_t newline = newline_length(line);

		if (line.len > newline) {
			if (line.len - newline < indent.len ||
				!str_eq(str_head(line, indent.len), indent))
				return diag_error(s->diag,
					(struct srcpos){s->file, token->line + (unsigned)i, 1},
					"this line is indented less than the closing quotes of its "
					"text; indent it with the same blanks");
			line = (struct str){line.at + indent.len, line.len - indent.len};
		}
		buf_add(&content, line.at, last ? line.len - newline : line.len);
	}
	token->text = buf_view(&content);
	return true;
}

/* At three or more quotes. */
static bool
scan_triple(struct scanner *s, struct token *token, bool verbatim)
{
	struct block block = {.text = {.arena = s->arena}};
	size_t quotes = 0;

	while (scan_peek(s, quotes) == '"')
		quotes++;
	scan_skip(s, quotes);
	if (!collect(s, token, quotes, verbatim, &block))
		return false;
	assert(block.lines.len > 0); /* quotes end the text only at the head of a later line */
	if (!is_blank_text(slice(&block, block.lines.at[0].start, block.lines.at[0].end)))
		return diag_error(s->diag, scan_start(s, token),
			"after these %zu quotes the text must begin on a new line", quotes);
	return strip(s, token, &block);
}

/* Since OTP 27 blanks must stand between two strings. */
static bool
check_separated(struct scanner *s)
{
	if (s->otp < SCAN_SIGILS_OTP || scan_peek(s, 0) != '"')
		return true;
	return diag_error(s->diag, scan_pos(s),
		"two strings stand side by side, which OTP %u does not allow; put a blank "
		"between them",
		s->otp);
}

bool
scan_string(struct scanner *s, struct token *token)
{
	token->kind = TOKEN_STRING;
	if (s->otp >= SCAN_SIGILS_OTP && scan_peek(s, 1) == '"' && scan_peek(s, 2) == '"')
		return scan_triple(s, token, true) && check_separated(s);
	scan_skip(s, 1);
	return scan_until(s, token, '"', false) && check_separated(s);
}

bool
scan_sigil(struct scanner *s, struct token *token)
{
	struct str prefix;
	bool triple;
	char close;

	scan_skip(s, 1);
	prefix = scan_name(s);
	close = closing(scan_peek(s, 0));
	if (!close)
		return diag_error(s->diag, scan_start(s, token),
			"no quoted text follows this '~'; a sigil is written as ~\"text\"");
	if (prefix.len > 1 || (prefix.len == 1 && !strchr("sSbB", prefix.at[0])))
		return diag_error(s->diag, scan_start(s, token),
			"there is no sigil ~" STR_FMT "; use ~, ~s, ~S, ~b or ~B", STR_ARG(prefix));
	token->kind = prefix.len && (prefix.at[0] | 0x20) == 's' ? TOKEN_SIGIL : TOKEN_BINARY;

	triple = scan_peek(s, 0) == '"' && scan_peek(s, 1) == '"' && scan_peek(s, 2) == '"';
	bool escapes = prefix.len ? prefix.at[0] >= 'a' : !triple;
	if (!triple)
		scan_skip(s, 1);
	if (triple ? !scan_triple(s, token, !escapes) : !scan_until(s, token, close, !escapes))
		return false;

	struct srcpos behind = scan_pos(s);
	if (scan_name(s).len > 0)
		return diag_error(s->diag, behind,
			"nothing may follow the closing quote of a sigil; remove it");
	return check_separated(s);
}
