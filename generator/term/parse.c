#include "term/parse.h"

#include "support/arena.h"
#include "term/number.h"
#include "term/order.h"

enum {
	SHOWN = 40,           /* bytes of the text that a message shows */
	MAX_JOINED = 1 << 20, /* elements that tails bring to their lists, in a file */
};

struct srcpos
parse_pos(const struct parser *p, const struct token *token)
{
	return (struct srcpos){p->scan.file, token->line, token->column};
}

bool
parse_next(struct parser *p)
{
	return scan_token(&p->scan, &p->token);
}

static bool
is_mark(const struct token *token, const char *mark)
{
	return token->kind == TOKEN_MARK && token->source.len == strlen(mark) &&
	       memcmp(token->source.at, mark, token->source.len) == 0;
}

bool
parse_at(const struct parser *p, const char *mark)
{
	return is_mark(&p->token, mark);
}

/* The first line of the token, not cut inside a character. */
static struct str
shown(const struct token *token)
{
	struct str s = str_head(token->source, SHOWN);
	const char *newline = s.len ? memchr(s.at, '\n', s.len) : NULL;

	if (newline)
		s.len = (size_t)(newline - s.at);
	else if (s.len < token->source.len)
		while (s.len && ((unsigned char)token->source.at[s.len] & 0xc0) == 0x80)
			s.len--;
	return s;
}

