/*
 * Headers, as libarchive reads them; gzip, as inflate_bounded() reads it; and what pack/ refuses.
 * Whole folders and archives, and other readers: tests/pack/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "pack/gzip.h"
#include "pack/output.h"
#include "pack/pack.h"
#include "pack/remove.h"
#include "pack/stream.h"
#include "pack/ustar.h"
#include "support/arena.h"
#include "support/inflate.h"

#define X10(s)  s s s s s s s s s s
#define X50(s)  X10(s) X10(s) X10(s) X10(s) X10(s)
#define X100(s) X50(s) X50(s)

struct row {
	const char *name;
	struct ustar_entry entry;
	size_t blocks; /* 1: plain ustar */
};

static struct row rows[] = {
	{"a file", {.path = STR_INIT("bin/x"), .kind = TREE_FILE, .mode = 0755, .size = 7}, 1},
	{"an empty file", {.path = STR_INIT("x"), .kind = TREE_FILE, .mode = 0644}, 1},
	{"every bit of a mode", {.path = STR_INIT("x"), .kind = TREE_FILE, .mode = 07777}, 1},
	{"a folder", {.path = STR_INIT("lib"), .kind = TREE_DIR, .mode = 0755}, 1},
	{"a link",
		{.path = STR_INIT("a/b"),
			.kind = TREE_SYMLINK,
			.mode = 0777,
			.link = STR_INIT("../c")},
		1},
	{"the first and the last time", {.path = STR_INIT("x"), .mtime = 077777777777}, 1},
	{"a name of 100 bytes", {.path = STR_INIT(X100("n")), .kind = TREE_FILE}, 1},
	{"a name of 101 bytes", {.path = STR_INIT(X100("n") "n"), .kind = TREE_FILE}, 5},
	{"a folder of 99 bytes",
		{.path = STR_INIT(X50("n") "/" X10("nnnn") "12345678"), .kind = TREE_DIR}, 1},
	{"a folder of 100 bytes has 101 in the header",
		{.path = STR_INIT(X100("n")), .kind = TREE_DIR}, 5},
	{"split in two", {.path = STR_INIT(X50("a/") "b" X50("n")), .kind = TREE_FILE}, 1},
	{"the longest that can be split",
		{.path = STR_INIT(X100("a") X50("b") "12345/" X100("n")), .kind = TREE_FILE}, 1},
	{"one more in front",
		{.path = STR_INIT(X100("a") X50("b") "123456/" X100("n")), .kind = TREE_FILE}, 5},
	{"one more behind",
		{.path = STR_INIT(X100("a") X50("b") "12345/" X100("n") "n"), .kind = TREE_FILE},
		5},
	{"a folder is not split at its end",
		{.path = STR_INIT(X100("a") X50("b")), .kind = TREE_DIR}, 5},
	{"a link to 100 bytes",
		{.path = STR_INIT("x"), .kind = TREE_SYMLINK, .link = STR_INIT(X100("l"))}, 1},
	{"a link to 101 bytes",
		{.path = STR_INIT("x"), .kind = TREE_SYMLINK, .link = STR_INIT(X100("l") "l")}, 5},
	{"both long",
		{.path = STR_INIT(X100("a") X100("b") X100("c")),
			.kind = TREE_SYMLINK,
			.link = STR_INIT(X100("d") X100("e") X100("f") X100("g"))},
		8},
	{"a record whose length has three digits because of its length",
		{.path = STR_INIT(X50("n") X10("nnn") X10("n") "1/" X100("x")), .kind = TREE_FILE},
		1},
	{"the longest that ustar can count",
		{.path = STR_INIT("x"), .kind = TREE_FILE, .size = 077777777777}, 1},
	{"one byte more", {.path = STR_INIT("x"), .kind = TREE_FILE, .size = 0100000000000}, 3},
	{"not ASCII, and short: no record",
		{.path = STR_INIT("h\xc3\xa9/\xff"), .kind = TREE_FILE, .size = 1}, 1},
};

