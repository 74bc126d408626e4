/* Are two modules the same? What counts is beam_lib:md5/1's list, and what beam_lib:strip/2 keeps.
 */
#include "beam/beam.h"
#include "beam/internal.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/cursor.h"
#include "support/inflate.h"

enum {
	FUN_COUNT_SIZE = 4,
	FUN_SIZE = 24,
	FUN_OLD_UNIQ = 20,
	LITERALS_HEADER = 4,
	TAG_INTEGER = 1, /* of a compact term */
	MAX_LITERALS = 1 << 28,
};

/* What is run. */
static const char *const code_chunks[] = {
	"Atom",
	"AtU8",
	"Code",
	"StrT",
	"ImpT",
	"ExpT",
	"FunT",
	"LitT",
	"Recs",
};

/* What stays beside it, unless a tool has stripped that too: absent from one, it does not count. */
static const char *const other_chunks[] = {"Line", "Type", "Meta", "Attr", "DbgB"};

/* But for old_uniq, a hash of the abstract code, which options of the compiler change. */
static bool
same_functions(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	if (a.len < FUN_COUNT_SIZE || (a.len - FUN_COUNT_SIZE) % FUN_SIZE != 0)
		return str_eq(a, b);
	if (memcmp(a.at, b.at, FUN_COUNT_SIZE) != 0)
		return false;
	for (size_t i = FUN_COUNT_SIZE; i < a.len; i += FUN_SIZE)
		if (memcmp(a.at + i, b.at + i, FUN_OLD_UNIQ) != 0)
			return false;
	return true;
}

/* --- Line: numbers of lines, then the names of their files --- */

struct lines {
	struct str numbers; /* with what stands before them */
	struct cursor names;
	size_t names_len;
};

static bool
read_lines(struct str data, struct lines *lines)
{
	struct cursor in = {.bytes = data};
	bool wide;

	cursor_take(&in, 12); /* version, flags, number of instructions */
	size_t left = cursor_u32(&in);
	lines->names_len = cursor_u32(&in);
	while (left > 0 && !in.fault) {
		unsigned first = cursor_u8(&in);

		beam_number(&in, first, &wide);
		left -= (first & 7) == TAG_INTEGER; /* others change the file */
	}
	lines->numbers = str_head(data, in.pos);
	lines->names = in;
	return !in.fault;
}

static struct str
next_name(struct cursor *in)
{
	struct str path = cursor_take(in, cursor_u16(in)), name = path;

	while (str_next(&path, '/', &name))
		continue;
	return name;
}

/* Where the sources stood when they were compiled does not count: two builds of the same code are
 * rarely in the same folder. */
static bool
same_lines(struct str data_a, struct str data_b)
{
	struct lines a, b;

	if (!read_lines(data_a, &a) || !read_lines(data_b, &b) || a.names_len != b.names_len ||
		!str_eq(a.numbers, b.numbers))
		return false;
	for (size_t i = 0; i < a.names_len && !a.names.fault; i++)
		if (!str_eq(next_name(&a.names), next_name(&b.names)))
			return false;
	return !a.names.fault && !b.names.fault;
}

bool
beam_literals(
	struct arena *arena, const struct beam_chunk *chunk, struct str *plain, const char **fault)
{
	struct cursor in = {.bytes = chunk->data};
	size_t size = cursor_u32(&in), used;
	struct str rest = {chunk->data.at + in.pos, chunk->data.len - in.pos};
	const char *reason;

	if (in.fault)
		return beam_chunk_fault(arena, chunk, 0, fault, "has no size");
	if (size == 0) { /* not compressed, from OTP 28 on */
		*plain = rest;
		return true;
	}
	if (size > MAX_LITERALS)
		return beam_chunk_fault(
			arena, chunk, 0, fault, "promises %zu bytes of literals", size);
	if (inflate_bounded(arena, rest, INFLATE_ZLIB, size, plain, &used, &reason))
		return true;
	return beam_chunk_fault(arena, chunk, LITERALS_HEADER + used, fault, "%s", reason);
}

static bool
same_chunk(struct arena *arena, const struct beam_chunk *a, const struct beam_chunk *b, bool *same,
	const char **fault)
{
	struct str in_a = {0}, in_b = {0};

	*same = str_eq(a->data, b->data);
	if (*same)
		return true;
	if (strcmp(a->id, "FunT") == 0)
		*same = same_functions(a->data, b->data);
	if (strcmp(a->id, "LitT") != 0)
		return true;
	/* Another zlib, or none, may have packed the same literals. */
	if (!beam_literals(arena, a, &in_a, fault) || !beam_literals(arena, b, &in_b, fault))
		return false;
	*same = str_eq(in_a, in_b);
	return true;
}

bool
beam_compare(struct arena *arena, const struct beam *a, const struct beam *b,
	enum beam_difference *difference, const char **fault)
{
	bool same = str_eq(a->module, b->module);

	*difference = BEAM_OTHER_CODE;
	for (size_t i = 0; i < sizeof(code_chunks) / sizeof(code_chunks[0]) && same; i++) {
		const struct beam_chunk *in_a = beam_chunk(a, code_chunks[i]);
		const struct beam_chunk *in_b = beam_chunk(b, code_chunks[i]);

		same = !in_a == !in_b;
		if (in_a && in_b && !same_chunk(arena, in_a, in_b, &same, fault))
			return false;
	}
	if (!same)
		return true;
	*difference = BEAM_SAME;
	for (size_t i = 0; i < sizeof(other_chunks) / sizeof(other_chunks[0]); i++) {
		const struct beam_chunk *in_a = beam_chunk(a, other_chunks[i]);
		const struct beam_chunk *in_b = beam_chunk(b, other_chunks[i]);

		if (in_a && in_b && !str_eq(in_a->data, in_b->data) &&
			(strcmp(in_a->id, "Line") != 0 || !same_lines(in_a->data, in_b->data)))
			*difference = BEAM_SAME_CODE;
	}
	return true;
}
