#include "otp/release.h"

#include <stdlib.h>

#include "support/arena.h"

/* An application of the release in the making. */
struct node {
	struct application *app;
	const struct resolve_request *request; /* NULL: only needed by others */
	size_t asked;                          /* the place of the request */
	enum otp_start strength;               /* how it must run, as part of another too */
	bool included;                         /* by another application */
};

/* A dependency that no search folder holds. */
struct absence {
	struct str name;
	const struct application *asker;
	struct srcpos pos;
	size_t seq, first; /* order of finding: its own, and that of the first one with this name */
};

struct resolver {
	struct fs *fs;
	struct search *search;
	VEC(struct node) nodes; /* as found: what is asked for, then breadth first */
	VEC(struct absence) absences;
	size_t expanded; /* nodes whose needs are known */
	bool elixir;     /* is in the release */
	bool ok;
};

static struct node *
node_find(struct resolver *r, struct str name)
{
	for (size_t i = 0; i < r->nodes.len; i++)
		if (str_eq(r->nodes.at[i].app->name, name))
			return &r->nodes.at[i];
	return NULL;
}

/* --- which applications --- */

static void
add_request(struct resolver *r, const struct resolve_request *request)
{
	struct node *node = node_find(r, request->name);
	struct application *app;

	if (node) {
		r->ok = diag_error(r->fs->diag, request->pos,
			"'" STR_FMT "' is asked for twice; remove one", STR_ARG(request->name));
		diag_note(r->fs->diag, node->request->pos, "first asked for here");
		return;
	}
	app = search_find(r->search, request->name, request->version, request->pos);
	if (!app) {
		r->ok = false;
		return;
	}
	struct node new = {
		.app = app, .request = request, .asked = r->nodes.len, .strength = request->start};
	vec_push(r->fs->arena, &r->nodes, new);
}

static void
add_needed(struct resolver *r, const struct application *asker, struct names names, bool included)
{
	for (size_t i = 0; i < names.len; i++) {
		struct str name = names.at[i];
		struct srcpos pos = application_pos(asker, names, i);
		struct node *node = node_find(r, name);
		struct node new = {0};

		if (!node && !search_has(r->search, name)) {
			struct absence absence = {
				.name = name, .asker = asker, .pos = pos, .seq = r->absences.len};
			if (included || !names_have(asker->optional, name))
				vec_push(r->fs->arena, &r->absences, absence);
			continue;
		}
		if (!node) {
			new.app = search_find(r->search, name, STR(""), pos);
			if (!new.app) {
				r->ok = false;
				continue;
			}
			vec_push(r->fs->arena, &r->nodes, new);
			node = &r->nodes.at[r->nodes.len - 1];
		}
		if (included)
			node->included = true;
	}
}

static int
by_name(const void *pa, const void *pb)
{
	const struct absence *a = pa, *b = pb;
	int order = name_order(a->name, b->name);

	return order ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

static int
by_first(const void *pa, const void *pb)
{
	const struct absence *a = pa, *b = pb;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->seq > b->seq) - (a->seq < b->seq);
}

/* Each name once, as they were found, with all that need it. */
static void
report_absences(struct resolver *r)
{
	struct absence *at = r->absences.at;
	size_t len = r->absences.len;

	if (len == 0)
		return;
	r->ok = false;
	qsort(at, len, sizeof(*at), by_name);
	for (size_t i = 0; i < len; i++)
		at[i].first =
			i > 0 && str_eq(at[i].name, at[i - 1].name) ? at[i - 1].first : at[i].seq;
	qsort(at, len, sizeof(*at), by_first);
	for (size_t i = 0; i < len; i++) {
		if (at[i].seq == at[i].first)
			(void)search_find(r->search, at[i].name, STR(""), at[i].pos); /* reports */
		diag_note(r->fs->diag, at[i].pos, "'" STR_FMT "' needs it",
			STR_ARG(at[i].asker->name));
	}
}

static void
add_all_needed(struct resolver *r)
{
	for (; r->expanded < r->nodes.len; r->expanded++) {
		const struct application *app = r->nodes.at[r->expanded].app;
		add_needed(r, app, app->applications, false);
		add_needed(r, app, app->included, true);
	}
}

/* As mix: the shell is always at hand, for `remote`. */
static void
add_iex(struct resolver *r, struct srcpos pos)
{
	struct resolve_request *request = arena_new(r->fs->arena, struct resolve_request);

	r->elixir = node_find(r, STR("elixir")) != NULL;
	if (!r->elixir || node_find(r, STR("iex")) || !search_has(r->search, STR("iex")))
		return;
	*request = (struct resolve_request){
		.name = STR("iex"), .start = OTP_NONE, .start_given = true, .pos = pos};
	add_request(r, request);
	add_all_needed(r);
}

/* --- how they start --- */

/* One round of passing a start type on to what is needed; false when nothing changed. */
static bool
pass_strength(struct resolver *r, struct names names, enum otp_start strength)
{
	bool changed = false;

	for (size_t i = 0; i < names.len; i++) {
		struct node *needed = node_find(r, names.at[i]);
		if (!needed || needed->request || needed->strength >= strength)
			continue;
		needed->strength = strength;
		changed = true;
	}
	return changed;
}

static void
pass_strengths(struct resolver *r)
{
	bool changed = true;

	while (changed) { /* strengths only grow */
		changed = false;
		for (size_t i = 0; i < r->nodes.len; i++) {
			const struct node *node = &r->nodes.at[i];
			enum otp_start within = r->elixir ? OTP_LOAD : node->strength;
			if (pass_strength(r, node->app->applications, node->strength))
				changed = true;
			if (pass_strength(r, node->app->included, within))
				changed = true;
		}
	}
}

