/*
 * elf/elf.h - what an ELF file wants from the machine that it runs on.
 *
 * System V ABI (generic, chapters 4 and 5), Linux Standard Base (symbol versioning). 32 and 64 bit,
 * both byte orders. Hostile input gives a fault, never a crash; memory grows with the file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/str.h"

struct arena;

struct elf_version {
	struct str file;   /* "libc.so.6"; of a definition: empty */
	struct str name;   /* "GLIBC_2.34" */
	struct str symbol; /* one that needs it, the first by bytes; of a definition: empty */
	bool weak;
};

struct elf {
	bool is_64, big_endian;
	unsigned machine;                               /* e_machine: EM_X86_64 is 62 */
	unsigned type;                                  /* e_type: ET_EXEC 2, ET_DYN 3 */
	unsigned flags;                                 /* e_flags */
	bool dynamic;                                   /* it has a dynamic section */
	struct str interpreter, soname, rpath, runpath; /* or empty */
	struct str *needed;                             /* in the order of the file */
	struct elf_version *wanted, *defined;           /* in the order of the file */
	size_t needed_len, wanted_len, defined_len;
};

static inline bool
elf_is(struct str bytes)
{
	return bytes.len >= 4 && memcmp(bytes.at,
					 "\x7f"
					 "ELF",
					 4) == 0;
}

/* The texts are those of `bytes`. False: *fault says what is wrong, and where. */
bool elf_read(struct arena *arena, struct str bytes, struct elf *elf, const char **fault);

/* The same with all texts and arrays in `arena`. */
struct elf elf_copy(struct arena *arena, const struct elf *elf);

/* GOARCH and variant of e_machine; NULL: none that we know. */
const char *elf_architecture(const struct elf *elf, const char **variant);
