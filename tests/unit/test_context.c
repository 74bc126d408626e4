/* Dockerfiles from plans made by hand, and what a context's folder does when it is written again.
 * What engines make of them: tests/e2e/context.sh. */
#define _XOPEN_SOURCE 700 /* nftw() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/base.h"
#include "image/dockerfile.h"
#include "image/image.h"
#include "support/arena.h"
#include "support/buf.h"

#define TEXT(literal) STR_INIT(literal)
#define WORDS(...)                                                               \
	{                                                                        \
		(struct str[]){__VA_ARGS__},                                     \
			sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str) \
	}
#define PAIR(k, v)                                                    \
	{                                                             \
		.key = {.text = TEXT(k)}, .value = {.text = TEXT(v) } \
	}
#define PAIRS(...)                                                                          \
	{                                                                                   \
		.at = (struct spec_pair[]){__VA_ARGS__},                                    \
		.len = sizeof((struct spec_pair[]){__VA_ARGS__}) / sizeof(struct spec_pair) \
	}

struct fixture {
	struct arena arena;
	struct diag diag;
	struct fs fs;
	struct spec spec;
	struct image_release release;
	struct base base;
	struct image_plan plan;
	char folder[32];
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->diag.arena = &f->arena;
	f->fs = (struct fs){.arena = &f->arena, .diag = &f->diag};
	f->spec.image.pos = (struct srcpos){"shop.yaml", 7, 3};
	f->release = (struct image_release){.spec = &f->spec,
		.epoch = 315532800,
		.name = TEXT("shop"),
		.version = TEXT("1.4.0")};
	f->plan.release = &f->release;
	strcpy(f->folder, "/tmp/test_context.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	*state = f;
	return 0;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	nftw(f->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static void
add_layer(struct fixture *f, struct str name, struct str path, struct str content)
{
	struct image_layer layer = {.name = name, .tree = {.arena = &f->arena}};

	assert_true(tree_add_bytes(&layer.tree, path, content, 0644, (struct srcpos){0}, &f->diag));
	assert_true(tree_seal(&layer.tree, &f->diag));
	vec_push(&f->arena, &f->plan.layers, layer);
}

static const char *
diagnostics(struct fixture *f)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diag_print(&f->diag, out);
	fclose(out);

	const char *kept = fs_cstr(&f->arena, (struct str){text, len});
	free(text);
	return kept;
}

static const char *
dockerfile(struct fixture *f)
{
	struct str *files = arena_array(&f->arena, struct str, f->plan.layers.len), text;

	for (size_t i = 0; i < f->plan.layers.len; i++) {
		struct buf file = {.arena = &f->arena};

		buf_printf(&file, "layers/" STR_FMT ".tar", STR_ARG(f->plan.layers.at[i].name));
		files[i] = buf_view(&file);
	}
	return dockerfile_text(&f->fs, &f->plan, files, &text) ? fs_cstr(&f->arena, text)
							       : diagnostics(f);
}

/* --- the Dockerfile --- */

#define HEAD "# shop 1.4.0. No command runs while this builds: each layer is unpacked as it is.\n"

static void
on_scratch(void **state)
{
	struct fixture *f = *state;

	f->plan.config = (struct image_config){
		.user = TEXT("10001:10001"),
		.workdir = TEXT("/app"),
		.stop_signal = TEXT("SIGTERM"),
		.ports = WORDS(TEXT("4000/tcp"), TEXT("53/udp")),
		.volumes = WORDS(TEXT("/data"), TEXT("/more data")),
		.env = WORDS(TEXT("LANG=C.UTF-8"), TEXT("EMPTY="), TEXT("a.b=c")),
		.entrypoint = WORDS(TEXT("/app/bin/shop")),
		.command = WORDS(TEXT("start"), TEXT("two words")),
		.labels = PAIRS(PAIR("org.opencontainers.image.title", "shop")),
		.healthcheck = WORDS(TEXT("CMD"), TEXT("/app/bin/shop"), TEXT("ping")),
		.interval = 30,
		.timeout = 5,
		.start_period = 20,
		.retries = 3,
	};
	f->spec.image.healthcheck.command.len = 2;
	add_layer(f, STR("runtime"), STR("app/erts-13.1/bin/beam"), STR("x"));
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	assert_string_equal(dockerfile(f),
		HEAD "FROM scratch\n"
		     "\n"
		     "ADD layers/runtime.tar /\n"
		     "ADD layers/own.tar /\n"
		     "\n"
		     "LABEL \"org.opencontainers.image.title\"=\"shop\"\n"
		     "ENV LANG=\"C.UTF-8\"\n"
		     "ENV EMPTY=\"\"\n"
		     "ENV a.b=\"c\"\n"
		     "EXPOSE 4000/tcp\n"
		     "EXPOSE 53/udp\n"
		     "VOLUME [\"/data\"]\n"
		     "VOLUME [\"\\\"/more data\\\"\"]\n"
		     "WORKDIR /app\n"
		     "STOPSIGNAL SIGTERM\n"
		     "HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD "
		     "[\"/app/bin/shop\", \"ping\"]\n"
		     "USER 10001:10001\n"
		     "ENTRYPOINT [\"/app/bin/shop\"]\n"
		     "CMD [\"start\", \"two words\"]\n");
}

/* What FROM brings is not said again, unless it becomes something else. */
static void
on_a_base(void **state)
{
	struct fixture *f = *state;

	f->base.config = (struct base_config){
		.env = WORDS(TEXT("PATH=/bin"), TEXT("HOME=/root")),
		.labels = PAIRS(PAIR("vendor", "acme"), PAIR("tier", "base")),
		.ports = WORDS(TEXT("9100/tcp"), TEXT("80/tcp")),
		.volumes = WORDS(TEXT("/var/lib/x")),
		.user = TEXT("1000"),
		.workdir = TEXT("/srv"),
		.stop_signal = TEXT("SIGINT"),
		.entrypoint = WORDS(TEXT("/entry")),
		.command = WORDS(TEXT("sh")),
	};
	f->plan.base = &f->base;
	f->plan.config = (struct image_config){
		.user = TEXT("1000"),
		.workdir = TEXT("/srv"),
		.stop_signal = TEXT("SIGTERM"),
		.ports = WORDS(TEXT("4000/tcp"), TEXT("80/tcp"), TEXT("9100/tcp")),
		.volumes = WORDS(TEXT("/var/lib/x")),
		.env = WORDS(TEXT("PATH=/bin"), TEXT("HOME=/tmp")),
		.labels = PAIRS(PAIR("tier", "shop"), PAIR("vendor", "acme")),
		.healthcheck = WORDS(TEXT("CMD"), TEXT("of the base")),
	};
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	assert_string_equal(dockerfile(f), HEAD "ARG BASE=localhost/base\n"
						"FROM ${BASE}\n"
						"\n"
						"ADD layers/own.tar /\n"
						"\n"
						"LABEL \"tier\"=\"shop\"\n"
						"ENV HOME=\"/tmp\"\n"
						"EXPOSE 4000/tcp\n"
						"STOPSIGNAL SIGTERM\n"
						"ENTRYPOINT []\n"
						"CMD []\n");
}

static void
names_of_bases(void **state)
{
	struct fixture *f = *state;
	static const struct {
		struct str name, digest;
		const char *line;
	} rows[] = {
		{TEXT("debian:bookworm"), {0}, "ARG BASE=debian:bookworm\n"},
		{TEXT("a.b:5000/c/d:e"), TEXT("sha256:12"), "ARG BASE=a.b:5000/c/d:e@sha256:12\n"},
		{TEXT("debian@sha256:34"), TEXT("sha256:12"), "ARG BASE=debian@sha256:34\n"},
		{{0}, TEXT("sha256:12"), "ARG BASE=localhost/base\n"},
	};

	f->plan.base = &f->base;
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f->spec.image.base_name.text = rows[i].name;
		f->spec.image.base_digest.text = rows[i].digest;
		const char *got = dockerfile(f) + sizeof(HEAD) - 1;
		assert_memory_equal(got, rows[i].line, strlen(rows[i].line));
	}
}

static void
hostile_values(void **state)
{
	struct fixture *f = *state;

	f->plan.config = (struct image_config){
		.user = TEXT("a $b"),
		.env = WORDS(TEXT("A=\"$x\" ${y} \\ 'z' #"), TEXT("B=k=v")),
		.labels = PAIRS(PAIR("a \"b\"", "gr\xc3\xbcn\t\\")),
		.entrypoint = WORDS(TEXT("\"a\\b\n$c"), TEXT("")),
	};
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	assert_string_equal(strstr(dockerfile(f), "LABEL"),
		"LABEL \"a \\\"b\\\"\"=\"gr\xc3\xbcn\t\\\\\"\n"
		"ENV A=\"\\\"\\$x\\\" \\${y} \\\\ 'z' #\"\n"
		"ENV B=\"k=v\"\n"
		"USER \"a \\$b\"\n"
		"ENTRYPOINT [\"\\\"a\\\\b\\n$c\", \"\"]\n");
}

static void
what_no_dockerfile_can_say(void **state)
{
	struct fixture *f = *state;
	char *big = arena_array(&f->arena, char, 70000);
	struct spec_pair given = PAIR("A", "1\n2");

	memset(big, 'x', 70000);
	given.value.pos = (struct srcpos){"shop.yaml", 12, 9};
	f->spec.image.env = (struct spec_pairs){.at = &given, .len = 1};
	f->plan.config.env = (struct fs_names){arena_array(&f->arena, struct str, 1), 1};
	f->plan.config.env.at[0] = STR("A=1\n2");
	f->plan.config.labels = (struct spec_pairs)PAIRS(PAIR("b\nc", "2"));
	f->plan.config.entrypoint = (struct fs_names){&(struct str){big, 70000}, 1};
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	assert_string_equal(dockerfile(f),
		"shop.yaml:7:3: error: the label 'b\\x0ac' has a line break or a NUL, which no "
		"Dockerfile can say; take them out, or build with 'beamrel image'\n"
		"shop.yaml:12:9: error: the value of the variable 'A' has a line break or a NUL, "
		"which no Dockerfile can say; take them out, or build with 'beamrel image'\n"
		"shop.yaml:7:3: error: line 8 of the Dockerfile has 70015 bytes, 'ENTRYPOINT "
		"[\"xxxxxxxxxxxxxxxxxxxxxxxxxxx...', and docker takes no more than 65535\n");
}

static struct str
in_folder(struct fixture *f, const char *name)
{
	return fs_join(&f->arena, (struct str){f->folder, strlen(f->folder)},
		(struct str){name, strlen(name)});
}

static void
use_template(struct fixture *f, struct str text)
{
	f->spec.image.dockerfile.text = in_folder(f, "Dockerfile.in");
	f->spec.image.dockerfile.pos = (struct srcpos){"shop.yaml", 9, 15};
	assert_true(fs_write(&f->fs, f->spec.image.dockerfile.text, text, 0644));
}

static void
a_template_of_the_user(void **state)
{
	struct fixture *f = *state;

	f->plan.config.workdir = STR("/app");
	f->plan.config.user = STR("7");
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("y"));
	use_template(f, STR("${from}\n${layers}\n${workdir}\nRUN echo ${HOME} ${name}-${version}\n"
			    "${user}\n${ports}\n${unknown}"));
	assert_string_equal(dockerfile(f),
		"FROM scratch\nADD layers/own.tar /\nWORKDIR /app\nRUN echo ${HOME} shop-1.4.0\n"
		"USER 7\n\n${unknown}");
	/* It is an input of the build. */
	assert_true(str_eq(f->fs.inputs.at[0], f->spec.image.dockerfile.text));
}

