/* Atoms, imports and exports. */
#include <stdint.h>

#include "beam/beam.h"
#include "beam/internal.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/cursor.h"
#include "term/utf8.h"

enum {
	MAX_ATOM_CHARACTERS = 255,
	MAX_ATOM_BYTES = 4 * MAX_ATOM_CHARACTERS,
	MAX_ARITY = 255,
	ENTRY_SIZE = 12, /* three words: ImpT, ExpT */
};

/*
 * A length as a compact term: tag 0 in the low three bits; then 4 bits, or 3 bits and a byte
 * (beam_asm:encode/2). Longer forms cannot be a legal atom's.
 */
static size_t
compact_length(struct cursor *in)
{
	unsigned first = cursor_u8(in);

	if ((first & 0x0f) == 0)
		return first >> 4;
	if ((first & 0x1f) == 0x08)
		return (size_t)(first >> 5) << 8 | cursor_u8(in);
	in->fault = true;
	return 0;
}

static struct str
from_latin1(struct arena *arena, struct str s)
{
	struct buf out = {.arena = arena};

	for (size_t i = 0; i < s.len; i++)
		utf8_add(&out, (unsigned char)s.at[i]);
	return buf_view(&out);
}

static bool
read_atoms(struct arena *arena, const struct beam_chunk *chunk, size_t most,
	struct beam_atoms *atoms, const char **fault)
{
	struct cursor in = {.bytes = chunk->data};
	int32_t count = (int32_t)cursor_u32(&in);
	bool compact = count < 0, latin1 = strcmp(chunk->id, "Atom") == 0;
	/* In 64 bits, for INT32_MIN has no positive counterpart. */
	size_t len = (size_t)(compact ? -(int64_t)count : count);

	if (in.fault || len == 0 || len > cursor_left(&in) || (compact && latin1))
		return beam_chunk_fault(
			arena, chunk, 0, fault, "the number of atoms, %d, cannot be right", count);
	if (len > most)
		len = most;
	*atoms = (struct beam_atoms){arena_array(arena, struct str, len), len};
	for (size_t i = 0; i < len; i++) {
		size_t pos = in.pos, characters;
		struct str text = cursor_take(&in, compact ? compact_length(&in) : cursor_u8(&in));

		if (in.fault || text.len > MAX_ATOM_BYTES)
			return beam_chunk_fault(arena, chunk, pos, fault,
				"the length of atom %zu cannot be right", i + 1);
		if (!latin1 && (!utf8_count(text, &characters) || characters > MAX_ATOM_CHARACTERS))
			return beam_chunk_fault(arena, chunk, pos, fault,
				"atom %zu is no UTF-8 of at most 255 characters", i + 1);
		atoms->at[i] = latin1 ? from_latin1(arena, text) : text;
	}
	return true;
}

bool
beam_atoms(struct arena *arena, const struct beam *beam, size_t most, struct beam_atoms *atoms,
	const char **fault)
{
	const struct beam_chunk *chunk = beam_chunk(beam, "AtU8");

	if (!chunk)
		chunk = beam_chunk(beam, "Atom");
	if (chunk)
		return read_atoms(arena, chunk, most, atoms, fault);
	return beam_fault(arena, fault,
		"has neither a chunk 'AtU8' nor 'Atom' after byte 12: the module has no name");
}

static struct str
atom(const struct beam_atoms *atoms, uint32_t index, bool *ok)
{
	if (index == 0 || index > atoms->len) {
		*ok = false;
		return (struct str){0};
	}
	return atoms->at[index - 1];
}

/* ImpT: module, name, arity. ExpT: name, arity, label. */
static bool
read_functions(struct arena *arena, const struct beam *beam, const char *id,
	struct beam_functions *functions, const char **fault)
{
	const struct beam_chunk *chunk = beam_chunk(beam, id);
	bool import = strcmp(id, "ImpT") == 0;
	struct beam_atoms atoms = {0};

	*functions = (struct beam_functions){0};
	if (!chunk)
		return beam_fault(arena, fault, "has no chunk '%s' after byte 12", id);
	if (!beam_atoms(arena, beam, SIZE_MAX, &atoms, fault))
		return false;

	struct cursor in = {.bytes = chunk->data};
	size_t count = cursor_u32(&in);

	if (in.fault || cursor_left(&in) / ENTRY_SIZE != count || cursor_left(&in) % ENTRY_SIZE)
		return beam_chunk_fault(arena, chunk, 0, fault,
			"%zu entries of 12 bytes and a count of 4 do not make %zu bytes", count,
			chunk->data.len);
	functions->at = arena_array(arena, struct beam_function, count);
	functions->len = count;
	for (size_t i = 0; i < count; i++) {
		struct beam_function *f = &functions->at[i];
		size_t pos = in.pos;
		bool ok = true;

		f->module = import ? atom(&atoms, cursor_u32(&in), &ok) : beam->module;
		f->name = atom(&atoms, cursor_u32(&in), &ok);
		f->arity = cursor_u32(&in);
		if (!import)
			cursor_u32(&in); /* the label */
		if (!ok || f->arity > MAX_ARITY)
			return beam_chunk_fault(arena, chunk, pos, fault,
				"entry %zu has an atom beyond the %zu that there are, or an arity above 255",
				i + 1, atoms.len);
	}
	return true;
}

bool
beam_imports(struct arena *arena, const struct beam *beam, struct beam_functions *imports,
	const char **fault)
{
	return read_functions(arena, beam, "ImpT", imports, fault);
}

bool
beam_exports(struct arena *arena, const struct beam *beam, struct beam_functions *exports,
	const char **fault)
{
	return read_functions(arena, beam, "ExpT", exports, fault);
}
