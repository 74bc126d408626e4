/*
 * A hand-made shared object, in both word sizes and byte orders, with one field changed a row, and
 * what is read of it. That real files are read as readelf reads them is shown by e2e.elf.readelf.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "elf/elf.h"
#include "support/arena.h"
#include "support/buf.h"

enum { ADDRESS = 0x10000, SIZE = 2048, WORD = 255 };

/* Where the parts of the file are. */
enum part {
	HEADER = 0,
	HEADERS = 64, /* three program headers of at most 56 bytes */
	INTERPRETER = 256,
	NAMES = 288,
	SYMBOLS = 544, /* up to 24 bytes each */
	VERSIONS = 768,
	HASH = 800,
	GNU_HASH = 864,
	WANTED = 960,
	DEFINED = 1088,
	DYNAMIC = 1200,
	END = 1700
};

static const char names[] =
	"\0libc.so.6\0libm.so.6\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.29\0pow\0"
	"memcpy\0abort\0stdout\0libx.so.1\0X_1\0X_2\0/opt/lib:$ORIGIN\0/run/lib";

/* A number that is another; its size may be that of a WORD of the form. */
struct patch {
	enum part part;
	size_t at32, at64, size;
	uint64_t value;
};

struct row {
	const char *name;
	struct patch patches[3]; /* size 0: none */
	size_t truncate;
	bool all; /* the same in all four forms; else 64 bit, little endian */
	const char *want;
};

struct file {
	bool is_64, big_endian;
	char bytes[SIZE];
};

static uint64_t
name(const char *text)
{
	for (size_t i = 1; i < sizeof(names); i++)
		if (names[i - 1] == '\0' && strcmp(names + i, text) == 0)
			return i;
	fail_msg("no name %s", text);
	return 0;
}

static void
put(struct file *f, size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		f->bytes[f->big_endian ? at + size - 1 - i : at + i] = (char)(value & 0xff);
}

static void
put_header(struct file *f)
{
	size_t w = f->is_64 ? 8 : 4;

	memcpy(f->bytes, "\177ELF", 4);
	f->bytes[4] = f->is_64 ? 2 : 1;
	f->bytes[5] = f->big_endian ? 2 : 1;
	f->bytes[6] = 1;
	put(f, 16, 2, 3);
	put(f, 18, 2, f->is_64 ? (f->big_endian ? 21 : 62) : (f->big_endian ? 8 : 40));
	put(f, 20, 4, 1);
	put(f, 24 + w, w, HEADERS);
	put(f, 24 + 3 * w, 4, 0x400);
	put(f, 24 + 3 * w + 6, 2, f->is_64 ? 56 : 32);
	put(f, 24 + 3 * w + 8, 2, 3);
}

static void
put_program_header(struct file *f, size_t i, unsigned type, size_t offset, size_t size)
{
	size_t w = f->is_64 ? 8 : 4, at = HEADERS + i * (f->is_64 ? 56 : 32);

	put(f, at, 4, type);
	put(f, at + w, w, offset);
	put(f, at + 2 * w, w, ADDRESS + offset);
	put(f, at + 4 * w, w, size);
	put(f, at + 5 * w, w, size);
}

/* Undefined but for the first and the last one; `version` is that of .gnu.version. */
static void
put_symbols(struct file *f)
{
	static const struct {
		const char *name;
		unsigned version, section;
	} symbols[] = {{"", 0, 0}, {"pow", 4, 0}, {"memcpy", 2, 0}, {"abort", 3, 0},
		{"stdout", 3, 7}, {"libx.so.1", 0x8005, 7}};

	for (size_t i = 0; i < 6; i++) {
		size_t at = SYMBOLS + i * (f->is_64 ? 24 : 16);

		put(f, at, 4, *symbols[i].name ? name(symbols[i].name) : 0);
		put(f, at + (f->is_64 ? 6 : 14), 2, symbols[i].section);
		put(f, VERSIONS + 2 * i, 2, symbols[i].version);
	}
}

