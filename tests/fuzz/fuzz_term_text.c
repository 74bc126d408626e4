/*
 * Input: a term file, in the rules of OTP 29. What was parsed is printed and parsed again, behind
 * the comment that Erlang's own files begin with: "coding:" in an atom would count, too.
 */
#include <stdint.h>
#include <stdlib.h>

#include "support/arena.h"
#include "term/term.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OTP = 29 };

static void
again(struct arena *arena, const struct term *term, struct buf *text)
{
	struct diag diag = {.arena = arena};
	struct term back;

	buf_byte(text, '.');
	if (!term_parse(arena, buf_view(text), "printed", OTP, &back, &diag) ||
		!term_equal(term, &back))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct str text = {(const char *)data, size};
	struct term term;
	struct terms terms = {0};

	if (term_parse_all(&arena, text, "fuzz", OTP, &terms, &diag) != (diag.errors == 0))
		abort();
	for (size_t i = 0; i < terms.len; i++) {
		struct buf printed = {.arena = &arena}, written = {.arena = &arena};

		buf_str(&printed, STR("%% coding: utf-8\n"));
		term_print(&printed, &terms.at[i], OTP);
		again(&arena, &terms.at[i], &printed);
		buf_str(&written, STR("%% coding: utf-8\n"));
		term_write(&written, &terms.at[i], OTP);
		again(&arena, &terms.at[i], &written);
	}
	term_parse(&arena, text, "fuzz", 25, &term, &diag);
	arena_release(&arena);
	return 0;
}