static void
check_node(struct resolver *r, const struct node *node)
{
	const struct application *app = node->app;
	struct str as = otp_start_name(node->strength);

	for (size_t i = 0; i < app->applications.len && otp_start_runs(node->strength); i++) {
		const struct node *needed = node_find(r, app->applications.at[i]);
		if (!needed || needed->included || otp_start_runs(needed->strength))
			continue;

		struct str is = otp_start_name(needed->strength);
		r->ok = diag_error(r->fs->diag,
			needed->request ? needed->request->pos
					: application_pos(app, app->applications, i),
			"'" STR_FMT "' has start type '" STR_FMT "', but '" STR_FMT "' ('" STR_FMT
			"') needs it running; start '" STR_FMT "' too, or give '" STR_FMT
			"' the start type load or none",
			STR_ARG(needed->app->name), STR_ARG(is), STR_ARG(app->name), STR_ARG(as),
			STR_ARG(needed->app->name), STR_ARG(app->name));
	}
}

/* Does it run, by itself or as part of another? */
static bool
runs_within(struct resolver *r, const struct node *node)
{
	for (size_t steps = 0; node && steps <= r->nodes.len; steps++) {
		const struct node *by = NULL;

		if (!node->included || otp_start_runs(node->strength))
			return otp_start_runs(node->strength);
		for (size_t i = 0; i < r->nodes.len && !by; i++)
			if (names_have(r->nodes.at[i].app->included, node->app->name))
				by = &r->nodes.at[i];
		node = by;
	}
	return false;
}

/* mix only loads what an included application needs, and so do we then; but we say so. */
static void
warn_of_parts(struct resolver *r, const struct node *node)
{
	const struct application *app = node->app;

	if (!node->included || otp_start_runs(node->strength) || !runs_within(r, node))
		return;
	for (size_t i = 0; i < app->applications.len; i++) {
		const struct node *needed = node_find(r, app->applications.at[i]);
		if (!needed || needed->request || needed->included ||
			otp_start_runs(needed->strength))
			continue;
		diag_warning(r->fs->diag, application_pos(app, app->applications, i),
			"'" STR_FMT
			"' is loaded but not started, as in mix release, although '" STR_FMT
			"' needs it, which runs as an included application; list '" STR_FMT
			"' in applications",
			STR_ARG(needed->app->name), STR_ARG(app->name), STR_ARG(needed->app->name));
	}
}

static void
check_mandatory(struct resolver *r)
{
	static const struct str mandatory[] = {STR_INIT("kernel"), STR_INIT("stdlib")};

	for (size_t i = 0; i < 2; i++) {
		const struct node *node = node_find(r, mandatory[i]);
		if (node && node->request && node->strength != OTP_PERMANENT)
			r->ok = diag_error(r->fs->diag, node->request->pos,
				"'" STR_FMT "' must have start type 'permanent', not '" STR_FMT
				"' [mandatory_app]",
				STR_ARG(mandatory[i]), STR_ARG(otp_start_name(node->strength)));
	}
}

/* --- the release --- */

/* What is asked for in the order of asking, then the others by name. */
static int
node_order(const void *pa, const void *pb)
{
	const struct node *a = pa, *b = pb;

	if (!a->request != !b->request)
		return a->request ? -1 : 1;
	if (a->request)
		return (a->asked > b->asked) - (a->asked < b->asked);
	return name_order(a->app->name, b->app->name);
}

static void
fill_release(struct resolver *r, struct release *release)
{
	qsort(r->nodes.at, r->nodes.len, sizeof(*r->nodes.at), node_order);
	for (size_t i = 0; i < r->nodes.len; i++) {
		const struct node *node = &r->nodes.at[i];
		bool given = node->request && node->request->start_given;
		struct release_application entry = {
			.app = node->app,
			.start = node->included && !given ? OTP_LOAD : node->strength,
			.included = node->app->included,
			.included_given = node->app->included.len > 0,
			.start_given = true,
			.pos = node->request ? node->request->pos : node->app->pos,
		};
		vec_push(r->fs->arena, &release->applications, entry);
	}
}

static bool
is_asked(struct str name, const struct resolve_request *requests, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (str_eq(requests[i].name, name))
			return true;
	return false;
}

/* In order. No release is without kernel and stdlib: first, unless they are asked for elsewhere. */
static void
add_requests(struct resolver *r, const struct resolve_request *requests, size_t len,
	const struct release *release)
{
	static const struct str first[] = {STR_INIT("kernel"), STR_INIT("stdlib")};

	for (size_t i = 0; i < 2; i++) {
		struct resolve_request *own = arena_new(r->fs->arena, struct resolve_request);

		*own = (struct resolve_request){
			.name = first[i], .start = OTP_PERMANENT, .pos = release->pos};
		if (!is_asked(first[i], requests, len))
			add_request(r, own);
	}
	for (size_t i = 0; i < len; i++)
		add_request(r, &requests[i]);
}

bool
resolve(struct fs *fs, struct search *search, const struct resolve_request *requests, size_t len,
	struct names unchecked, struct release *release)
{
	struct resolver r = {.fs = fs, .search = search, .ok = true};

	add_requests(&r, requests, len, release);
	add_all_needed(&r);
	add_iex(&r, release->pos);
	report_absences(&r);
	if (!r.ok)
		return false;

	pass_strengths(&r);
	check_mandatory(&r);
	for (size_t i = 0; i < r.nodes.len; i++) {
		if (!names_have(unchecked, r.nodes.at[i].app->name))
			check_node(&r, &r.nodes.at[i]);
		if (r.elixir)
			warn_of_parts(&r, &r.nodes.at[i]);
	}
	fill_release(&r, release);
	return r.ok;
}
