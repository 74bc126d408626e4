#include "support/json.h"

/* How many bytes the code point at `s` has; 0 when that is no UTF-8 (RFC 3629). */
static size_t
utf8_len(struct str s)
{
	const unsigned char *at = (const unsigned char *)s.at;
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		len = 2;
	else if (at[0] >= 0xe0 && at[0] <= 0xef)
		len = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (s.len < len)
		return 0;
	if (at[0] == 0xe0) /* no overlong forms, no surrogates, nothing above U+10FFFF */
		low = 0xa0;
	if (at[0] == 0xed)
		high = 0x9f;
	if (at[0] == 0xf0)
		low = 0x90;
	if (at[0] == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	return len;
}

void
json_text(struct buf *out, struct str text)
{
	buf_byte(out, '"');
	while (text.len > 0) {
		unsigned char c = (unsigned char)text.at[0];
		size_t len = utf8_len(text);

		if (len == 0)
			buf_printf(out, "\\ufffd");
		else if (c < ' ')
			buf_printf(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else
			buf_add(out, text.at, len);
		len += len == 0;
		text = (struct str){text.at + len, text.len - len};
	}
	buf_byte(out, '"');
}