static void
put_hashes(struct file *f)
{
	size_t bloom = f->is_64 ? 8 : 4;

	put(f, HASH, 4, 1);
	put(f, HASH + 4, 4, 6);
	put(f, GNU_HASH, 4, 2);
	put(f, GNU_HASH + 4, 4, 4); /* the first symbol in it */
	put(f, GNU_HASH + 8, 4, 1);
	put(f, GNU_HASH + 16 + bloom, 4, 0);
	put(f, GNU_HASH + 16 + bloom + 4, 4, 4);
	put(f, GNU_HASH + 16 + bloom + 8, 4, 0x1000);
	put(f, GNU_HASH + 16 + bloom + 12, 4, 0x1001); /* the end of the chain */
}

static void
put_wanted(struct file *f, size_t at, unsigned flags, unsigned index, const char *text, size_t next)
{
	put(f, at + 4, 2, flags);
	put(f, at + 6, 2, index);
	put(f, at + 8, 4, name(text));
	put(f, at + 12, 4, next);
}

static void
put_library(struct file *f, size_t at, unsigned count, const char *library, size_t next)
{
	put(f, at, 2, 1);
	put(f, at + 2, 2, count);
	put(f, at + 4, 4, name(library));
	put(f, at + 8, 4, 16);
	put(f, at + 12, 4, next);
}

static void
put_defined(struct file *f, size_t at, unsigned flags, const char *text, size_t next)
{
	put(f, at, 2, 1);
	put(f, at + 2, 2, flags);
	put(f, at + 6, 2, 1);
	put(f, at + 12, 4, 20);
	put(f, at + 16, 4, next);
	put(f, at + 20, 4, name(text));
}

static void
put_dynamic(struct file *f)
{
	const uint64_t tags[][2] = {{1, name("libm.so.6")}, {1, name("libc.so.6")},
		{14, name("libx.so.1")}, {15, name("/opt/lib:$ORIGIN")}, {29, name("/run/lib")},
		{5, ADDRESS + NAMES}, {10, sizeof(names)}, {6, ADDRESS + SYMBOLS},
		{4, ADDRESS + HASH}, {0x6ffffef5, ADDRESS + GNU_HASH},
		{0x6ffffff0, ADDRESS + VERSIONS}, {0x6ffffffe, ADDRESS + WANTED}, {0x6fffffff, 2},
		{0x6ffffffc, ADDRESS + DEFINED}, {0x6ffffffd, 3}, {0, 0}, {1, 99999}};
	size_t w = f->is_64 ? 8 : 4;

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		put(f, DYNAMIC + 2 * i * w, w, tags[i][0]);
		put(f, DYNAMIC + (2 * i + 1) * w, w, tags[i][1]);
	}
	put_program_header(f, 1, 2, DYNAMIC, sizeof(tags) / sizeof(*tags) * 2 * w);
}

static void
make(struct file *f, bool is_64, bool big_endian)
{
	*f = (struct file){.is_64 = is_64, .big_endian = big_endian};
	put_header(f);
	put_program_header(f, 0, 1, 0, END);
	put_program_header(f, 2, 3, INTERPRETER, 16);
	memcpy(f->bytes + INTERPRETER, "/lib/ld.so.1", 13);
	memcpy(f->bytes + NAMES, names, sizeof(names));
	put_symbols(f);
	put_hashes(f);
	put_library(f, WANTED, 2, "libc.so.6", 48);
	put_wanted(f, WANTED + 16, 0, 2, "GLIBC_2.2.5", 16);
	put_wanted(f, WANTED + 32, 2, 3, "GLIBC_2.34", 0);
	put_library(f, WANTED + 48, 1, "libm.so.6", 0);
	put_wanted(f, WANTED + 64, 0, 4, "GLIBC_2.29", 0);
	put_defined(f, DEFINED, 1, "libx.so.1", 28);
	put_defined(f, DEFINED + 28, 0, "X_1", 28);
	put_defined(f, DEFINED + 56, 2, "X_2", 0);
	put_dynamic(f);
}

#define BASICS                       \
	"interpreter /lib/ld.so.1\n" \
	"soname libx.so.1\n"         \
	"rpath /opt/lib:$ORIGIN\n"   \
	"runpath /run/lib\n"         \
	"needed libm.so.6\n"         \
	"needed libc.so.6\n"
#define WANTS                                     \
	"wants libc.so.6 GLIBC_2.2.5 memcpy\n"    \
	"wants libc.so.6 GLIBC_2.34 abort weak\n" \
	"wants libm.so.6 GLIBC_2.29 pow\n"
#define HAS "has X_1\nhas X_2 weak\n"
#define ALL BASICS WANTS HAS

