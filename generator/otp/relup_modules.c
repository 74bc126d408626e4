#include <stdlib.h>

#include "otp/relup_script.h"
#include "support/arena.h"

/*
 * Instructions about modules are vertices, in script order; an edge goes from a module to one that
 * it depends on. Modules that hang together, whatever the direction, make one group. In it those
 * that depend on each other in a circle (a knot) stay together, in script order; knots come before
 * those that they depend on, and where that leaves a choice, in script order of their first module.
 */
struct vertex {
	const struct instruction *at;
	struct str name;
	VEC(size_t) needs;
	size_t group; /* a vertex of the same group; see root() */
	/* For the search of knots: */
	size_t number, low, next; /* number from 1; `next` of needs to be looked at */
	bool on_stack;
	size_t knot;
};

struct knot {
	VEC(size_t) members; /* sorted */
	size_t waiting;      /* edges from knots that are not placed yet */
};

struct graph {
	struct scripting *s;
	struct vertex *at;
	size_t len;
	size_t *by_name;
	VEC(struct knot) knots;
};

/* --- making it --- */

/* The index into by_name of the first one that is not less than `name`. */
static size_t
lower_bound(const struct graph *g, struct str name)
{
	size_t low = 0, high = g->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_order(g->at[g->by_name[middle]].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* g->len: there is none. */
static size_t
find_vertex(const struct graph *g, struct str name)
{
	size_t place = lower_bound(g, name);

	return place < g->len && str_eq(g->at[g->by_name[place]].name, name) ? g->by_name[place]
									     : g->len;
}

struct named {
	struct str name;
	size_t index;
};

static int
compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = str_order(x->name, y->name);

	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void
sort_names(struct graph *g)
{
	struct named *names = arena_array(g->s->fs->arena, struct named, g->len + 1);

	for (size_t i = 0; i < g->len; i++)
		names[i] = (struct named){g->at[i].name, i};
	qsort(names, g->len, sizeof(*names), compare_named);
	g->by_name = arena_array(g->s->fs->arena, size_t, g->len);
	for (size_t i = 0; i < g->len; i++)
		g->by_name[i] = names[i].index;
}

static size_t
root(struct graph *g, size_t i)
{
	while (g->at[i].group != i) {
		g->at[i].group = g->at[g->at[i].group].group;
		i = g->at[i].group;
	}
	return i;
}

static bool
add_edges(struct graph *g, struct vertex *v, size_t index)
{
	const struct term *term = &v->at->term, *list = &term->items[term->len - 1];
	bool ok = true;

	for (size_t i = 0; i < list->len; i++) {
		size_t to = find_vertex(g, list->items[i].atom);

		if (to == g->len) {
			ok = script_fault(g->s, v->at, &list->items[i],
				"'" STR_FMT "' depends on '" STR_FMT
				"', about which there is no instruction; add one, or remove it "
				"here [undef_module]",
				STR_ARG(v->name), STR_ARG(list->items[i].atom));
			continue;
		}
		vec_push(g->s->fs->arena, &v->needs, to);
		g->at[root(g, index)].group = root(g, to);
	}
	return ok;
}

static bool
make_graph(struct graph *g, const struct instructions *script)
{
	bool ok = true;

	g->at = arena_array(g->s->fs->arena, struct vertex, script->len);
	for (size_t i = 0; i < script->len; i++) {
		const struct instruction *at = &script->at[i];

		if (instruction_depends(&at->term)) {
			g->at[g->len] = (struct vertex){
				.at = at, .name = at->term.items[1].atom, .group = g->len};
			g->len++;
		}
	}
	sort_names(g);
	for (size_t i = 0; i < g->len; i++) {
		const struct vertex *first = &g->at[find_vertex(g, g->at[i].name)];

		if (first != &g->at[i])
			ok = script_fault(g->s, g->at[i].at, NULL,
				"there is an instruction about '" STR_FMT
				"' in %s:%u already; a module can be loaded only once "
				"[muldef_module]",
				STR_ARG(first->name), first->at->file, first->at->term.line);
	}
	for (size_t i = 0; i < g->len; i++)
		ok = add_edges(g, &g->at[i], i) && ok;
	return ok;
}

/* --- knots: Tarjan's strongly connected components, without recursion --- */

struct search_stacks {
	size_t *path, *open;
	size_t path_len, open_len, numbers;
};

static void
enter(struct graph *g, struct search_stacks *stacks, size_t i)
{
	struct vertex *v = &g->at[i];

	v->number = v->low = ++stacks->numbers;
	v->on_stack = true;
	stacks->path[stacks->path_len++] = i;
	stacks->open[stacks->open_len++] = i;
}

static int
compare_index(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* All that is open down to `i` is a knot. */
static void
tie(struct graph *g, struct search_stacks *stacks, size_t i)
{
	struct knot knot = {0};
	size_t member;

	do {
		member = stacks->open[--stacks->open_len];
		g->at[member].on_stack = false;
		g->at[member].knot = g->knots.len;
		vec_push(g->s->fs->arena, &knot.members, member);
	} while (member != i);
	qsort(knot.members.at, knot.members.len, sizeof(size_t), compare_index);
	vec_push(g->s->fs->arena, &g->knots, knot);
}

/* One step at the end of the path. */
static void
step(struct graph *g, struct search_stacks *stacks)
{
	size_t i = stacks->path[stacks->path_len - 1];
	struct vertex *v = &g->at[i];

	if (v->next < v->needs.len) {
		size_t to = v->needs.at[v->next++];

		if (g->at[to].number == 0)
			enter(g, stacks, to);
		else if (g->at[to].on_stack && g->at[to].number < v->low)
			v->low = g->at[to].number;
		return;
	}
	stacks->path_len--;
	if (stacks->path_len > 0) {
		struct vertex *above = &g->at[stacks->path[stacks->path_len - 1]];
		if (v->low < above->low)
			above->low = v->low;
	}
	if (v->low == v->number)
		tie(g, stacks, i);
}

static void
find_knots(struct graph *g)
{
	struct search_stacks stacks = {
		.path = arena_array(g->s->fs->arena, size_t, g->len),
		.open = arena_array(g->s->fs->arena, size_t, g->len),
	};

	for (size_t i = 0; i < g->len; i++) {
		if (g->at[i].number == 0)
			enter(g, &stacks, i);
		while (stacks.path_len > 0)
			step(g, &stacks);
	}
	for (size_t i = 0; i < g->len; i++)
		for (size_t k = 0; k < g->at[i].needs.len; k++)
			if (g->at[g->at[i].needs.at[k]].knot != g->at[i].knot)
				g->knots.at[g->at[g->at[i].needs.at[k]].knot].waiting++;
}

/* --- groups in order --- */

/* Puts the knot at the end; those that it needs wait for one less. */
static void
place(struct graph *g, size_t index, struct instructions *ordered)
{
	struct knot *knot = &g->knots.at[index];

	for (size_t i = 0; i < knot->members.len; i++) {
		const struct vertex *v = &g->at[knot->members.at[i]];

		vec_push(g->s->fs->arena, ordered, *v->at);
		for (size_t k = 0; k < v->needs.len; k++)
			if (g->at[v->needs.at[k]].knot != index)
				g->knots.at[g->at[v->needs.at[k]].knot].waiting--;
	}
}

/* The group of the vertex `first`, which is its first in the script. */
static struct instructions
order_group(struct graph *g, size_t first)
{
	struct instructions ordered = {0};
	VEC(size_t) left = {0}; /* knots, by their first members */
	size_t group = root(g, first);

	for (size_t i = first; i < g->len; i++)
		if (root(g, i) == group && g->knots.at[g->at[i].knot].members.at[0] == i)
			vec_push(g->s->fs->arena, &left, g->at[i].knot);
	while (left.len > 0) {
		size_t i = 0;

		while (g->knots.at[left.at[i]].waiting > 0)
			i++;
		place(g, left.at[i], &ordered);
		for (; i + 1 < left.len; i++)
			left.at[i] = left.at[i + 1];
		left.len--;
	}
	return ordered;
}

bool
script_modules(struct scripting *s, struct halves *halves)
{
	struct graph g = {.s = s};
	struct instructions script = halves->after;
	bool ok = true;

	if (!make_graph(&g, &script))
		return false;
	find_knots(&g);

	bool *done = arena_array(s->fs->arena, bool, g.len);
	halves->after = (struct instructions){0};
	for (size_t i = 0, vertex = 0; i < script.len; i++) {
		if (!instruction_depends(&script.at[i].term)) {
			vec_push(s->fs->arena, &halves->after, script.at[i]);
			continue;
		}
		size_t group = root(&g, vertex);
		if (!done[group]) {
			struct instructions ordered = order_group(&g, vertex);
			ok = script_block(s, ordered.at, ordered.len, halves) && ok;
		}
		done[group] = true;
		vertex++;
	}
	return ok;
}
