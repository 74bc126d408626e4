#include "elf/internal.h"

enum {
	MACHINE_S390 = 22,
	MACHINE_ALPHA = 0x9026,
	GNU_HEADER = 16,
	VERSION_SIZE = 2,
	INDEX_MASK = 0x7fff,
};

static bool
no_table(struct elf_input *in, const char *what, uint64_t address)
{
	return elf_fault(in, "the %s, at address 0x%llx, is in no segment of the file, or cut off",
		what, (unsigned long long)address);
}

/* DT_HASH has a chain link per symbol. */
static bool
count_by_hash(struct elf_input *in, size_t *count)
{
	size_t word =
		in->is_64 && (in->machine == MACHINE_S390 || in->machine == MACHINE_ALPHA) ? 8 : 4;
	struct str table = elf_memory(in, in->tags.hash);

	if (table.len < 2 * word)
		return no_table(in, "hash table", in->tags.hash);
	*count = (size_t)elf_number(in, table, word, word);
	return true;
}

/* DT_GNU_HASH: the last chain ends at the last symbol; 0 when no symbol is in the table. */
static bool
count_by_gnu_hash(struct elf_input *in, size_t *count)
{
	struct str table = elf_memory(in, in->tags.gnu_hash);
	uint64_t buckets, first, bloom, last = 0, chains;

	*count = 0;
	if (table.len < GNU_HEADER)
		return no_table(in, "hash table", in->tags.gnu_hash);
	buckets = elf_number(in, table, 0, 4);
	first = elf_number(in, table, 4, 4);
	bloom = elf_number(in, table, 8, 4);
	chains = GNU_HEADER + bloom * (in->is_64 ? 8 : 4) + buckets * 4;
	if (chains > table.len)
		return no_table(in, "hash table", in->tags.gnu_hash);
	for (uint64_t i = 0; i < buckets; i++) {
		uint64_t symbol = elf_number(in, table, (size_t)(chains - 4 * (i + 1)), 4);

		last = symbol > last ? symbol : last;
	}
	if (last == 0 || last < first)
		return true;
	for (; (last - first) < (table.len - chains) / 4; last++)
		if (elf_number(in, table, (size_t)(chains + 4 * (last - first)), 4) & 1) {
			*count = (size_t)last + 1;
			return true;
		}
	return no_table(in, "hash table's last chain", in->tags.gnu_hash);
}

/* How many records of `size` bytes there can be before the next table that we know of. */
static size_t
count_by_room(const struct elf_input *in, uint64_t address, size_t size)
{
	const struct elf_tags *t = &in->tags;
	const uint64_t others[] = {
		t->hash, t->gnu_hash, t->names, t->symbols, t->versions, t->defined, t->wanted};
	uint64_t room = elf_memory(in, address).len;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i] > address && others[i] - address < room)
			room = others[i] - address;
	return (size_t)room / size;
}

/*
 * Programs that export nothing have a GNU hash table that does not know how many symbols there are.
 * Linkers put the names behind the symbols; tools that move the names leave the versions in place.
 */
static bool
count_symbols(struct elf_input *in, size_t symbol_size, size_t *count)
{
	size_t symbols = elf_memory(in, in->tags.symbols).len / symbol_size;
	size_t versions = elf_memory(in, in->tags.versions).len / VERSION_SIZE;

	*count = 0;
	if (in->tags.hash && !count_by_hash(in, count))
		return false;
	if (!in->tags.hash && in->tags.gnu_hash && !count_by_gnu_hash(in, count))
		return false;
	if (*count > symbols || *count > versions)
		return elf_fault(in,
			"has %zu symbols by its hash table, but room for %zu, and for %zu "
			"versions of them",
			*count, symbols, versions);
	if (*count == 0) {
		symbols = count_by_room(in, in->tags.symbols, symbol_size);
		versions = count_by_room(in, in->tags.versions, VERSION_SIZE);
		*count = symbols < versions ? symbols : versions;
	}
	return true;
}

bool
elf_name_symbols(struct elf_input *in, struct elf *elf, const uint16_t *index)
{
	struct str symbols = elf_memory(in, in->tags.symbols);
	struct str versions = elf_memory(in, in->tags.versions);
	size_t size = in->is_64 ? 24 : 16, count, most = 0;

	if (elf->wanted_len == 0 || in->tags.symbols == 0 || in->tags.versions == 0)
		return true;
	if (!count_symbols(in, size, &count))
		return false;

	for (size_t i = 0; i < elf->wanted_len; i++)
		most = index[i] > most ? index[i] : most;
	struct elf_version **by_index = arena_array(in->arena, struct elf_version *, most + 1);
	for (size_t i = 0; i < elf->wanted_len; i++)
		by_index[index[i]] = &elf->wanted[i];
	by_index[0] = NULL; /* local symbols */

	for (size_t i = 0; i < count; i++) {
		size_t version = (size_t)elf_number(in, versions, i * VERSION_SIZE, VERSION_SIZE) &
				 INDEX_MASK;
		struct elf_version *wanted = version <= most ? by_index[version] : NULL;
		struct str name;

		if (!wanted)
			continue;
		if (!elf_name(in, elf_number(in, symbols, i * size, 4), "a symbol", &name))
			return false;
		if (!wanted->symbol.at || str_order(name, wanted->symbol) < 0)
			wanted->symbol = name;
	}
	return true;
}
