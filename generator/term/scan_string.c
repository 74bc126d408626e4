/* Quoted atoms, strings, characters, escapes. */
#include "support/arena.h"
#include "term/scan.h"
#include "term/utf8.h"

enum { MAX_ATOM = 255 };

static int
hex_value(char c)
{
	if (scan_is_digit(c))
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

static bool
illegal(struct scanner *s, struct srcpos pos, uint32_t code)
{
	return diag_error(
		s->diag, pos, "character U+%04X is not allowed in Erlang text; remove it", code);
}

/* After "\x". */
static bool
scan_hex(struct scanner *s, struct srcpos start, uint32_t *code)
{
	bool braces = scan_peek(s, 0) == '{';
	size_t digits = 0;

	*code = 0;
	if (braces)
		scan_skip(s, 1);
	while (hex_value(scan_peek(s, 0)) >= 0 && (braces || digits < 2)) {
		if (*code <= 0x10ffff)
			*code = *code << 4 | (uint32_t)hex_value(scan_peek(s, 0));
		digits++;
		scan_skip(s, 1);
	}
	if (braces ? digits == 0 || scan_peek(s, 0) != '}' : digits < 2)
		return diag_error(s->diag, start,
			"\\x must be followed by two hexadecimal digits or by {DIGITS}");
	if (braces)
		scan_skip(s, 1);
	return scan_is_legal(*code) || illegal(s, start, *code);
}

static uint32_t
named_escape(uint32_t code)
{
	static const char names[] = "nrtvbfesd", values[] = "\n\r\t\v\b\f\x1b \x7f";
	const char *hit = code && code < 0x80 ? strchr(names, (int)code) : NULL;

	return hit ? (unsigned char)values[hit - names] : code;
}

static bool
cut_short(struct scanner *s)
{
	return diag_error(s->diag, scan_pos(s), "the file ends after a backslash; complete it");
}

/* After "\^". Before OTP 27 any character would do. */
static bool
scan_control(struct scanner *s, struct srcpos start, uint32_t *code)
{
	if (s->pos == s->text.len)
		return cut_short(s);
	if (!scan_take(s, code))
		return false;
	if (s->otp < SCAN_SIGILS_OTP)
		*code = *code == '\n' ? '\n' : *code & 31;
	else if (*code == '?')
		*code = 0x7f;
	else if ((*code >= '@' && *code <= '_') || (*code >= 'a' && *code <= 'z'))
		*code &= 31;
	else
		return diag_error(s->diag, start,
			"\\^ must be followed by a letter or one of @ [ \\ ] ^ _ ? in OTP %u",
			s->otp);
	return true;
}

bool
scan_escape(struct scanner *s, uint32_t *code)
{
	struct srcpos start = scan_pos(s);

	if (s->pos == s->text.len)
		return cut_short(s);
	if (scan_peek(s, 0) >= '0' && scan_peek(s, 0) <= '7') {
		*code = 0;
		for (int i = 0; i < 3 && scan_peek(s, 0) >= '0' && scan_peek(s, 0) <= '7'; i++) {
			*code = *code * 8 + (uint32_t)(scan_peek(s, 0) - '0');
			scan_skip(s, 1);
		}
		return true;
	}
	if (!scan_take(s, code))
		return false;
	if (*code == 'x')
		return scan_hex(s, start, code);
	if (*code == '^')
		return scan_control(s, start, code);
	*code = named_escape(*code);
	return scan_is_legal(*code) || illegal(s, start, *code);
}

bool
scan_char(struct scanner *s, struct token *token)
{
	uint32_t code = 0;

	token->kind = TOKEN_CHAR;
	scan_skip(s, 1);
	if (s->pos == s->text.len)
		return diag_error(s->diag, scan_start(s, token),
			"the file ends after '$'; add the character");
	if (scan_peek(s, 0) == '\\') {
		scan_skip(s, 1);
		if (!scan_escape(s, &code))
			return false;
	} else {
		struct srcpos pos = scan_pos(s);

		if (!scan_take(s, &code))
			return false;
		if (!scan_is_legal(code))
			return illegal(s, pos, code);
	}
	token->number = term_integer(code);
	return true;
}

bool
scan_quoted_char(struct scanner *s, bool verbatim, struct buf *out)
{
	struct srcpos pos = scan_pos(s);
	uint32_t code = 0;

	if (scan_peek(s, 0) == '\\' && !verbatim) {
		scan_skip(s, 1);
		if (!scan_escape(s, &code))
			return false;
	} else {
		if (!scan_take(s, &code))
			return false;
		if (!scan_is_legal(code))
			return illegal(s, pos, code);
	}
	utf8_add(out, code);
	return true;
}

bool
scan_until(struct scanner *s, struct token *token, char quote, bool verbatim)
{
	struct buf text = {.arena = s->arena};

	while (s->pos < s->text.len) {
		if (scan_peek(s, 0) == quote) {
			scan_skip(s, 1);
			token->text = buf_view(&text);
			return true;
		}
		if (!scan_quoted_char(s, verbatim, &text))
			return false;
	}
	return diag_error(s->diag, scan_start(s, token),
		"the quoted text that begins here has no closing %c; add it", quote);
}

bool
scan_quoted_atom(struct scanner *s, struct token *token)
{
	size_t count = 0;

	token->kind = TOKEN_ATOM;
	scan_skip(s, 1);
	if (!scan_until(s, token, '\'', false))
		return false;
	utf8_count(token->text, &count);
	if (count > MAX_ATOM)
		return diag_error(s->diag, scan_start(s, token),
			"this atom has %zu characters; shorten it to at most 255", count);
	return true;
}
