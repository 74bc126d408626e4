#include "otp/relup.h"

#include "otp/relup_script.h"
#include "support/arena.h"

/* The .appup of an application of the new release, looked for once. */
struct known_appup {
	bool asked, found;
	struct appup appup;
};

struct making {
	struct fs *fs;
	const struct release *top;
	struct plan plan; /* of the new release */
	const struct relup_options *options;
	struct known_appup *appups; /* by place in the plan */
};

/* One base in one direction. */
struct way {
	struct making *m;
	const struct relup_base *base;
	struct scripting scripting;
	VEC(struct instructions) scripts;
};

/* --- .appup files --- */

static bool
find_beside(struct fs *fs, const struct application *app, unsigned otp, struct srcpos pos,
	struct appup *appup)
{
	struct buf name = {.arena = fs->arena};
	struct str text, path;
	struct stat st;

	buf_printf(&name, STR_FMT ".appup", STR_ARG(app->name));
	path = fs_join(fs->arena, app->ebin, buf_view(&name));
	fs_input(fs, path);
	if (!fs_stat(fs, path, &st))
		return diag_error(fs->diag, pos,
			"'" STR_FMT "' " STR_FMT " has no " STR_FMT
			", which says how its other versions become this one and back; write it, "
			"or make it with `beamrel appup` [file_problem]",
			STR_ARG(app->name), STR_ARG(app->version), STR_ARG(path));
	return fs_read(fs, path, pos, &text) &&
	       appup_parse(fs, text, fs_cstr(fs->arena, path), otp, appup);
}

/* NULL: reported, when it was asked for first. */
static const struct appup *
appup_of(struct making *m, size_t index, struct srcpos pos)
{
	struct known_appup *known = &m->appups[index];
	const struct application *app = m->plan.at[index].entry->app;

	if (known->asked)
		return known->found ? &known->appup : NULL;
	known->asked = true;
	known->found = m->options->find
			       ? m->options->find(m->options->context, app, pos, &known->appup)
			       : find_beside(m->fs, app, m->top->otp, pos, &known->appup);
	if (known->found && !str_eq(known->appup.version, app->version))
		diag_warning(m->fs->diag, (struct srcpos){known->appup.file, 1, 1},
			"the .appup is for version \"" STR_FMT "\" of '" STR_FMT
			"', the .app is of \"" STR_FMT "\" [bad_vsn]",
			STR_ARG(known->appup.version), STR_ARG(app->name), STR_ARG(app->version));
	return known->found ? &known->appup : NULL;
}

/* --- the scripts of one way --- */

static bool
collect_appup(struct way *w, size_t index, const struct release_application *other)
{
	struct making *m = w->m;
	const struct release_application *entry = m->plan.at[index].entry;
	enum appup_direction direction = w->scripting.direction;
	const struct appup *appup = appup_of(m, index, entry->pos);
	struct instructions script = {0};
	unsigned errors = m->fs->diag->errors;

	if (!appup)
		return false;
	const struct appup_entry *found = appup_find(m->fs, appup, direction, other->app->version);
	if (!found)
		return m->fs->diag->errors == errors &&
		       diag_error(m->fs->diag, (struct srcpos){appup->file, 1, 1},
			       "there is no entry %s version \"" STR_FMT "\" of '" STR_FMT
			       "'; add {\"" STR_FMT "\", [Instruction, ...]} to the %s list "
			       "[no_relup]",
			       direction == APPUP_UP ? "from" : "back to",
			       STR_ARG(other->app->version), STR_ARG(other->app->name),
			       STR_ARG(other->app->version),
			       direction == APPUP_UP ? "first" : "second");
	if (!script_expand(&w->scripting, &found->script, appup->file, &script))
		return false;
	vec_push(m->fs->arena, &w->scripts, script);
	return true;
}

static bool
collect_appups(struct way *w)
{
	const struct plan *plan = &w->m->plan;
	bool ok = true;

	for (size_t i = 0; i < plan->len; i++) {
		const struct application *app = plan->at[i].entry->app;
		const struct release_application *other = release_find(w->base->release, app->name);

		if (other && !str_eq(other->app->version, app->version))
			ok = collect_appup(w, i, other) && ok;
	}
	return ok;
}

static void
collect_one(struct way *w, struct term term, struct srcpos pos)
{
	struct instructions script = {0};
	struct instruction origin = {.term = term, .file = pos.file};

	origin.term.line = pos.line;
	origin.term.column = pos.column;
	script_add(&w->scripting, &script, term, &origin);
	vec_push(w->m->fs->arena, &w->scripts, script);
}

static void
collect_added(struct way *w, const struct release *from, const struct release *to)
{
	for (size_t i = 0; i < to->applications.len; i++) {
		const struct release_application *entry = &to->applications.at[i];

		if (!release_find(from, entry->app->name))
			collect_one(w,
				TERM_TUPLE(w->m->fs->arena, term_atom(STR("add_application")),
					term_atom(entry->app->name),
					term_atom(otp_start_name(entry->start))),
				entry->pos);
	}
}

static void
collect_removed(struct way *w, const struct release *from, const struct release *to)
{
	for (size_t i = 0; i < from->applications.len; i++) {
		const struct release_application *entry = &from->applications.at[i];

		if (!release_find(to, entry->app->name))
			collect_one(w,
				TERM_TUPLE(w->m->fs->arena, term_atom(STR("remove_application")),
					term_atom(entry->app->name)),
				entry->pos);
	}
}