static void
run_row(void **state)
{
	static const unsigned kinds[] = {
		[TREE_DIR] = AE_IFDIR, [TREE_FILE] = AE_IFREG, [TREE_SYMLINK] = AE_IFLNK};
	const struct row *row = *state;
	const struct ustar_entry *e = &row->entry;
	struct arena arena = {0};
	struct buf out = {.arena = &arena};
	struct archive *reader = archive_read_new();
	struct archive_entry *got;

	ustar_header(&out, e);
	assert_int_equal(out.len, row->blocks * USTAR_BLOCK);

	archive_read_support_format_tar(reader);
	assert_int_equal(archive_read_open_memory(reader, out.at, out.len), ARCHIVE_OK);
	assert_int_equal(archive_read_next_header(reader, &got), ARCHIVE_OK);

	struct buf path = {.arena = &arena};
	buf_printf(&path, STR_FMT "%s", STR_ARG(e->path), e->kind == TREE_DIR ? "/" : "");
	buf_byte(&path, '\0');
	assert_string_equal(archive_entry_pathname(got), path.at);
	assert_int_equal(archive_entry_filetype(got), kinds[e->kind]);
	assert_int_equal(archive_entry_perm(got), e->mode);
	assert_int_equal(archive_entry_size(got), e->size);
	assert_int_equal(archive_entry_mtime(got), e->mtime);
	assert_int_equal(archive_entry_uid(got), 0);
	assert_string_equal(archive_entry_uname(got), "");
	if (e->link.len)
		assert_memory_equal(archive_entry_symlink(got), e->link.at, e->link.len);
	archive_read_free(reader);
	arena_release(&arena);
}

/* --- gzip --- */

static void
add_noise(struct buf *out, size_t len, uint32_t seed)
{
	char *at = buf_room(out, len);

	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		at[i] = (char)(seed >> 24);
	}
}

static struct str
gzipped(struct arena *arena, struct str bytes)
{
	struct buf out = {.arena = arena};
	uint32_t crc = 0;
	size_t pos = 0;
	bool last;

	buf_str(&out, gzip_header);
	do {
		struct str piece =
			str_head((struct str){bytes.at + pos, bytes.len - pos}, GZIP_PIECE);
		size_t seen = pos < GZIP_DICTIONARY ? pos : GZIP_DICTIONARY;
		char *room = buf_room(&out, GZIP_ROOM);

		last = pos + piece.len == bytes.len;
		out.len -= GZIP_ROOM - gzip_deflate(room, (struct str){bytes.at + pos - seen, seen},
					       piece, last);
		crc = gzip_crc_join(crc, gzip_crc(piece), piece.len);
		pos += piece.len;
	} while (!last);
	gzip_trailer(&out, crc, bytes.len);
	return buf_view(&out);
}

static void
test_gzip(void **state)
{
	static const size_t lengths[] = {0, 1, GZIP_DICTIONARY, GZIP_PIECE - 1, GZIP_PIECE,
		GZIP_PIECE + 1, (size_t)2 * GZIP_PIECE, (size_t)3 * GZIP_PIECE + 17};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (int noisy = 0; noisy <= 1; noisy++) {
			struct arena arena = {0};
			struct buf in = {.arena = &arena};
			struct str packed, out;
			const char *fault = NULL;
			size_t used;

			if (noisy)
				add_noise(&in, lengths[i], 1);
			else if (lengths[i])
				memset(buf_room(&in, lengths[i]), 'x', lengths[i]);
			packed = gzipped(&arena, buf_view(&in));
			assert_true(inflate_bounded(
				&arena, packed, INFLATE_GZIP, lengths[i], &out, &used, &fault));
			assert_int_equal(used, packed.len);
			assert_true(str_eq(out, buf_view(&in)));
			arena_release(&arena);
		}
}

/* What repeats within 32 KiB is found across the pieces' borders. */
static void
test_gzip_looks_back(void **state)
{
	enum { PERIOD = 20000, TIMES = 50 };
	struct arena arena = {0};
	struct buf in = {.arena = &arena};

	(void)state;
	for (int i = 0; i < TIMES; i++)
		add_noise(&in, PERIOD, 1);
	assert_true(in.len > (size_t)3 * GZIP_PIECE);
	assert_in_range(gzipped(&arena, buf_view(&in)).len, PERIOD, 2 * PERIOD);
	arena_release(&arena);
}

/* --- streams and files --- */

