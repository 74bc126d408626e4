#include "image/intake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <archive.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/fs.h"
#include "support/inflate.h"

enum { PIECE = 128 * 1024 };

struct intake {
	struct arena *arena;
	struct intake_place place;
	enum intake_coding coding;
	uint64_t at, out, most; /* read so far, given so far, to give at most */
	struct str in;          /* read, and not inflated yet */
	struct inflate *inflate;
	struct archive *zstd;
	struct sha256 *raw_digest, *out_digest; /* or NULL */
	const char *fault;
	bool ended;
	char raw[PIECE], room[PIECE];
};

enum intake_coding
intake_coding_of(struct str bytes)
{
	if (inflate_is_gzip(bytes))
		return INTAKE_GZIP;
	if (bytes.len >= 4 && memcmp(bytes.at, "\x28\xb5\x2f\xfd", 4) == 0)
		return INTAKE_ZSTD;
	return INTAKE_PLAIN;
}

/* The next bytes of the blob as they are; none at its end. */
static bool
raw_next(struct intake *s, struct str *bytes, const char **fault)
{
	uint64_t left = s->place.size - s->at;
	size_t want = left < PIECE ? (size_t)left : PIECE;
	ssize_t got = (ssize_t)want;

	if (s->place.memory) {
		bytes->at = s->place.memory + s->place.offset + s->at;
	} else {
		bytes->at = s->raw;
		do
			got = want ? pread(s->place.fd, s->raw, want,
					     (off_t)(s->place.offset + s->at))
				   : 0;
		while (got < 0 && errno == EINTR);
	}
	if (got < 0 || (got == 0 && want > 0)) {
		*fault = got < 0 ? fs_reason(s->arena, errno) : "became shorter while it was read";
		return false;
	}
	bytes->len = (size_t)got;
	s->at += (uint64_t)got;
	if (s->raw_digest)
		sha256_add(s->raw_digest, *bytes);
	return true;
}

static la_ssize_t
zstd_read(struct archive *archive, void *context, const void **bytes)
{
	struct intake *s = context;
	struct str piece = {0};
	const char *fault = NULL;

	if (!raw_next(s, &piece, &fault)) {
		archive_set_error(archive, EIO, "%s", fault);
		return -1;
	}
	*bytes = piece.at;
	return (la_ssize_t)piece.len;
}

/* The only filter is zstd: what comes out of it is not looked at, so nothing nests. */
static bool
zstd_open(struct intake *s, const char **fault)
{
	struct archive_entry *entry;
	int status;

	s->zstd = archive_read_new();
	assert(s->zstd);
	if (archive_read_append_filter(s->zstd, ARCHIVE_FILTER_ZSTD) != ARCHIVE_OK ||
		archive_read_support_format_raw(s->zstd) != ARCHIVE_OK) {
		*fault = "is zstd, which the libarchive of this beamrel cannot read";
		return false;
	}
	if (archive_read_open(s->zstd, s, NULL, zstd_read, NULL) != ARCHIVE_OK) {
		*fault = "is not valid zstd data";
		return false;
	}
	status = archive_read_next_header(s->zstd, &entry);
	s->ended = status == ARCHIVE_EOF;
	if (status != ARCHIVE_OK && status != ARCHIVE_EOF) {
		*fault = "is not valid zstd data";
		return false;
	}
	return true;
}

struct intake *
intake_open(struct arena *arena, const struct intake_place *place, enum intake_coding coding,
	uint64_t most, bool hashed)
{
	struct intake *s = calloc(1, sizeof(*s));

	assert(s);
	s->arena = arena;
	s->place = *place;
	s->coding = coding;
	s->most = most;
	if (hashed) {
		s->raw_digest = sha256_begin();
		s->out_digest = coding == INTAKE_PLAIN ? NULL : sha256_begin();
	}
	if (coding == INTAKE_GZIP)
		s->inflate = inflate_begin();
	if (coding == INTAKE_ZSTD && !zstd_open(s, &s->fault))
		s->ended = true;
	return s;
}