/* All scripts in their order. */
static bool
collect(struct way *w)
{
	struct making *m = w->m;
	bool up = w->scripting.direction == APPUP_UP;
	const struct release *from = up ? w->base->release : m->top;
	const struct release *to = up ? m->top : w->base->release;
	/* OTP 23 forgets that what is removed may still be used by what is upgraded. */
	bool removes_first = m->top->otp < 24, ok;

	if (!str_eq(m->top->erts, w->base->release->erts)) {
		diag_warning(m->fs->diag, m->top->pos,
			"ERTS " STR_FMT " of version " STR_FMT " is not the " STR_FMT
			" of version " STR_FMT
			", so the emulator restarts on the way; processes and what they hold end "
			"[erts_vsn_changed]",
			STR_ARG(m->top->erts), STR_ARG(m->top->version),
			STR_ARG(w->base->release->erts), STR_ARG(w->base->release->version));
		collect_one(w, term_atom(STR("restart_new_emulator")), m->top->pos);
	}
	if (removes_first)
		collect_removed(w, from, to);
	collect_added(w, from, to);
	ok = collect_appups(w);
	if (!removes_first)
		collect_removed(w, from, to);
	if (m->options->restart_emulator)
		collect_one(w, term_atom(STR("restart_emulator")), m->top->pos);
	return ok;
}

/* Before sasl 2.2 (R15) release_handler could restart the emulator only as the last thing. */
static void
restart_last(struct way *w, struct term *script)
{
	struct arena *arena = w->m->fs->arena;
	const struct release_application *sasl = release_find(w->base->release, STR("sasl"));
	VEC(struct term) items = {0};
	bool found = false;

	if (w->scripting.direction != APPUP_UP || script->len == 0 ||
		!term_is_atom(&script->items[0], STR("restart_new_emulator")) || !sasl ||
		str_order(sasl->app->version, STR("2.2")) >= 0)
		return;
	for (size_t i = 1; i < script->len; i++) {
		bool again = term_is_atom(&script->items[i], STR("restart_emulator"));

		if (!again || found)
			vec_push(arena, &items, script->items[i]);
		found = found || again;
	}
	vec_push(arena, &items, script->items[0]);
	*script = term_list(arena, items.at, items.len);
	diag_warning(w->m->fs->diag, sasl->pos,
		"sasl " STR_FMT " is from before OTP R15: new code must be compiled with the old "
		"OTP, for it is loaded before the emulator restarts [pre_R15_emulator_upgrade]",
		STR_ARG(sasl->app->version));
}

/* --- releases --- */

static bool
make_plan(struct fs *fs, const struct release *release, struct plan *plan)
{
	struct boot_options options = {.no_warn_sasl = true};

	if (!plan_make(fs, release, &options, plan))
		return false;
	return release_find(release, STR("sasl")) ||
	       diag_error(fs->diag, release->pos,
		       "release '" STR_FMT "' " STR_FMT
		       " has no 'sasl', whose release_handler does the upgrade; a release "
		       "without it can only be stopped and replaced [missing_sasl]",
		       STR_ARG(release->name), STR_ARG(release->version));
}

static bool
make_way(struct making *m, const struct relup_base *base, enum appup_direction direction,
	struct term *entry)
{
	struct plan plan = {0};
	bool up = direction == APPUP_UP;
	struct way way = {
		.m = m,
		.base = base,
		.scripting = {m->fs, m->top->otp, direction, up ? &m->plan : &plan,
			up ? &plan : &m->plan},
	};
	struct term script;

	if (!make_plan(m->fs, base->release, &plan) || !collect(&way) ||
		!script_translate(&way.scripting, way.scripts.at, way.scripts.len, &script))
		return false;
	restart_last(&way, &script);
	*entry = TERM_TUPLE(m->fs->arena, term_string(m->fs->arena, base->release->version),
		base->description, script);
	return true;
}

/* The last base comes first. */
static bool
make_ways(struct making *m, const struct relup_base *bases, size_t len,
	enum appup_direction direction, struct term *list)
{
	struct term *entries = arena_array(m->fs->arena, struct term, len);
	bool ok = true;

	for (size_t i = 0; i < len; i++)
		ok = make_way(m, &bases[i], direction, &entries[len - 1 - i]) && ok;
	*list = term_list(m->fs->arena, entries, len);
	return ok;
}

/* What several bases have found in the same place is told once. */
static void
drop_repeats(struct diag *diag, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < diag->messages.len; i++) {
		struct diag_message *message = &diag->messages.at[i];
		bool repeated = false;

		for (size_t k = from; k < kept && !repeated; k++) {
			const struct diag_message *other = &diag->messages.at[k];
			repeated = other->level == message->level &&
				   other->pos.line == message->pos.line &&
				   other->pos.column == message->pos.column &&
				   strcmp(other->text, message->text) == 0 &&
				   (other->pos.file == message->pos.file ||
					   (other->pos.file && message->pos.file &&
						   !strcmp(other->pos.file, message->pos.file)));
		}
		if (!repeated)
			diag->messages.at[kept++] = *message;
		else if (message->level == DIAG_ERROR)
			diag->errors--;
	}
	diag->messages.len = kept;
}

bool
relup_make(struct fs *fs, const struct release *top, const struct relup_base *up, size_t up_len,
	const struct relup_base *down, size_t down_len, const struct relup_options *options,
	struct term *relup)
{
	struct making m = {.fs = fs, .top = top, .options = options};
	size_t messages = fs->diag->messages.len;
	struct term lists[2];
	bool ok;

	if (!make_plan(fs, top, &m.plan))
		return false;
	m.appups = arena_array(fs->arena, struct known_appup, m.plan.len);
	ok = make_ways(&m, up, up_len, APPUP_UP, &lists[0]);
	ok = make_ways(&m, down, down_len, APPUP_DOWN, &lists[1]) && ok;
	drop_repeats(fs->diag, messages);
	if (!ok)
		return false;
	*relup = TERM_TUPLE(fs->arena, term_string(fs->arena, top->version), lists[0], lists[1]);
	return true;
}
