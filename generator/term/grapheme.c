#include "term/grapheme.h"

#include "term/utf8.h"

size_t
grapheme_width(struct str utf8)
{
	size_t count = 0;

	utf8_count(utf8, &count);
	return count;
}
