#include "otp/application.h"

#include <stddef.h>
#include <stdlib.h>

#include "support/arena.h"
#include "support/path.h"

struct srcpos
application_pos(const struct application *app, struct names names, size_t i)
{
	struct srcpos pos = app->pos;

	if (names.items && i < names.len && names.items[i].line) {
		pos.line = names.items[i].line;
		pos.column = names.items[i].column;
	}
	return pos;
}

struct str
application_folder(struct arena *arena, const struct application *app)
{
	struct buf folder = {.arena = arena};

	buf_str(&folder, app->name);
	buf_byte(&folder, '-');
	buf_str(&folder, app->version);
	return buf_view(&folder);
}

/* --- the keys --- */

enum value_kind { VALUE_TEXT, VALUE_STRING, VALUE_NAMES, VALUE_MOD, VALUE_PAIRS, VALUE_LIMIT };

/* What a value must be, for messages. */
static const char *const value_must_be[] = {
	[VALUE_TEXT] = "a string",
	[VALUE_STRING] = "a string",
	[VALUE_NAMES] = "a list of atoms",
	[VALUE_MOD] = "{Module, Arguments}",
	[VALUE_PAIRS] = "a list of {Atom, Value}",
	[VALUE_LIMIT] = "a number above 0, or infinity",
};

struct key {
	struct str name;
	enum value_kind kind;
	size_t offset; /* in struct application */
	bool required;
	unsigned since; /* the first OTP that knows it */
};

#define KEY(text, k, member) \
	.name = STR_INIT(text), .kind = (k), .offset = offsetof(struct application, member)

/* In the order in which systools looks at them: its error is that of the first faulty one. */
static const struct key keys[] = {
	{KEY("vsn", VALUE_TEXT, version), .required = true},
	{KEY("id", VALUE_STRING, id)},
	{KEY("description", VALUE_STRING, description), .required = true},
	{KEY("modules", VALUE_NAMES, modules), .required = true},
	{KEY("registered", VALUE_NAMES, registered), .required = true},
	{KEY("applications", VALUE_NAMES, applications), .required = true},
	{KEY("optional_applications", VALUE_NAMES, optional), .since = 24},
	{KEY("included_applications", VALUE_NAMES, included)},
	{KEY("mod", VALUE_MOD, mod)},
	{KEY("start_phases", VALUE_PAIRS, start_phases)},
	{KEY("env", VALUE_PAIRS, env)},
	{KEY("maxT", VALUE_LIMIT, max_time)},
	{KEY("maxP", VALUE_LIMIT, max_processes)},
};

struct reader {
	struct fs *fs;
	struct application *app;
	unsigned otp;
	bool ok;
};

static void *
member(struct reader *reader, const struct key *key)
{
	return (char *)reader->app + key->offset;
}

static bool
is_pairs(const struct term *value)
{
	if (!term_is_proper_list(value))
		return false;
	for (size_t i = 0; i < value->len; i++)
		if (!term_is_tuple(&value->items[i], 2) ||
			value->items[i].items[0].kind != TERM_ATOM)
			return false;
	return true;
}

static bool
is_limit(const struct term *value)
{
	return (value->kind == TERM_INTEGER && value->integer > 0) ||
	       (value->kind == TERM_BIG && !value->big.negative) ||
	       term_is_atom(value, STR("infinity"));
}

static bool
is_empty_list(const struct term *value)
{
	return term_is_proper_list(value) && value->len == 0;
}

/* `mod` may be [] and `start_phases` undefined: both mean that there are none. */
static bool
take_optional(struct reader *reader, const struct key *key, const struct term *value)
{
	struct term *to = member(reader, key);

	if (key->kind == VALUE_MOD) {
		if (is_empty_list(value))
			return true;
		reader->app->has_mod = true;
		*to = *value;
		return term_is_tuple(value, 2) && value->items[0].kind == TERM_ATOM;
	}
	if (to == &reader->app->start_phases) {
		if (term_is_atom(value, STR("undefined")))
			return true;
		reader->app->has_start_phases = true;
	}
	*to = *value;
	return is_pairs(value);
}

static bool
take_value(struct reader *reader, const struct key *key, const struct term *value)
{
	struct arena *arena = reader->fs->arena;
	struct str text;

	switch (key->kind) {
	case VALUE_TEXT:
		return term_text(arena, value, member(reader, key));
	case VALUE_STRING:
		*(struct term *)member(reader, key) = *value;
		return term_text(arena, value, &text);
	case VALUE_NAMES:
		return names_take(arena, value, member(reader, key));
	case VALUE_MOD:
	case VALUE_PAIRS:
		return take_optional(reader, key, value);
	case VALUE_LIMIT:
		*(struct term *)member(reader, key) = *value;
		return is_limit(value);
	}
	return false;
}

struct listed {
	struct str name;
	size_t place;
};

