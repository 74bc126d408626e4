/* The JSON documents of images, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "image/base.h"
#include "image/oci.h"
#include "literals.h"
#include "support/arena.h"
#include "support/buf.h"

struct fixture {
	struct arena arena;
	struct diag diag;
	struct image_release release;
	struct image_plan plan;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct image_layer layer = {.name = TEXT("otp")};

	f->diag.arena = &f->arena;
	f->release.epoch = 1767323045;
	f->plan.release = &f->release;
	f->plan.platform = (struct image_platform){TEXT("linux"), TEXT("amd64"), {0}};
	vec_push(&f->arena, &f->plan.layers, layer);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	free(f);
	return 0;
}

static void
documents(void **state)
{
	struct fixture *f = *state;
	struct oci_image image = {.plan = &f->plan};

	f->plan.config = (struct image_config){
		.user = TEXT("10001:10001"),
		.workdir = TEXT("/app"),
		.stop_signal = TEXT("SIGTERM"),
		.ports = WORDS(TEXT("4000/tcp"), TEXT("4369/udp")),
		.volumes = WORDS(TEXT("/data")),
		.env = WORDS(TEXT("PATH=/bin"), TEXT("A=\"quoted\" \xc3\xa9")),
		.entrypoint = WORDS(TEXT("/app/bin/shop")),
		.command = WORDS(TEXT("start")),
		.labels = PAIRS(PAIR("b", "2"), PAIR("c", "")),
		.annotations = PAIRS(PAIR("org.opencontainers.image.version", "1.4.0")),
		.healthcheck = WORDS(TEXT("CMD"), TEXT("/probe")),
		.interval = 30,
		.timeout = 5,
		.start_period = 10,
		.retries = 3,
	};
	vec_push(&f->arena, &image.layers,
		(struct oci_layer){{STR("sha256:B"), STR("gz"), 7}, STR("sha256:D")});
	image.config = (struct oci_blob){STR("sha256:C"), STR(OCI_CONFIG), 9};

	assert_string_equal(fs_cstr(&f->arena, oci_config(&f->arena, &image)),
		"{\"architecture\":\"amd64\",\"config\":{\"Cmd\":[\"start\"],"
		"\"Entrypoint\":[\"/app/bin/shop\"],"
		"\"Env\":[\"PATH=/bin\",\"A=\\\"quoted\\\" \xc3\xa9\"],"
		"\"ExposedPorts\":{\"4000/tcp\":{},\"4369/udp\":{}},"
		"\"Healthcheck\":{\"Interval\":30000000000,\"Retries\":3,"
		"\"StartPeriod\":10000000000,\"Test\":[\"CMD\",\"/probe\"],"
		"\"Timeout\":5000000000},\"Labels\":{\"b\":\"2\",\"c\":\"\"},"
		"\"StopSignal\":\"SIGTERM\",\"User\":\"10001:10001\",\"Volumes\":{\"/data\":{}},"
		"\"WorkingDir\":\"/app\"},\"created\":\"2026-01-02T03:04:05Z\","
		"\"history\":[{\"created\":\"2026-01-02T03:04:05Z\","
		"\"created_by\":\"beamrel image, layer otp\"}],\"os\":\"linux\","
		"\"rootfs\":{\"diff_ids\":[\"sha256:D\"],\"type\":\"layers\"}}");
	assert_string_equal(fs_cstr(&f->arena, oci_manifest(&f->arena, &image)),
		"{\"annotations\":{\"org.opencontainers.image.version\":\"1.4.0\"},"
		"\"config\":{\"digest\":\"sha256:C\",\"mediaType\":\"" OCI_CONFIG "\",\"size\":9},"
		"\"layers\":[{\"digest\":\"sha256:B\",\"mediaType\":\"gz\",\"size\":7}],"
		"\"mediaType\":\"" OCI_MANIFEST "\",\"schemaVersion\":2}");
	assert_string_equal(
		fs_cstr(&f->arena,
			oci_docker_manifest(&f->arena, &image,
				&(struct reference){STR("docker.io/acme/shop"), STR("1")}, 1)),
		"[{\"Config\":\"blobs/sha256/C\",\"Layers\":[\"blobs/sha256/B\"],"
		"\"RepoTags\":[\"docker.io/acme/shop:1\"]}]");
}

/* What the base says comes first, word for word. */
static void
history_and_health_of_a_base(void **state)
{
	struct fixture *f = *state;
	struct base base = {.history = TEXT("[{\"created_by\":\"x\"},{\"empty_layer\":true}]"),
		.config.healthcheck = TEXT("{\"Test\":[\"CMD\",\"/theirs\"]}")};
	struct oci_image image = {.plan = &f->plan};
	struct str config;

	f->plan.base = &base;
	config = oci_config(&f->arena, &image);
	assert_true(str_contains(config,
		STR("\"history\":[{\"created_by\":\"x\"},{\"empty_layer\":true},{\"created\":")));
	assert_true(str_contains(
		config, STR("\"config\":{\"Healthcheck\":{\"Test\":[\"CMD\",\"/theirs\"]}}")));

	f->plan.config.healthcheck = (struct fs_names)WORDS(TEXT("NONE"));
	assert_true(str_contains(
		oci_config(&f->arena, &image), STR("\"Healthcheck\":{\"Test\":[\"NONE\"]}")));
	base.history = STR("[]");
	assert_true(str_contains(oci_config(&f->arena, &image), STR("\"history\":[{\"created\":")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(documents, set_up, tear_down),
		cmocka_unit_test_setup_teardown(history_and_health_of_a_base, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
