/*
 * Extended grapheme clusters, Unicode Standard Annex #29, by the tables of the newest OTP. Only
 * the names of atoms need this: other text is printed raw only if it is Latin-1.
 */
#include "term/grapheme.h"

#include <stdbool.h>

#include "term/utf8.h"

enum role {
	OTHER,
	CONTROL,
	EXTEND, /* spacing marks too */
	ZWJ,
	LINKER, /* between CONSONANTs; else as EXTEND */
	CONSONANT,
	PREPEND,
	PICTURE,
	REGIONAL,
	HANGUL_L,
	HANGUL_V,
	HANGUL_T,
	HANGUL_LV,
	HANGUL_LVT,
};

enum {
	SYLLABLES = 0xac00,
	SYLLABLES_END = 0xd7a4,
	SYLLABLES_PER_LV = 28,
	CONJUNCTS_OTP = 28, /* from this release on, consonants with a linker are one cluster */
};

static const struct {
	uint32_t first, last;
	enum role role;
} table[] = {
#include "term/grapheme_table.inc"
};

static enum role
role_of(uint32_t code)
{
	size_t low = 0, high = sizeof(table) / sizeof(table[0]);

	if (code < 0x100)
		return code == 0xa9 || code == 0xae ? PICTURE : code == 0xad ? CONTROL : OTHER;
	if (code >= SYLLABLES && code < SYLLABLES_END)
		return (code - SYLLABLES) % SYLLABLES_PER_LV ? HANGUL_LVT : HANGUL_LV;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (code > table[middle].last)
			low = middle + 1;
		else if (code < table[middle].first)
			high = middle;
		else
			return table[middle].role;
	}
	return OTHER;
}

/* What came before, as far as it matters for the next break. */
struct state {
	enum role last;
	bool picture;      /* PICTURE EXTEND* and perhaps ZWJ */
	bool odd_regional; /* an odd number of REGIONAL */
	bool consonant;    /* CONSONANT (EXTEND or LINKER)* */
	bool linked;       /* and one was a LINKER */
};

static bool
joins_hangul(enum role last, enum role next)
{
	switch (next) {
	case HANGUL_L:
	case HANGUL_LV:
	case HANGUL_LVT:
		return last == HANGUL_L;
	case HANGUL_V:
		return last == HANGUL_L || last == HANGUL_LV || last == HANGUL_V;
	case HANGUL_T:
		return last >= HANGUL_V;
	case OTHER:
	case CONTROL:
	case EXTEND:
	case ZWJ:
	case LINKER:
	case CONSONANT:
	case PREPEND:
	case PICTURE:
	case REGIONAL:
		break;
	}
	return false;
}

static bool
joins(const struct state *s, enum role next, unsigned otp)
{
	if (s->last == CONTROL || next == CONTROL)
		return false;
	if (s->last == ZWJ && s->picture)
		return next == PICTURE; /* where the standard goes on with EXTEND, OTP does not */
	if (next == EXTEND || next == ZWJ || next == LINKER || s->last == PREPEND)
		return true;
	if (next == REGIONAL && s->odd_regional)
		return true;
	if (next == CONSONANT && s->linked && otp >= CONJUNCTS_OTP)
		return true;
	return joins_hangul(s->last, next);
}

static void
step(struct state *s, enum role next)
{
	bool extends = next == EXTEND || next == ZWJ || next == LINKER;

	s->picture = next == PICTURE || (extends && s->picture && s->last != ZWJ);
	s->odd_regional = next == REGIONAL && !s->odd_regional;
	s->linked = extends && s->consonant && (s->linked || next == LINKER);
	s->consonant = next == CONSONANT || (extends && s->consonant);
	s->last = next;
}

size_t
grapheme_width(struct str utf8, unsigned otp)
{
	struct state state = {.last = CONTROL};
	size_t chars = 0, clusters = 0, len;
	bool latin1 = true;
	uint32_t code;

	for (size_t pos = 0; (len = utf8_decode(utf8, pos, &code)) > 0; pos += len) {
		enum role next = role_of(code);

		latin1 = latin1 && code < 0x100;
		clusters += !joins(&state, next, otp);
		chars++;
		step(&state, next);
	}
	return latin1 ? chars : clusters;
}
