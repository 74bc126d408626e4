#include "image/untar.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "image/intake.h"
#include "image/untar_number.h"
#include "support/arena.h"
#include "support/buf.h"

enum { BLOCK = 512 };

/* Where the fields of a header are. */
struct field {
	size_t at, len;
};

static const struct field NAME = {0, 100}, MODE = {100, 8}, UID = {108, 8}, GID = {116, 8},
			  SIZE = {124, 12}, MTIME = {136, 12}, CHECKSUM = {148, 8},
			  LINK = {157, 100}, MAGIC = {257, 8}, PREFIX = {345, 155};
enum { TYPE = 156 };

/* The records of an extended header that we know; the order of `records`. */
enum record { PATH, LINKPATH, LENGTH, OWNER, GROUP, MODIFIED, OTHERS };

static const struct str records[] = {
	[PATH] = STR_INIT("path"),
	[LINKPATH] = STR_INIT("linkpath"),
	[LENGTH] = STR_INIT("size"),
	[OWNER] = STR_INIT("uid"),
	[GROUP] = STR_INIT("gid"),
	[MODIFIED] = STR_INIT("mtime"),
	[OTHERS] = STR_INIT("atime"),
	STR_INIT("ctime"),
	STR_INIT("uname"),
	STR_INIT("gname"),
	STR_INIT("hdrcharset"),
	STR_INIT("comment"),
};
enum { RECORDS = sizeof(records) / sizeof(records[0]) };

/* What stood before a member's own header. */
struct extra {
	struct str text[RECORDS]; /* of pax records; `at` is NULL: none */
	struct str long_path, long_link;
	bool pax;
};

/* The first fault stays. */
static bool fail(struct untar *tar, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool
fail(struct untar *tar, const char *fmt, ...)
{
	struct buf said = {.arena = tar->arena};
	char text[256];
	va_list args;

	if (tar->fault)
		return false;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (tar->path.at)
		buf_printf(&said, "'" STR_FMT "' ", STR_ARG(str_head(tar->path, 256)));
	buf_printf(&said, "%s", text);
	buf_byte(&said, '\0');
	tar->fault = said.at;
	return false;
}

/* Up to `most` bytes; none at the end of the archive. */
static bool
take(struct untar *tar, size_t most, struct str *bytes)
{
	if (tar->fault)
		return false;
	if (tar->piece.len == 0 && !intake_next(tar->intake, &tar->piece, &tar->fault))
		return false;
	*bytes = str_head(tar->piece, most);
	if (bytes->len == 0)
		return true;
	tar->piece.at += bytes->len;
	tar->piece.len -= bytes->len;
	tar->at += bytes->len;
	return true;
}

static bool
skip(struct untar *tar, uint64_t size)
{
	struct str bytes;

	while (size > 0) {
		if (tar->piece.len == 0 && tar->seekable) {
			tar->at += size;
			return intake_skip(tar->intake, size, &tar->fault);
		}
		if (!take(tar, size < SIZE_MAX ? (size_t)size : SIZE_MAX, &bytes))
			return false;
		if (bytes.len == 0)
			return fail(tar, "ends before its content does");
		size -= bytes.len;
	}
	return true;
}

/* umoci leaves it out behind the last file. */
static bool
skip_padding(struct untar *tar)
{
	struct str bytes;

	for (; tar->padding > 0; tar->padding -= bytes.len) {
		if (!take(tar, tar->padding, &bytes))
			return false;
		if (bytes.len == 0)
			tar->padding = 0;
	}
	return true;
}

/* Fills `into`; *len is less than `size` at the end of the archive. */
static bool
fill(struct untar *tar, char *into, size_t size, size_t *len)
{
	struct str bytes;

	for (*len = 0; *len < size; *len += bytes.len) {
		if (!take(tar, size - *len, &bytes))
			return false;
		if (bytes.len == 0)
			break;
		memcpy(into + *len, bytes.at, bytes.len);
	}
	return true;
}

static struct str
text_of(const char *block, struct field field)
{
	const char *end = memchr(block + field.at, '\0', field.len);

	return (struct str){block + field.at, end ? (size_t)(end - (block + field.at)) : field.len};
}

static bool
number(const char *block, struct field field, int64_t *value)
{
	return untar_number((struct str){block + field.at, field.len}, value);
}

/* Some old writers added up signed bytes. */
static bool
is_summed(const char *block)
{
	int64_t plain = 0, with_sign = 0, want;

	for (size_t i = 0; i < BLOCK; i++) {
		bool own = i >= CHECKSUM.at && i < CHECKSUM.at + CHECKSUM.len;

		plain += own ? ' ' : (unsigned char)block[i];
		with_sign += own ? ' ' : (signed char)block[i];
	}
	return number(block, CHECKSUM, &want) && (want == plain || want == with_sign);
}

static bool
is_zero(struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i] != '\0')
			return false;
	return true;
}

/* After the mark of the end nothing may hide. */
static bool
check_end(struct untar *tar)
{
	struct str bytes;

	tar->path = (struct str){0};
	do {
		if (!take(tar, SIZE_MAX, &bytes))
			return false;
		if (!is_zero(bytes))
			return fail(tar, "has something behind the end of the archive");
	} while (bytes.len > 0);
	return true;
}

