/* What OTP itself does with whole modules: beam_lib:md5/1 and beam_lib:strip/2. */
#include <stdint.h>

#include "beam/beam.h"
#include "beam/internal.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/md5.h"

enum {
	FUN_COUNT_SIZE = 4,
	FUN_SIZE = 24,    /* six words, */
	FUN_OLD_UNIQ = 20 /* of which the last does not count */
};

/* In beam_lib's order, with the first OTP that knows the chunk. */
static const struct significant {
	const char *id;
	unsigned since;
	bool md5, mandatory;
} significant[] = {
	{"Line", 0, false, false},
	{"Type", 25, false, false},
	{"Atom", 0, true, false},
	{"AtU8", 0, true, false},
	{"Code", 0, true, true},
	{"StrT", 0, true, true},
	{"ImpT", 0, true, true},
	{"ExpT", 0, true, true},
	{"FunT", 0, true, false},
	{"LitT", 0, true, false},
	{"Meta", 25, true, false},
	{"Recs", 29, true, false},
	{"DbgB", 28, true, false},
};

enum { SIGNIFICANT = sizeof(significant) / sizeof(significant[0]) };

static bool
missing(struct arena *arena, const char *id, const char **fault)
{
	return beam_fault(
		arena, fault, "has no chunk '%s' after byte 12, which every module must have", id);
}

/* Old uniq values come from a hash of the abstract code, which debug info changes. */
static struct str
without_old_uniq(struct arena *arena, struct str data)
{
	char *copy = arena_array(arena, char, data.len + 1);

	if (data.len)
		memcpy(copy, data.at, data.len);
	for (size_t i = FUN_COUNT_SIZE; i < data.len && data.len - i >= FUN_SIZE; i += FUN_SIZE)
		memset(copy + i + FUN_OLD_UNIQ, 0, FUN_SIZE - FUN_OLD_UNIQ);
	return (struct str){copy, data.len};
}

bool
beam_md5(struct arena *arena, const struct beam *beam, unsigned otp, unsigned char md5[16],
	const char **fault)
{
	struct str pieces[SIGNIFICANT];
	size_t count = 0;

	for (size_t i = 0; i < SIGNIFICANT; i++) {
		const struct significant *s = &significant[i];
		const struct beam_chunk *chunk = beam_chunk(beam, s->id);

		if (!chunk && s->mandatory)
			return missing(arena, s->id, fault);
		if (!chunk || !s->md5 || otp < s->since)
			continue;
		pieces[count++] = strcmp(s->id, "FunT") == 0 ? without_old_uniq(arena, chunk->data)
							     : chunk->data;
	}
	if (md5_pieces(pieces, count, md5))
		return true;
	return beam_fault(arena, fault, "the libcrypto of this machine refuses to compute MD5");
}

/* Adds a chunk once, if the module has it. */
static void
keep_chunk(struct buf *out, const struct beam *beam, const char *id, bool *kept)
{
	static const char zeros[4];
	const struct beam_chunk *chunk = beam_chunk(beam, id);

	if (!chunk || kept[chunk - beam->chunks.at])
		return;
	kept[chunk - beam->chunks.at] = true;
	buf_add(out, chunk->id, 4);
	buf_be32(out, (uint32_t)chunk->data.len);
	buf_str(out, chunk->data);
	buf_add(out, zeros, -chunk->data.len & 3);
}

bool
beam_strip(struct arena *arena, struct str bytes, unsigned otp, const struct str *keep,
	size_t keep_len, struct str *out, const char **fault)
{
	struct buf to = {.arena = arena};
	struct beam beam;

	if (!beam_open(arena, bytes, &beam, fault))
		return false;
	for (size_t i = 0; i < SIGNIFICANT; i++)
		if (significant[i].mandatory && !beam_chunk(&beam, significant[i].id))
			return missing(arena, significant[i].id, fault);

	bool *kept = arena_array(arena, bool, beam.chunks.len);
	buf_room(&to, bytes.len);
	to.len = 0;
	buf_str(&to, STR("FOR1"));
	buf_be32(&to, 0); /* the size, once it is known */
	buf_str(&to, STR("BEAM"));
	keep_chunk(&to, &beam, "Attr", kept);
	for (size_t i = 0; i < keep_len; i++)
		if (keep[i].len == 4) {
			char id[5] = {0};

			memcpy(id, keep[i].at, 4);
			keep_chunk(&to, &beam, id, kept);
		}
	for (size_t i = 0; i < SIGNIFICANT; i++)
		if (otp >= significant[i].since)
			keep_chunk(&to, &beam, significant[i].id, kept);

	/* It fits: the chunks are some of a container's whose size fits. */
	struct buf size = {.arena = arena};
	buf_be32(&size, (uint32_t)(to.len - 8));
	memcpy(to.at + 4, size.at, 4);
	*out = buf_view(&to);
	return true;
}