struct place {
	struct arena arena;
	struct diag diag;
	struct fs fs;
	struct str dir;
	struct tree tree;
};

static int
set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char template[] = "/tmp/test_pack.XXXXXX";

	p->diag.arena = &p->arena;
	p->tree.arena = &p->arena;
	p->fs = (struct fs){.arena = &p->arena, .diag = &p->diag};
	p->dir = (struct str){
		fs_cstr(&p->arena, (struct str){mkdtemp(template), sizeof(template) - 1}),
		sizeof(template) - 1};
	*state = p;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *p = *state;

	remove_folder(p->dir.at);
	arena_release(&p->arena);
	free(p);
	return 0;
}

/* Batches end where stream_add() fills them, whatever the lengths of what is added. */
static void
test_stream(void **state)
{
	struct place *p = *state;
	struct str file = fs_join(&p->arena, p->dir, STR("x.tar.gz")), packed, bytes;
	struct buf in = {.arena = &p->arena};
	struct output out;
	const char *fault = NULL;
	char digest[SHA256_HEX_SIZE], want[SHA256_HEX_SIZE];
	size_t used;

	assert_true(output_open(&out, &p->fs, file));
	struct stream *stream = stream_new(&p->arena, STREAM_GZIP, 3, &out, &fault);
	for (size_t len = 1; len < 12000000; len = len * 3 + 1) {
		size_t start = in.len;

		add_noise(&in, len, (uint32_t)len);
		stream_add(stream, (struct str){in.at + start, len});
	}
	assert_true(stream_end(stream, &fault));
	assert_true(output_close(&out, &p->fs, true, digest));
	assert_true(fs_load(&p->arena, file, &packed, &fault));
	assert_true(
		inflate_bounded(&p->arena, packed, INFLATE_GZIP, in.len, &bytes, &used, &fault));
	assert_true(used == packed.len && str_eq(bytes, buf_view(&in)));
	assert_true(str_eq(packed, gzipped(&p->arena, buf_view(&in))));
	sha256_hex(packed, want);
	assert_string_equal(digest, want);
}

static const char *
messages(struct place *p)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diag_print(&p->diag, out);
	fclose(out);

	struct str copy = {text, len};
	const char *kept = fs_cstr(&p->arena, copy);
	free(text);
	return kept;
}

static void
add_file(struct place *p, struct str path, struct str bytes)
{
	assert_true(tree_add_bytes(&p->tree, path, bytes, 0644, (struct srcpos){0}, &p->diag));
}

static void
test_refusals(void **state)
{
	struct place *p = *state;
	struct pack_options options = {.epoch = 0};
	struct str zip = fs_join(&p->arena, p->dir, STR("x.zip"));
	struct str tar = fs_join(&p->arena, p->dir, STR("x.tar"));
	struct str dir = fs_join(&p->arena, p->dir, STR("x"));
	struct stat st;

	add_file(p, STR("a"), STR("b"));
	assert_true(tree_seal(&p->tree, &p->diag));
	assert_false(pack_archive(&p->fs, &p->tree, zip, &options, NULL));
	assert_non_null(strstr(messages(p), "x.zip: error: is no name for an archive"));

	p->diag.errors = 0;
	options.epoch = -1;
	assert_false(pack_archive(&p->fs, &p->tree, tar, &options, NULL));
	assert_non_null(strstr(messages(p), "x.tar: error: the epoch is outside"));

	/* Nothing is written while there are errors. */
	options.epoch = 0;
	p->diag.errors = 1;
	assert_false(pack_archive(&p->fs, &p->tree, tar, &options, NULL));
	assert_false(pack_directory(&p->fs, &p->tree, dir, &options));
	assert_false(fs_lstat(&p->fs, tar, &st) || fs_lstat(&p->fs, dir, &st));

	p->diag.errors = 0;
	assert_true(pack_archive(&p->fs, &p->tree, tar, &options, NULL));
	assert_true(pack_directory(&p->fs, &p->tree, dir, &options));
	assert_true(fs_lstat(&p->fs, tar, &st) && fs_lstat(&p->fs, dir, &st));
}

