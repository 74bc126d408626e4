#include "support/line.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

#include "support/arena.h"
#include "support/pool.h"

/* Counts only grow; a slot is a count modulo their number. submitted >= taken >= 0 and
 * submitted >= handed >= submitted - slots. */
struct line {
	struct arena arena; /* holds the line itself */
	struct line_rules rules;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t submitted, taken, handed;
	bool *finished; /* of each slot: its job */
	bool closed;
	pthread_t threads[POOL_MAX_THREADS];
	size_t started;
};

/* pthread_mutex_lock() and its like fail only when used wrongly. */
static void
sure(int error)
{
	assert(error == 0);
}

/* With the lock, which it gives up meanwhile. */
static void
run_next(struct line *line)
{
	size_t slot = line->taken++ % line->rules.slots;

	sure(pthread_mutex_unlock(&line->lock));
	line->rules.job(line->rules.context, slot);
	sure(pthread_mutex_lock(&line->lock));
	line->finished[slot] = true;
	sure(pthread_cond_broadcast(&line->changed));
}

static void *
work(void *arg)
{
	struct line *line = arg;

	sure(pthread_mutex_lock(&line->lock));
	for (;;) {
		if (line->taken < line->submitted)
			run_next(line);
		else if (line->closed)
			break;
		else
			sure(pthread_cond_wait(&line->changed, &line->lock));
	}
	sure(pthread_mutex_unlock(&line->lock));
	return NULL;
}

struct line *
line_new(const struct line_rules *rules)
{
	struct arena arena = {0};
	struct line *line = arena_new(&arena, struct line);
	size_t threads = rules->threads < POOL_MAX_THREADS ? rules->threads : POOL_MAX_THREADS;

	assert(rules->slots > 0);
	line->rules = *rules;
	line->finished = arena_array(&arena, bool, rules->slots);
	line->arena = arena;
	sure(pthread_mutex_init(&line->lock, NULL));
	sure(pthread_cond_init(&line->changed, NULL));
	/* A thread that cannot be had is no fault: the others do its share, or the caller all. */
	while (threads > 1 && line->started < threads &&
		pthread_create(&line->threads[line->started], NULL, work, line) == 0)
		line->started++;
	return line;
}

/* Hands the oldest slot over; with the lock, which it gives up meanwhile. */
static void
hand_over(struct line *line)
{
	size_t slot = line->handed % line->rules.slots;

	while (!line->finished[slot]) {
		if (line->started == 0)
			run_next(line);
		else
			sure(pthread_cond_wait(&line->changed, &line->lock));
	}
	line->finished[slot] = false;
	sure(pthread_mutex_unlock(&line->lock));
	line->rules.done(line->rules.context, slot);
	sure(pthread_mutex_lock(&line->lock));
	line->handed++;
}

size_t
line_slot(struct line *line)
{
	sure(pthread_mutex_lock(&line->lock));
	if (line->submitted - line->handed == line->rules.slots)
		hand_over(line);

	size_t slot = line->submitted % line->rules.slots;

	sure(pthread_mutex_unlock(&line->lock));
	return slot;
}

void
line_submit(struct line *line)
{
	sure(pthread_mutex_lock(&line->lock));
	line->submitted++;
	sure(pthread_cond_broadcast(&line->changed));
	sure(pthread_mutex_unlock(&line->lock));
}

void
line_end(struct line *line)
{
	sure(pthread_mutex_lock(&line->lock));
	while (line->handed < line->submitted)
		hand_over(line);
	line->closed = true;
	sure(pthread_cond_broadcast(&line->changed));
	sure(pthread_mutex_unlock(&line->lock));
	for (size_t i = 0; i < line->started; i++)
		sure(pthread_join(line->threads[i], NULL));
	sure(pthread_cond_destroy(&line->changed));
	sure(pthread_mutex_destroy(&line->lock));

	struct arena arena = line->arena;
	arena_release(&arena);
}