static bool
add_record(struct untar *tar, struct extra *extra, struct str key, struct str value)
{
	size_t i = 0;

	if (str_eq(str_head(key, 10), STR("GNU.sparse")) || str_eq(key, STR("SCHILY.realsize")))
		return fail(tar,
			"has an entry with holes (a sparse file), which readers take apart "
			"in different ways");
	while (i < RECORDS && !str_eq(key, records[i]))
		i++;
	if (i == RECORDS)
		return true;
	if (extra->text[i].at)
		return fail(tar, "has an extended header with '" STR_FMT "' twice", STR_ARG(key));
	if (i < OTHERS && value.len == 0)
		return fail(
			tar, "has an extended header with an empty '" STR_FMT "'", STR_ARG(key));
	extra->text[i] = value;
	return true;
}

/* "LENGTH KEY=VALUE\n", the length with all of that. */
static bool
read_records(struct untar *tar, struct extra *extra, struct str rest)
{
	while (rest.len > 0) {
		const char *blank = memchr(rest.at, ' ', rest.len < 20 ? rest.len : 20);
		size_t digits = blank ? (size_t)(blank - rest.at) : 0;
		uint64_t len = 0;

		if (!blank || !untar_decimal(str_head(rest, digits), &len) || len <= digits + 1 ||
			len > rest.len || rest.at[len - 1] != '\n')
			return fail(tar, "has an extended header that is damaged");

		struct str record = {blank + 1, (size_t)len - digits - 2};
		const char *equals = memchr(record.at, '=', record.len);
		if (!equals)
			return fail(tar, "has an extended header that is damaged");

		struct str key = str_head(record, (size_t)(equals - record.at));
		if (!add_record(
			    tar, extra, key, (struct str){equals + 1, record.len - key.len - 1}))
			return false;
		rest = (struct str){rest.at + len, rest.len - (size_t)len};
	}
	return true;
}

/* The content of a header that is about the next one. */
static bool
read_extended(struct untar *tar, int64_t size, struct str *content)
{
	size_t len = 0, padded;

	if (size <= 0 || size > TAR_EXTENDED)
		return fail(tar, "has an extended header of %lld bytes", (long long)size);
	padded = ((size_t)size + BLOCK - 1) / BLOCK * BLOCK;

	char *bytes = arena_array(tar->arena, char, padded);
	if (!fill(tar, bytes, padded, &len))
		return false;
	if (len < padded)
		return fail(tar, "ends in an extended header");
	*content = (struct str){bytes, (size_t)size};
	return true;
}

/* Another name for the next entry, as GNU tar writes it: with a NUL at its end. */
static bool
read_long(struct untar *tar, int64_t size, struct str *text)
{
	if (text->at)
		return fail(tar, "has two long names for one entry");
	if (!read_extended(tar, size, text))
		return false;
	if (text->len > 0 && text->at[text->len - 1] == '\0')
		text->len--;
	return true;
}

/* Of the records for all that follows only those pass that change nothing we use. */
static bool
read_global(struct untar *tar, int64_t size)
{
	struct extra global = {0};
	struct str content = {0};

	if (!read_extended(tar, size, &content) || !read_records(tar, &global, content))
		return false;
	for (size_t i = 0; i < OTHERS; i++)
		if (global.text[i].at)
			return fail(
				tar, "has a global header with '" STR_FMT "'", STR_ARG(records[i]));
	return true;
}

static bool
read_pax(struct untar *tar, int64_t size, struct extra *extra)
{
	struct str content = {0};

	if (extra->pax)
		return fail(tar, "has two extended headers for one entry");
	extra->pax = true;
	return read_extended(tar, size, &content) && read_records(tar, extra, content);
}

/* One of three places says it; two must not say different things. */
static bool
choose(struct untar *tar, struct str pax, struct str gnu, struct str header, struct str *text)
{
	if (pax.at && gnu.at && !str_eq(pax, gnu))
		return fail(tar, "has two names: '" STR_FMT "' and '" STR_FMT "'",
			STR_ARG(str_head(pax, 100)), STR_ARG(str_head(gnu, 100)));
	*text = pax.at ? pax : gnu.at ? gnu : header;
	if (text->len > TAR_LONGEST_PATH)
		return fail(tar, "has a name of %zu bytes; %d are the most", text->len,
			TAR_LONGEST_PATH);
	if (text->len && memchr(text->at, '\0', text->len))
		return fail(tar, "has a name with a NUL byte");
	return true;
}

static struct str
keep(struct untar *tar, struct str prefix, struct str name)
{
	struct buf text = {.arena = tar->arena};

	if (prefix.len > 0) {
		buf_str(&text, prefix);
		buf_byte(&text, '/');
	}
	buf_str(&text, name);
	return buf_view(&text);
}