/* Entries of the dynamic section, by their order in put_dynamic(). */
#define TAG(i, value)                                   \
	{                                               \
		DYNAMIC, 8 * (i), 16 * (i), WORD, value \
	}
#define VALUE(i, value)                                         \
	{                                                       \
		DYNAMIC, 8 * (i) + 4, 16 * (i) + 8, WORD, value \
	}
#define FIELD(part, at, size, value)      \
	{                                 \
		part, at, at, size, value \
	}

static struct row rows[] = {
	{"all there is", {{0}}, 0, true, ALL},
	{"without section headers and whatever follows", {{0}}, END, true, ALL},
	{"symbols counted by DT_GNU_HASH", {TAG(8, 0x70000000)}, 0, true, ALL},
	{"symbols counted by room", {TAG(8, 0x70000000), TAG(9, 0x70000000)}, 0, true, ALL},
	{"an empty DT_GNU_HASH says nothing",
		{TAG(8, 0x70000000), {GNU_HASH, 24, 28, 4, 0}, {GNU_HASH, 4, 4, 4, 1}}, 0, true,
		ALL},
	{"the symbol of a version is the first by bytes", {FIELD(VERSIONS, 2, 2, 2)}, 0, true,
		BASICS "wants libc.so.6 GLIBC_2.2.5 memcpy\n"
		       "wants libc.so.6 GLIBC_2.34 abort weak\n"
		       "wants libm.so.6 GLIBC_2.29 \n" HAS},
	{"no versions of symbols: they stay unnamed", {TAG(10, 0x70000000)}, 0, true,
		BASICS "wants libc.so.6 GLIBC_2.2.5 \n"
		       "wants libc.so.6 GLIBC_2.34  weak\n"
		       "wants libm.so.6 GLIBC_2.29 \n" HAS},
	{"no versions at all", {VALUE(12, 0), VALUE(14, 0)}, 0, true, BASICS},
	{"an object file", {{HEADER, 44, 56, 2, 0}}, 0, true, "static\n"},
	{"an empty dynamic section, as in files of debug information",
		{{HEADERS, 32 + 16, 56 + 32, WORD, 0}}, 0, true,
		"static\ninterpreter /lib/ld.so.1\n"},
	{"a dynamic section that says nothing", {TAG(0, 0)}, 0, true, "interpreter /lib/ld.so.1\n"},
	{"a count that is larger than the chain", {VALUE(12, 9999), VALUE(14, 9999)}, 0, true, ALL},

