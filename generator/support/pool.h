/*
 * support/pool.h - work in parallel, results in order.
 *
 * Threads take indexes 0 to count-1 in increasing order and fill slots that only they write; the
 * caller reads the slots in index order. Workers report no diagnostics and share nothing else.
 */
#pragma once

#include <stddef.h>

struct arena;

enum { POOL_MAX_THREADS = 64 }; /* more do not help, and each needs memory */

/* `scratch` belongs to the calling thread and is released after the job. */
typedef void pool_job(void *context, size_t index, struct arena *scratch);

/* Runs `job` for every index on up to `threads` threads, the caller's included, and waits. */
void pool_run(size_t threads, size_t count, pool_job *job, void *context);

/* How many threads to use when the user did not say: the CPUs online. */
size_t pool_default_threads(void);
