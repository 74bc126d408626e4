/* Where variables stand in a sys.config. */
#include "otp/fill.h"
#include "support/arena.h"
#include "term/scan.h"
#include "term/utf8.h"

enum { LONGEST_ATOM = 255 };

struct tokens {
	struct token *at;
	size_t len, cap;
};

struct place {
	struct fill *fill;
	struct diag *diag;
	const struct token *token; /* the one that the variable is in, with its neighbours */
	size_t at;                 /* where it begins in the text */
	bool in_binary;            /* between << and >> */
};

static bool
is_mark(const struct token *token, const char *mark)
{
	return token->kind == TOKEN_MARK && str_eq(token->source, (struct str){mark, strlen(mark)});
}

/* How many bytes the escape at `pos` has; octal ones may go on. The scanner has read it. */
static size_t
escape_length(struct str text, size_t pos, bool *goes_on)
{
	struct str escape = {text.at + pos, text.len - pos};
	size_t len = 2;

	*goes_on = false;
	if (escape.len > 2 && escape.at[1] >= '0' && escape.at[1] <= '7') {
		while (len < 4 && len < escape.len && escape.at[len] >= '0' &&
			escape.at[len] <= '7')
			len++;
		*goes_on = len < 4;
	} else if (escape.len > 2 && escape.at[1] == 'x' && escape.at[2] == '{') {
		const char *end = memchr(escape.at, '}', escape.len);
		len = end ? (size_t)(end - escape.at) + 1 : escape.len;
	} else if (escape.len > 2 && escape.at[1] == 'x') {
		len = 4;
	} else if (escape.len > 2 && escape.at[1] == '^') {
		len = 3;
	}
	return len;
}

/* A backslash would take the first character of the value for its own. */
static bool
check_escapes(const struct place *place, size_t open, const struct fill_hole *holes, size_t len)
{
	struct str text = buf_view(&place->fill->plain);
	size_t pos = place->at + open;
	bool ok = true, goes_on = false;

	for (size_t i = 0; i < len; i++) {
		while (pos < holes[i].at) {
			size_t step = text.at[pos] == '\\' ? escape_length(text, pos, &goes_on) : 1;
			if (text.at[pos] != '\\')
				goes_on = false;
			pos += step;
		}
		if (pos > holes[i].at || goes_on)
			ok = fill_fault(&holes[i], place->diag,
				"stands behind a backslash, which would take its first character",
				"write \\\\ for a backslash, or $\\{ for the text ${");
		pos = holes[i].at + holes[i].len;
	}
	return ok;
}

/* Reads `preset` between `open` and `close`: is that one token and no more? */
static bool
is_one_token(const struct fill *fill, struct str open, struct str preset, char close)
{
	struct diag diag = {.arena = fill->arena};
	struct buf text = {.arena = fill->arena};
	struct scanner scanner = {.arena = fill->arena,
		.file = "",
		.line = 1,
		.column = 1,
		.otp = fill->otp,
		.diag = &diag};
	struct token token;

	buf_str(&text, open);
	buf_str(&text, preset);
	buf_byte(&text, (unsigned char)close);
	scanner.text = buf_view(&text);
	return scan_token(&scanner, &token) && token.source.len == text.len;
}

static bool
set_quoted(const struct place *place, size_t open, char close, struct fill_hole *holes, size_t len)
{
	struct str opening = str_head(place->token->source, open);
	size_t literal = 0;
	bool ok = check_escapes(place, open, holes, len);

	utf8_count(place->token->text, &literal);
	for (size_t i = 0; i < len; i++)
		literal -= holes[i].len;
	for (size_t i = 0; i < len; i++) {
		holes[i].kind = close == '\'' && open == 1 ? FILL_ATOM : FILL_STRING;
		holes[i].close = close;
		holes[i].in_binary = place->in_binary;
		holes[i].opens = i == 0;
		holes[i].room = literal < LONGEST_ATOM ? LONGEST_ATOM - literal : 0;
		if (holes[i].has_preset &&
			!is_one_token(place->fill, opening, holes[i].preset, close))
			ok = fill_fault(&holes[i], place->diag,
				"has a default that is no part of the quoted text around it",
				"write it as the text itself would be, quotes and backslashes behind a "
				"backslash");
	}
	return ok;
}

static bool
refuse_all(const struct place *place, const struct fill_hole *holes, size_t len, const char *what,
	const char *remedy)
{
	for (size_t i = 0; i < len; i++)
		fill_fault(&holes[i], place->diag, what, remedy);
	return false;
}

