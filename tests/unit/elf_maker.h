/*
 * A small ELF file of 64 bit, little endian, from words: "machine=183", "interpreter=/lib/ld.so",
 * "needed=libc.so.6", "runpath=$ORIGIN", "soname=libx.so", "want=libc.so.6:GLIBC_2.34:memcpy",
 * "weak=" as "want=", "type=1". Without "dynamic" or one of the other words it is a static program.
 */
#pragma once

#include <stdlib.h>

#include "elf/elf.h"
#include "support/buf.h"

enum { MAKER_ADDRESS = 0x10000, MAKER_ROOM = 8192 };

struct maker {
	char bytes[MAKER_ROOM];
	size_t len;
	struct buf names;
	uint64_t tags[64][2];
	size_t tags_len;
	size_t wanted[16], symbols[16], libraries[16], wanted_len;
	bool weak[16];
};

static inline void
maker_put(struct maker *m, size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		m->bytes[at + i] = (char)(value & 0xff);
}

static inline size_t
maker_name(struct maker *m, struct str name)
{
	size_t at = m->names.len;

	buf_str(&m->names, name);
	buf_byte(&m->names, '\0');
	return at;
}

static inline size_t
maker_room(struct maker *m, size_t size)
{
	size_t at = m->len;

	m->len += (size + 7) & ~(size_t)7;
	return at;
}

static inline void
maker_tag(struct maker *m, uint64_t tag, uint64_t value)
{
	m->tags[m->tags_len][0] = tag;
	m->tags[m->tags_len++][1] = value;
}

static inline void
maker_header(struct maker *m, size_t i, unsigned type, size_t offset, size_t size)
{
	size_t at = 64 + 56 * i;

	maker_put(m, at, 4, type);
	maker_put(m, at + 8, 8, offset);
	maker_put(m, at + 16, 8, MAKER_ADDRESS + offset);
	maker_put(m, at + 32, 8, size);
}

/* Each wanted version stands alone below its library. */
static inline void
maker_versions(struct maker *m)
{
	size_t n = m->wanted_len, need = maker_room(m, 32 * n), symbols, versions, hash;

	if (n == 0)
		return;
	symbols = maker_room(m, 24 * (n + 1));
	versions = maker_room(m, 2 * (n + 1));
	hash = maker_room(m, 16);
	maker_put(m, hash + 4, 4, n + 1);
	for (size_t i = 0; i < n; i++) {
		size_t at = need + 32 * i;

		maker_put(m, at, 2, 1);
		maker_put(m, at + 2, 2, 1);
		maker_put(m, at + 4, 4, m->libraries[i]);
		maker_put(m, at + 8, 4, 16);
		maker_put(m, at + 12, 4, i + 1 < n ? 32 : 0);
		maker_put(m, at + 16 + 4, 2, m->weak[i] ? 2 : 0);
		maker_put(m, at + 16 + 6, 2, i + 2);
		maker_put(m, at + 16 + 8, 4, m->wanted[i]);
		maker_put(m, symbols + 24 * (i + 1), 4, m->symbols[i]);
		maker_put(m, versions + 2 * (i + 1), 2, i + 2);
	}
	maker_tag(m, 6, MAKER_ADDRESS + symbols);
	maker_tag(m, 4, MAKER_ADDRESS + hash);
	maker_tag(m, 0x6ffffff0, MAKER_ADDRESS + versions);
	maker_tag(m, 0x6ffffffe, MAKER_ADDRESS + need);
	maker_tag(m, 0x6fffffff, n);
}

static inline void
maker_word(struct maker *m, struct str key, struct str value, struct str *interpreter)
{
	if (str_eq(key, STR("machine")))
		maker_put(m, 18, 2, strtoul(value.at, NULL, 10));
	else if (str_eq(key, STR("type")))
		maker_put(m, 16, 2, strtoul(value.at, NULL, 10));
	else if (str_eq(key, STR("interpreter")))
		*interpreter = value;
	else if (str_eq(key, STR("needed")))
		maker_tag(m, 1, maker_name(m, value));
	else if (str_eq(key, STR("soname")))
		maker_tag(m, 14, maker_name(m, value));
	else if (str_eq(key, STR("runpath")))
		maker_tag(m, 29, maker_name(m, value));
	else if (str_eq(key, STR("want")) || str_eq(key, STR("weak"))) {
		struct str library = {0}, version = {0}, symbol = {0};

		str_next(&value, ':', &library);
		str_next(&value, ':', &version);
		str_next(&value, ':', &symbol);
		m->weak[m->wanted_len] = str_eq(key, STR("weak"));
		m->libraries[m->wanted_len] = maker_name(m, library);
		m->wanted[m->wanted_len] = maker_name(m, version);
		m->symbols[m->wanted_len++] = maker_name(m, symbol);
	}
}

static inline struct str
make_elf(struct arena *arena, const char *words)
{
	struct maker m = {.names = {.arena = arena}, .len = 256};
	struct str rest = {words, strlen(words)}, word, key, interpreter = {0};
	struct buf out = {.arena = arena};

	memcpy(m.bytes, "\177ELF\2\1\1", 7);
	maker_put(&m, 16, 2, 3);
	maker_put(&m, 18, 2, 62);
	maker_put(&m, 32, 8, 64);
	maker_put(&m, 54, 2, 56);
	buf_byte(&m.names, '\0');
	while (str_next(&rest, ' ', &word)) {
		str_next(&word, '=', &key);
		maker_word(&m, key, word, &interpreter);
	}
	maker_versions(&m);

	size_t count = 1, name_at = maker_room(&m, interpreter.len + 1);
	memcpy(m.bytes + name_at, interpreter.at ? interpreter.at : "", interpreter.len);
	if (interpreter.len > 0)
		maker_header(&m, count++, 3, name_at, interpreter.len + 1);
	if (m.tags_len > 0 || interpreter.len > 0) {
		size_t names = maker_room(&m, m.names.len), dynamic;

		memcpy(m.bytes + names, m.names.at, m.names.len);
		maker_tag(&m, 5, MAKER_ADDRESS + names);
		maker_tag(&m, 10, m.names.len);
		dynamic = maker_room(&m, 16 * (m.tags_len + 1));
		for (size_t i = 0; i < m.tags_len; i++) {
			maker_put(&m, dynamic + 16 * i, 8, m.tags[i][0]);
			maker_put(&m, dynamic + 16 * i + 8, 8, m.tags[i][1]);
		}
		maker_header(&m, count++, 2, dynamic, 16 * (m.tags_len + 1));
	}
	maker_header(&m, 0, 1, 0, m.len);
	maker_put(&m, 56, 2, count);
	buf_add(&out, m.bytes, m.len);
	return buf_view(&out);
}
