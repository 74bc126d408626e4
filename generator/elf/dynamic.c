#include "elf/internal.h"

/* The tags of the dynamic section that we read. */
enum {
	DT_NULL = 0,
	DT_NEEDED = 1,
	DT_HASH = 4,
	DT_STRTAB = 5,
	DT_SYMTAB = 6,
	DT_STRSZ = 10,
	DT_SONAME = 14,
	DT_RPATH = 15,
	DT_RUNPATH = 29,
	DT_GNU_HASH = 0x6ffffef5,
	DT_VERSYM = 0x6ffffff0,
	DT_VERDEF = 0x6ffffffc,
	DT_VERDEFNUM = 0x6ffffffd,
	DT_VERNEED = 0x6ffffffe,
	DT_VERNEEDNUM = 0x6fffffff,
};

/* Texts are entries of the string table, whose place may be told after them. */
struct texts {
	size_t needed;
	bool has_soname, has_rpath, has_runpath;
	uint64_t soname, rpath, runpath;
};

static void
take(struct elf_tags *tags, struct texts *texts, uint64_t tag, uint64_t value)
{
	switch (tag) {
	case DT_NEEDED:
		texts->needed++;
		break;
	case DT_HASH:
		tags->hash = value;
		break;
	case DT_STRTAB:
		tags->names = value;
		break;
	case DT_SYMTAB:
		tags->symbols = value;
		break;
	case DT_STRSZ:
		tags->names_size = value;
		break;
	case DT_SONAME:
		texts->has_soname = true;
		texts->soname = value;
		break;
	case DT_RPATH:
		texts->has_rpath = true;
		texts->rpath = value;
		break;
	case DT_RUNPATH:
		texts->has_runpath = true;
		texts->runpath = value;
		break;
	case DT_GNU_HASH:
		tags->gnu_hash = value;
		break;
	case DT_VERSYM:
		tags->versions = value;
		break;
	case DT_VERDEF:
		tags->defined = value;
		break;
	case DT_VERDEFNUM:
		tags->defined_count = value;
		break;
	case DT_VERNEED:
		tags->wanted = value;
		break;
	case DT_VERNEEDNUM:
		tags->wanted_count = value;
		break;
	}
}

static bool
find_names(struct elf_input *in)
{
	uint64_t size = in->tags.names_size;

	in->names = elf_memory(in, in->tags.names);
	if (!in->names.at)
		return elf_fault(in,
			"the string table, at address 0x%llx, is in no segment of the file",
			(unsigned long long)in->tags.names);
	if (size > in->names.len)
		return elf_fault(in,
			"the string table, %llu bytes at byte %zu, ends outside of its segment",
			(unsigned long long)size, (size_t)(in->names.at - in->bytes.at));
	if (size > 0)
		in->names.len = (size_t)size;
	return true;
}

static bool
read_texts(struct elf_input *in, const struct texts *texts, struct elf *elf)
{
	return (!texts->has_soname || elf_name(in, texts->soname, "DT_SONAME", &elf->soname)) &&
	       (!texts->has_rpath || elf_name(in, texts->rpath, "DT_RPATH", &elf->rpath)) &&
	       (!texts->has_runpath || elf_name(in, texts->runpath, "DT_RUNPATH", &elf->runpath));
}

bool
elf_read_dynamic(struct elf_input *in, struct str section, struct elf *elf)
{
	size_t word = in->is_64 ? 8 : 4, count = section.len / (2 * word), end = count;
	struct texts texts = {0};

	for (size_t i = 0; i < count; i++) {
		uint64_t tag = elf_number(in, section, 2 * i * word, word);

		if (tag == DT_NULL) {
			end = i;
			break;
		}
		take(&in->tags, &texts, tag, elf_number(in, section, (2 * i + 1) * word, word));
	}
	if (in->tags.names == 0 && texts.needed == 0 && !texts.has_soname && !texts.has_rpath &&
		!texts.has_runpath && in->tags.wanted_count == 0 && in->tags.defined_count == 0)
		return true; /* without a word to say, as that of the vDSO */
	if (!find_names(in) || !read_texts(in, &texts, elf))
		return false;

	elf->needed = arena_array(in->arena, struct str, texts.needed);
	for (size_t i = 0; i < end; i++) {
		if (elf_number(in, section, 2 * i * word, word) != DT_NEEDED)
			continue;
		if (!elf_name(in, elf_number(in, section, (2 * i + 1) * word, word), "DT_NEEDED",
			    &elf->needed[elf->needed_len]))
			return false;
		elf->needed_len++;
	}
	return elf_read_wanted(in, elf) && elf_read_defined(in, elf);
}
