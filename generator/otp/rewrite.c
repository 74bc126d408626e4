#include "otp/plan.h"

#include <stdlib.h>

#include "support/arena.h"

/* The application that includes `name`, or NULL. */
static const struct application *
includer(const struct release *release, struct str name)
{
	for (size_t i = 0; i < release->applications.len; i++)
		if (names_have(release->applications.at[i].included, name))
			return release->applications.at[i].app;
	return NULL;
}

/* Who includes who includes ... `name`; `name` itself when nobody does. Inclusions have been
 * checked not to go in circles. */
static struct str
top_of(const struct release *release, struct str name)
{
	const struct application *app;

	while ((app = includer(release, name)))
		name = app->name;
	return name;
}

/* Does `app` include itself, through others perhaps? Otherwise *endless says whether going up from
 * it ends in such a circle. `path` is "c <- b <- a". */
static bool
includes_itself(const struct release *release, const struct application *app, struct buf *path,
	bool *endless)
{
	const struct application *at = app;

	buf_str(path, app->name);
	*endless = false;
	for (size_t steps = 0; steps <= release->applications.len; steps++) {
		at = includer(release, at->name);
		if (!at)
			return false;
		buf_printf(path, " <- " STR_FMT, STR_ARG(at->name));
		if (str_eq(at->name, app->name))
			return true;
	}
	*endless = true;
	return false;
}

/* systools would not come back from such a circle. */
static bool
check_circles(struct fs *fs, const struct release *release)
{
	bool ok = true, endless;

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		struct buf path = {.arena = fs->arena};

		if (includes_itself(release, app, &path, &endless))
			ok = diag_error(fs->diag, app->pos,
				"'" STR_FMT "' includes itself: " STR_FMT
				"; take one out of included_applications [circular_dependencies]",
				STR_ARG(app->name), STR_ARG(buf_view(&path)));
		else if (endless)
			ok = false; /* reported for those in the circle */
	}
	return ok;
}

static void
names_remove(struct names *names, struct str name)
{
	size_t i = 0;

	while (i < names->len && !str_eq(names->at[i], name))
		i++;
	if (i == names->len)
		return;
	for (; i + 1 < names->len; i++)
		names->at[i] = names->at[i + 1];
	names->len--;
}

/*
 * Who uses an included application uses its top application, for that one starts it. One that is
 * itself part of that top keeps the use; the top itself never stays, it could not come first.
 */
static struct names
rewrite_uses(struct arena *arena, const struct release *release, const struct application *app)
{
	struct str own_top = top_of(release, app->name);
	struct names uses = {arena_array(arena, struct str, app->applications.len), 0, NULL};

	for (size_t i = 0; i < app->applications.len; i++)
		uses.at[uses.len++] = app->applications.at[i];
	for (size_t i = 0; i < app->applications.len; i++) {
		struct str used = app->applications.at[i], top;
		const struct application *by = includer(release, used);

		if (str_eq(used, own_top)) {
			names_remove(&uses, used);
			continue;
		}
		if (!by)
			continue;
		top = top_of(release, by->name);
		if (names_have(uses, top)) {
			names_remove(&uses, used);
		} else if (!str_eq(top, own_top)) {
			names_remove(&uses, used);
			uses.at[uses.len++] = top;
		}
	}
	return uses;
}

struct placed {
	struct str name;
	size_t place, seq;
};

static int
placed_order(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->seq > b->seq) - (a->seq < b->seq);
}

/* In .rel order; what is not in the release (optional) stays last. */
static struct names
in_release_order(struct arena *arena, const struct release *release, struct names names)
{
	struct placed *placed = arena_array(arena, struct placed, names.len);
	struct names sorted = {arena_array(arena, struct str, names.len), names.len, NULL};

	for (size_t i = 0; i < names.len; i++) {
		size_t place = 0;
		while (place < release->applications.len &&
			!str_eq(release->applications.at[place].app->name, names.at[i]))
			place++;
		placed[i] = (struct placed){names.at[i], place, i};
	}
	if (names.len > 1)
		qsort(placed, names.len, sizeof(*placed), placed_order);
	for (size_t i = 0; i < names.len; i++)
		sorted.at[i] = placed[i].name;
	return sorted;
}

bool
plan_rewrite(struct fs *fs, const struct release *release, struct plan *plan)
{
	struct arena *arena = fs->arena;

	if (!check_circles(fs, release))
		return false;
	plan->len = release->applications.len;
	plan->at = arena_array(arena, struct planned, plan->len);
	for (size_t i = 0; i < plan->len; i++) {
		const struct release_application *entry = &release->applications.at[i];
		struct names uses = rewrite_uses(arena, release, entry->app);

		plan->at[i] = (struct planned){
			.entry = entry,
			.uses = in_release_order(arena, release, uses),
			.includes = in_release_order(arena, release, entry->included),
		};
	}
	return true;
}
