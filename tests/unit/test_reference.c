/* Names of images: what docker makes of them, and what no registry takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/reference.h"
#include "support/arena.h"
#include "support/buf.h"

#define X10(s)  s s s s s s s s s s
#define X128(s) X10(X10(s)) X10(s) X10(s) s s s s s s s s

static struct row {
	const char *text, *want; /* the whole name, or what is wrong */
} rows[] = {
	{"shop", "docker.io/library/shop:latest"},
	{"shop:1.4.0", "docker.io/library/shop:1.4.0"},
	{"acme/shop:1.4.0", "docker.io/acme/shop:1.4.0"},
	{"docker.io/shop", "docker.io/library/shop:latest"},
	{"docker.io/acme/shop", "docker.io/acme/shop:latest"},
	{"index.docker.io/shop:1", "docker.io/library/shop:1"},
	{"ghcr.io/acme/shop:1.4.0", "ghcr.io/acme/shop:1.4.0"},
	{"ghcr.io/shop", "ghcr.io/shop:latest"},
	{"localhost/shop", "localhost/shop:latest"},
	{"localhost:5000/shop", "localhost:5000/shop:latest"},
	{"registry:5000/a/b/c:x", "registry:5000/a/b/c:x"},
	{"Registry/shop", "Registry/shop:latest"},
	{"[::1]:5000/shop", "[::1]:5000/shop:latest"},
	{"127.0.0.1:5000/shop:v_1", "127.0.0.1:5000/shop:v_1"},
	{"a-b/c__d/e.f/g--h:_x", "docker.io/a-b/c__d/e.f/g--h:_x"},
	{"shop:" X128("t"), "docker.io/library/shop:" X128("t")},
	{"shop:" X128("t") "t", "has a tag of more than 128 characters"},
	{"", "is empty"},
	{"shop:", "ends in ':' without a tag"},
	{"shop:1.0.0+build",
		"has '+' in its tag, which no registry takes; write '-' or '_' instead"},
	{"shop:.1", "has a tag with other characters than letters, digits, '_', '.' and '-', the "
		    "last two not in front"},
	{"shop:a b", "has a tag with other characters than letters, digits, '_', '.' and '-', the "
		     "last two not in front"},
	{"Shop:1", "has capitals in its name; registries take lower case only"},
	{"acme/Shop:1", "has capitals in its name; registries take lower case only"},
	{"acme//shop", "has an empty component"},
	{"/shop", "has an empty component"},
	{"acme/", "has an empty component"},
	{"ghcr.io/", "has an empty component"},
	{":1", "has an empty component"},
	{"shop@sha256:00", "has a digest, which is known only when the image is made"},
	{"ghcr.io:/shop", "has no port behind the ':' of its registry"},
	{"ghcr.io:x/shop", "has a port that is no number"},
	{"gh_cr.io/shop", "has a registry that is no host name"},
	{".io/shop", "has a registry that is no host name"},
};

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct reference reference;
	const char *fault;
	bool ok = reference_parse(
		&arena, (struct str){row->text, strlen(row->text)}, &reference, &fault);

	assert_string_equal(
		ok ? fs_cstr(&arena, reference_text(&arena, &reference)) : fault, row->want);
	arena_release(&arena);
}

static void
names_of_components(void **state)
{
	static const char *const bad[] = {
		"a..b", "a___b", "a._b", "-a", "a-", "_a", "a.", "a\xc3\xa9", "a b", "."};
	struct arena arena = {0};
	struct reference reference;
	const char *fault;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf text = {.arena = &arena};

		buf_printf(&text, "acme/%s:1", bad[i]);
		assert_false(reference_parse(&arena, buf_view(&text), &reference, &fault));
		assert_string_equal(fault,
			"has a name with other characters than lower case letters and digits, and "
			"single '.', '_', '__' or '-' between them");
	}
	arena_release(&arena);
}

int
main(void)
{
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest all[ROWS + 1] = {cmocka_unit_test(names_of_components)};

	for (size_t i = 0; i < ROWS; i++)
		all[i + 1] = (struct CMUnitTest){
			.name = rows[i].text, .test_func = run_row, .initial_state = &rows[i]};
	return cmocka_run_group_tests(all, NULL, NULL);
}
