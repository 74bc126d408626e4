#include "otp/plan.h"

#include "support/arena.h"

/*
 * The order of systools: take the first application off the list; when something that it uses or
 * includes is still on the list, that goes to the front, before it, and it is tried again.
 * What has been tried before and is pulled again closes a circle.
 */
struct absent {
	struct str name;
	const struct planned *asker;
};

struct sorter {
	struct fs *fs;
	const struct plan *plan;
	VEC(size_t) work; /* indexes into the plan; the list's front is the last item */
	VEC(size_t) done;
	bool *tried; /* by the first index with the name, or the name and version */
	bool *tried_name;
	VEC(struct absent) absent;
	VEC(size_t) circular;
};

struct pulled {
	size_t *at;
	size_t len;
};

static const struct application *
app_at(const struct sorter *s, size_t i)
{
	return s->plan->at[i].entry->app;
}

/* The first application of the plan with this name; plan->len when there is none. */
static size_t
first_named(const struct plan *plan, struct str name)
{
	size_t i = 0;

	while (i < plan->len && !str_eq(plan->at[i].entry->app->name, name))
		i++;
	return i;
}

/* The first one with the name and version of the i-th: a .rel may list an application twice. */
static size_t
first_same(const struct sorter *s, size_t i)
{
	size_t same = first_named(s->plan, app_at(s, i)->name);

	while (!str_eq(app_at(s, same)->name, app_at(s, i)->name) ||
		!str_eq(app_at(s, same)->version, app_at(s, i)->version))
		same++;
	return same;
}

static bool
was_tried(const struct sorter *s, struct str name)
{
	size_t first = first_named(s->plan, name);

	return first < s->plan->len && s->tried_name[first];
}

/* The place in `work` of the frontmost application called `name`, plus one; 0: none. */
static size_t
find_work(const struct sorter *s, struct str name)
{
	size_t place = s->work.len;

	while (place > 0 && !str_eq(app_at(s, s->work.at[place - 1])->name, name))
		place--;
	return place;
}

static void
remove_work(struct sorter *s, size_t place)
{
	for (size_t i = place; i + 1 < s->work.len; i++)
		s->work.at[i] = s->work.at[i + 1];
	s->work.len--;
}

/* Takes `names` off the list, last name first; `pulled` is in the order of the names. */
static struct pulled
pull(struct sorter *s, const struct planned *asker, struct names names, bool may_lack)
{
	size_t *slots = arena_array(s->fs->arena, size_t, names.len + 1);
	size_t first = names.len;

	for (size_t i = names.len; i-- > 0;) {
		struct str name = names.at[i];
		size_t place = find_work(s, name);
		bool includes_asker =
			place > 0 && names_have(s->plan->at[s->work.at[place - 1]].includes,
					     asker->entry->app->name);

		if (place > 0 && !includes_asker) {
			slots[--first] = s->work.at[place - 1];
			remove_work(s, place - 1);
		} else if (!was_tried(s, name) &&
			   !(may_lack && names_have(asker->entry->app->optional, name))) {
			struct absent absent = {name, asker};
			vec_push(s->fs->arena, &s->absent, absent);
		}
	}
	return (struct pulled){slots + first, names.len - first};
}

static bool
closes_circle(struct sorter *s, size_t index)
{
	return s->tried[first_same(s, index)];
}

/* Puts `index` back, and before it what was pulled, but for what closes a circle. */
static void
put_back(struct sorter *s, size_t index, struct pulled uses, struct pulled includes)
{
	struct arena *arena = s->fs->arena;
	const struct pulled both[] = {uses, includes};
	bool circle = false;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < both[k].len; i++)
			if (closes_circle(s, both[k].at[i]))
				circle = true;
	if (circle)
		vec_push(arena, &s->circular, index);
	vec_push(arena, &s->work, index);
	for (size_t k = 2; k-- > 0;) {
		for (size_t i = both[k].len; i-- > 0;) {
			if (closes_circle(s, both[k].at[i]))
				vec_push(arena, &s->circular, both[k].at[i]);
			else
				vec_push(arena, &s->work, both[k].at[i]);
		}
	}
}

static void
sort(struct sorter *s)
{
	while (s->work.len > 0) {
		size_t index = s->work.at[--s->work.len];
		const struct planned *planned = &s->plan->at[index];
		struct pulled uses = pull(s, planned, planned->uses, true);
		struct pulled includes = pull(s, planned, planned->includes, false);

		if (uses.len + includes.len == 0)
			vec_push(s->fs->arena, &s->done, index);
		else
			put_back(s, index, uses, includes);
		s->tried[first_same(s, index)] = true;
		s->tried_name[first_named(s->plan, app_at(s, index)->name)] = true;
	}
}

/* --- what went wrong --- */

