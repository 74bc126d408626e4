/*
 * Input: a letter for the kind of document, then its JSON. What is accepted is written again in one
 * way: reading that gives the same text. The readers of OCI's documents must not crash on it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/base_json.h"
#include "support/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_twice(struct arena *arena, struct str text)
{
	struct json value, again;
	struct json_fault fault;
	struct buf one = {.arena = arena}, two = {.arena = arena};

	if (!json_read(arena, text, &value, &fault))
		return;
	json_write(&one, &value);
	if (!json_read(arena, buf_view(&one), &again, &fault))
		abort();
	json_write(&two, &again);
	if (!str_eq(buf_view(&one), buf_view(&two)))
		abort();
}

static bool
read_document(const struct base_reader *reader, char kind, struct str text)
{
	struct base_manifest manifest;
	struct base_image image;
	struct base_saved_list saved = {0};

	switch (kind) {
	case 'm':
		return base_read_manifest(reader, text, (struct str){0}, &manifest);
	case 'c':
		return base_read_image(reader, text, &image);
	case 's':
		return base_read_saved(reader, text, &saved);
	default:
		return true;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct base_reader reader = {.arena = &arena, .diag = &diag, .path = STR("base")};

	if (size > 0) {
		struct str text = {(const char *)data + 1, size - 1};

		check_twice(&arena, text);
		/* Refused is what was reported, and only that. */
		if (read_document(&reader, (char)data[0], text) != (diag.errors == 0))
			abort();
	}
	arena_release(&arena);
	return 0;
}
