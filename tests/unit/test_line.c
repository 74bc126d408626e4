/* Whatever the numbers of threads and slots, everything is done once and handed over in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/line.h"

enum { MAX_SLOTS = 9, COUNT = 500 };

struct test {
	unsigned long slots[MAX_SLOTS];
	size_t handed;
};

/* Work of very different length. */
static unsigned long
worked(unsigned long seed)
{
	for (unsigned long i = 0; i < seed % 7 * 2000; i++)
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return seed;
}

static void
job(void *context, size_t slot)
{
	struct test *t = context;

	t->slots[slot] = worked(t->slots[slot]);
}

static void
done(void *context, size_t slot)
{
	struct test *t = context;

	assert_int_equal(t->slots[slot], worked(t->handed));
	t->slots[slot] = 0;
	t->handed++;
}

static void
test_line(void **state)
{
	(void)state;
	for (size_t threads = 0; threads <= 5; threads++)
		for (size_t slots = 1; slots <= MAX_SLOTS; slots += 2) {
			struct test t = {.handed = 0};
			struct line *line = line_new(&(struct line_rules){.threads = threads,
				.slots = slots,
				.job = job,
				.done = done,
				.context = &t});

			for (unsigned long i = 0; i < COUNT; i++) {
				size_t slot = line_slot(line);

				assert_true(slot < slots && t.slots[slot] == 0);
				t.slots[slot] = i;
				line_submit(line);
			}
			line_end(line);
			assert_int_equal(t.handed, COUNT);
		}
}

static void
test_nothing_to_do(void **state)
{
	struct test t = {.handed = 0};
	struct line_rules rules = {
		.threads = 3, .slots = 2, .job = job, .done = done, .context = &t};

	(void)state;
	line_end(line_new(&rules));
	assert_int_equal(t.handed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_nothing_to_do),
	};
	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
