#include "term/reserved.h"

bool
reserved_word(struct str word, unsigned otp)
{
	static const struct {
		struct str word;
		unsigned since;
	} words[] = {
		{STR_INIT("after"), 0},
		{STR_INIT("and"), 0},
		{STR_INIT("andalso"), 0},
		{STR_INIT("band"), 0},
		{STR_INIT("begin"), 0},
		{STR_INIT("bnot"), 0},
		{STR_INIT("bor"), 0},
		{STR_INIT("bsl"), 0},
		{STR_INIT("bsr"), 0},
		{STR_INIT("bxor"), 0},
		{STR_INIT("case"), 0},
		{STR_INIT("catch"), 0},
		{STR_INIT("cond"), 0},
		{STR_INIT("div"), 0},
		{STR_INIT("else"), 27},
		{STR_INIT("end"), 0},
		{STR_INIT("fun"), 0},
		{STR_INIT("if"), 0},
		{STR_INIT("let"), 0},
		{STR_INIT("maybe"), 27},
		{STR_INIT("not"), 0},
		{STR_INIT("of"), 0},
		{STR_INIT("or"), 0},
		{STR_INIT("orelse"), 0},
		{STR_INIT("receive"), 0},
		{STR_INIT("rem"), 0},
		{STR_INIT("try"), 0},
		{STR_INIT("when"), 0},
		{STR_INIT("xor"), 0},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq(word, words[i].word))
			return otp >= words[i].since;
	return false;
}