static bool
is_operator(const struct token *token)
{
	static const char *const marks[] = {"++", "--", "+", "-", "*", "/", "==", "/=", "=<", "<",
		">=", ">", "=:=", "=/=", "=", "!", ":", "#", "||"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (is_mark(token, marks[i]))
			return true;
	return false;
}

bool
parse_unexpected(struct parser *p, const char *wanted)
{
	const struct token *t = &p->token;
	struct srcpos pos = parse_pos(p, t);
	struct str text = shown(t);

	switch (t->kind) {
	case TOKEN_END:
		return diag_error(p->scan.diag, pos,
			"the file ends where %s should stand; complete the term and end it with a "
			"'.'",
			wanted);
	case TOKEN_DOT:
		return diag_error(p->scan.diag, pos,
			"the term ends here, but %s should stand before the '.'; complete it",
			wanted);
	case TOKEN_VARIABLE:
		return diag_error(p->scan.diag, pos,
			"'" STR_FMT "' is a variable, but a term file holds only values; "
			"quote it if an atom is meant",
			STR_ARG(text));
	case TOKEN_WORD:
		return diag_error(p->scan.diag, pos,
			"'" STR_FMT "' is a reserved word in OTP %u; quote it if an atom is meant",
			STR_ARG(text), p->scan.otp);
	case TOKEN_MARK:
		if (is_operator(t))
			return diag_error(p->scan.diag, pos,
				"operator '" STR_FMT "' cannot stand here: a term file holds only "
				"values; write the result, or %s",
				STR_ARG(text), wanted);
		break;
	case TOKEN_ATOM:
	case TOKEN_NUMBER:
	case TOKEN_CHAR:
	case TOKEN_STRING:
	case TOKEN_SIGIL:
	case TOKEN_BINARY:
		break;
	}
	return diag_error(p->scan.diag, pos, "found " STR_FMT " where %s should stand; %s",
		STR_ARG(text), wanted,
		t->kind == TOKEN_MARK ? "look for a missing or extra bracket or comma"
				      : "a comma or a bracket before it may be missing");
}

/* Reports what is ahead instead of the rest of what `opener` began. */
static bool
unclosed(struct parser *p, const struct token *opener, const char *wanted)
{
	parse_unexpected(p, wanted);
	diag_note(p->scan.diag, parse_pos(p, opener), "what is open there begins here");
	return false;
}

/*
 * After a bracket: values separated by commas, up to `close` or `other`, which stays ahead.
 * With `arrows`, each value is a key and a value.
 */
struct items {
	VEC(struct term) terms;
};

static bool
parse_items(struct parser *p, const char *close, bool arrows, struct items *items)
{
	struct token opener = p->token;
	struct arena *arena = p->scan.arena;
	struct term term;

	if (!parse_next(p))
		return false;
	if (parse_at(p, close))
		return true;
	for (;;) {
		if (!parse_value(p, &term))
			return false;
		vec_push(arena, &items->terms, term);
		if (arrows) {
			if (!parse_at(p, "=>"))
				return unclosed(p, &opener, "'=>'");
			if (!parse_next(p) || !parse_value(p, &term))
				return false;
			vec_push(arena, &items->terms, term);
		}
		if (parse_at(p, close) || (close[0] == ']' && parse_at(p, "|")))
			return true;
		if (!parse_at(p, ","))
			return unclosed(p, &opener,
				close[0] == ']'   ? "',', '|' or ']'"
				: close[0] == ')' ? "')'"
						  : "',' or '}'");
		if (!parse_next(p))
			return false;
	}
}

static bool
parse_tuple(struct parser *p, struct term *term)
{
	struct items items = {0};

	if (!parse_items(p, "}", false, &items))
		return false;
	*term = (struct term){.kind = TERM_TUPLE, .items = items.terms.at, .len = items.terms.len};
	return parse_next(p);
}

static bool
parse_list(struct parser *p, struct term *term)
{
	struct token opener = p->token;
	struct items items = {0};
	struct term tail = {0}, *kept;

	if (!parse_items(p, "]", false, &items))
		return false;
	*term = (struct term){.kind = TERM_LIST, .items = items.terms.at, .len = items.terms.len};
	if (!parse_at(p, "|"))
		return parse_next(p);
	if (!parse_next(p) || !parse_value(p, &tail))
		return false;
	if (!parse_at(p, "]"))
		return unclosed(p, &opener, "']'");
	if (tail.kind == TERM_LIST) { /* [a|[b]] is [a,b] */
		if (tail.len > MAX_JOINED - p->joined)
			return diag_error(p->scan.diag, parse_pos(p, &opener),
				"too many elements come behind a '|'; write the list without it");
		p->joined += tail.len;
		for (size_t i = 0; i < tail.len; i++)
			vec_push(p->scan.arena, &items.terms, tail.items[i]);
		term->items = items.terms.at;
		term->len = items.terms.len;
		term->tail = tail.tail;
	} else {
		kept = arena_new(p->scan.arena, struct term);
		*kept = tail;
		term->tail = kept;
	}
	return parse_next(p);
}

static bool
parse_map(struct parser *p, struct term *term)
{
	struct items items = {0};

	if (!parse_next(p))
		return false;
	if (!parse_at(p, "{"))
		return parse_unexpected(p, "'{' of a map");
	if (!parse_items(p, "}", true, &items))
		return false;
	*term = (struct term){.kind = TERM_MAP,
		.items = items.terms.at,
		.len = order_map(p->scan.arena, items.terms.at, items.terms.len)};
	return parse_next(p);
}

/* fun m:f/a */
static bool
parse_fun(struct parser *p, struct term *term)
{
	static const char *const marks[] = {"fun", ":", "/"};
	static const char *const wanted[] = {"a module name", "a function name", "an arity"};
	struct term *items = arena_array(p->scan.arena, struct term, 3);

	for (int i = 0; i < 3; i++) {
		if (i > 0 && !parse_at(p, marks[i]))
			return parse_unexpected(p, i == 1 ? "':' of fun Module:Name/Arity"
							  : "'/' of fun Module:Name/Arity");
		if (!parse_next(p))
			return false;
		if (p->token.kind != (i < 2 ? TOKEN_ATOM : TOKEN_NUMBER))
			return parse_unexpected(p, wanted[i]);
		items[i] = i < 2 ? term_atom(p->token.text) : p->token.number;
		if (!parse_next(p))
			return false;
	}
	if (items[2].kind != TERM_INTEGER || items[2].integer > 255)
		return diag_error(p->scan.diag,
			(struct srcpos){p->scan.file, term->line, term->column},
			"the arity of a fun must be an integer up to 255");
	*term = (struct term){.kind = TERM_FUN, .items = items, .len = 3};
	return true;
}

bool
parse_strings(struct parser *p, struct token *joined)
{
	struct buf text = {.arena = p->scan.arena};

	*joined = p->token;
	if (!parse_next(p))
		return false;
	if (joined->kind != TOKEN_STRING || p->token.kind != TOKEN_STRING)
		return true;
	buf_str(&text, joined->text);
	while (p->token.kind == TOKEN_STRING) {
		buf_str(&text, p->token.text);
		if (!parse_next(p))
			return false;
	}
	joined->text = buf_view(&text);
	return true;
}

static bool
parse_parentheses(struct parser *p, struct term *term)
{
	struct token opener = p->token;

	if (!parse_next(p) || !parse_value(p, term))
		return false;
	if (!parse_at(p, ")"))
		return unclosed(p, &opener, "')'");
	return parse_next(p);
}

static bool
parse_marked(struct parser *p, struct term *term)
{
	if (parse_at(p, "{"))
		return parse_tuple(p, term);
	if (parse_at(p, "["))
		return parse_list(p, term);
	if (parse_at(p, "#"))
		return parse_map(p, term);
	if (parse_at(p, "<<"))
		return parse_bits(p, term);
	if (parse_at(p, "("))
		return parse_parentheses(p, term);
	return parse_unexpected(p, "a term");
}

static bool
parse_any(struct parser *p, struct term *term)
{
	struct token strings;

	switch (p->token.kind) {
	case TOKEN_ATOM:
		*term = term_atom(p->token.text);
		return parse_next(p);
	case TOKEN_NUMBER:
	case TOKEN_CHAR:
		*term = p->token.number;
		return parse_next(p);
	case TOKEN_STRING:
		if (!parse_strings(p, &strings))
			return false;
		*term = term_string(p->scan.arena, strings.text);
		return true;
	case TOKEN_SIGIL:
		*term = term_string(p->scan.arena, p->token.text);
		return parse_next(p);
	case TOKEN_BINARY:
		*term = term_binary(p->token.text);
		return parse_next(p);
	case TOKEN_WORD:
		if (str_eq(p->token.text, STR("fun")))
			return parse_fun(p, term);
		break;
	case TOKEN_MARK:
		return parse_marked(p, term);
	case TOKEN_END:
	case TOKEN_DOT:
	case TOKEN_VARIABLE:
		break;
	}
	return parse_unexpected(p, "a term");
}

bool
parse_primary(struct parser *p, struct term *term)
{
	struct srcpos pos = parse_pos(p, &p->token);

	if (p->depth >= TERM_MAX_DEPTH)
		return diag_error(p->scan.diag, pos,
			"terms are nested more than %d deep; make them flatter", TERM_MAX_DEPTH);
	*term = (struct term){.line = pos.line, .column = pos.column};
	p->depth++;
	bool ok = parse_any(p, term);
	p->depth--;
	term->line = pos.line;
	term->column = pos.column;
	return ok;
}

bool
parse_signed(struct parser *p, struct term *term)
{
	struct token sign = p->token;
	size_t open = 0;

	do {
		if (!parse_next(p))
			return false;
		open++;
	} while (parse_at(p, "("));
	if (p->token.kind != TOKEN_NUMBER && p->token.kind != TOKEN_CHAR)
		return parse_unexpected(p, "a number after the sign");
	*term = p->token.number;
	if (is_mark(&sign, "-"))
		*term = number_negate(p->scan.arena, term);
	term->line = sign.line;
	term->column = sign.column;
	while (--open) {
		if (!parse_next(p))
			return false;
		if (!parse_at(p, ")"))
			return parse_unexpected(p, "')'");
	}
	return parse_next(p);
}

bool
parse_value(struct parser *p, struct term *term)
{
	if (parse_at(p, "-") || parse_at(p, "+"))
		return parse_signed(p, term);
	return parse_primary(p, term);
}

static struct parser
begin(struct arena *arena, struct str text, const char *file, unsigned otp, struct diag *diag)
{
	return (struct parser){.scan = {.arena = arena,
				       .file = file,
				       .text = scan_to_utf8(arena, text),
				       .line = 1,
				       .column = 1,
				       .otp = otp,
				       .diag = diag}};
}

/* A term and its dot; the token after the dot is not read. */
static bool
parse_one(struct parser *p, struct term *term)
{
	if (!parse_value(p, term))
		return false;
	return p->token.kind == TOKEN_DOT || parse_unexpected(p, "the '.' after the term");
}

bool
term_parse(struct arena *arena, struct str text, const char *file, unsigned otp, struct term *term,
	struct diag *diag)
{
	struct parser p = begin(arena, text, file, otp, diag);

	if (!parse_next(&p))
		return false;
	if (p.token.kind == TOKEN_END)
		return diag_error(diag, (struct srcpos){file, 1, 1},
			"there is no term in this file; write one and end it with a '.'");
	return parse_one(&p, term);
}

bool
term_parse_all(struct arena *arena, struct str text, const char *file, unsigned otp,
	struct terms *terms, struct diag *diag)
{
	struct parser p = begin(arena, text, file, otp, diag);
	struct items items = {0};
	struct term term;

	for (;;) {
		if (!parse_next(&p))
			return false;
		if (p.token.kind == TOKEN_END)
			break;
		if (!parse_one(&p, &term))
			return false;
		vec_push(arena, &items.terms, term);
	}
	*terms = (struct terms){items.terms.at, items.terms.len};
	return true;
}
