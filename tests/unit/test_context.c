/* What the folder of a context does when it is written again. Its Dockerfile: test_dockerfile.c;
 * what builders make of it: tests/e2e/context.sh. */
#include "context_fixture.h"

#define HEAD "# shop 1.4.0. No command runs while this builds: each layer is unpacked as it is.\n"

/* Each a stage; TARGETARCH and the others, which the builder sets, choose. */
static void
several_platforms(void **state)
{
	struct fixture *f = *state;
	struct image_plan plans[2];
	struct str dir = in_folder(f, "x"), name = STR("debian:bookworm");
	struct spec spec = f->spec;
	struct image_release release = f->release;

	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	plans[0] = plans[1] = f->plan;
	plans[0].platform = (struct image_platform){STR("linux"), STR("amd64"), STR("")};
	plans[1].platform = (struct image_platform){STR("linux"), STR("arm"), STR("v7")};
	plans[1].config.user = STR("7");
	plans[1].base = &f->base;
	spec.image.base_name.text = name;
	release.spec = &spec;
	plans[1].release = &release;
	assert_true(context_write(&f->fs, plans, 2, dir, 1));
	assert_string_equal(fs_cstr(&f->arena, content_of(f, "x/Dockerfile")),
		"ARG BASE_linux_armv7=debian:bookworm\n"
		"ARG TARGETOS=${TARGETOS}\n"
		"ARG TARGETARCH=${TARGETARCH}\n"
		"ARG TARGETVARIANT=${TARGETVARIANT}\n"
		"\n" HEAD "FROM scratch AS linux-amd64\n"
		"\n"
		"ADD layers/linux-amd64/own.tar /\n"
		"\n"
		"\n" HEAD "FROM ${BASE_linux_armv7} AS linux-armv7\n"
		"\n"
		"ADD layers/linux-armv7/own.tar /\n"
		"\n"
		"USER 7\n"
		"\n"
		"FROM ${TARGETOS}-${TARGETARCH}${TARGETVARIANT}\n");
	assert_int_equal(count(f, "x/layers"), 2);
}

/* --- the folder --- */

static void
written_again(void **state)
{
	struct fixture *f = *state;
	struct str dir = in_folder(f, "out/context");

	add_layer(f, STR("otp"), STR("app/lib/kernel"), STR("kernel"));
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("one"));
	assert_true(context_write(&f->fs, &f->plan, 1, dir, 2));
	assert_true(str_eq(content_of(f, "out/context/.dockerignore"),
		STR("# Made by beamrel context: the layers are all that docker needs to be sent.\n"
		    "*\n!layers/otp.tar\n!layers/own.tar\n")));
	assert_int_equal(count(f, "out"), 1); /* nothing is left of how it was made */
	assert_int_equal(count(f, "out/context"), 3);
	assert_int_equal(count(f, "out/context/layers"), 2);

	struct stat folder = stat_of(f, "out/context"),
		    otp = stat_of(f, "out/context/layers/otp.tar"),
		    own = stat_of(f, "out/context/layers/own.tar"),
		    file = stat_of(f, "out/context/Dockerfile");
	assert_int_equal(own.st_nlink, 1);
	assert_true(context_write(&f->fs, &f->plan, 1, dir, 2));
	assert_int_equal(stat_of(f, "out/context").st_ino, folder.st_ino);
	assert_int_equal(stat_of(f, "out/context/layers/own.tar").st_ino, own.st_ino);

	/* One layer becomes another of the same size: BuildKit must see that by its time. */
	f->plan.layers.len = 1;
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("two"));
	assert_true(context_write(&f->fs, &f->plan, 1, dir, 2));
	struct stat new = stat_of(f, "out/context/layers/own.tar");
	assert_int_equal(new.st_size, own.st_size);
	assert_int_not_equal(new.st_mtime, own.st_mtime);
	assert_int_equal(stat_of(f, "out/context/layers/otp.tar").st_ino, otp.st_ino);
	assert_int_equal(stat_of(f, "out/context/Dockerfile").st_ino, file.st_ino);

	/* So does the Dockerfile. */
	f->plan.config.user = STR("1");
	assert_true(context_write(&f->fs, &f->plan, 1, dir, 2));
	file = stat_of(f, "out/context/Dockerfile");
	f->plan.config.user = STR("2");
	assert_true(context_write(&f->fs, &f->plan, 1, dir, 2));
	assert_int_equal(stat_of(f, "out/context/Dockerfile").st_size, file.st_size);
	assert_int_not_equal(stat_of(f, "out/context/Dockerfile").st_mtime, file.st_mtime);
	assert_int_equal(stat_of(f, "out/context/layers/own.tar").st_ino, new.st_ino);

	/* A layer that is no more. */
	f->plan.layers.len = 1;
	assert_true(context_write(&f->fs, &f->plan, 1, dir, 2));
	assert_int_equal(count(f, "out/context/layers"), 1);
	assert_int_equal(f->diag.errors, 0);
}

static void
folders_of_others(void **state)
{
	struct fixture *f = *state;

	add_layer(f, STR("own"), STR("app/lib/shop"), STR("one"));
	assert_true(fs_mkdirs(&f->fs, in_folder(f, "theirs")));
	assert_true(fs_write(&f->fs, in_folder(f, "theirs/.dockerignore"), STR("*\n"), 0644));
	assert_false(context_write(&f->fs, &f->plan, 1, in_folder(f, "theirs"), 2));
	assert_true(strstr(diagnostics(f), "is not empty, and was not made by beamrel"));
	assert_int_equal(count(f, "theirs"), 1);
	assert_int_equal(count(f, "."), 1);

	f->diag.errors = 0;
	assert_true(context_write(&f->fs, &f->plan, 1, in_folder(f, "ours"), 2));
	assert_true(fs_write(&f->fs, in_folder(f, "ours/notes"), STR("mine\n"), 0644));
	f->plan.config.user = STR("1");
	assert_false(context_write(&f->fs, &f->plan, 1, in_folder(f, "ours"), 2));
	assert_true(strstr(diagnostics(f), "holds what beamrel did not put there: 'notes'"));
	assert_false(str_contains(content_of(f, "ours/Dockerfile"), STR("USER")));
}

/* The layers are what pack_archive() makes of their trees, in a folder and in a tar. */
static void
an_archive(void **state)
{
	struct fixture *f = *state;

	add_layer(f, STR("odd/../name"), STR("app/lib/shop"), STR("one"));
	assert_true(context_write(&f->fs, &f->plan, 1, in_folder(f, "x.tar"), 1));
	assert_true(context_write(&f->fs, &f->plan, 1, in_folder(f, "x"), 3));

	struct str tar = content_of(f, "x.tar"),
		   layer = content_of(f, "x/layers/odd.2f.2e.2e.2fname.tar");
	assert_true(str_contains(tar, layer));
	assert_true(str_contains(layer, STR("app/lib/shop")));
	assert_int_equal(count(f, "."), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(several_platforms),
		TEST(written_again),
		TEST(folders_of_others),
		TEST(an_archive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
