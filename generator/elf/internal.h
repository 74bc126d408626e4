/*
 * elf/internal.h - shared by the files of elf/.
 */
#pragma once

#include "elf/elf.h"
#include "support/arena.h"
#include "support/vec.h"

enum {
	ELF_MAX_NAME = 4096, /* of a library, symbol or path list; longer ones are no names */
};

/* What the dynamic section says, as addresses and numbers; 0: not there. */
struct elf_tags {
	uint64_t hash, gnu_hash, names, names_size, symbols;
	uint64_t versions, defined, defined_count, wanted, wanted_count;
};

struct elf_input {
	struct arena *arena;
	struct str bytes;
	bool is_64, big_endian;
	unsigned machine;
	VEC(struct elf_segment {
		uint64_t address;
		struct str bytes;
	})
	segments; /* PT_LOAD, as far as they are in the file */
	struct elf_tags tags;
	struct str names; /* the string table */
	const char **fault;
};

/* Sets *in->fault and returns false. */
bool elf_fault(struct elf_input *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `size` bytes at `pos` of `part`, which has them. */
uint64_t elf_number(const struct elf_input *in, struct str part, size_t pos, size_t size);

/* From `address` to the end of its segment's bytes; `at` is NULL when there are none. */
struct str elf_memory(const struct elf_input *in, uint64_t address);

/* The string table's entry at `index`; `what` is for the fault. */
bool elf_name(struct elf_input *in, uint64_t index, const char *what, struct str *name);

/* dynamic.c */
bool elf_read_dynamic(struct elf_input *in, struct str section, struct elf *elf);

/* versions.c; the string table has been found */
bool elf_read_wanted(struct elf_input *in, struct elf *elf);
bool elf_read_defined(struct elf_input *in, struct elf *elf);

/* symbols.c; the index that .gnu.version has for wanted[i] is index[i] */
bool elf_name_symbols(struct elf_input *in, struct elf *elf, const uint16_t *index);
