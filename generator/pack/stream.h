/*
 * pack/stream.h - tar bytes to a file, compressed on the way by what the file's name says.
 */
#pragma once

#include <stdbool.h>

#include "pack/output.h"
#include "support/str.h"

struct stream;

enum stream_kind { STREAM_PLAIN, STREAM_GZIP, STREAM_ZSTD };

/* By the end of the name; false: none of the three. */
bool stream_kind_of(struct str file, enum stream_kind *kind);

/* What makes the bytes: its name, version and settings. Another one may make others. */
struct str stream_encoder(struct arena *arena, enum stream_kind kind);

/* As many as asked for, but not more than a stream has memory for; 0: as the machine has. */
size_t stream_threads(size_t wanted);

/* `out` is open and belongs to the caller. NULL: *fault says why. */
struct stream *stream_new(struct arena *arena, enum stream_kind kind, size_t threads,
	struct output *out, const char **fault);

void stream_add(struct stream *stream, struct str bytes);

/* Writes what is left and frees the stream. False: *fault says why; faults of `out` are its own. */
bool stream_end(struct stream *stream, const char **fault);