static bool
read_names(struct untar *tar, const char *block, const struct extra *extra, struct untar_member *m)
{
	struct str magic = {block + MAGIC.at, MAGIC.len}, prefix = {0};

	if (str_eq(magic, STR("ustar\0"
			      "00")))
		prefix = text_of(block, PREFIX);
	else if (!str_eq(magic, STR("ustar  \0")) && !is_zero(magic))
		return fail(tar, "has a header of an unknown kind at byte %llu",
			(unsigned long long)tar->at - BLOCK);
	tar->path = keep(tar, prefix, text_of(block, NAME));
	return choose(tar, extra->text[PATH], extra->long_path, tar->path, &m->path) &&
	       choose(tar, extra->text[LINKPATH], extra->long_link,
		       keep(tar, STR(""), text_of(block, LINK)), &m->link);
}

static bool
read_size(struct untar *tar, const char *block, const struct extra *extra, struct untar_member *m)
{
	int64_t size;
	uint64_t again;

	if (!number(block, SIZE, &size) || size < 0)
		return fail(tar, "has a size that is no number");
	m->size = (uint64_t)size;
	if (extra->text[LENGTH].at &&
		(!untar_decimal(extra->text[LENGTH], &again) || again != m->size))
		return fail(tar,
			"has two sizes: %llu in its header, '" STR_FMT "' in the extended one",
			(unsigned long long)m->size, STR_ARG(str_head(extra->text[LENGTH], 24)));
	if (m->size > 0 && m->type != TAR_FILE)
		return fail(tar, "has content, and is no file");
	return true;
}

static bool
read_owner(struct untar *tar, const char *block, struct field field, struct str pax, uint64_t *id)
{
	int64_t value = -1;
	bool good = pax.at ? untar_decimal(pax, id) : number(block, field, &value) && value >= 0;

	if (!pax.at)
		*id = (uint64_t)value;
	return (good && *id <= UINT32_MAX) ||
	       fail(tar, "has an owner that is no number below 2^32");
}

static bool
read_member(struct untar *tar, const char *block, const struct extra *extra, struct untar_member *m)
{
	unsigned char type = (unsigned char)block[TYPE];
	int64_t mode;

	*m = (struct untar_member){.type = type ? type : TAR_FILE, .offset = tar->at};
	if (!read_names(tar, block, extra, m))
		return false;
	tar->path = m->path;
	if (type == 'S' || type == 'M' || type == 'V' || type == 'D')
		return fail(tar,
			"is an entry of GNU tar's kind '%c', which readers take apart in "
			"different ways",
			type);
	if (m->type < TAR_FILE || m->type > TAR_FIFO)
		return fail(tar, "is an entry of the unknown kind 0x%02x", type);
	if (!read_size(tar, block, extra, m))
		return false;
	if (!number(block, MODE, &mode) || mode < 0)
		return fail(tar, "has a mode that is no number");
	m->mode = (unsigned)mode & 07777;
	if (!read_owner(tar, block, UID, extra->text[OWNER], &m->uid) ||
		!read_owner(tar, block, GID, extra->text[GROUP], &m->gid))
		return false;
	if (extra->text[MODIFIED].at ? !untar_seconds(extra->text[MODIFIED], &m->mtime)
				     : !number(block, MTIME, &m->mtime))
		return fail(tar, "has a time that is no number");
	tar->left = m->size;
	tar->padding = (size_t)(-m->size & (BLOCK - 1));
	return true;
}

/* What stands before a header of an entry; *again: another header follows. */
static bool
read_before(struct untar *tar, const char *block, struct extra *extra, bool *again)
{
	int64_t size;

	*again = true;
	if (!number(block, SIZE, &size))
		return fail(tar, "has a size that is no number");
	switch (block[TYPE]) {
	case 'x':
		return read_pax(tar, size, extra);
	case 'g':
		return read_global(tar, size);
	case 'L':
		return read_long(tar, size, &extra->long_path);
	case 'K':
		return read_long(tar, size, &extra->long_link);
	default:
		*again = false;
		return true;
	}
}

bool
untar_next(struct untar *tar, struct untar_member *member, bool *end)
{
	struct extra extra = {0};
	char block[BLOCK];
	bool again = true, begun = false;
	size_t len;

	*end = false;
	if (!skip(tar, tar->left) || !skip_padding(tar))
		return false;
	tar->left = 0;
	tar->path = (struct str){0};
	for (; again; begun = again) {
		if (!fill(tar, block, sizeof(block), &len))
			return false;
		*end = is_zero((struct str){block, len});
		if (*end)
			return begun ? fail(tar, "ends behind an extended header") : check_end(tar);
		if (len < BLOCK)
			return fail(tar, "ends in a header");
		if (!is_summed(block))
			return fail(tar, "has a header with a wrong checksum at byte %llu",
				(unsigned long long)tar->at - BLOCK);
		if (!read_before(tar, block, &extra, &again))
			return false;
	}
	return read_member(tar, block, &extra, member);
}

bool
untar_data(struct untar *tar, struct str *bytes)
{
	*bytes = (struct str){0};
	if (tar->left == 0)
		return !tar->fault;
	if (!take(tar, tar->left < SIZE_MAX ? (size_t)tar->left : SIZE_MAX, bytes))
		return false;
	if (bytes->len == 0)
		return fail(tar, "ends before its content does");
	tar->left -= bytes->len;
	return true;
}
