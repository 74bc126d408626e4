#include "otp/appup.h"

#include "otp/release.h"
#include "support/arena.h"
#include "support/regex.h"

static struct srcpos
position(const char *file, const struct term *term)
{
	return (struct srcpos){file, term->line, term->column};
}

static bool
is_binary(const struct term *term)
{
	return term->kind == TERM_BITS && term->bits.unused == 0;
}

/* {Vsn, [Instruction]}; what systools passes over is passed over here, but not in silence. */
static bool
take_entry(
	struct fs *fs, const struct term *term, struct appup *appup, struct appup_entries *entries)
{
	struct str version;

	if (!term_is_tuple(term, 2) ||
		(!is_binary(&term->items[0]) && !term_text(fs->arena, &term->items[0], &version))) {
		diag_warning(fs->diag, position(appup->file, term),
			"this is no {Vsn, [Instruction, ...]} with a string or, for a regular "
			"expression, a binary as Vsn, and is ignored");
		return true;
	}
	if (!term_is_proper_list(&term->items[1]))
		return diag_error(fs->diag, position(appup->file, &term->items[1]),
			"what to do must be a list of instructions; [] does nothing");

	struct appup_entry entry = {term->items[0], term->items[1]};
	vec_push(fs->arena, entries, entry);
	return true;
}

bool
appup_parse(struct fs *fs, struct str text, const char *file, unsigned otp, struct appup *appup)
{
	struct term term;
	bool ok = true;

	*appup = (struct appup){.file = file};
	if (!term_parse(fs->arena, text, file, otp, &term, fs->diag))
		return false;
	if (!term_is_tuple(&term, 3))
		return diag_error(fs->diag, position(file, &term),
			"an .appup holds {\"Vsn\", [{From, [Instruction, ...]}, ...], "
			"[{To, [Instruction, ...]}, ...]}, this one does not [file_problem]");
	if (!term_text(fs->arena, &term.items[0], &appup->version))
		ok = diag_error(fs->diag, position(file, &term.items[0]),
			"the version must be a string, as in the .app");
	for (size_t k = 0; k < 2; k++) {
		const struct term *list = &term.items[1 + k];

		if (!term_is_proper_list(list)) {
			ok = diag_error(fs->diag, position(file, list),
				"the %s must be a list of {Vsn, [Instruction, ...]}",
				k == APPUP_UP ? "upgrades" : "downgrades");
			continue;
		}
		for (size_t i = 0; i < list->len; i++)
			if (!take_entry(fs, &list->items[i], appup, &appup->entries[k]))
				ok = false;
	}
	return ok;
}

/* False: *fault; else whether `entry` means `version` is in *means. */
static bool
entry_means(struct fs *fs, const struct appup *appup, const struct appup_entry *entry,
	struct str version, bool *means)
{
	struct str text;
	const char *fault;

	if (!is_binary(&entry->version)) {
		*means = term_text(fs->arena, &entry->version, &text) && str_eq(text, version);
		return true;
	}

	enum regex_answer answer =
		regex_is_whole(fs->arena, entry->version.bits.bytes, version, &fault);
	*means = answer == REGEX_YES;
	return answer != REGEX_FAULTY ||
	       diag_error(fs->diag, position(appup->file, &entry->version),
		       "the regular expression for versions fails on \"" STR_FMT
		       "\": %s; write a simpler one, or the version itself as a string",
		       STR_ARG(version), fault);
}

const struct appup_entry *
appup_find(struct fs *fs, const struct appup *appup, enum appup_direction direction,
	struct str version)
{
	const struct appup_entries *entries = &appup->entries[direction];
	bool means;

	for (size_t i = 0; i < entries->len; i++) {
		if (!entry_means(fs, appup, &entries->at[i], version, &means))
			return NULL;
		if (means)
			return &entries->at[i];
	}
	return NULL;
}

struct str
appup_text(struct arena *arena, const struct appup *appup, unsigned otp)
{
	struct term lists[2];

	for (size_t k = 0; k < 2; k++) {
		const struct appup_entries *entries = &appup->entries[k];
		struct term *items = arena_array(arena, struct term, entries->len);

		for (size_t i = 0; i < entries->len; i++)
			items[i] = TERM_TUPLE(arena, entries->at[i].version, entries->at[i].script);
		lists[k] = term_list(arena, items, entries->len);
	}

	struct term term =
		TERM_TUPLE(arena, term_string(arena, appup->version), lists[0], lists[1]);
	return term_file_text(arena, &term, otp);
}
