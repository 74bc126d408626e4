/*
 * term/scan.h - text to tokens, as erl_scan does it.
 */
#pragma once

#include <stdint.h>

#include "term/term.h"

struct arena;

enum { SCAN_SIGILS_OTP = 27 }; /* the release whose quoting rules are new */

enum token_kind {
	TOKEN_END, /* of the text */
	TOKEN_DOT, /* ends a term: followed by white space, a comment or the end of the text */
	TOKEN_ATOM,
	TOKEN_NUMBER,
	TOKEN_CHAR,
	TOKEN_STRING,
	TOKEN_SIGIL,  /* a string by ~s or ~S: it does not join its neighbours */
	TOKEN_BINARY, /* a string by ~, ~b or ~B */
	TOKEN_VARIABLE,
	TOKEN_WORD, /* reserved */
	TOKEN_MARK, /* punctuation and operators */
};

struct token {
	enum token_kind kind;
	unsigned line, column;
	struct str source;  /* as it stands in the text */
	struct str text;    /* atoms, strings, binaries: the content, in UTF-8 */
	struct term number; /* numbers and characters */
};

struct scanner {
	struct arena *arena;
	const char *file;
	struct str text; /* UTF-8 */
	size_t pos;
	unsigned line, column; /* of `pos` */
	unsigned otp;
	struct diag *diag;
};

/* The text in UTF-8, as the "coding:" comment in its first two lines says. */
struct str scan_to_utf8(struct arena *arena, struct str text);

/* False: fault, reported. */
bool scan_token(struct scanner *s, struct token *token);

/* --- between the files of the scanner --- */

/* The byte `ahead` of the position, or NUL. */
static inline char
scan_peek(const struct scanner *s, size_t ahead)
{
	return ahead < s->text.len - s->pos ? s->text.at[s->pos + ahead] : '\0';
}

static inline struct srcpos
scan_pos(const struct scanner *s)
{
	return (struct srcpos){s->file, s->line, s->column};
}

static inline struct srcpos
scan_start(const struct scanner *s, const struct token *token)
{
	return (struct srcpos){s->file, token->line, token->column};
}

static inline bool
scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Moves over one code point. False: the end, or no UTF-8, which is reported. */
bool scan_take(struct scanner *s, uint32_t *code);

/* Moves over `len` bytes of ASCII. */
void scan_skip(struct scanner *s, size_t len);

bool scan_number(struct scanner *s, struct token *token);

/* After "$". */
bool scan_char(struct scanner *s, struct token *token);

/* At a single quote. */
bool scan_quoted_atom(struct scanner *s, struct token *token);

/* At a double quote, or at three and more. */
bool scan_string(struct scanner *s, struct token *token);

/* At "~". */
bool scan_sigil(struct scanner *s, struct token *token);

/* The text up to `quote`, an ASCII character, which is taken too; `verbatim`: without escapes. */
bool scan_until(struct scanner *s, struct token *token, char quote, bool verbatim);

/* One character of a quoted text, added to `out`. */
bool scan_quoted_char(struct scanner *s, bool verbatim, struct buf *out);

/* Letters, digits, "_" and "@", as many as there are. */
struct str scan_name(struct scanner *s);

/* After a backslash. */
bool scan_escape(struct scanner *s, uint32_t *code);

/* Code points that Erlang text may hold. */
bool scan_is_legal(uint32_t code);