	{"an empty file", {{0}}, 1, false, "fault is no ELF file\n"},
	{"something else", {FIELD(HEADER, 0, 1, 'X')}, 0, false, "fault is no ELF file\n"},
	{"half an identification", {{0}}, 10, false,
		"fault is truncated in its header at byte 10\n"},
	{"half a header", {{0}}, 60, false, "fault is truncated in its header at byte 60\n"},
	{"a word size", {FIELD(HEADER, 4, 1, 3)}, 0, false,
		"fault is neither of 32 nor of 64 bit: byte 4 is 3\n"},
	{"a byte order", {FIELD(HEADER, 5, 1, 0)}, 0, false,
		"fault has no byte order that there is: byte 5 is 0\n"},
	{"no room for program headers", {{0}}, 231, false,
		"fault is truncated: its 3 program headers at byte 64 end outside of the file\n"},
	{"program headers nowhere", {FIELD(HEADER, 32, 8, UINT64_MAX)}, 0, false,
		"fault is truncated: its 3 program headers at byte 18446744073709551615 end "
		"outside of the file\n"},
	{"small program headers", {FIELD(HEADER, 54, 2, 55)}, 0, false,
		"fault has program headers of 55 bytes: too small\n"},
	{"too many program headers", {FIELD(HEADER, 56, 2, 0xffff)}, 0, false,
		"fault has more program headers than any program\n"},
	{"a truncated file", {{0}}, 1300, false,
		"fault the dynamic section, 272 bytes at byte 1200, ends outside of the file\n"},
	{"an interpreter outside", {FIELD(HEADERS, 112 + 8, 8, SIZE)}, 0, false,
		"fault the interpreter's name, 16 bytes at byte 2048, ends outside of the file\n"},
	{"an interpreter as long as there are numbers", {FIELD(HEADERS, 112 + 32, 8, UINT64_MAX)},
		0, false,
		"fault the interpreter's name, 18446744073709551615 bytes at byte 256, ends "
		"outside of the file\n"},
	{"a string table nowhere", {VALUE(5, 0x99999)}, 0, false,
		"fault the string table, at address 0x99999, is in no segment of the file\n"},
	{"a string table that is too long", {VALUE(6, 5000)}, 0, false,
		"fault the string table, 5000 bytes at byte 288, ends outside of its segment\n"},
	{"no string table's size: to the end of the segment", {TAG(6, 0x70000000)}, 0, true, ALL},
	{"a name outside of the string table", {VALUE(1, 5000)}, 0, false,
		"fault DT_NEEDED is entry 5000 of the string table, which has 123 bytes at byte "
		"288\n"},
	{"a soname outside", {VALUE(2, 123)}, 0, false,
		"fault DT_SONAME is entry 123 of the string table, which has 123 bytes at byte "
		"288\n"},
	{"a name without end", {VALUE(6, sizeof(names) - 2)}, 0, false,
		"fault DT_RUNPATH at byte 402 has no end\n"},
	{"wanted versions nowhere", {VALUE(11, 16)}, 0, false,
		"fault the wanted versions, at address 0x10, is in no segment of the file\n"},
	{"wanted versions that lead out", {FIELD(WANTED, 12, 4, 3000)}, 0, false,
		"fault the wanted versions at byte 960 lead out of their segment: 3000 bytes from "
		"byte 960\n"},
	{"a wanted version that leads out", {FIELD(WANTED, 8, 4, UINT32_MAX)}, 0, false,
		"fault the wanted versions at byte 960 lead out of their segment: 4294967295 bytes "
		"from byte 960\n"},
	{"a library outside", {FIELD(WANTED, 4, 4, 7777)}, 0, false,
		"fault the library of a wanted version is entry 7777 of the string table, which "
		"has 123 bytes at byte 288\n"},
	{"defined versions that lead out", {FIELD(DEFINED, 12, 4, 7777)}, 0, false,
		"fault the defined versions at byte 1088 lead out of their segment: 7777 bytes from "
		"byte 1088\n"},
	{"a symbol's name outside", {FIELD(SYMBOLS, 24, 4, 7777)}, 0, false,
		"fault a symbol is entry 7777 of the string table, which has 123 bytes at byte "
		"288\n"},
	{"more symbols than there is room", {FIELD(HASH, 4, 4, 0x7fffffff)}, 0, false,
		"fault has 2147483647 symbols by its hash table, but room for 48, and for 466 "
		"versions of them\n"},
	{"a hash table nowhere", {VALUE(8, 16)}, 0, false,
		"fault the hash table, at address 0x10, is in no segment of the file, or cut off\n"},
	{"buckets outside", {TAG(8, 0x70000000), FIELD(GNU_HASH, 0, 4, UINT32_MAX)}, 0, false,
		"fault the hash table, at address 0x10360, is in no segment of the file, or cut "
		"off\n"},
	{"a chain without end", {TAG(8, 0x70000000), FIELD(GNU_HASH, 28, 4, UINT32_MAX)}, 0, false,
		"fault the hash table's last chain, at address 0x10360, is in no segment of the "
		"file, or cut off\n"},
};

static void
print(struct buf *out, const char *what, struct str text)
{
	if (text.at)
		buf_printf(out, "%s " STR_FMT "\n", what, STR_ARG(text));
}

static const char *
read_back(struct arena *arena, struct str bytes)
{
	struct buf out = {.arena = arena};
	const char *fault = NULL;
	struct elf elf;

	if (!elf_read(arena, bytes, &elf, &fault)) {
		buf_printf(&out, "fault %s\n", fault);
		buf_byte(&out, '\0');
		return out.at;
	}
	assert_null(fault);
	if (!elf.dynamic)
		buf_printf(&out, "static\n");
	print(&out, "interpreter", elf.interpreter);
	print(&out, "soname", elf.soname);
	print(&out, "rpath", elf.rpath);
	print(&out, "runpath", elf.runpath);
	for (size_t i = 0; i < elf.needed_len; i++)
		print(&out, "needed", elf.needed[i]);
	for (size_t i = 0; i < elf.wanted_len; i++)
		buf_printf(&out, "wants " STR_FMT " " STR_FMT " " STR_FMT "%s\n",
			STR_ARG(elf.wanted[i].file), STR_ARG(elf.wanted[i].name),
			STR_ARG(elf.wanted[i].symbol), elf.wanted[i].weak ? " weak" : "");
	for (size_t i = 0; i < elf.defined_len; i++)
		buf_printf(&out, "has " STR_FMT "%s\n", STR_ARG(elf.defined[i].name),
			elf.defined[i].weak ? " weak" : "");
	buf_byte(&out, '\0');
	return out.at;
}

