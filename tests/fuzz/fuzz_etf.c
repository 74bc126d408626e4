/* Input: a term in the external format. What was decoded is encoded and decoded again. */
#include <stdint.h>
#include <stdlib.h>

#include "support/arena.h"
#include "term/term.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 1 << 20 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned otps[] = {25, 29};
	struct arena arena = {0};
	struct str bytes = {(const char *)data, size};
	struct term term, back;
	const char *fault = NULL;

	bool ok = term_decode(&arena, bytes, LIMIT, &term, &fault);
	if (ok != !fault)
		abort();
	for (size_t i = 0; ok && i < 2; i++) {
		struct buf encoded = {.arena = &arena}, printed = {.arena = &arena};

		term_encode(&encoded, &term, otps[i]);
		if (!term_decode(&arena, buf_view(&encoded), 0, &back, &fault) ||
			!term_equal(&term, &back))
			abort();
		term_print(&printed, &term, otps[i]);
	}
	arena_release(&arena);
	return 0;
}
