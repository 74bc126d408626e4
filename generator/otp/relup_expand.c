#include <stdarg.h>
#include <stdlib.h>

#include "otp/relup_script.h"
#include "support/arena.h"

bool
script_fault(struct scripting *s, const struct instruction *instruction, const struct term *part,
	const char *fmt, ...)
{
	const struct term *at = part && part->line ? part : &instruction->term;
	struct buf text = {.arena = s->fs->arena};
	va_list args;
	char *room;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	room = buf_room(&text, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(room, (size_t)len + 1, fmt, args);
	va_end(args);
	return diag_error(
		s->fs->diag, (struct srcpos){instruction->file, at->line, at->column}, "%s", room);
}

const char *
script_show(struct scripting *s, const struct term *term)
{
	struct buf text = {.arena = s->fs->arena};

	term_print(&text, term, s->otp);

	const char *end = memchr(text.at, '\n', text.len);
	if (end) {
		text.len = (size_t)(end - text.at);
		buf_str(&text, STR(" ..."));
	}
	buf_byte(&text, 0);
	return text.at;
}

bool
instruction_is(const struct term *term, const char *name, size_t len)
{
	return term_is_tuple(term, len) &&
	       term_is_atom(&term->items[0], (struct str){name, strlen(name)});
}

bool
instruction_depends(const struct term *term)
{
	static const struct str names[] = {STR_INIT("update"), STR_INIT("load_module"),
		STR_INIT("add_module"), STR_INIT("delete_module")};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (term->kind == TERM_TUPLE && term->len > 1 &&
			term_is_atom(&term->items[0], names[i]))
			return true;
	return false;
}

void
script_add(struct scripting *s, struct instructions *list, struct term term,
	const struct instruction *origin)
{
	struct instruction added = {term, origin->file};

	added.term.line = origin->term.line;
	added.term.column = origin->term.column;
	vec_push(s->fs->arena, list, added);
}

static bool
is_soft(const struct term *change)
{
	return term_is_atom(change, STR("soft"));
}

/* {update, Module, Change, Dependencies} in full. */
static struct term
update(struct arena *arena, const struct term *module, struct term change, struct term depends)
{
	struct term brutal = term_atom(STR("brutal_purge"));

	return TERM_TUPLE(
		arena, term_atom(STR("update")), *module, change, brutal, brutal, depends);
}

static struct term
update_supervisor(struct arena *arena, const struct term *module)
{
	struct term brutal = term_atom(STR("brutal_purge")), none = {.kind = TERM_LIST};

	return TERM_TUPLE(arena, term_atom(STR("update")), *module, term_atom(STR("static")),
		term_atom(STR("default")), TERM_TUPLE(arena, term_atom(STR("advanced")), none),
		brutal, brutal, none);
}

static struct term
expand_update(struct arena *arena, const struct term *term)
{
	struct term none = {.kind = TERM_LIST}, soft = term_atom(STR("soft"));
	const struct term *items = term->items;
	size_t len = term->len;

	if (len == 2)
		return update(arena, &items[1], soft, none);
	if (len == 3 && term_is_atom(&items[2], STR("supervisor")))
		return update_supervisor(arena, &items[1]);
	if (len == 3 && (items[2].kind == TERM_TUPLE || is_soft(&items[2])))
		return update(arena, &items[1], items[2], none);
	if (len == 3 && items[2].kind == TERM_LIST)
		return update(arena, &items[1], soft, items[2]);
	if (len == 4 && items[3].kind == TERM_LIST &&
		(items[2].kind == TERM_TUPLE || is_soft(&items[2])))
		return update(arena, &items[1], items[2], items[3]);
	return *term;
}

/* Only exactly the short forms; all else is left for the check of syntax. */
static struct term
expand(struct arena *arena, const struct term *term)
{
	struct term none = {.kind = TERM_LIST}, brutal = term_atom(STR("brutal_purge"));
	const struct term *items = term->items;

	if (term->kind != TERM_TUPLE || term->len < 2)
		return *term;
	if (instruction_is(term, "load_module", 2))
		return TERM_TUPLE(arena, items[0], items[1], brutal, brutal, none);
	if (instruction_is(term, "load_module", 3) && items[2].kind == TERM_LIST)
		return TERM_TUPLE(arena, items[0], items[1], brutal, brutal, items[2]);
	if (instruction_is(term, "add_application", 2))
		return TERM_TUPLE(arena, items[0], items[1], term_atom(STR("permanent")));
	if (term_is_atom(&items[0], STR("update")))
		return expand_update(arena, term);
	return *term;
}

bool
script_expand(
	struct scripting *s, const struct term *script, const char *file, struct instructions *out)
{
	bool ok = true;

	for (size_t i = 0; i < script->len; i++) {
		struct instruction origin = {script->items[i], file};
		const struct term *list = &script->items[i];

		if (list->kind != TERM_LIST) {
			script_add(s, out, expand(s->fs->arena, list), &origin);
			continue;
		}
		/* What stands in a list of its own is taken as it is, short forms not included. */
		if (list->tail)
			ok = script_fault(s, &origin, NULL,
				"a list with a tail is no instruction: %s [bad_instruction]",
				script_show(s, list));
		for (size_t k = 0; k < list->len; k++) {
			struct instruction inner = {list->items[k], file};
			script_add(s, out, inner.term, inner.term.line ? &inner : &origin);
		}
	}
	return ok;
}
