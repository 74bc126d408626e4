#include "pack/ustar.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum {
	NAME_SIZE = 100,
	LINK_SIZE = 100,
	PREFIX_SIZE = 155,
	MAX_SIZE_DIGITS = 11, /* octal */
};

/* Offsets and lengths of the fields, in the table "ustar Header Block". */
enum {
	NAME = 0,
	MODE = 100,
	UID = 108,
	GID = 116,
	SIZE = 124,
	MTIME = 136,
	CHECKSUM = 148,
	CHECKSUM_SIZE = 8,
	TYPE = 156,
	LINK = 157,
	MAGIC = 257,
	MAJOR = 329,
	MINOR = 337,
	PREFIX = 345,
};

struct header {
	struct str name, prefix, link;
	unsigned mode;
	uint64_t size;
	int64_t mtime;
	char type;
};

/* `digits` octal digits; the field has a NUL behind them already. */
static void
put_octal(char *field, size_t digits, uint64_t value)
{
	for (size_t i = digits; i > 0; i--, value >>= 3)
		field[i - 1] = (char)('0' + (value & 7));
}

static void
put_text(char *field, struct str text)
{
	if (text.len)
		memcpy(field, text.at, text.len);
}

static void
put_header(struct buf *out, const struct header *h)
{
	char *block = buf_room(out, USTAR_BLOCK);
	unsigned sum = 0;

	memset(block, 0, USTAR_BLOCK);
	put_text(block + NAME, h->name);
	put_octal(block + MODE, 7, h->mode);
	put_octal(block + UID, 7, 0);
	put_octal(block + GID, 7, 0);
	put_octal(block + SIZE, MAX_SIZE_DIGITS, h->size);
	put_octal(block + MTIME, 11, (uint64_t)h->mtime);
	block[TYPE] = h->type;
	put_text(block + LINK, h->link);
	memcpy(block + MAGIC,
		"ustar\0"
		"00",
		8);
	put_octal(block + MAJOR, 7, 0);
	put_octal(block + MINOR, 7, 0);
	put_text(block + PREFIX, h->prefix);

	/* The sum of all bytes, its own field taken as blanks. */
	memset(block + CHECKSUM, ' ', CHECKSUM_SIZE);
	for (size_t i = 0; i < USTAR_BLOCK; i++)
		sum += (unsigned char)block[i];
	put_octal(block + CHECKSUM, 6, sum);
	block[CHECKSUM + 6] = '\0';
}

/* An entry whose content says something about the next one. */
static void
put_special(struct buf *out, char type, struct str name, struct str content, int64_t mtime)
{
	struct header h = {
		.name = name, .mode = 0644, .size = content.len, .mtime = mtime, .type = type};

	put_header(out, &h);
	buf_str(out, content);
	memset(buf_room(out, ustar_padding(content.len)), 0, ustar_padding(content.len));
}

/* As GNU tar: the text and a NUL. */
static void
put_long(struct buf *out, char type, struct str text, int64_t mtime)
{
	struct buf content = {.arena = out->arena};

	buf_str(&content, text);
	buf_byte(&content, '\0');
	put_special(out, type, STR("././@LongLink"), buf_view(&content), mtime);
}

/* "LENGTH KEY=VALUE\n", where LENGTH counts its own digits. */
static void
add_record(struct buf *records, const char *key, struct str value)
{
	size_t rest = strlen(key) + value.len + 3, len = rest, digits;

	while (digits = (size_t)snprintf(NULL, 0, "%zu", len), len != rest + digits)
		len = rest + digits;
	buf_printf(records, "%zu %s=", len, key);
	buf_str(records, value);
	buf_byte(records, '\n');
}

/* Splits `path` at a '/' so that both parts fit. */
static bool
split(struct str path, struct str *prefix, struct str *name)
{
	*prefix = (struct str){0};
	*name = path;
	if (path.len <= NAME_SIZE)
		return true;
	for (size_t i = path.len - NAME_SIZE - 1; i <= PREFIX_SIZE && i + 1 < path.len; i++)
		if (i > 0 && path.at[i] == '/') {
			*prefix = str_head(path, i);
			*name = (struct str){path.at + i + 1, path.len - i - 1};
			return true;
		}
	*name = str_head(path, NAME_SIZE);
	return false;
}

static struct str
as_named(struct arena *arena, const struct ustar_entry *entry)
{
	struct buf path = {.arena = arena};

	buf_str(&path, entry->path);
	if (entry->kind == TREE_DIR)
		buf_byte(&path, '/');
	return buf_view(&path);
}

void
ustar_header(struct buf *out, const struct ustar_entry *entry)
{
	static const char types[] = {[TREE_DIR] = '5', [TREE_FILE] = '0', [TREE_SYMLINK] = '2'};
	struct buf records = {.arena = out->arena};
	struct str path = as_named(out->arena, entry);
	struct header h = {.mode = entry->mode,
		.mtime = entry->mtime,
		.type = types[entry->kind],
		.link = str_head(entry->link, LINK_SIZE)};
	bool fits = split(path, &h.prefix, &h.name);

	assert(ustar_can_date(entry->mtime));
	if (!fits)
		add_record(&records, "path", path);
	if (entry->link.len > LINK_SIZE)
		add_record(&records, "linkpath", entry->link);
	if (entry->size >> (3 * MAX_SIZE_DIGITS)) {
		char digits[24];
		int len = snprintf(digits, sizeof(digits), "%" PRIu64, entry->size);

		add_record(&records, "size", (struct str){digits, (size_t)len});
	} else {
		h.size = entry->size;
	}

	if (records.len)
		put_special(out, 'x', STR("././@PaxHeader"), buf_view(&records), entry->mtime);
	if (entry->link.len > LINK_SIZE)
		put_long(out, 'K', entry->link, entry->mtime);
	if (!fits)
		put_long(out, 'L', path, entry->mtime);
	put_header(out, &h);
}