static bool
is_unicode_type(const struct token *token)
{
	return token->kind == TOKEN_ATOM &&
	       (str_eq(token->text, STR("utf8")) || str_eq(token->text, STR("utf16")) ||
		       str_eq(token->text, STR("utf32")));
}

/* "...", perhaps a segment of a binary. */
static bool
set_string(struct place *place, struct fill_hole *holes, size_t len)
{
	const struct token *next = place->token + 1;

	if (place->fill->otp >= SCAN_SIGILS_OTP &&
		str_eq(str_head(place->token->source, 3), STR("\"\"\"")))
		return refuse_all(place, holes, len, "stands in a text in triple quotes",
			"use plain quotes: in triple ones nothing can be escaped");
	if (place->in_binary) {
		if (is_mark(next, "/") && is_unicode_type(next + 1))
			place->in_binary = false;
		else if (!is_mark(next, ",") && !is_mark(next, ">>"))
			return refuse_all(place, holes, len,
				"stands in a segment of a binary that has a size or type",
				"leave them out, or make the type utf8");
	}
	return set_quoted(place, 1, '"', holes, len);
}

/* ~s"...", ~b(...), ~"..." */
static bool
set_sigil(struct place *place, struct fill_hole *holes, size_t len)
{
	static const char from[] = "([{<", to[] = ")]}>";
	struct str source = place->token->source;
	size_t open = source.at[1] == 's' || source.at[1] == 'b' ? 2 : 1;
	const char *bracket, *close;

	if (source.at[1] == 'S' || source.at[1] == 'B' ||
		(source.len >= open + 3 && memcmp(source.at + open, "\"\"\"", 3) == 0))
		return refuse_all(place, holes, len, "stands in a text without escapes",
			"use ~s or ~b with single quotes: here nothing can be escaped");
	bracket = strchr(from, source.at[open]);
	close = bracket ? to + (bracket - from) : source.at + open;
	place->in_binary = false; /* these are UTF-8 */
	return set_quoted(place, open + 1, *close, holes, len);
}

static bool
check_word(const struct place *place, const struct fill_hole *hole)
{
	struct str text = hole->preset;
	bool good = true;

	if (!hole->has_preset)
		return true;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		good = good &&
		       ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			       c == '_' || c == '@');
	}
	if (hole->first == FILL_LETTER)
		good = good && text.len && text.at[0] >= 'a' && text.at[0] <= 'z';
	if (hole->first == FILL_DIGIT)
		good = good && text.len && text.at[0] >= '0' && text.at[0] <= '9';
	return good ||
	       fill_fault(hole, place->diag, "is part of a word, and has a default that cannot be",
		       "a word has letters, digits, _ and @, and no blanks; or put quotes around "
		       "the whole");
}

static bool
check_term(const struct place *place, const struct fill_hole *hole)
{
	struct diag scratch = {.arena = place->fill->arena};
	struct buf text = {.arena = place->fill->arena};
	struct terms terms;

	if (!hole->has_preset || hole->preset.len == 0)
		return true;
	buf_str(&text, hole->preset);
	buf_str(&text, STR(" ."));
	if (term_parse_all(
		    place->fill->arena, buf_view(&text), "", place->fill->otp, &terms, &scratch) &&
		terms.len == 1)
		return true;
	return fill_fault(hole, place->diag, "has a default that is not one Erlang term",
		"for text put quotes around the variable: \"${NAME:-text}\"");
}

/* A word or number that consists of variables or has them in it. */
static bool
set_bare(const struct place *place, struct fill_hole *holes, size_t len)
{
	const struct token *token = place->token, *before = token - 1;
	bool lone = len == 1 && holes[0].at == place->at &&
		    (token->source.len == 1 || token->source.len == holes[0].len);
	bool number = token->kind == TOKEN_NUMBER || place->in_binary;
	bool ok = true;

	if (lone && (is_mark(before, "-") || is_mark(before, "+")))
		number = true;
	for (size_t i = 0; i < len; i++) {
		bool first = holes[i].at == place->at;
		holes[i].kind = lone && !number ? FILL_TERM : FILL_WORD;
		holes[i].first = !first ? FILL_ANY : number ? FILL_DIGIT : FILL_LETTER;
		if (holes[i].kind == FILL_TERM ? !check_term(place, &holes[i])
					       : !check_word(place, &holes[i]))
			ok = false;
	}
	if (place->in_binary) /* no atom is part of a binary */
		for (size_t i = 0; i < len; i++)
			place->fill->plain.at[holes[i].at] = '1';
	return ok;
}