static bool
refuse(const void *context, struct arena *arena, struct str in, struct str *out, const char **fault)
{
	(void)context;
	(void)out;
	struct buf text = {.arena = arena};

	buf_printf(&text, "has '" STR_FMT "' at byte 0", STR_ARG(in));
	buf_byte(&text, '\0');
	*fault = text.at;
	return false;
}

/* All faults are told in the order of the tree, with where they came from; nothing appears. */
static void
test_faults(void **state)
{
	static const struct tree_transform transform = {.name = "refuse-1", .apply = refuse};
	struct place *p = *state;
	struct pack_options options = {.threads = 4};
	const struct srcpos origin = {"rel.yaml", 3, 7};
	const char *want =
		"rel.yaml:3:7: error: the content of 'a': has '1' at byte 0\n"
		"note: build that file again, or leave it as it is by turning off 'refuse-1'\n"
		"/no/such: error: No such file or directory\n"
		"rel.yaml:3:7: note: needed here, for 'b'\n"
		"/: error: is a directory\n"
		"rel.yaml:3:7: note: needed here, for 'c'\n";
	struct fs_names names;

	assert_true(tree_add(&p->tree,
		(struct tree_entry){
			.path = STR("c"), .kind = TREE_FILE, .source = STR("/"), .origin = origin},
		&p->diag));
	assert_true(tree_add(&p->tree,
		(struct tree_entry){.path = STR("b"),
			.kind = TREE_FILE,
			.source = STR("/no/such"),
			.origin = origin},
		&p->diag));
	assert_true(tree_add(&p->tree,
		(struct tree_entry){.path = STR("a"),
			.kind = TREE_FILE,
			.inlined = true,
			.bytes = STR("1"),
			.transform = &transform,
			.origin = origin},
		&p->diag));
	assert_true(tree_seal(&p->tree, &p->diag));
	for (int folder = 0; folder <= 1; folder++) {
		struct str x = fs_join(&p->arena, p->dir, folder ? STR("x") : STR("x.tar.gz"));

		p->diag.errors = 0;
		p->diag.messages.len = 0;
		assert_false(folder ? pack_directory(&p->fs, &p->tree, x, &options)
				    : pack_archive(&p->fs, &p->tree, x, &options, NULL));
		assert_string_equal(messages(p), want);
		assert_true(fs_list(&p->fs, p->dir, origin, &names));
		assert_int_equal(names.len, 0);
	}
}

static void
test_replaces_only_ours(void **state)
{
	struct place *p = *state;
	struct pack_options options = {.marker = STR("m")};
	struct str dir = fs_join(&p->arena, p->dir, STR("x"));
	struct stat st, before;

	add_file(p, STR("m"), STR("1"));
	add_file(p, STR("d/e"), STR("2"));
	assert_true(tree_seal(&p->tree, &p->diag));
	assert_true(pack_directory(&p->fs, &p->tree, dir, &options));
	assert_true(fs_lstat(&p->fs, dir, &before));
	assert_true(pack_directory(&p->fs, &p->tree, dir, &options));
	assert_true(fs_lstat(&p->fs, dir, &st) && st.st_ino == before.st_ino);

	/* A file of that name and time alone is no proof. */
	options.marker_text = STR("one");
	assert_false(pack_directory(&p->fs, &p->tree, dir, &options));
	assert_non_null(strstr(messages(p), "'m' is missing, newer or not beamrel's"));
	options.marker_text = STR("1");
	p->diag.errors = 0;

	assert_true(fs_write(&p->fs, fs_join(&p->arena, dir, STR("mine")), STR("!"), 0644));
	assert_false(pack_directory(&p->fs, &p->tree, dir, &options));
	assert_non_null(strstr(messages(p), "holds what beamrel did not put there: 'mine'"));
	assert_true(fs_lstat(&p->fs, fs_join(&p->arena, dir, STR("mine")), &st));
}

int
main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 6] = {{0}};
	size_t count = 0;

	for (; count < N; count++)
		tests[count] = (struct CMUnitTest){.name = rows[count].name,
			.test_func = run_row,
			.initial_state = &rows[count]};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_gzip);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_gzip_looks_back);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test_setup_teardown(test_stream, set_up, tear_down);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
		test_refusals, set_up, tear_down);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
		test_replaces_only_ours, set_up, tear_down);
	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