static void
test_row(void **state)
{
	const struct row *row = *state;

	for (int form = 0; form < 4; form++) {
		bool is_64 = form & 1, big_endian = form & 2;
		struct arena arena = {0};
		struct file f;

		if (!row->all && form != 1)
			continue;
		make(&f, is_64, big_endian);
		for (size_t i = 0; i < 3 && row->patches[i].size; i++) {
			const struct patch *p = &row->patches[i];

			put(&f, p->part + (is_64 ? p->at64 : p->at32),
				p->size < WORD ? p->size
				: is_64        ? 8
					       : 4,
				p->value);
		}

		/* A block of its own, so that the sanitizer sees bytes read past the end. */
		size_t len = row->truncate ? row->truncate : SIZE;
		char *bytes = malloc(len);
		assert_non_null(bytes);
		memcpy(bytes, f.bytes, len);
		const char *got = read_back(&arena, (struct str){bytes, len});
		if (row->want)
			assert_string_equal(got, row->want);
		free(bytes);
		arena_release(&arena);
	}
}

static void
test_architecture(void **state)
{
	static const char *const want[4] = {"arm/v7", "amd64/", "mips/", "ppc64/"};

	(void)state;
	for (int form = 0; form < 4; form++) {
		struct arena arena = {0};
		const char *fault, *variant;
		struct file f;
		struct elf elf;
		char got[32];

		make(&f, form & 1, form & 2);
		assert_true(elf_read(&arena, (struct str){f.bytes, SIZE}, &elf, &fault));
		const char *architecture = elf_architecture(&elf, &variant);
		assert_non_null(architecture);
		snprintf(got, sizeof(got), "%s/%s", architecture, variant);
		assert_string_equal(got, want[form]);
		elf.machine = 62;
		elf.is_64 = false; /* x32 has no name */
		assert_null(elf_architecture(&elf, &variant));
		arena_release(&arena);
	}
}

/* Each record is one of both kinds, so that the chains share their ends: that could take for ever.
 */
static void
test_overlap(void **state)
{
	struct arena arena = {0};
	struct file f;

	(void)state;
	make(&f, true, false);
	put(&f, DYNAMIC + 12 * 16 + 8, 8, 9999);
	for (size_t at = WANTED; at < END; at += 16) {
		if (at >= DYNAMIC && at < DYNAMIC + 17 * 16)
			continue;
		put_library(&f, at, 0xffff, "libc.so.6", 16);
	}
	assert_string_equal(read_back(&arena, (struct str){f.bytes, SIZE}),
		"fault the wanted versions at byte 960 overlap\n");
	arena_release(&arena);
}

/* Any byte may be wrong, and the file may end anywhere: there is an answer, or a fault. */
static void
test_damage(void **state)
{
	static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
	struct arena arena = {0};
	struct file f;

	(void)state;
	for (int form = 0; form < 4; form++) {
		make(&f, form & 1, form & 2);
		for (size_t i = 0; i < END; i++) {
			char kept = f.bytes[i];

			for (size_t v = 0; v < sizeof(values); v++) {
				f.bytes[i] = (char)values[v];
				read_back(&arena, (struct str){f.bytes, SIZE});
			}
			f.bytes[i] = kept;
			read_back(&arena, (struct str){f.bytes, i});
			arena_release(&arena);
		}
	}
}

int
main(void)
{
	enum { COUNT = sizeof(rows) / sizeof(*rows) };
	struct CMUnitTest tests[COUNT + 3] = {cmocka_unit_test(test_architecture),
		cmocka_unit_test(test_overlap), cmocka_unit_test(test_damage)};

	for (size_t i = 0; i < COUNT; i++)
		tests[i + 3] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = test_row, .initial_state = &rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
