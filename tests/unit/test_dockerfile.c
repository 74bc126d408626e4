/* Dockerfiles from plans made by hand. What builders make of them: tests/e2e/context.sh. */
#include "context_fixture.h"

static const char *
dockerfile(struct fixture *f)
{
	struct str *files = arena_array(&f->arena, struct str, f->plan.layers.len), text;

	for (size_t i = 0; i < f->plan.layers.len; i++) {
		struct buf file = {.arena = &f->arena};

		buf_printf(&file, "layers/" STR_FMT ".tar", STR_ARG(f->plan.layers.at[i].name));
		files[i] = buf_view(&file);
	}
	return dockerfile_text(&f->fs, &(struct dockerfile_plan){&f->plan, files}, 1, &text)
		       ? fs_cstr(&f->arena, text)
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
		     "ENV LANG=\"C.UTF-8\" \\\n"
		     "    EMPTY=\"\" \\\n"
		     "    a.b=\"c\"\n"
		     "EXPOSE 4000/tcp \\\n"
		     "    53/udp\n"
		     "VOLUME [\"/data\", \"\\\"/more data\\\"\"]\n"
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
		"ENV A=\"\\\"\\$x\\\" \\${y} \\\\ 'z' #\" \\\n"
		"    B=\"k=v\"\n"
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
