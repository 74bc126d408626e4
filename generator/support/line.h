/*
 * support/line.h - an assembly line: work that comes bit by bit is done in parallel and handed
 * over in the order in which it came.
 *
 * The caller has an array of slots for it. It fills one after the other; threads run `job` on
 * those that are full; `done` gets them back in order, in the caller's thread. A slot belongs to
 * one thread at a time.
 */
#pragma once

#include <stddef.h>

struct line;

struct line_rules {
	size_t threads; /* for `job`; 1: the caller's own */
	size_t slots;   /* at least one */
	void (*job)(void *context, size_t slot);
	void (*done)(void *context, size_t slot);
	void *context;
};

/* Ends the process when there is no memory, as the arena does. */
struct line *line_new(const struct line_rules *rules);

/* The next slot to fill; waits until one is free. */
size_t line_slot(struct line *line);

/* The slot that line_slot() gave is full. */
void line_submit(struct line *line);

/* Waits until everything is handed over, and frees the line. */
void line_end(struct line *line);