static int
listed_order(const void *pa, const void *pb)
{
	const struct listed *a = pa, *b = pb;
	int order = name_order(a->name, b->name);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* From OTP 27 on, a name may stand only once in a list. */
static void
check_repeats(struct reader *reader, const struct key *key)
{
	struct names *names = member(reader, key);
	struct listed *sorted = arena_array(reader->fs->arena, struct listed, names->len);

	for (size_t i = 0; i < names->len; i++)
		sorted[i] = (struct listed){names->at[i], i};
	if (names->len > 1)
		qsort(sorted, names->len, sizeof(*sorted), listed_order);
	for (size_t i = 1; i < names->len; i++) {
		if (!str_eq(sorted[i - 1].name, sorted[i].name))
			continue;
		reader->ok = diag_error(reader->fs->diag,
			application_pos(reader->app, *names, sorted[i].place),
			"'" STR_FMT "' stands twice in '" STR_FMT
			"', which OTP %u does not take; remove one [dupl_entry]",
			STR_ARG(sorted[i].name), STR_ARG(key->name), reader->otp);
	}
}

static void
set_default(struct reader *reader, const struct key *key)
{
	struct term *to = member(reader, key);

	if (key->kind == VALUE_LIMIT)
		*to = term_atom(STR("infinity"));
	else if (key->kind == VALUE_STRING || key->kind == VALUE_PAIRS)
		*to = term_list(reader->fs->arena, NULL, 0);
}

static void
read_key(struct reader *reader, const struct key *key, const struct term *dict)
{
	enum { REPEATS_ARE_ERRORS_SINCE = 27 };
	struct srcpos pos = reader->app->pos;
	const struct term *pair = NULL;

	for (size_t i = 0; i < dict->len && !pair; i++) {
		const struct term *item = &dict->items[i];
		if (item->kind == TERM_TUPLE && item->len > 0 &&
			term_is_atom(&item->items[0], key->name))
			pair = item;
	}
	if (pair && pair->line)
		pos.line = pair->line, pos.column = pair->column;

	set_default(reader, key);
	if (!pair && !key->required)
		return;
	if (!pair || pair->len != 2)
		reader->ok = diag_error(reader->fs->diag, pos,
			"the .app has no {" STR_FMT ", ...}; add it: it must be %s [missing_param]",
			STR_ARG(key->name), value_must_be[key->kind]);
	else if (!take_value(reader, key, &pair->items[1]))
		reader->ok =
			diag_error(reader->fs->diag, pos, "'" STR_FMT "' must be %s [bad_param]",
				STR_ARG(key->name), value_must_be[key->kind]);
	else if (key->kind == VALUE_NAMES && reader->otp >= REPEATS_ARE_ERRORS_SINCE)
		check_repeats(reader, key);
}

/* A key of mix's own, which OTP does not look at. */
static struct term
find_compile_env(struct arena *arena, const struct term *dict)
{
	for (size_t i = 0; i < dict->len; i++) {
		const struct term *pair = &dict->items[i];
		if (term_is_tuple(pair, 2) && term_is_atom(&pair->items[0], STR("compile_env")) &&
			term_is_proper_list(&pair->items[1]))
			return pair->items[1];
	}
	return term_list(arena, NULL, 0);
}

/* --- the file --- */

bool
application_parse(
	struct fs *fs, struct str app_file, unsigned otp, struct srcpos pos, struct term *term)
{
	struct str text;

	return fs_read(fs, app_file, pos, &text) &&
	       term_parse(fs->arena, text, fs_cstr(fs->arena, app_file), otp, term, fs->diag);
}

bool
application_take(struct fs *fs, const struct term *term, struct str app_file, unsigned otp,
	struct application *app)
{
	struct reader reader = {fs, app, otp, true};

	*app = (struct application){
		.ebin = path_parent(app_file),
		.pos = {fs_cstr(fs->arena, app_file), term->line, term->column},
	};
	app->dir = path_parent(app->ebin);
	if (!term_is_tuple(term, 3) || !term_is_atom(&term->items[0], STR("application")) ||
		term->items[1].kind != TERM_ATOM || !term_is_proper_list(&term->items[2]))
		return diag_error(fs->diag, app->pos,
			"an .app file holds {application, Name, [{Key, Value}, ...]}, this one does "
			"not [badly_formatted_application]");

	app->name = term->items[1].atom;
	app->compile_env = find_compile_env(fs->arena, &term->items[2]);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].since <= otp)
			read_key(&reader, &keys[i], &term->items[2]);
	return reader.ok;
}

bool
application_read(struct fs *fs, struct str app_file, unsigned otp, struct application *app)
{
	struct srcpos pos = {fs_cstr(fs->arena, app_file), 0, 0};
	struct term term;

	return application_parse(fs, app_file, otp, pos, &term) &&
	       application_take(fs, &term, app_file, otp, app);
}
