#include "support/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "support/arena.h"

struct pool {
	atomic_size_t next;
	size_t count;
	pool_job *job;
	void *context;
};

static void *
work(void *arg)
{
	struct pool *pool = arg;
	struct arena scratch = {0};
	size_t index;

	while ((index = atomic_fetch_add(&pool->next, 1)) < pool->count) {
		pool->job(pool->context, index, &scratch);
		arena_clear(&scratch);
	}
	arena_release(&scratch);
	return NULL;
}

void
pool_run(size_t threads, size_t count, pool_job *job, void *context)
{
	struct pool pool = {.count = count, .job = job, .context = context};
	pthread_t thread[POOL_MAX_THREADS];
	size_t started = 0;

	if (threads > count)
		threads = count;
	if (threads > POOL_MAX_THREADS)
		threads = POOL_MAX_THREADS;
	/* A thread that cannot be had is no fault: the others do its share. */
	while (started + 1 < threads && pthread_create(&thread[started], NULL, work, &pool) == 0)
		started++;
	work(&pool);
	for (size_t i = 0; i < started; i++) {
		int error = pthread_join(thread[i], NULL);
		assert(error == 0);
	}
}

size_t
pool_default_threads(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	return online > 0 ? (size_t)online : 1;
}
