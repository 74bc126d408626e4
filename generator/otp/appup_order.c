/*
 * Which module is loaded before which.
 *
 * An edge M -> D, which becomes D among M's Deps, means: on the way up M is taken care of after D,
 * on the way down before it; systools does just that (systools_rc:translate_dep_to_low/3). So:
 *
 *  - what calls depends on what it calls, as the new version has it: no new code runs without the
 *    new code that it needs, in either direction;
 *  - a module that is deleted depends on those that called it: on the way up these are replaced
 *    before it goes, on the way down it is back before they are;
 *  - a module that has lost a function depends on those that called it, and call nothing there any
 *    more: they are replaced before the function goes.
 */
#include <stdlib.h>

#include "otp/appup_modules.h"
#include "support/arena.h"

struct edge {
	size_t from, to;
};

struct graph {
	struct fs *fs;
	const struct appup_pairs *pairs;
	VEC(struct edge) edges;
	bool *called; /* by the module that is looked at */
};

static bool
differs(const struct appup_pair *pair)
{
	return pair->change != APPUP_SAME;
}

static void
add_edge(struct graph *graph, size_t from, size_t to)
{
	if (from != to)
		vec_push(graph->fs->arena, &graph->edges, (struct edge){from, to});
}

static bool
read_imports(struct graph *graph, const struct appup_side *side, struct beam_functions *imports)
{
	const char *fault;

	*imports = (struct beam_functions){0};
	if (!side->module || beam_imports(graph->fs->arena, &side->beam, imports, &fault))
		return true;
	return diag_error(
		graph->fs->diag, (struct srcpos){.file = side->module->file}, "%s", fault);
}

static void
add_new_calls(struct graph *graph, size_t caller, const struct beam_functions *imports)
{
	memset(graph->called, 0, graph->pairs->len * sizeof(*graph->called));
	for (size_t i = 0; i < imports->len; i++) {
		const struct appup_pair *pair =
			appup_pair_find(graph->pairs, imports->at[i].module);
		size_t index = pair ? (size_t)(pair - graph->pairs->at) : 0;

		if (!pair || !differs(pair) || graph->called[index])
			continue;
		graph->called[index] = true;
		/* To one that is gone: a fault that no order of loading heals. */
		if (pair->change != APPUP_DELETED)
			add_edge(graph, caller, index);
	}
}

static void
add_old_calls(struct graph *graph, size_t caller, const struct beam_functions *imports)
{
	for (size_t i = 0; i < imports->len; i++) {
		const struct beam_function *f = &imports->at[i];
		const struct appup_pair *pair = appup_pair_find(graph->pairs, f->module);
		size_t index = pair ? (size_t)(pair - graph->pairs->at) : 0;

		if (!pair || !differs(pair))
			continue;
		if (pair->change == APPUP_DELETED ||
			(!graph->called[index] &&
				!appup_exports(&pair->sides[APPUP_NEW], f->name, f->arity)))
			add_edge(graph, index, caller);
	}
}

static int
edge_order(const void *pa, const void *pb)
{
	const struct edge *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

/* Each edge once, by node. */
static void
collect(struct graph *graph, struct appup_order *order)
{
	size_t *deps = arena_array(graph->fs->arena, size_t, graph->edges.len + 1), used = 0;

	order->nodes = arena_array(graph->fs->arena, struct appup_node, graph->pairs->len + 1);
	if (graph->edges.len)
		qsort(graph->edges.at, graph->edges.len, sizeof(*graph->edges.at), edge_order);
	for (size_t i = 0; i < graph->edges.len; i++) {
		const struct edge *edge = &graph->edges.at[i];
		struct appup_node *node = &order->nodes[edge->from];

		if (i > 0 && edge_order(edge, edge - 1) == 0)
			continue;
		if (node->deps_len == 0)
			node->deps = &deps[used];
		node->deps[node->deps_len++] = edge->to;
		used++;
	}
}

/* --- strongly connected components (Tarjan), without recursion --- */

struct tarjan {
	struct appup_order *order;
	size_t *index, *low; /* index 0: not yet seen */
	bool *open;          /* on `stack`: its component is not complete */
	size_t *stack, stack_len;
	struct frame {
		size_t node, next;
	} * frames;
	size_t frames_len, seen;
};

static void
enter(struct tarjan *t, size_t node)
{
	t->index[node] = t->low[node] = ++t->seen;
	t->open[node] = true;
	t->stack[t->stack_len++] = node;
	t->frames[t->frames_len++] = (struct frame){node, 0};
}

static int
size_order(const void *pa, const void *pb)
{
	size_t a = *(const size_t *)pa, b = *(const size_t *)pb;

	return (a > b) - (a < b);
}

/* The component that `node` was the first of. */
static void
close_component(struct tarjan *t, size_t node)
{
	size_t *first = &t->order->order[t->order->order_len], count = 0, member;

	do {
		member = t->stack[--t->stack_len];
		t->open[member] = false;
		first[count++] = member;
	} while (member != node);
	qsort(first, count, sizeof(*first), size_order);
	t->order->order_len += count;
}

static void
walk(struct tarjan *t, size_t root)
{
	enter(t, root);
	while (t->frames_len > 0) {
		struct frame *frame = &t->frames[t->frames_len - 1];
		const struct appup_node *node = &t->order->nodes[frame->node];
		size_t at = frame->node;

		if (frame->next < node->deps_len) {
			size_t dep = node->deps[frame->next++];
			if (t->index[dep] == 0)
				enter(t, dep);
			else if (t->open[dep] && t->index[dep] < t->low[at])
				t->low[at] = t->index[dep];
			continue;
		}
		t->frames_len--;
		if (t->low[at] == t->index[at])
			close_component(t, at);
		if (t->frames_len > 0) {
			size_t above = t->frames[t->frames_len - 1].node;
			if (t->low[at] < t->low[above])
				t->low[above] = t->low[at];
		}
	}
}

/* Added modules first, as far as that is free: what names them without a call finds them. */
static void
sort(struct arena *arena, const struct appup_pairs *pairs, struct appup_order *order)
{
	size_t len = pairs->len + 1;
	struct tarjan t = {
		.order = order,
		.index = arena_array(arena, size_t, len),
		.low = arena_array(arena, size_t, len),
		.open = arena_array(arena, bool, len),
		.stack = arena_array(arena, size_t, len),
		.frames = arena_array(arena, struct frame, len),
	};

	order->order = arena_array(arena, size_t, len);
	for (int added = 1; added >= 0; added--)
		for (size_t i = 0; i < pairs->len; i++)
			if (differs(&pairs->at[i]) && t.index[i] == 0 &&
				(pairs->at[i].change == APPUP_ADDED) == added)
				walk(&t, i);
}

bool
appup_order(struct fs *fs, const struct appup_pairs *pairs, struct appup_order *order)
{
	struct graph graph = {.fs = fs, .pairs = pairs};
	bool ok = true;

	*order = (struct appup_order){0};
	graph.called = arena_array(fs->arena, bool, pairs->len + 1);
	for (size_t i = 0; i < pairs->len; i++) {
		const struct appup_side *sides = pairs->at[i].sides;
		struct beam_functions old, new;

		if (!differs(&pairs->at[i]))
			continue;
		if (!read_imports(&graph, &sides[APPUP_OLD], &old) ||
			!read_imports(&graph, &sides[APPUP_NEW], &new)) {
			ok = false;
			continue;
		}
		add_new_calls(&graph, i, &new);
		add_old_calls(&graph, i, &old);
	}
	collect(&graph, order);
	sort(fs->arena, pairs, order);
	return ok;
}
