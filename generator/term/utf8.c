#include "term/utf8.h"

#include <assert.h>

size_t
utf8_decode(struct str text, size_t pos, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = 1;

	if (pos >= text.len)
		return 0;

	uint32_t c = (unsigned char)text.at[pos];
	if (c >= 0x80) {
		len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
		if (c < 0xc2 || c > 0xf4 || text.len - pos < len)
			return 0;
		c &= 0x7fU >> len;
	}
	for (size_t i = 1; i < len; i++) {
		unsigned char next = (unsigned char)text.at[pos + i];
		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3f);
	}
	if (c < least[len] || !utf8_is_scalar(c))
		return 0;
	*code = c;
	return len;
}

void
utf8_add(struct buf *out, uint32_t code)
{
	assert(utf8_is_scalar(code));
	if (code < 0x80) {
		buf_byte(out, code);
		return;
	}
	if (code < 0x800) {
		buf_byte(out, 0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			buf_byte(out, 0xe0 | code >> 12);
		} else {
			buf_byte(out, 0xf0 | code >> 18);
			buf_byte(out, 0x80 | (code >> 12 & 0x3f));
		}
		buf_byte(out, 0x80 | (code >> 6 & 0x3f));
	}
	buf_byte(out, 0x80 | (code & 0x3f));
}

bool
utf8_count(struct str text, size_t *count)
{
	uint32_t code;
	size_t len;

	*count = 0;
	for (size_t pos = 0; pos < text.len; pos += len) {
		len = utf8_decode(text, pos, &code);
		if (len == 0)
			return false;
		++*count;
	}
	return true;
}