static bool
set_places(struct place *place, struct fill_hole *holes, size_t len)
{
	bool ok = true;

	for (size_t i = 0; i < len; i++)
		if (holes[i].fault)
			ok = fill_report(&holes[i], place->diag);
	if (!ok)
		return false;
	switch (place->token->kind) {
	case TOKEN_STRING:
		return set_string(place, holes, len);
	case TOKEN_SIGIL:
	case TOKEN_BINARY:
		return set_sigil(place, holes, len);
	case TOKEN_ATOM:
		if (place->token->source.at[0] == '\'') {
			place->in_binary = false;
			return set_quoted(place, 1, '\'', holes, len);
		}
		return set_bare(place, holes, len);
	case TOKEN_NUMBER:
	case TOKEN_VARIABLE:
	case TOKEN_WORD:
		return set_bare(place, holes, len);
	case TOKEN_CHAR:
	case TOKEN_MARK:
	case TOKEN_DOT:
	case TOKEN_END:
		break;
	}
	return refuse_all(place, holes, len, "stands behind a '$'", "write the character's number");
}

/* All tokens up to a fault, which is for the parser to report; an end before and two behind. */
static bool
scan_all(struct fill *fill, struct tokens *tokens)
{
	struct diag scratch = {.arena = fill->arena};
	struct token token = {.kind = TOKEN_END};
	struct scanner scanner = {.arena = fill->arena,
		.file = fill->file,
		.line = 1,
		.column = 1,
		.text = buf_view(&fill->plain),
		.otp = fill->otp,
		.diag = &scratch};
	bool ok;

	vec_push(fill->arena, tokens, token);
	while ((ok = scan_token(&scanner, &token)) && token.kind != TOKEN_END)
		vec_push(fill->arena, tokens, token);
	token.kind = TOKEN_END;
	vec_push(fill->arena, tokens, token);
	vec_push(fill->arena, tokens, token);
	return ok;
}

/* An empty default leaves a gap, over which the rest must be as good. */
static bool
check_gaps(const struct fill *fill, struct diag *diag)
{
	struct diag scratch = {.arena = fill->arena};
	struct buf text = {.arena = fill->arena};
	struct terms terms;
	bool gaps = false;

	if (!term_parse_all(
		    fill->arena, buf_view(&fill->plain), fill->file, fill->otp, &terms, &scratch))
		return true; /* for others to report */

	buf_str(&text, buf_view(&fill->plain));
	for (size_t i = 0; i < fill->len; i++) {
		const struct fill_hole *hole = &fill->at[i];
		if (hole->kind != FILL_TERM || !hole->has_preset || hole->preset.len > 0)
			continue;
		memset(text.at + hole->at, ' ', hole->len);
		gaps = true;
	}
	return !gaps ||
	       term_parse_all(fill->arena, buf_view(&text), fill->file, fill->otp, &terms, diag);
}

bool
fill_scan_terms(struct fill *fill, struct diag *diag)
{
	struct tokens tokens = {0};
	size_t depth = 0, next = 0;
	bool ok = true;

	if (!fill_find(fill, diag))
		return false;
	if (scan_to_utf8(fill->arena, fill->text).at != fill->text.at)
		return diag_error(diag, (struct srcpos){fill->file, 1, 1},
			"a template must be UTF-8, not latin-1; save it so, and remove the comment "
			"about its coding");

	bool whole = scan_all(fill, &tokens);
	for (size_t i = 1; i + 2 < tokens.len; i++) {
		const struct token *token = &tokens.at[i];
		size_t at = (size_t)(token->source.at - fill->plain.at), first;

		if (is_mark(token, "<<"))
			depth++;
		else if (is_mark(token, ">>") && depth)
			depth--;
		while (next < fill->len && fill->at[next].at < at)
			next++; /* in a comment */
		for (first = next; next < fill->len && fill->at[next].at < at + token->source.len;)
			next++;
		struct place place = {fill, diag, token, at, depth > 0};
		if (next > first && !set_places(&place, fill->at + first, next - first))
			ok = false;
	}
	for (; !whole && next < fill->len; next++)
		if (fill->at[next].fault)
			ok = fill_report(&fill->at[next], diag);
	return ok && (!whole || check_gaps(fill, diag));
}