/* Does `from` need `to` to come first? What includes `from` need not. */
static bool
needs(const struct sorter *s, size_t from, size_t to)
{
	const struct planned *planned = &s->plan->at[from];
	struct str name = app_at(s, to)->name;

	if (names_have(s->plan->at[to].includes, app_at(s, from)->name))
		return false;
	return names_have(planned->uses, name) || names_have(planned->includes, name);
}

/* The shortest way from `start` back to it: before[] of each step. False: there is none. */
static bool
find_circle(const struct sorter *s, size_t start, size_t *before)
{
	size_t count = s->plan->len, queued = 1;
	size_t *queue = arena_array(s->fs->arena, size_t, count + 1);
	bool *seen = arena_array(s->fs->arena, bool, count);

	queue[0] = start;
	for (size_t i = 0; i < queued; i++) {
		for (size_t to = 0; to < count; to++) {
			if (seen[to] || !needs(s, queue[i], to))
				continue;
			seen[to] = true;
			before[to] = queue[i];
			if (to == start)
				return true;
			queue[queued++] = to;
		}
	}
	return false;
}

static void
report_circle(struct sorter *s, size_t start, bool *told)
{
	size_t *before = arena_array(s->fs->arena, size_t, s->plan->len);
	struct buf path = {.arena = s->fs->arena};
	VEC(size_t) steps = {0}; /* backwards */
	size_t at = start;

	if (told[start])
		return;
	told[start] = true;
	if (find_circle(s, start, before)) {
		do {
			at = before[at];
			vec_push(s->fs->arena, &steps, at);
			told[at] = true;
		} while (at != start);
	}
	for (size_t i = steps.len; i-- > 0;)
		buf_printf(&path, STR_FMT " -> ", STR_ARG(app_at(s, steps.at[i])->name));
	buf_str(&path, app_at(s, start)->name);
	diag_error(s->fs->diag, app_at(s, start)->pos,
		"applications need each other in a circle: " STR_FMT
		"; remove one of these dependencies [circular_dependencies]",
		STR_ARG(buf_view(&path)));
}

/* All of these are in the release, but cannot be put before who needs them. */
static void
report_absent(struct sorter *s, const struct absent *absent)
{
	const struct planned *asker = absent->asker;
	const struct application *app = asker->entry->app;
	size_t other = first_named(s->plan, absent->name);

	if (other < s->plan->len && names_have(s->plan->at[other].includes, app->name))
		diag_error(s->fs->diag, app->pos,
			"'" STR_FMT "' needs '" STR_FMT "', which includes it; put '" STR_FMT
			"' before it in the release, or take the need out "
			"[undefined_applications]",
			STR_ARG(app->name), STR_ARG(absent->name), STR_ARG(absent->name));
	else if (names_have(asker->uses, absent->name) && names_have(asker->includes, absent->name))
		diag_error(s->fs->diag, app->pos,
			"'" STR_FMT "' lists '" STR_FMT
			"' both in applications and in included_applications; take it out of one "
			"[undefined_applications]",
			STR_ARG(app->name), STR_ARG(absent->name));
	else
		diag_error(s->fs->diag, app->pos,
			"'" STR_FMT "' lists '" STR_FMT
			"' more than once; remove all but one [undefined_applications]",
			STR_ARG(app->name), STR_ARG(absent->name));
}

static bool
report(struct sorter *s)
{
	bool *in_circle = arena_array(s->fs->arena, bool, s->plan->len);
	bool *told = arena_array(s->fs->arena, bool, s->plan->len);

	for (size_t i = 0; i < s->circular.len; i++)
		in_circle[s->circular.at[i]] = true;
	for (size_t i = 0; i < s->plan->len; i++)
		if (in_circle[i])
			report_circle(s, i, told);
	for (size_t i = 0; i < s->absent.len; i++) {
		bool again = false;
		for (size_t j = 0; j < i && !again; j++)
			again = s->absent.at[j].asker == s->absent.at[i].asker &&
				str_eq(s->absent.at[j].name, s->absent.at[i].name);
		if (!again)
			report_absent(s, &s->absent.at[i]);
	}
	return s->circular.len + s->absent.len == 0;
}

bool
plan_sort(struct fs *fs, const struct release *release, struct plan *plan)
{
	struct arena *arena = fs->arena;
	struct sorter s = {
		.fs = fs,
		.plan = plan,
		.tried = arena_array(arena, bool, plan->len),
		.tried_name = arena_array(arena, bool, plan->len),
	};
	struct planned *sorted;

	for (size_t i = release->applications.len; i-- > 0;)
		vec_push(arena, &s.work, i);
	sort(&s);
	if (!report(&s))
		return false;
	sorted = arena_array(arena, struct planned, plan->len);
	for (size_t i = 0; i < s.done.len; i++)
		sorted[i] = plan->at[s.done.at[i]];
	plan->at = sorted;
	return true;
}
