#include "beam/beam.h"

#include <stdarg.h>
#include <stdio.h>

#include "beam/internal.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/cursor.h"
#include "support/inflate.h"

enum {
	HEADER_SIZE = 12,      /* "FOR1", size, "BEAM" */
	CHUNK_HEADER_SIZE = 8, /* id, size */
	CHUNK_ALIGN = 4,
	MAX_SIZE = 1 << 28, /* 256 MiB; real modules stay below 20 */
	MAX_CHUNKS = 100,   /* real ones have 20 */
};

static const char *__attribute__((format(printf, 3, 0)))
format(struct arena *arena, const char *prefix, const char *fmt, va_list args)
{
	struct buf text = {.arena = arena};
	char detail[512];

	vsnprintf(detail, sizeof(detail), fmt, args);
	buf_printf(&text, "%s%s", prefix, detail);
	buf_byte(&text, '\0');
	return text.at;
}

bool
beam_fault(struct arena *arena, const char **fault, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	*fault = format(arena, "", fmt, args);
	va_end(args);
	return false;
}

bool
beam_chunk_fault(struct arena *arena, const struct beam_chunk *chunk, size_t pos,
	const char **fault, const char *fmt, ...)
{
	char prefix[64];
	va_list args;

	snprintf(
		prefix, sizeof(prefix), "chunk '%s' at byte %zu: ", chunk->id, chunk->offset + pos);
	va_start(args, fmt);
	*fault = format(arena, prefix, fmt, args);
	va_end(args);
	return false;
}

const struct beam_chunk *
beam_chunk(const struct beam *beam, const char *id)
{
	/* The first of several, as beam_lib does. */
	for (size_t i = 0; i < beam->chunks.len; i++)
		if (strcmp(beam->chunks.at[i].id, id) == 0)
			return &beam->chunks.at[i];
	return NULL;
}

/* Plain bytes of the container, whose header is right. */
static bool
unwrap(struct arena *arena, struct str *bytes, const char **fault)
{
	const char *reason;
	size_t used;

	if (inflate_is_gzip(*bytes)) {
		struct str gzipped = *bytes;

		if (!inflate_bounded(arena, gzipped, INFLATE_GZIP, MAX_SIZE, bytes, &used, &reason))
			return beam_fault(
				arena, fault, "gzipped module, at byte %zu: %s", used, reason);
		if (used < gzipped.len)
			return beam_fault(arena, fault,
				"gzipped module: %zu bytes follow its end at byte %zu",
				gzipped.len - used, used);
	}
	if (bytes->len > MAX_SIZE)
		return beam_fault(
			arena, fault, "has %zu bytes, more than a module can have", bytes->len);
	if (bytes->len < HEADER_SIZE || memcmp(bytes->at, "FOR1", 4) != 0 ||
		memcmp(bytes->at + 8, "BEAM", 4) != 0)
		return beam_fault(arena, fault,
			"is not a compiled module: at byte 0 it should have \"FOR1\", a size, \"BEAM\"");

	struct cursor header = {.bytes = *bytes, .pos = 4};
	size_t claimed = cursor_u32(&header), real = bytes->len - CHUNK_HEADER_SIZE;

	if (claimed > real)
		return beam_fault(arena, fault,
			"is truncated at byte %zu: its header promises %zu bytes more", bytes->len,
			claimed - real);
	if (claimed < real)
		return beam_fault(arena, fault,
			"%zu bytes follow the end that its header gives at byte %zu",
			real - claimed, claimed + CHUNK_HEADER_SIZE);
	return true;
}

/* Ids are shown to people and compared as C strings. */
static bool
good_id(struct str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.at[i] < ' ' || id.at[i] > '~')
			return false;
	return true;
}

static bool
read_chunk(struct arena *arena, struct cursor *in, struct beam_chunk *chunk, const char **fault)
{
	size_t start = in->pos;
	struct str id = cursor_take(in, 4);
	size_t size = cursor_u32(in);

	if (in->fault || !id.at)
		return beam_fault(
			arena, fault, "is truncated in a chunk's header at byte %zu", start);
	if (!good_id(id))
		return beam_fault(arena, fault, "has no chunk's name at byte %zu", start);
	memcpy(chunk->id, id.at, id.len);
	chunk->offset = in->pos;
	if (size > cursor_left(in))
		return beam_chunk_fault(arena, chunk, 0, fault,
			"has %zu bytes, but the file ends after %zu", size, cursor_left(in));
	chunk->data = cursor_take(in, size);

	/* The last chunk's padding may be missing: beam_lib and the loader do not mind. */
	size_t pad = -size & (CHUNK_ALIGN - 1);
	cursor_take(in, pad < cursor_left(in) ? pad : cursor_left(in));
	return true;
}

bool
beam_open(struct arena *arena, struct str bytes, struct beam *beam, const char **fault)
{
	struct cursor in = {.pos = HEADER_SIZE};
	struct beam_atoms atoms;

	*beam = (struct beam){0};
	if (!unwrap(arena, &bytes, fault))
		return false;
	in.bytes = bytes;
	while (cursor_left(&in) > 0) {
		struct beam_chunk chunk = {0};

		if (beam->chunks.len == MAX_CHUNKS)
			return beam_fault(arena, fault, "has more than %d chunks at byte %zu",
				MAX_CHUNKS, in.pos);
		if (!read_chunk(arena, &in, &chunk, fault))
			return false;
		vec_push(arena, &beam->chunks, chunk);
	}
	if (!beam_atoms(arena, beam, 1, &atoms, fault))
		return false;
	beam->module = atoms.at[0];
	return true;
}
