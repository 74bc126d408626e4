/* Images upon a base, which is an image of ours: its layers go over as they are. */
#define _XOPEN_SOURCE 700 /* nftw() */
#include "image_fixture.h"

#include "image/base.h"

static struct base *
read_base(struct fixture *f, struct str path)
{
	struct spec_text where = {.text = path, .pos = {"image.yaml", 3, 9}}, any = {0};
	struct base *base = NULL;

	if (!base_read(&f->fs, &where, &any, &f->plans[0].platform, &base))
		fail_msg("%s", diagnostics(f));
	return base;
}

/* "base" with two layers, and what is to be built upon it in "out". */
static struct base *
make_base(struct fixture *f)
{
	struct base *base;

	f->plans[0].config.workdir = STR("/app");
	f->options.layout = STR("base");
	add_layer(f, 0, "runtime", "a");
	add_layer(f, 0, "else", "b");
	assert_true(image_write(&f->fs, f->plans, 1, &f->options, &f->result));
	f->plans[0].layers.len = 0;
	f->options.layout = STR("out");
	base = read_base(f, STR("base"));
	assert_int_equal(base->layers.len, 2);
	return base;
}

static void
layers_go_over(void **state)
{
	struct fixture *f = *state;
	struct base *base = make_base(f), *again;

	f->plans[0].base = base;
	add_layer(f, 0, "own", "c");
	assert_true(image_write(&f->fs, f->plans, 1, &f->options, &f->result));
	assert_int_equal(f->result.layers.len, 1);

	/* what reads bases verifies it: digests, sizes, diff_ids, history */
	again = read_base(f, STR("out"));
	assert_int_equal(again->layers.len, 3);
	for (size_t i = 0; i < 2; i++) {
		assert_true(str_eq(again->layers.at[i].digest, base->layers.at[i].digest));
		assert_true(str_eq(again->layers.at[i].diff_id, base->layers.at[i].diff_id));
	}
	assert_true(str_contains(
		again->history, (struct str){base->history.at + 1, base->history.len - 2}));
	assert_non_null(base_find(again, STR("app/runtime")));
	assert_non_null(base_find(again, STR("app/own")));
}

/* A damaged copy is made again; of a push only what is ours is counted, once the base is known. */
static void
copies_are_checked(void **state)
{
	struct fixture *f = *state;
	struct base *base = make_base(f);
	const char *path;
	struct str good;

	f->plans[0].base = base;
	add_layer(f, 0, "own", "c");
	f->options.against = STR("base");
	assert_true(image_write(&f->fs, f->plans, 1, &f->options, &f->result));
	assert_int_equal(
		f->result.push, f->result.size - base->layers.at[0].size - base->layers.at[1].size);

	path = blob_path(f, base->layers.at[0].digest);
	good = load(f, path);
	assert_true(fs_write(&f->fs, (struct str){path, strlen(path)}, STR("bad"), 0644));
	assert_true(image_write(&f->fs, f->plans, 1, &f->options, &f->result));
	assert_true(str_eq(load(f, path), good));
}

/* What was verified is not what is there now: told, and nothing is left of the image. */
static void
base_changes(void **state)
{
	struct fixture *f = *state;
	struct base *base = make_base(f);
	struct str path =
		fs_join(&f->arena, STR("base/blobs/sha256"), oci_hex(base->layers.at[1].digest));
	struct stat st;

	f->plans[0].base = base;
	add_layer(f, 0, "own", "c");
	assert_true(fs_write(&f->fs, path, STR("bad"), 0644));
	assert_false(image_write(&f->fs, f->plans, 1, &f->options, &f->result));
	assert_non_null(strstr(diagnostics(f), "of 'base': has changed since it was verified\n"));
	assert_int_equal(f->diag.errors, 1);
	assert_int_equal(lstat("out", &st), -1);
}

/* What an upper layer says of the lower ones; plans have no such names, see place.c. */
static void
whiteouts(void **state)
{
	static const char *const marks[] = {
		"app/.wh.file", "app/.wh.folder", "app/open/.wh..wh..opq"};
	static const char *const paths[] = {"app/file", "app/folder/x", "app/open/x", "app/kept"};
	struct fixture *f = *state;
	struct image_layer layer = {.name = STR("marks"), .tree = {.arena = &f->arena}};
	struct base *base;

	for (size_t i = 0; i < 4; i++)
		add_layer(f, 0, paths[i] + 4, "x");
	for (size_t i = 0; i < 3; i++)
		assert_true(tree_add_bytes(&layer.tree, (struct str){marks[i], strlen(marks[i])},
			STR(""), 0644, (struct srcpos){0}, &f->diag));
	assert_true(tree_seal(&layer.tree, &f->diag));
	vec_push(&f->arena, &f->plans[0].layers, layer);
	assert_true(image_write(&f->fs, f->plans, 1, &f->options, &f->result));

	base = read_base(f, STR("out"));
	for (size_t i = 0; i < 4; i++)
		if (base_find(base, (struct str){paths[i], strlen(paths[i])}) && i < 3)
			fail_msg("%s is there", paths[i]);
	assert_null(base_find(base, STR("app/folder")));
	assert_non_null(base_find(base, STR("app/open")));
	assert_non_null(base_find(base, STR("app/kept")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(layers_go_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(copies_are_checked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(base_changes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whiteouts, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
