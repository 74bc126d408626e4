#include "otp/release.h"

#include <stdlib.h>

#include "support/arena.h"

/* An application of the release in the making. */
struct node {
	struct application *app;
	const struct resolve_request *request; /* NULL: only needed by others */
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
	struct node new = {.app = app, .request = request, .strength = request->start};
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

/* --- how they start --- */

/* One round of passing start types on to what is needed; false when nothing changed. */
static bool
pass_strength(struct resolver *r, const struct node *node, struct names names)
{
	bool changed = false;

	for (size_t i = 0; i < names.len; i++) {
		struct node *needed = node_find(r, names.at[i]);
		if (!needed || needed->request || needed->strength >= node->strength)
			continue;
		needed->strength = node->strength;
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
			if (pass_strength(r, node, node->app->applications))
				changed = true;
			if (pass_strength(r, node, node->app->included))
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

static int
node_order(const void *a, const void *b)
{
	return name_order(((const struct node *)a)->app->name, ((const struct node *)b)->app->name);
}

static void
fill_release(struct resolver *r, size_t asked, struct release *release)
{
	if (r->nodes.len > asked)
		qsort(r->nodes.at + asked, r->nodes.len - asked, sizeof(*r->nodes.at), node_order);
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

/* kernel and stdlib first, as asked for or permanent; then the others. */
static void
add_requests(struct resolver *r, const struct resolve_request *requests, size_t len,
	const struct release *release)
{
	static const struct str first[] = {STR_INIT("kernel"), STR_INIT("stdlib")};
	bool *taken = arena_array(r->fs->arena, bool, len);

	for (size_t k = 0; k < 2; k++) {
		struct resolve_request *own = arena_new(r->fs->arena, struct resolve_request);
		const struct resolve_request *use = own;

		*own = (struct resolve_request){
			.name = first[k], .start = OTP_PERMANENT, .pos = release->pos};
		for (size_t i = 0; i < len && use == own; i++) {
			if (str_eq(requests[i].name, first[k])) {
				use = &requests[i];
				taken[i] = true;
			}
		}
		add_request(r, use);
	}
	for (size_t i = 0; i < len; i++)
		if (!taken[i])
			add_request(r, &requests[i]);
}

bool
resolve(struct fs *fs, struct search *search, const struct resolve_request *requests, size_t len,
	struct release *release)
{
	struct resolver r = {.fs = fs, .search = search, .ok = true};

	add_requests(&r, requests, len, release);
	size_t asked = r.nodes.len;
	for (size_t i = 0; i < r.nodes.len; i++) {
		const struct application *app = r.nodes.at[i].app;
		add_needed(&r, app, app->applications, false);
		add_needed(&r, app, app->included, true);
	}
	report_absences(&r);
	if (!r.ok)
		return false;

	pass_strengths(&r);
	check_mandatory(&r);
	for (size_t i = 0; i < r.nodes.len; i++)
		check_node(&r, &r.nodes.at[i]);
	fill_release(&r, asked, release);
	return r.ok;
}
