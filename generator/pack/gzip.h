/*
 * pack/gzip.h - one gzip member (RFC 1952) made of pieces that are deflated independently.
 *
 * gzip_deflate() is the only place that knows the encoder.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/buf.h"
#include "support/str.h"

enum {
	GZIP_PIECE = 256 * 1024,     /* fixed, so that the bytes depend on nothing but the input */
	GZIP_DICTIONARY = 32 * 1024, /* how far back deflate looks */
	/* What a piece may become: 9 bits for a byte, in an encoder that is quick and not clever.
	 */
	GZIP_ROOM = GZIP_PIECE + GZIP_PIECE / 8 + 64,
};

/*
 * `piece`, at most GZIP_PIECE bytes, as deflate blocks that end on a byte; returns their length.
 * `before`: what came before it, at most GZIP_DICTIONARY bytes. For any thread.
 */
size_t gzip_deflate(char out[GZIP_ROOM], struct str before, struct str piece, bool last);

uint32_t gzip_crc(struct str piece);

/* The checksum of two runs of bytes from theirs. */
uint32_t gzip_crc_join(uint32_t crc, uint32_t next, size_t next_len);

/* Appends name, version and settings of the encoder. */
void gzip_encoder(struct buf *out);

/* No name, no time. */
extern const struct str gzip_header;
void gzip_trailer(struct buf *out, uint32_t crc, uint64_t size);
