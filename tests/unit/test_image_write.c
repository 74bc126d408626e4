/* What a layout does when it is written, and written again, from plans made by hand. */
#define _XOPEN_SOURCE 700 /* nftw() */
#include "image_fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/file.h>

#include "support/sha256.h"

#define PAIR(k, v)                                                    \
	{                                                             \
		.key = {.text = TEXT(k)}, .value = {.text = TEXT(v) } \
	}
#define PAIRS(...)                                                                          \
	{                                                                                   \
		.at = (struct spec_pair[]){__VA_ARGS__},                                    \
		.len = sizeof((struct spec_pair[]){__VA_ARGS__}) / sizeof(struct spec_pair) \
	}
static bool
write_one(struct fixture *f)
{
	return image_write(&f->fs, f->plans, 1, &f->options, &f->result);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Name, inode and time of all that is in out/: another one when anything was written. */
static struct buf traces;

static int
trace(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)kind;
	(void)at;
	buf_printf(&traces, "%s %ju %jd.%09ld\n", path, (uintmax_t)st->st_ino,
		(intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	return 0;
}

/* In the order of the folder, which stays while nothing changes in it. */
static struct str
traces_of(struct fixture *f, const char *path)
{
	traces = (struct buf){.arena = &f->arena};
	assert_int_equal(nftw(path, trace, 8, FTW_PHYS), 0);
	return buf_view(&traces);
}

static struct str
trace_blob(struct fixture *f, struct str digest)
{
	return traces_of(f, blob_path(f, digest));
}

static size_t
count_blobs(void)
{
	DIR *dir = opendir("out/blobs/sha256");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void
nothing_changed(void **state)
{
	struct fixture *f = *state;
	struct str before, digest;

	f->options.archive = STR("x.tar");
	f->options.digest_file = STR("digest");
	three_layers(f, "own");
	assert_true(write_one(f));
	assert_false(f->result.compared);
	assert_int_equal(f->result.push, f->result.size);
	assert_int_equal(count_blobs(), 5);
	digest = f->result.digest;
	assert_true(str_eq(str_head(load(f, "digest"), digest.len), digest));
	before = traces_of(f, ".");

	assert_true(write_one(f));
	assert_true(f->result.compared);
	assert_int_equal(f->result.push, 0);
	assert_true(str_eq(f->result.digest, digest));
	assert_string_equal(fs_cstr(&f->arena, traces_of(f, ".")), fs_cstr(&f->arena, before));
}

/* One layer, the config and the manifest are new; what they replace is gone. */
static void
one_layer_changed(void **state)
{
	struct fixture *f = *state;
	struct str before;
	uint64_t size = 0;

	three_layers(f, "own");
	assert_true(write_one(f));
	before = trace_blob(f, f->result.layers.at[0].digest);
	three_layers(f, "own, and changed");
	assert_true(write_one(f));
	assert_int_equal(count_blobs(), 5);
	assert_int_equal(f->result.layers.len, 3);
	assert_true(str_eq(trace_blob(f, f->result.layers.at[0].digest), before));
	assert_true(f->result.layers.at[0].known);
	assert_false(f->result.layers.at[1].known);
	assert_true(f->result.layers.at[2].known);
	for (size_t i = 0; i < 3; i++)
		size += f->result.layers.at[i].known ? f->result.layers.at[i].size : 0;
	assert_int_equal(f->result.push, f->result.size - size);

	/* against another layout, one that has nothing of it */
	f->options.layout = STR("other");
	f->plans[0].layers.len = 0;
	add_layer(f, 0, "else", "something else");
	assert_true(write_one(f));
	f->options.layout = STR("out");
	f->options.against = STR("other");
	three_layers(f, "own");
	assert_true(write_one(f));
	assert_int_equal(f->result.push, f->result.size);
	f->options.against = STR("nowhere");
	assert_false(write_one(f));
	assert_string_equal(diagnostics(f),
		"nowhere: error: is no OCI image layout that can be compared with: its index.json, "
		"or a manifest that this names, is missing or faulty\n");
}

/* A compressed layer is not made again, unless it was damaged or by another encoder. */
static void
layers_are_kept(void **state)
{
	struct fixture *f = *state;
	struct str before, record, digest, good, layer;
	struct buf other = {.arena = &f->arena};
	const char *path;

	three_layers(f, "own");
	assert_true(write_one(f));
	digest = f->result.digest;
	layer = f->result.layers.at[0].digest;
	record = load(f, "out/beamrel.json");

	before = trace_blob(f, layer);
	buf_printf(&other, "{\"beamrel\":\"image layout\",\"encoder\":\"another\",%s",
		strstr(fs_cstr(&f->arena, record), "\"layers\""));
	assert_true(fs_write(&f->fs, STR("out/beamrel.json"), buf_view(&other), 0644));
	assert_true(write_one(f));
	assert_false(str_eq(trace_blob(f, layer), before));
	assert_true(str_eq(f->result.digest, digest));
	assert_true(str_eq(load(f, "out/beamrel.json"), record));

	path = blob_path(f, layer);
	good = load(f, path);
	assert_true(fs_write(&f->fs, (struct str){path, strlen(path)}, STR("bad"), 0644));
	assert_true(write_one(f));
	assert_true(str_eq(load(f, path), good));
	assert_true(str_eq(f->result.digest, digest));
}

static void
folders_of_others(void **state)
{
	struct fixture *f = *state;
	struct str before;

	three_layers(f, "own");
	assert_true(fs_mkdirs(&f->fs, STR("out/blobs")));
	assert_true(fs_write(&f->fs, STR("out/index.json"), STR("{}"), 0644));
	before = traces_of(f, ".");
	assert_false(write_one(f));
	assert_string_equal(diagnostics(f),
		"out: error: is not empty, and is no layout that beamrel made; choose another "
		"output folder, or empty this one\n");
	assert_true(str_eq(traces_of(f, "."), before));

	f->diag.messages.len = f->diag.errors = 0;
	f->options.layout = STR("out/index.json");
	assert_false(write_one(f));
	assert_string_equal(diagnostics(f),
		"out/index.json: error: is no folder; choose another output folder\n");
	assert_true(str_eq(traces_of(f, "."), before));
}

/* A file that cannot be read: all of them are told, and there is what was there before. */
static void
faulty_inputs(void **state)
{
	struct fixture *f = *state;
	struct str before;

	add_layer(f, 0, "new", "written before the fault is found");
	for (size_t i = 0; i < 2; i++)
		add_entry(f, &f->plans[0], i ? STR("b") : STR("a"),
			(struct tree_entry){.path = i ? STR("b") : STR("a"),
				.kind = TREE_FILE,
				.mode = 0644,
				.source = i ? STR("missing_b") : STR("missing_a")});
	assert_false(write_one(f));
	assert_string_equal(diagnostics(f), "missing_a: error: No such file or directory\n"
					    "missing_b: error: No such file or directory\n");
	assert_false(exists("out"));

	f->diag.messages.len = f->diag.errors = 0;
	struct image_plan bad = f->plans[0];
	f->plans[0].layers.at = NULL;
	f->plans[0].layers.cap = 0;
	three_layers(f, "own");
	assert_true(write_one(f));
	before = traces_of(f, "out/index.json");
	f->plans[0] = bad;
	assert_false(write_one(f));
	assert_true(f->diag.errors == 2);
	assert_true(str_eq(traces_of(f, "out/index.json"), before));
	assert_int_equal(count_blobs(), 5);
}

/* The archive or the digest's file cannot be written: the layout is what it was, and can be used.
 */
static void
faulty_outputs(void **state)
{
	struct fixture *f = *state;
	const struct str none = {0};
	struct str before;

	assert_true(fs_write(&f->fs, STR("file"), STR("in the way"), 0644));
	three_layers(f, "own");
	f->options.archive = STR("file/x.tar");
	assert_false(write_one(f));
	assert_false(exists("out"));
	f->options.archive = none;
	f->options.digest_file = STR("file/digest");
	f->diag.messages.len = f->diag.errors = 0;
	assert_false(write_one(f));
	assert_false(exists("out"));

	f->options.digest_file = none;
	f->diag.messages.len = f->diag.errors = 0;
	assert_true(write_one(f));
	before = load(f, "out/index.json");
	for (int i = 0; i < 2; i++) {
		three_layers(f, "own, and changed");
		f->options.archive = i ? none : STR("file/x.tar");
		f->options.digest_file = i ? STR("file/digest") : none;
		f->diag.messages.len = f->diag.errors = 0;
		assert_false(write_one(f));
		assert_true(str_eq(load(f, "out/index.json"), before));
		assert_int_equal(count_blobs(), 5);
	}
	f->options.digest_file = none;
	f->diag.messages.len = f->diag.errors = 0;
	three_layers(f, "own");
	assert_true(write_one(f));
	assert_true(str_eq(load(f, "out/index.json"), before));
	assert_int_equal(f->result.push, 0);
}

/* A link in place of a blob may lead to other bytes tomorrow: a file takes its place. */
static void
linked_blobs(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	const char *path;

	three_layers(f, "own");
	assert_true(write_one(f));
	for (size_t i = 0; i < 4; i++) {
		path = blob_path(f, i < 3 ? f->result.layers.at[i].digest : f->result.digest);
		unlink("elsewhere");
		assert_int_equal(rename(path, "elsewhere"), 0);
		assert_int_equal(symlink("../../../elsewhere", path), 0);
		assert_true(write_one(f));
		assert_int_equal(lstat(path, &st), 0);
		assert_true(S_ISREG(st.st_mode));
	}
	assert_int_equal(rename("out/blobs", "elsewhere.d"), 0);
	assert_int_equal(symlink("../elsewhere.d", "out/blobs"), 0);
	three_layers(f, "own, and changed");
	assert_false(write_one(f));
	assert_string_equal(diagnostics(f),
		"out: error: holds 'blobs' that is no folder; choose another output folder, or "
		"empty this one\n");
}

/* Two runs do not write one layout at a time; what a killed one left behind goes with the next. */
static void
other_runs(void **state)
{
	struct fixture *f = *state;
	struct str before;
	int other;

	three_layers(f, "own");
	assert_true(write_one(f));
	before = traces_of(f, ".");
	other = open("out", O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(other, LOCK_EX), 0);
	three_layers(f, "own, and changed");
	assert_false(write_one(f));
	assert_string_equal(diagnostics(f),
		"out: error: is being written by another run of beamrel; wait for it, or choose "
		"another output folder\n");
	assert_true(str_eq(traces_of(f, "."), before));
	close(other);

	f->diag.messages.len = f->diag.errors = 0;
	assert_true(fs_write(&f->fs, STR("out/blobs/sha256/.blob.Ab12Cd"), STR("half"), 0600));
	assert_true(write_one(f));
	assert_int_equal(count_blobs(), 5);
	assert_false(exists("out/blobs/sha256/.blob.Ab12Cd"));

	/* killed before there was anything, and later */
	f->options.layout = STR("new");
	assert_true(fs_mkdirs(&f->fs, STR("new")));
	assert_true(fs_write(&f->fs, STR("new/beamrel.json.Ab12Cd"), STR(""), 0600));
	for (size_t i = 0; i < 2; i++) {
		assert_true(write_one(f));
		assert_false(exists("new/beamrel.json.Ab12Cd"));
		assert_false(exists("new/index.json.Ab12Cd"));
		assert_true(fs_write(&f->fs, STR("new/index.json.Ab12Cd"), STR("{"), 0600));
	}
}

static uint64_t blobs_size;

static int
add_size(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)path;
	(void)at;
	blobs_size += kind == FTW_F ? (uint64_t)st->st_size : 0;
	return 0;
}

static void
kinds_of_compression(void **state)
{
	static const char *const types[] = {[SPEC_GZIP] = ".tar+gzip\"",
		[SPEC_ZSTD] = ".tar+zstd\"",
		[SPEC_UNCOMPRESSED] = ".tar\""};
	struct fixture *f = *state;
	struct str config[3];

	three_layers(f, "own");
	for (unsigned kind = SPEC_GZIP; kind <= SPEC_UNCOMPRESSED; kind++) {
		struct str manifest;

		f->spec.image.compression = (enum spec_compression)kind;
		assert_true(write_one(f));
		assert_int_equal(count_blobs(), 5);
		manifest = load(f, blob_path(f, f->result.digest));
		assert_true(str_contains(manifest, (struct str){types[kind], strlen(types[kind])}));
		config[kind] = str_head(
			(struct str){strstr(fs_cstr(&f->arena, manifest), "sha256:"), 71}, 71);
	}
	/* the files are the same, so the config is */
	assert_true(str_eq(config[SPEC_GZIP], config[SPEC_ZSTD]));
	assert_true(str_eq(config[SPEC_GZIP], config[SPEC_UNCOMPRESSED]));
}

/* One descriptor, of an index; a layer that both have is there once. */
static void
two_platforms(void **state)
{
	struct fixture *f = *state;
	struct str index;

	f->plans[0].config.annotations =
		(struct spec_pairs)PAIRS(PAIR("same", "1"), PAIR("other", "1"));
	f->plans[1].config.annotations =
		(struct spec_pairs)PAIRS(PAIR("same", "1"), PAIR("other", "2"));
	add_layer(f, 0, "runtime", "of amd64");
	add_layer(f, 0, "own", "of both");
	add_layer(f, 1, "runtime", "of arm");
	add_layer(f, 1, "own", "of both");
	f->options.archive = STR("x.tar");
	assert_true(image_write(&f->fs, f->plans, 2, &f->options, &f->result));
	assert_int_equal(count_blobs(), 3 + 2 + 2 + 1);
	blobs_size = 0;
	assert_int_equal(nftw("out/blobs", add_size, 8, FTW_PHYS), 0);
	assert_int_equal(f->result.size, blobs_size);
	assert_int_equal(f->result.push, blobs_size);
	assert_int_equal(f->result.layers.len, 4);
	assert_true(str_eq(f->result.layers.at[3].platform, STR("linux/arm/v7")));

	index = load(f, "out/index.json");
	assert_true(str_contains(index, f->result.digest));
	assert_true(str_contains(index, STR("\"mediaType\":\"" OCI_INDEX "\",\"size\":")));
	assert_false(str_contains(index, STR("platform")));

	index = load(f, blob_path(f, f->result.digest));
	assert_true(str_contains(index, STR("{\"annotations\":{\"same\":\"1\"},\"manifests\":[{")));
	assert_true(str_contains(index,
		STR("\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}")));
	assert_true(exists("x.tar"));
}

/* What names blobs comes first, blobs in order, and each byte is that of the layout. */
static void
hybrid_archive(void **state)
{
	static const char *const first[] = {
		"oci-layout", "index.json", "manifest.json", "blobs/", "blobs/sha256/"};
	struct fixture *f = *state;
	struct spec_text tags[] = {
		{.text = TEXT("acme/shop:1.4.0")}, {.text = TEXT("acme/shop:latest")}};
	struct archive *reader = archive_read_new();
	struct archive_entry *entry;
	const char *last = "";

	f->spec.image.tags = (struct spec_texts){tags, 2, 2};
	f->options.archive = STR("x.tar");
	three_layers(f, "own");
	assert_true(write_one(f));
	assert_true(str_contains(load(f, "out/index.json"),
		STR("\"annotations\":{\"io.containerd.image.name\":"
		    "\"docker.io/acme/shop:1.4.0\","
		    "\"org.opencontainers.image.ref.name\":\"1.4.0\"}")));

	archive_read_support_format_tar(reader);
	assert_int_equal(archive_read_open_filename(reader, "x.tar", 65536), ARCHIVE_OK);
	for (size_t i = 0; archive_read_next_header(reader, &entry) == ARCHIVE_OK; i++) {
		const char *path = archive_entry_pathname(entry);
		char bytes[4096], hex[SHA256_HEX_SIZE];
		la_ssize_t len = archive_read_data(reader, bytes, sizeof(bytes));

		assert_int_equal(archive_entry_mtime(entry), 315532800);
		assert_true(len >= 0);
		if (i < 5) {
			assert_string_equal(path, first[i]);
		} else {
			assert_true(strcmp(last, path) < 0);
			last = fs_cstr(&f->arena, (struct str){path, strlen(path)});
			sha256_hex((struct str){bytes, (size_t)len}, hex);
			assert_string_equal(path + strlen("blobs/sha256/"), hex);
		}
		if (i == 2)
			assert_true(str_contains((struct str){bytes, (size_t)len},
				STR("\"RepoTags\":[\"docker.io/acme/shop:1.4.0\","
				    "\"docker.io/acme/shop:latest\"]")));
	}
	archive_read_free(reader);

	/* one byte too many, or another one: it is written again */
	for (size_t i = 0; i < 2; i++) {
		struct str good = load(f, "x.tar");
		struct buf other = {.arena = &f->arena};

		buf_str(&other, good);
		buf_byte(&other, 0);
		other.len -= i;
		other.at[i ? 0 : good.len] ^= (char)i;
		assert_true(fs_write(&f->fs, STR("x.tar"), buf_view(&other), 0644));
		assert_true(write_one(f));
		assert_true(str_eq(load(f, "x.tar"), good));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_layer_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(layers_are_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(folders_of_others, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faulty_inputs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faulty_outputs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(linked_blobs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_runs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kinds_of_compression, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_platforms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hybrid_archive, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
