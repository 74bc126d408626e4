/*
 * term_tool READ WRITE OTP <frames >frames: terms read as one format and written as another, so
 * that an Erlang program can compare. READ is text, texts (all terms of a file, as one list) or
 * etf; WRITE is print, write or etf. A frame is a 32-bit length and that many bytes. What cannot
 * be read gives a frame that begins with a NUL byte, then the diagnostics.
 */
#include <stdio.h>
#include <stdlib.h>

#include "support/arena.h"
#include "support/cursor.h"
#include "term/term.h"

enum { LIMIT = 64 << 20 };

static struct str
read_all(struct arena *arena, FILE *in)
{
	struct buf all = {.arena = arena};
	char block[65536];
	size_t len;

	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		buf_add(&all, block, len);
	return buf_view(&all);
}

static bool
read_term(struct arena *arena, const char *mode, struct str frame, unsigned otp, struct term *term,
	struct diag *diag)
{
	const char *fault = NULL;
	struct terms terms = {0};

	if (strcmp(mode, "text") == 0)
		return term_parse(arena, frame, "frame", otp, term, diag);
	if (strcmp(mode, "texts") == 0) {
		if (!term_parse_all(arena, frame, "frame", otp, &terms, diag))
			return false;
		*term = term_list(arena, terms.at, terms.len);
		return true;
	}
	if (!term_decode(arena, frame, LIMIT, term, &fault))
		return diag_error(diag, (struct srcpos){.file = "frame"}, "%s", fault);
	return true;
}

static void
answer(struct arena *arena, struct str frame, char **argv, FILE *out)
{
	struct diag diag = {.arena = arena};
	struct buf result = {.arena = arena}, head = {.arena = arena};
	unsigned otp = (unsigned)strtoul(argv[3], NULL, 10);
	struct term term;

	if (!read_term(arena, argv[1], frame, otp, &term, &diag)) {
		buf_byte(&result, 0);
		for (size_t i = 0; i < diag.messages.len; i++)
			buf_printf(&result, "%u:%u: %s\n", diag.messages.at[i].pos.line,
				diag.messages.at[i].pos.column, diag.messages.at[i].text);
	} else if (strcmp(argv[2], "print") == 0) {
		term_print(&result, &term, otp);
	} else if (strcmp(argv[2], "write") == 0) {
		term_write(&result, &term, otp);
	} else {
		term_encode(&result, &term, otp);
	}
	buf_be32(&head, (uint32_t)result.len);
	fwrite(head.at, 1, head.len, out);
	fwrite(result.at, 1, result.len, out);
}

int
main(int argc, char **argv)
{
	struct arena all = {0};

	if (argc != 4) {
		fputs("usage: term_tool text|texts|etf print|write|etf OTP <frames >frames\n",
			stderr);
		return 2;
	}

	struct cursor in = {.bytes = read_all(&all, stdin)};
	while (cursor_left(&in) > 0) {
		struct arena one = {0};
		struct str frame = cursor_take(&in, cursor_u32(&in));

		if (in.fault)
			return 1;
		answer(&one, frame, argv, stdout);
		arena_release(&one);
	}
	arena_release(&all);
	return 0;
}
