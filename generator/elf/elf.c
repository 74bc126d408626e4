#include "elf/elf.h"

#include <stdarg.h>
#include <stdio.h>

#include "elf/internal.h"
#include "support/buf.h"

enum {
	IDENT_CLASS = 4,
	IDENT_DATA = 5,
	TYPE = 16,
	MACHINE = 18,
	PT_LOAD = 1,
	PT_DYNAMIC = 2,
	PT_INTERP = 3,
	MANY_HEADERS = 0xffff, /* the real number stands elsewhere: core dumps only */
	ARM_HARD_FLOAT = 0x400,
};

/* Offsets and sizes of fields that are not alike in files of 32 and 64 bit. */
static const struct layout {
	size_t header, headers_at, flags, entry_size, entries, word;
	size_t program_header, offset, address, size;
} layouts[2] = {
	{52, 28, 36, 42, 44, 4, 32, 4, 8, 16},
	{64, 32, 48, 54, 56, 8, 56, 8, 16, 32},
};

bool
elf_fault(struct elf_input *in, const char *fmt, ...)
{
	struct buf text = {.arena = in->arena};
	char detail[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);
	buf_add(&text, detail, strlen(detail) + 1);
	*in->fault = text.at;
	return false;
}

uint64_t
elf_number(const struct elf_input *in, struct str part, size_t pos, size_t size)
{
	uint64_t value = 0;

	if (pos > part.len || part.len - pos < size)
		return 0; /* a caller forgot to look: still no byte of others is read */
	for (size_t i = 0; i < size; i++) {
		size_t at = in->big_endian ? pos + i : pos + size - 1 - i;

		value = value << 8 | (unsigned char)part.at[at];
	}
	return value;
}

struct str
elf_memory(const struct elf_input *in, uint64_t address)
{
	for (size_t i = 0; i < in->segments.len; i++) {
		const struct elf_segment *s = &in->segments.at[i];

		if (address >= s->address && address - s->address < s->bytes.len) {
			size_t skip = (size_t)(address - s->address);

			return (struct str){s->bytes.at + skip, s->bytes.len - skip};
		}
	}
	return (struct str){0};
}

bool
elf_name(struct elf_input *in, uint64_t index, const char *what, struct str *name)
{
	if (index >= in->names.len)
		return elf_fault(in,
			"%s is entry %llu of the string table, which has %zu bytes at byte %zu",
			what, (unsigned long long)index, in->names.len,
			in->names.at ? (size_t)(in->names.at - in->bytes.at) : 0);

	struct str rest = {in->names.at + index, in->names.len - (size_t)index};
	size_t most = rest.len < ELF_MAX_NAME ? rest.len : ELF_MAX_NAME;
	const char *end = memchr(rest.at, '\0', most);

	if (!end)
		return elf_fault(
			in, "%s at byte %zu has no end", what, (size_t)(rest.at - in->bytes.at));
	*name = (struct str){rest.at, (size_t)(end - rest.at)};
	return true;
}

/* The part of the file that a program header speaks of. */
static bool
segment_bytes(
	struct elf_input *in, uint64_t offset, uint64_t size, const char *what, struct str *segment)
{
	if (offset > in->bytes.len || in->bytes.len - offset < size)
		return elf_fault(in, "%s, %llu bytes at byte %llu, ends outside of the file", what,
			(unsigned long long)size, (unsigned long long)offset);
	*segment = (struct str){in->bytes.at + offset, (size_t)size};
	return true;
}

/* A segment that is not all there: what there is of it. What is needed of the rest will be missed.
 */
static void
add_segment(struct elf_input *in, uint64_t address, uint64_t offset, uint64_t size)
{
	if (offset >= in->bytes.len || size == 0)
		return;

	size_t left = in->bytes.len - (size_t)offset;
	struct elf_segment segment = {
		address, {in->bytes.at + offset, size < left ? (size_t)size : left}};
	vec_push(in->arena, &in->segments, segment);
}

static bool
read_program_header(struct elf_input *in, const struct layout *l, struct str header,
	struct elf *elf, struct str *dynamic)
{
	uint64_t type = elf_number(in, header, 0, 4);
	uint64_t offset = elf_number(in, header, l->offset, l->word);
	uint64_t address = elf_number(in, header, l->address, l->word);
	uint64_t size = elf_number(in, header, l->size, l->word);

	if (type == PT_LOAD) {
		add_segment(in, address, offset, size);
	} else if (type == PT_DYNAMIC) {
		return segment_bytes(in, offset, size, "the dynamic section", dynamic);
	} else if (type == PT_INTERP) {
		if (!segment_bytes(in, offset, size, "the interpreter's name", &elf->interpreter))
			return false;

		const char *end = memchr(elf->interpreter.at, '\0', elf->interpreter.len);
		if (end)
			elf->interpreter.len = (size_t)(end - elf->interpreter.at);
	}
	return true;
}

static bool
read_program_headers(
	struct elf_input *in, const struct layout *l, struct elf *elf, struct str *dynamic)
{
	uint64_t at = elf_number(in, in->bytes, l->headers_at, l->word);
	size_t size = (size_t)elf_number(in, in->bytes, l->entry_size, 2);
	size_t count = (size_t)elf_number(in, in->bytes, l->entries, 2);