static void
a_template_without_layers(void **state)
{
	struct fixture *f = *state;

	use_template(f, STR("${from}\n${settings}\n"));
	const char *got = dockerfile(f);
	assert_non_null(strstr(got, "/Dockerfile.in: error: has no ${layers}, so the image would "
				    "not hold the release; put it on a line of its own behind "
				    "FROM\n"));
}

static void
a_template_that_is_missing(void **state)
{
	struct fixture *f = *state;

	f->spec.image.dockerfile.text = in_folder(f, "none");
	f->spec.image.dockerfile.pos = (struct srcpos){"shop.yaml", 9, 15};
	const char *got = dockerfile(f);
	assert_memory_equal(got, "shop.yaml:9:15: error: ", 23);
}

/* --- the folder --- */

static struct stat
stat_of(struct fixture *f, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(fs_cstr(&f->arena, in_folder(f, name)), &st), 0);
	return st;
}

static struct str
content_of(struct fixture *f, const char *name)
{
	struct str text;
	const char *fault;

	assert_true(fs_load(&f->arena, in_folder(f, name), &text, &fault));
	return text;
}

static size_t
count(struct fixture *f, const char *name)
{
	struct fs_names names;

	assert_true(fs_list(&f->fs, in_folder(f, name), (struct srcpos){0}, &names));
	return names.len;
}

