/* Does a hand-written .appup take care of every module that differs? */
#include "otp/appup_modules.h"
#include "support/arena.h"

struct covered {
	struct names put, removed; /* loaded, gone; as long as the script at most */
	bool all, application_removed, application_added;
};

static void
cover(struct names *names, const struct term *module)
{
	if (module->kind == TERM_ATOM)
		names->at[names->len++] = module->atom;
}

static bool
is_one_of(const struct term *term, const char *words)
{
	struct str rest = {words, strlen(words)}, word;

	while (str_next(&rest, ' ', &word))
		if (term_is_atom(term, word))
			return true;
	return false;
}

static void
look_at(const struct term *instruction, struct str app, struct covered *covered)
{
	const struct term *verb = instruction->items, *what = instruction->items + 1;

	/* The emulator starts with all of the new code. */
	if (is_one_of(instruction, "restart_new_emulator restart_emulator"))
		covered->all = true;
	if (instruction->kind != TERM_TUPLE || instruction->len < 2)
		return;
	if (is_one_of(verb, "load_module update add_module"))
		cover(&covered->put, what);
	else if (term_is_atom(verb, STR("delete_module")))
		cover(&covered->removed, what);
	else if (term_is_atom(verb, STR("load")) && term_is_tuple(what, 3))
		cover(&covered->put, what->items);
	else if (term_is_atom(verb, STR("remove")) && term_is_tuple(what, 3))
		cover(&covered->removed, what->items);
	else if (term_is_atom(what, app)) {
		covered->all |= term_is_atom(verb, STR("restart_application"));
		covered->application_removed |= term_is_atom(verb, STR("remove_application"));
		covered->application_added |= term_is_atom(verb, STR("add_application"));
	}
}

static struct srcpos
entry_pos(const struct appup *appup, const struct appup_entry *entry)
{
	return (struct srcpos){appup->file, entry->version.line, entry->version.column};
}

/* False: reported. */
static bool
check_pair(struct fs *fs, const struct appup_pair *pair, enum appup_direction direction,
	const struct covered *covered, struct srcpos pos)
{
	const struct appup_side *sides = pair->sides;
	const struct appup_module *module =
		sides[sides[APPUP_NEW].module ? APPUP_NEW : APPUP_OLD].module;
	const char *title = direction == APPUP_UP ? "up" : "down", *how, *what;
	bool gone = pair->change == (direction == APPUP_UP ? APPUP_DELETED : APPUP_ADDED);

	/* Other line numbers are worth loading, but whoever wrote this may think otherwise. */
	if (pair->change == APPUP_SAME || pair->change == APPUP_SAME_CODE ||
		names_have(gone ? covered->removed : covered->put, pair->name))
		return true;
	if (pair->change == APPUP_CHANGED) {
		what = "has changed";
		how = sides[APPUP_NEW].kind == APPUP_PLAIN ? "load_module"
							   : "load_module or update";
	} else {
		what = pair->change == APPUP_ADDED ? "is only in the new version"
						   : "is only in the old version";
		how = gone ? "delete_module" : "add_module";
	}
	diag_error(fs->diag, pos,
		"the way %s forgets the module '" STR_FMT
		"', which %s (%s): add an instruction, %s",
		title, STR_ARG(pair->name), what, module->file, how);
	return false;
}

/* Is a name misspelt, so that something stands there and does nothing for the module? */
static void
note_others(struct fs *fs, const struct appup *appup, const struct appup_entry *entry,
	struct str module)
{
	for (size_t i = 0; i < entry->script.len; i++) {
		const struct term *term = &entry->script.items[i];
		if (term->kind == TERM_TUPLE && term->len >= 2 &&
			term->items[0].kind == TERM_ATOM && term_is_atom(&term->items[1], module))
			diag_note(fs->diag, (struct srcpos){appup->file, term->line, term->column},
				"'" STR_FMT "' is here, and is not what the module needs",
				STR_ARG(term->items[0].atom));
	}
}

static bool
check_direction(struct fs *fs, const struct appup *appup, enum appup_direction direction,
	const struct appup_entry *entry, const struct appup_pairs *pairs, struct str app)
{
	struct covered covered = {
		.put.at = arena_array(fs->arena, struct str, entry->script.len),
		.removed.at = arena_array(fs->arena, struct str, entry->script.len),
	};
	bool ok = true;

	for (size_t i = 0; i < entry->script.len; i++)
		look_at(&entry->script.items[i], app, &covered);
	if (covered.all || (covered.application_removed && covered.application_added))
		return true;
	for (size_t i = 0; i < pairs->len; i++)
		if (!check_pair(fs, &pairs->at[i], direction, &covered, entry_pos(appup, entry))) {
			note_others(fs, appup, entry, pairs->at[i].name);
			ok = false;
		}
	return ok;
}

bool
appup_check(struct fs *fs, const struct appup *appup, const struct appup_version *old,
	const struct appup_version *new, unsigned otp)
{
	struct appup_pairs pairs;
	bool ok = true;

	(void)otp;
	if (!appup_pairs(fs, old, new, false, &pairs))
		return false;
	for (int direction = APPUP_UP; direction <= APPUP_DOWN; direction++) {
		unsigned before = fs->diag->errors;
		const struct appup_entry *entry =
			appup_find(fs, appup, (enum appup_direction)direction, old->app->version);

		/* Without an entry there is nothing that could forget. */
		if (fs->diag->errors != before ||
			(entry && !check_direction(fs, appup, (enum appup_direction)direction,
					  entry, &pairs, new->app->name)))
			ok = false;
	}
	return ok;
}
