#include "image/base_name.h"

#include "image/untar.h"
#include "support/path.h"

enum { LONGEST_PART = 255 };

/* How many bytes the character at the front has; 0: it is none. */
static size_t
character(struct str text)
{
	static const struct {
		unsigned char first, last, low, high; /* of the first byte, of the second one */
		size_t len;
	} rows[] = {
		{0x00, 0x7f, 0x00, 0x00, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	const unsigned char *at = (const unsigned char *)text.at;
	size_t row = 0;

	while (row < sizeof(rows) / sizeof(rows[0]) && at[0] > rows[row].last)
		row++;
	if (row == sizeof(rows) / sizeof(rows[0]) || at[0] < rows[row].first ||
		text.len < rows[row].len)
		return 0;
	if (rows[row].len > 1 && (at[1] < rows[row].low || at[1] > rows[row].high))
		return 0;
	for (size_t i = 2; i < rows[row].len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return rows[row].len;
}

/* RFC 3629. */
static bool
is_utf8(struct str text)
{
	while (text.len > 0) {
		size_t len = character(text);

		if (len == 0)
			return false;
		text = (struct str){text.at + len, text.len - len};
	}
	return true;
}

/* "..\x" and "C:x" leave the tree on systems where '\' separates and drives have letters. */
static bool
is_foreign(struct str path)
{
	struct str rest = path, part, inner;
	int letter = path.len > 1 ? path.at[0] | 0x20 : '\0';

	if (path.at[0] == '\\' || (letter >= 'a' && letter <= 'z' && path.at[1] == ':'))
		return true;
	while (str_next(&rest, '/', &part))
		while (str_next(&part, '\\', &inner))
			if (str_eq(inner, STR("..")))
				return true;
	return false;
}

const char *
base_name(struct str written, struct str *path)
{
	struct str rest = written, part;
	const char *fault;

	*path = (struct str){0};
	if (written.len == 0)
		return "has an empty name";
	if (str_eq(written, STR("/"))) /* as umoci writes the root */
		return NULL;
	if (written.at[0] == '/')
		return "is absolute";
	if (written.len > TAR_LONGEST_PATH)
		return "has a name of more than 4096 bytes";
	if (!is_utf8(written))
		return "has a name that is not UTF-8";
	while (rest.len > 1 && rest.at[0] == '.' && rest.at[1] == '/')
		rest = (struct str){rest.at + 2, rest.len - 2};
	if (rest.len > 0 && rest.at[rest.len - 1] == '/')
		rest.len--;
	if (rest.len == 0 || str_eq(rest, STR(".")))
		return NULL;
	fault = path_fault(rest);
	if (fault)
		return str_contains(rest, STR("..")) ? "has '..' in its name, or '.' or '//'"
						     : fault;
	if (is_foreign(rest))
		return "leaves its folder where '\\' separates names";
	*path = rest;
	while (str_next(&rest, '/', &part))
		if (part.len > LONGEST_PART)
			return "has a part of more than 255 bytes in its name";
	return NULL;
}
