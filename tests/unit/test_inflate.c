/* Bounded inflate: rows of compressed bytes made by zlib itself, cut, doubled, damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <zlib.h>

#include "support/arena.h"
#include "support/inflate.h"

enum { SIZE = 300000, MEMBERS = 2 };

struct row {
	const char *name;
	enum inflate_format format;
	size_t size;    /* bytes that are compressed, for each member */
	size_t members; /* compressed streams one after the other */
	size_t limit;
	size_t cut;       /* bytes missing at the end */
	size_t damage;    /* the byte to change, 0: none */
	const char *junk; /* follows */
	const char *fault;
};

static struct row rows[] = {
	{"zlib", INFLATE_ZLIB, SIZE, 1, SIZE, 0, 0, "", NULL},
	{"nothing in it", INFLATE_ZLIB, 0, 1, 0, 0, 0, "", NULL},
	{"one byte", INFLATE_ZLIB, 1, 1, 1, 0, 0, "", NULL},
	{"gzip", INFLATE_GZIP, SIZE, 1, SIZE, 0, 0, "", NULL},
	{"gzip of two members", INFLATE_GZIP, SIZE, 2, 2 * (size_t)SIZE, 0, 0, "", NULL},
	{"what follows is left alone", INFLATE_ZLIB, SIZE, 1, SIZE, 0, 0, "junk", NULL},
	{"also after gzip", INFLATE_GZIP, SIZE, 2, 3 * (size_t)SIZE, 0, 0, "junk", NULL},
	{"one byte over the limit", INFLATE_ZLIB, SIZE, 1, SIZE - 1, 0, 0, "",
		"inflates to more than is allowed here"},
	{"over a limit of nothing", INFLATE_GZIP, 1, 1, 0, 0, 0, "",
		"inflates to more than is allowed here"},
	{"the limit holds for all members", INFLATE_GZIP, SIZE, 2, 2 * (size_t)SIZE - 1, 0, 0, "",
		"inflates to more than is allowed here"},
	{"the checksum is missing", INFLATE_ZLIB, SIZE, 1, SIZE, 1, 0, "",
		"ends in the middle of the compressed data"},
	{"cut early", INFLATE_GZIP, SIZE, 1, SIZE, 400, 0, "",
		"ends in the middle of the compressed data"},
	{"damaged", INFLATE_ZLIB, SIZE, 1, SIZE, 0, 200, "", "is not valid compressed data"},
	{"no header", INFLATE_GZIP, SIZE, 1, SIZE, 0, 1, "", "is not valid compressed data"},
};

static char plain[MEMBERS * SIZE], packed[MEMBERS * SIZE];

/* One stream at packed[at]; returns where it ends. */
static size_t
compress_at(size_t at, const struct row *row)
{
	z_stream z = {.next_in = (unsigned char *)plain,
		.avail_in = (unsigned)row->size,
		.next_out = (unsigned char *)packed + at,
		.avail_out = (unsigned)(sizeof(packed) - at)};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, row->format == INFLATE_GZIP ? 31 : 15, 8,
				 Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return at + z.total_out;
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct str out = {0};
	size_t len = 0, used = SIZE_MAX, junk = strlen(row->junk);
	const char *fault = NULL;

	for (size_t i = 0; i < row->members; i++)
		len = compress_at(len, row);
	len -= row->cut;
	if (row->damage)
		packed[row->damage] ^= 0x55;
	memcpy(packed + len, row->junk, junk);

	bool ok = inflate_bounded(&arena, (struct str){packed, len + junk}, row->format, row->limit,
		&out, &used, &fault);
	if (row->fault) {
		assert_false(ok);
		assert_string_equal(fault, row->fault);
		assert_in_range(used, 0, len);
	} else {
		assert_null(fault);
		assert_true(ok);
		assert_int_equal(used, len);
		assert_int_equal(out.len, row->size * row->members);
		for (size_t i = 0; i < row->members; i++)
			assert_memory_equal(out.at + row->size * i, plain, row->size);
	}
	arena_release(&arena);
}

int
main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N];

	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = (char)((i * i >> 7) % 251);
	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