static void
written_again(void **state)
{
	struct fixture *f = *state;
	struct str dir = in_folder(f, "out/context");

	add_layer(f, STR("otp"), STR("app/lib/kernel"), STR("kernel"));
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("one"));
	assert_true(context_write(&f->fs, &f->plan, dir, 2));
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
	assert_true(context_write(&f->fs, &f->plan, dir, 2));
	assert_int_equal(stat_of(f, "out/context").st_ino, folder.st_ino);
	assert_int_equal(stat_of(f, "out/context/layers/own.tar").st_ino, own.st_ino);

	/* One layer becomes another of the same size: BuildKit must see that by its time. */
	f->plan.layers.len = 1;
	add_layer(f, STR("own"), STR("app/lib/shop"), STR("two"));
	assert_true(context_write(&f->fs, &f->plan, dir, 2));
	struct stat new = stat_of(f, "out/context/layers/own.tar");
	assert_int_equal(new.st_size, own.st_size);
	assert_int_not_equal(new.st_mtime, own.st_mtime);
	assert_int_equal(stat_of(f, "out/context/layers/otp.tar").st_ino, otp.st_ino);
	assert_int_equal(stat_of(f, "out/context/Dockerfile").st_ino, file.st_ino);

	/* So does the Dockerfile. */
	f->plan.config.user = STR("1");
	assert_true(context_write(&f->fs, &f->plan, dir, 2));
	file = stat_of(f, "out/context/Dockerfile");
	f->plan.config.user = STR("2");
	assert_true(context_write(&f->fs, &f->plan, dir, 2));
	assert_int_equal(stat_of(f, "out/context/Dockerfile").st_size, file.st_size);
	assert_int_not_equal(stat_of(f, "out/context/Dockerfile").st_mtime, file.st_mtime);
	assert_int_equal(stat_of(f, "out/context/layers/own.tar").st_ino, new.st_ino);

	/* A layer that is no more. */
	f->plan.layers.len = 1;
	assert_true(context_write(&f->fs, &f->plan, dir, 2));
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
	assert_false(context_write(&f->fs, &f->plan, in_folder(f, "theirs"), 2));
	assert_true(strstr(diagnostics(f), "is not empty, and was not made by beamrel"));
	assert_int_equal(count(f, "theirs"), 1);
	assert_int_equal(count(f, "."), 1);

	f->diag.errors = 0;
	assert_true(context_write(&f->fs, &f->plan, in_folder(f, "ours"), 2));
	assert_true(fs_write(&f->fs, in_folder(f, "ours/notes"), STR("mine\n"), 0644));
	f->plan.config.user = STR("1");
	assert_false(context_write(&f->fs, &f->plan, in_folder(f, "ours"), 2));
	assert_true(strstr(diagnostics(f), "holds what beamrel did not put there: 'notes'"));
	assert_false(str_contains(content_of(f, "ours/Dockerfile"), STR("USER")));
}

/* The layers are what pack_archive() makes of their trees, in a folder and in a tar. */
static void
an_archive(void **state)
{
	struct fixture *f = *state;

	add_layer(f, STR("odd/../name"), STR("app/lib/shop"), STR("one"));
	assert_true(context_write(&f->fs, &f->plan, in_folder(f, "x.tar"), 1));
	assert_true(context_write(&f->fs, &f->plan, in_folder(f, "x"), 3));

	struct str tar = content_of(f, "x.tar"),
		   layer = content_of(f, "x/layers/odd.2f.2e.2e.2fname.tar");
	assert_true(str_contains(tar, layer));
	assert_true(str_contains(layer, STR("app/lib/shop")));
	assert_int_equal(count(f, "."), 2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(on_scratch),
		TEST(on_a_base),
		TEST(names_of_bases),
		TEST(hostile_values),
		TEST(what_no_dockerfile_can_say),
		TEST(a_template_of_the_user),
		TEST(a_template_without_layers),
		TEST(a_template_that_is_missing),
		TEST(written_again),
		TEST(folders_of_others),
		TEST(an_archive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
