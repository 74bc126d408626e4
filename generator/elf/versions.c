#include "elf/internal.h"

enum {
	NEED_SIZE = 16, /* Elf_Verneed, and Elf_Vernaux below it */
	NEED_NEXT = 12,
	NEED_FILE = 4,
	NEED_AUX = 8,
	NEED_COUNT = 2,
	AUX_SIZE = 16,
	AUX_FLAGS = 4,
	AUX_OTHER = 6,
	AUX_NAME = 8,
	AUX_NEXT = 12,
	DEFINE_SIZE = 20, /* Elf_Verdef, and Elf_Verdaux below it */
	DEFINE_FLAGS = 2,
	DEFINE_AUX = 12,
	DEFINE_NEXT = 16,
	DEFINE_AUX_SIZE = 8,
	FLAG_BASE = 1, /* the file itself, under its name */
	FLAG_WEAK = 2,
	INDEX_MASK = 0x7fff,
};

/*
 * Records that are chained by distances. Honest ones do not overlap, so there are no more of them
 * than fit into the table: `left` counts down over the whole table, however it is chained.
 */
struct chain {
	struct elf_input *in;
	struct str table;
	const char *what;
	size_t left;
};

static bool
start(struct elf_input *in, uint64_t address, size_t size, const char *what, struct chain *chain)
{
	*chain = (struct chain){.in = in, .table = elf_memory(in, address), .what = what};
	chain->left = chain->table.len / size;
	if (!chain->table.at)
		return elf_fault(in, "the %s, at address 0x%llx, is in no segment of the file",
			what, (unsigned long long)address);
	return true;
}

/* Moves `pos` on to a record of `size` bytes. */
static bool
step(struct chain *chain, size_t *pos, uint64_t distance, size_t size)
{
	struct str table = chain->table;

	if (distance > table.len - *pos || table.len - *pos - distance < size)
		return elf_fault(chain->in,
			"the %s at byte %zu lead out of their segment: %llu bytes from byte %zu",
			chain->what, (size_t)(table.at - chain->in->bytes.at),
			(unsigned long long)distance,
			(size_t)(table.at - chain->in->bytes.at) + *pos);
	if (chain->left-- == 0)
		return elf_fault(chain->in, "the %s at byte %zu overlap", chain->what,
			(size_t)(table.at - chain->in->bytes.at));
	*pos += (size_t)distance;
	return true;
}

struct wanted {
	VEC(struct elf_version) versions;
	VEC(uint16_t) indices; /* in .gnu.version */
};

static bool
read_wanted_of(struct chain *chain, size_t record, struct wanted *wanted)
{
	struct elf_input *in = chain->in;
	struct str table = chain->table;
	size_t count = (size_t)elf_number(in, table, record + NEED_COUNT, 2), pos = record;
	uint64_t distance = elf_number(in, table, record + NEED_AUX, 4);
	struct str library;

	if (!elf_name(in, elf_number(in, table, record + NEED_FILE, 4),
		    "the library of a wanted version", &library))
		return false;
	for (size_t i = 0; i < count && (i == 0 || distance > 0); i++) {
		struct elf_version version = {.file = library};

		if (!step(chain, &pos, distance, AUX_SIZE) ||
			!elf_name(in, elf_number(in, table, pos + AUX_NAME, 4), "a wanted version",
				&version.name))
			return false;
		version.weak = elf_number(in, table, pos + AUX_FLAGS, 2) & FLAG_WEAK;
		vec_push(in->arena, &wanted->versions, version);
		vec_push(in->arena, &wanted->indices,
			(uint16_t)(elf_number(in, table, pos + AUX_OTHER, 2) & INDEX_MASK));
		distance = elf_number(in, table, pos + AUX_NEXT, 4);
	}
	return true;
}

bool
elf_read_wanted(struct elf_input *in, struct elf *elf)
{
	struct wanted wanted = {0};
	uint64_t distance = 0;
	struct chain chain;
	size_t pos = 0;

	if (in->tags.wanted_count == 0)
		return true;
	if (!start(in, in->tags.wanted, AUX_SIZE, "wanted versions", &chain))
		return false;
	for (uint64_t i = 0; i < in->tags.wanted_count && (i == 0 || distance > 0); i++) {
		if (!step(&chain, &pos, distance, NEED_SIZE) ||
			!read_wanted_of(&chain, pos, &wanted))
			return false;
		distance = elf_number(in, chain.table, pos + NEED_NEXT, 4);
	}
	elf->wanted = wanted.versions.at;
	elf->wanted_len = wanted.versions.len;
	return elf_name_symbols(in, elf, wanted.indices.at);
}

bool
elf_read_defined(struct elf_input *in, struct elf *elf)
{
	VEC(struct elf_version) versions = {0};
	uint64_t distance = 0;
	struct chain chain;
	size_t pos = 0;

	if (in->tags.defined_count == 0)
		return true;
	if (!start(in, in->tags.defined, DEFINE_AUX_SIZE, "defined versions", &chain))
		return false;
	for (uint64_t i = 0; i < in->tags.defined_count && (i == 0 || distance > 0); i++) {
		struct elf_version version = {0};

		if (!step(&chain, &pos, distance, DEFINE_SIZE))
			return false;

		unsigned flags = (unsigned)elf_number(in, chain.table, pos + DEFINE_FLAGS, 2);
		size_t aux = pos;
		if (!step(&chain, &aux, elf_number(in, chain.table, pos + DEFINE_AUX, 4),
			    DEFINE_AUX_SIZE) ||
			!elf_name(in, elf_number(in, chain.table, aux, 4), "a defined version",
				&version.name))
			return false;
		version.weak = flags & FLAG_WEAK;
		if (!(flags & FLAG_BASE))
			vec_push(in->arena, &versions, version);
		distance = elf_number(in, chain.table, pos + DEFINE_NEXT, 4);
	}
	elf->defined = versions.at;
	elf->defined_len = versions.len;
	return true;
}
