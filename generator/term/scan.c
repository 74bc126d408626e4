#include "term/scan.h"

#include "support/arena.h"
#include "term/reserved.h"
#include "term/utf8.h"

static bool
is_coding_char(char c)
{
	return scan_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* What follows "coding" in a comment: one of ":= ", then latin-1 or another name. */
static bool
names_latin1(struct str rest)
{
	static const char want[] = "latin-1";
	size_t i = 0, n = 0;

	while (i < rest.len && rest.at[i] == ' ')
		i++;
	if (i >= rest.len || (rest.at[i] != ':' && rest.at[i] != '='))
		return false;
	for (i++; i < rest.len && rest.at[i] == ' ';)
		i++;
	for (; want[n]; i++, n++) {
		char c = '\0';

		if (i < rest.len)
			c = rest.at[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (c != want[n])
			return false;
	}
	return i >= rest.len || !is_coding_char(rest.at[i]);
}

/* The first "coding" in a comment of the first two lines decides. */
static bool
is_latin1(struct str text)
{
	struct str line;

	for (int n = 0; n < 2 && str_next(&text, '\n', &line); n++) {
		const char *comment = line.len ? memchr(line.at, '%', line.len) : NULL;

		for (size_t i = comment ? (size_t)(comment - line.at) : line.len; i + 6 <= line.len;
			i++) {
			if (memcmp(line.at + i, "coding", 6) == 0)
				return names_latin1(
					(struct str){line.at + i + 6, line.len - i - 6});
		}
	}
	return false;
}

struct str
scan_to_utf8(struct arena *arena, struct str text)
{
	struct buf out = {.arena = arena};

	if (!is_latin1(text))
		return text;
	for (size_t i = 0; i < text.len; i++)
		utf8_add(&out, (unsigned char)text.at[i]);
	return buf_view(&out);
}

bool
scan_is_legal(uint32_t code)
{
	return utf8_is_scalar(code) && code != 0xfffe && code != 0xffff;
}

void
scan_skip(struct scanner *s, size_t len)
{
	for (; len > 0; len--) {
		s->column++;
		if (s->text.at[s->pos++] == '\n') {
			s->line++;
			s->column = 1;
		}
	}
}

bool
scan_take(struct scanner *s, uint32_t *code)
{
	size_t len = utf8_decode(s->text, s->pos, code);

	if (len == 0 && s->pos < s->text.len)
		return diag_error(s->diag, scan_pos(s),
			"byte 0x%02x is not valid UTF-8; save the file as UTF-8, or say "
			"\"%%%% coding: latin-1\" in its first line",
			(unsigned)(unsigned char)s->text.at[s->pos]);
	s->pos += len;
	s->column++;
	if (len == 1 && *code == '\n') {
		s->line++;
		s->column = 1;
	}
	return len > 0;
}

static bool
is_white(uint32_t code)
{
	return code <= ' ' || (code >= 0x80 && code <= 0xa0);
}

/* White space and comments. */
static bool
skip_blank(struct scanner *s)
{
	bool comment = false;
	uint32_t code = 0;

	while (s->pos < s->text.len) {
		struct scanner before = *s;

		if (!scan_take(s, &code))
			return false;
		if (comment && !scan_is_legal(code))
			return diag_error(s->diag, scan_pos(&before),
				"character U+%04X is not allowed; remove it", code);
		if (code == '%')
			comment = true;
		else if (code == '\n')
			comment = false;
		else if (!comment && !is_white(code)) {
			*s = before;
			break;
		}
	}
	return true;
}

static bool
is_lower(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= 0xdf && code <= 0xff && code != 0xf7);
}

static bool
is_upper(uint32_t code)
{
	return (code >= 'A' && code <= 'Z') || (code >= 0xc0 && code <= 0xde && code != 0xd7);
}

struct str
scan_name(struct scanner *s)
{
	size_t start = s->pos, len;
	uint32_t code;

	while ((len = utf8_decode(s->text, s->pos, &code)) > 0 &&
		(is_lower(code) || is_upper(code) || (code >= '0' && code <= '9') || code == '_' ||
			code == '@')) {
		s->pos += len;
		s->column++;
	}
	return (struct str){s->text.at + start, s->pos - start};
}

static bool
scan_word(struct scanner *s, struct token *token, bool variable)
{
	token->text = scan_name(s);
	token->kind = variable                             ? TOKEN_VARIABLE
		      : reserved_word(token->text, s->otp) ? TOKEN_WORD
							   : TOKEN_ATOM;
	if (s->column - token->column > 255)
		return diag_error(s->diag, (struct srcpos){s->file, token->line, token->column},
			"this name has %u characters; shorten it to at most 255",
			s->column - token->column);
	return true;
}

/* Longest first. */
static bool
scan_mark(struct scanner *s, struct token *token)
{
	static const char marks[][4] = {"...", "=:=", "=/=", "<<", ">>", "=>", ":=", "..", "->",
		"<-", "<=", ">=", "=<", "==", "/=", "--", "++", "||", "::", "?="};
	size_t len = 1;
	uint32_t code;

	token->kind = TOKEN_MARK;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t size = strlen(marks[i]);

		if (s->text.len - s->pos >= size &&
			memcmp(s->text.at + s->pos, marks[i], size) == 0) {
			len = size;
			break;
		}
	}
	if (len > 1)
		scan_skip(s, len);
	else if (!scan_take(s, &code))
		return false;
	return true;
}

/* A dot ends the term when white space, a comment or nothing follows. */
static bool
scan_dot(struct scanner *s, struct token *token)
{
	uint32_t next = 0;
	size_t len = utf8_decode(s->text, s->pos + 1, &next);

	if (s->pos + 1 < s->text.len && next != '%' && (len == 0 || !is_white(next)))
		return scan_mark(s, token);
	token->kind = TOKEN_DOT;
	scan_skip(s, 1);
	return true;
}

static bool
scan_any(struct scanner *s, struct token *token)
{
	uint32_t code = 0;

	if (s->pos == s->text.len) {
		token->kind = TOKEN_END;
		return true;
	}
	if (utf8_decode(s->text, s->pos, &code) == 0)
		return scan_take(s, &code);
	if (is_lower(code))
		return scan_word(s, token, false);
	if (is_upper(code) || code == '_')
		return scan_word(s, token, true);
	if (code >= '0' && code <= '9')
		return scan_number(s, token);
	switch (code) {
	case '.':
		return scan_dot(s, token);
	case '"':
		return scan_string(s, token);
	case '\'':
		return scan_quoted_atom(s, token);
	case '$':
		return scan_char(s, token);
	case '~':
		return s->otp >= SCAN_SIGILS_OTP ? scan_sigil(s, token) : scan_mark(s, token);
	}
	return scan_mark(s, token);
}

bool
scan_token(struct scanner *s, struct token *token)
{
	size_t start;

	if (!skip_blank(s))
		return false;
	start = s->pos;
	*token = (struct token){.line = s->line, .column = s->column};
	if (!scan_any(s, token))
		return false;
	token->source = (struct str){s->text.at + start, s->pos - start};
	return true;
}