static bool
gzip_next(struct intake *s, struct str *bytes, const char **fault)
{
	size_t got = 0;

	while (got == 0) {
		if (s->in.len == 0 && !raw_next(s, &s->in, fault))
			return false;
		if (s->in.len == 0 && inflate_is_whole(s->inflate))
			break;
		if (!inflate_next(s->inflate, &s->in, s->room, PIECE, &got, fault))
			return false;
		if (inflate_members(s->inflate) > INTAKE_MEMBERS) {
			*fault = "has more than 262144 gzip members";
			return false;
		}
		if (got == 0 && s->in.len == 0 && s->at == s->place.size &&
			!inflate_is_whole(s->inflate)) {
			*fault = "ends in the middle of the compressed data";
			return false;
		}
	}
	*bytes = (struct str){s->room, got};
	return true;
}

static bool
zstd_next(struct intake *s, struct str *bytes, const char **fault)
{
	la_ssize_t got = archive_read_data(s->zstd, s->room, PIECE);

	if (got < 0) {
		const char *why = archive_error_string(s->zstd);
		struct str text = why ? (struct str){why, strlen(why)} : STR("damaged");
		struct buf said = {.arena = s->arena};

		buf_printf(&said, "is not valid zstd data: " STR_FMT, STR_ARG(text));
		buf_byte(&said, '\0');
		*fault = said.at;
		return false;
	}
	*bytes = (struct str){s->room, (size_t)got};
	return true;
}

static bool
decode(struct intake *s, struct str *bytes, const char **fault)
{
	switch (s->coding) {
	case INTAKE_PLAIN:
		return raw_next(s, bytes, fault);
	case INTAKE_GZIP:
		return gzip_next(s, bytes, fault);
	case INTAKE_ZSTD:
		return zstd_next(s, bytes, fault);
	}
	return false;
}

bool
intake_next(struct intake *s, struct str *bytes, const char **fault)
{
	*bytes = (struct str){0};
	if (!s->ended && !s->fault && decode(s, bytes, &s->fault)) {
		s->ended = bytes->len == 0;
		s->out += bytes->len;
		if (s->out > s->most)
			s->fault = "holds more bytes than are allowed here";
		else if (s->out > INTAKE_RATIO_FREE && s->out / INTAKE_RATIO > s->at)
			s->fault = "inflates to more than 200 times its size";
		else if (s->out_digest)
			sha256_add(s->out_digest, *bytes);
	}
	if (s->fault)
		*bytes = (struct str){0};
	*fault = s->fault;
	return !s->fault;
}

bool
intake_skip(struct intake *s, uint64_t size, const char **fault)
{
	assert(s->coding == INTAKE_PLAIN && !s->raw_digest);
	if (size > s->place.size - s->at) {
		*fault = "ends in the middle of an entry";
		return false;
	}
	s->at += size;
	return true;
}

bool
intake_finish(struct intake *s, struct intake_end *end, const char **fault)
{
	struct str bytes = {0};

	*end = (struct intake_end){.size = s->out};
	do {
		if (!raw_next(s, &bytes, fault))
			return false;
	} while (bytes.len > 0);
	sha256_end(s->raw_digest, end->raw);
	s->raw_digest = NULL;
	if (s->out_digest)
		sha256_end(s->out_digest, end->out);
	else
		memcpy(end->out, end->raw, sizeof(end->out));
	s->out_digest = NULL;
	return true;
}

void
intake_close(struct intake *s)
{
	char hex[SHA256_HEX_SIZE];

	if (!s)
		return;
	if (s->raw_digest)
		sha256_end(s->raw_digest, hex);
	if (s->out_digest)
		sha256_end(s->out_digest, hex);
	inflate_end(s->inflate);
	if (s->zstd)
		archive_read_free(s->zstd);
	free(s);
}
