#include "beam/beam.h"
#include "beam/internal.h"

enum { MAX_INFLATED = 1 << 26 }; /* if the term is compressed */

bool
beam_attributes(
	struct arena *arena, const struct beam *beam, struct term *attributes, const char **fault)
{
	const struct beam_chunk *chunk = beam_chunk(beam, "Attr");
	const char *reason;

	*attributes = term_list(arena, NULL, 0);
	if (!chunk)
		return true;
	if (!term_decode(arena, chunk->data, MAX_INFLATED, attributes, &reason))
		return beam_chunk_fault(arena, chunk, 0, fault, "%s", reason);
	if (!term_is_proper_list(attributes))
		return beam_chunk_fault(arena, chunk, 0, fault, "is not a list");
	return true;
}