	if (count == 0)
		return true; /* an object file */
	if (count == MANY_HEADERS)
		return elf_fault(in, "has more program headers than any program");
	if (size < l->program_header)
		return elf_fault(in, "has program headers of %zu bytes: too small", size);
	if (at > in->bytes.len || in->bytes.len - at < count * size)
		return elf_fault(in,
			"is truncated: its %zu program headers at byte %llu end outside of the file",
			count, (unsigned long long)at);
	for (size_t i = 0; i < count; i++) {
		struct str header = {in->bytes.at + at + i * size, size};

		if (!read_program_header(in, l, header, elf, dynamic))
			return false;
	}
	return true;
}

bool
elf_read(struct arena *arena, struct str bytes, struct elf *elf, const char **fault)
{
	struct elf_input in = {.arena = arena, .bytes = bytes, .fault = fault};
	struct str dynamic = {0};

	*elf = (struct elf){0};
	if (!elf_is(bytes))
		return elf_fault(&in, "is no ELF file");
	if (bytes.len < layouts[0].header)
		return elf_fault(&in, "is truncated in its header at byte %zu", bytes.len);
	if (bytes.at[IDENT_CLASS] != 1 && bytes.at[IDENT_CLASS] != 2)
		return elf_fault(&in, "is neither of 32 nor of 64 bit: byte %d is %d", IDENT_CLASS,
			(unsigned char)bytes.at[IDENT_CLASS]);
	if (bytes.at[IDENT_DATA] != 1 && bytes.at[IDENT_DATA] != 2)
		return elf_fault(&in, "has no byte order that there is: byte %d is %d", IDENT_DATA,
			(unsigned char)bytes.at[IDENT_DATA]);
	in.is_64 = elf->is_64 = bytes.at[IDENT_CLASS] == 2;
	in.big_endian = elf->big_endian = bytes.at[IDENT_DATA] == 2;

	const struct layout *l = &layouts[in.is_64];
	if (bytes.len < l->header)
		return elf_fault(&in, "is truncated in its header at byte %zu", bytes.len);
	elf->type = (unsigned)elf_number(&in, bytes, TYPE, 2);
	in.machine = elf->machine = (unsigned)elf_number(&in, bytes, MACHINE, 2);
	elf->flags = (unsigned)elf_number(&in, bytes, l->flags, 4);
	if (!read_program_headers(&in, l, elf, &dynamic))
		return false;
	elf->dynamic = dynamic.len > 0; /* files with debug information alone have an empty one */
	return !elf->dynamic || elf_read_dynamic(&in, dynamic, elf);
}

static struct str
copy_text(struct arena *arena, struct str text)
{
	struct buf copy = {.arena = arena};

	if (!text.at)
		return text;
	buf_str(&copy, text);
	return (struct str){copy.at ? copy.at : "", text.len};
}

static struct elf_version *
copy_versions(struct arena *arena, const struct elf_version *versions, size_t len)
{
	struct elf_version *copy = arena_array(arena, struct elf_version, len);

	for (size_t i = 0; i < len; i++)
		copy[i] = (struct elf_version){copy_text(arena, versions[i].file),
			copy_text(arena, versions[i].name), copy_text(arena, versions[i].symbol),
			versions[i].weak};
	return copy;
}

struct elf
elf_copy(struct arena *arena, const struct elf *elf)
{
	struct elf copy = *elf;

	copy.interpreter = copy_text(arena, elf->interpreter);
	copy.soname = copy_text(arena, elf->soname);
	copy.rpath = copy_text(arena, elf->rpath);
	copy.runpath = copy_text(arena, elf->runpath);
	copy.needed = arena_array(arena, struct str, elf->needed_len);
	for (size_t i = 0; i < elf->needed_len; i++)
		copy.needed[i] = copy_text(arena, elf->needed[i]);
	copy.wanted = copy_versions(arena, elf->wanted, elf->wanted_len);
	copy.defined = copy_versions(arena, elf->defined, elf->defined_len);
	return copy;
}

const char *
elf_architecture(const struct elf *elf, const char **variant)
{
	static const struct {
		unsigned machine;
		bool is_64, big_endian;
		const char *name;
	} known[] = {
		{3, false, false, "386"},
		{8, false, true, "mips"},
		{8, false, false, "mipsle"},
		{8, true, true, "mips64"},
		{8, true, false, "mips64le"},
		{20, false, true, "ppc"},
		{21, true, true, "ppc64"},
		{21, true, false, "ppc64le"},
		{22, true, true, "s390x"},
		{40, false, false, "arm"},
		{62, true, false, "amd64"},
		{183, true, false, "arm64"},
		{243, true, false, "riscv64"},
		{258, true, false, "loong64"},
	};

	*variant = "";
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (known[i].machine != elf->machine || known[i].is_64 != elf->is_64 ||
			known[i].big_endian != elf->big_endian)
			continue;
		if (strcmp(known[i].name, "arm") == 0)
			*variant = elf->flags & ARM_HARD_FLOAT ? "v7" : "v5";
		return known[i].name;
	}
	return NULL;
}
