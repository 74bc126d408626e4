/*
 * A template as a shell script. The launcher reads it with functions that are in
 * templates/launcher/59-fill.sh: each sets `value`, and all texts join in `text`. Only builtins are
 * needed, and no text of the template is ever anything but text.
 */
#include "otp/fill.h"

/* What the launcher must know of bytes: its own source, which users read, is text. The first
 * function looks for what may not stand side by side in UTF-8, and for U+FFFE and U+FFFF, which
 * Erlang does not read; the second one tells whether a byte is inside of a character. */
static void
add_bytes(struct buf *out)
{
	static const char in[] = "[\x80-\xbf]", not_in[] = "[!\x80-\xbf]";

	buf_printf(out, "fill_is_utf8() {\n\tcase .$_value. in\n\t");
	buf_printf(out, "*[\xc0\xc1\xf5-\xff]* | *[\xc2-\xf4]%s* | *[\xe0-\xf4]%s%s* | ", not_in,
		in, not_in);
	buf_printf(out, "*[\xf0-\xf4]%s%s%s* | ", in, in, not_in);
	buf_printf(out, "*[!\x80-\xf4]%s* | *[\xc2-\xdf]%s%s* | *[\xe0-\xef]%s%s%s* | ", in, in, in,
		in, in, in);
	buf_printf(out, "*[\xf0-\xf4]%s%s%s%s* | ", in, in, in, in);
	buf_printf(out, "*\xe0[\x80-\x9f]* | *\xed[\xa0-\xbf]* | *\xf0[\x80-\x8f]* | "
			"*\xf4[\x90-\xbf]* | *\xef\xbf[\xbe\xbf]*) return 1 ;;\n\tesac\n}\n");
	buf_printf(out,
		"fill_is_inner() {\n\tcase $_rest in\n\t%s*) ;;\n\t*) return 1 ;;\n\tesac\n}\n",
		in);
}

/* As one word of a shell. */
static void
add_quoted(struct buf *out, struct str text)
{
	buf_byte(out, '\'');
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\'')
			buf_printf(out, "'\\''");
		else
			buf_byte(out, (unsigned char)text.at[i]);
	buf_byte(out, '\'');
}

static bool
is_filled(const struct fill_hole *hole)
{
	return !hole->fault && hole->kind != FILL_COMMENT;
}

/* Those without a default, each once. */
static void
add_needed(struct buf *out, const struct fill *fill)
{
	for (size_t i = 0; i < fill->len; i++) {
		bool wanted = is_filled(&fill->at[i]) && !fill->at[i].has_preset;
		for (size_t j = 0; wanted && j < i; j++)
			wanted = !is_filled(&fill->at[j]) || fill->at[j].has_preset ||
				 !str_eq(fill->at[j].name, fill->at[i].name);
		if (wanted)
			buf_printf(out, " " STR_FMT, STR_ARG(fill->at[i].name));
	}
}

static bool
has_arguments(const struct fill *fill)
{
	for (size_t i = 0; i < fill->len; i++)
		if (fill->at[i].kind == FILL_ARGUMENT)
			return true;
	return false;
}

static size_t
count(struct str text)
{
	size_t characters = 0;

	for (size_t i = 0; i < text.len; i++)
		characters += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return characters;
}

static void
add_call(struct buf *out, const struct fill_hole *hole)
{
	static const char *const functions[] = {[FILL_STRING] = "string",
		[FILL_ATOM] = "atom",
		[FILL_TERM] = "term",
		[FILL_WORD] = "word",
		[FILL_ARGUMENT] = "argument"};
	static const char *const firsts[] = {"any", "letter", "digit"};
	struct str close = {&hole->close, hole->close != '\0'};

	if (hole->kind == FILL_ATOM && hole->opens)
		buf_printf(out, "_room=%zu\n", hole->room);
	if (hole->has_preset) {
		buf_printf(out, "fill_default " STR_FMT " ", STR_ARG(hole->name));
		add_quoted(out, hole->preset);
		if (hole->kind == FILL_ATOM)
			buf_printf(out, " %zu", count(hole->preset));
		buf_printf(out, " || ");
	}
	buf_printf(out, "fill_%s " STR_FMT, functions[hole->kind], STR_ARG(hole->name));
	switch (hole->kind) {
	case FILL_STRING:
	case FILL_ARGUMENT:
		buf_byte(out, ' ');
		add_quoted(out, close);
		if (hole->in_binary)
			buf_printf(out, " '\",\"' '\"/utf8,\"'");
		break;
	case FILL_WORD:
		buf_printf(out, " %s", firsts[hole->first]);
		break;
	case FILL_COMMENT:
	case FILL_ATOM:
	case FILL_TERM:
		break;
	}
}

void
fill_script(struct buf *out, const struct fill *fill, struct str name)
{
	const char *from = fill->text.at;
	size_t n = 0;

	buf_printf(out, "# Made of " STR_FMT " by beamrel, for the launcher.\n", STR_ARG(name));
	if (has_arguments(fill))
		buf_printf(out,
			"_fill_tab='\t' _fill_return='\r' _fill_feed='\f' _fill_vertical='\v'\n");
	else
		add_bytes(out);
	buf_printf(out, "fill_begin " STR_FMT, STR_ARG(name));
	add_needed(out, fill);
	buf_byte(out, '\n');
	for (size_t i = 0; i < fill->len; i++) {
		if (!is_filled(&fill->at[i]))
			continue;
		add_call(out, &fill->at[i]);
		buf_printf(out, "\n_v%zu=$_value\n", ++n);
	}
	buf_printf(out, "_text=");
	n = 0;
	for (size_t i = 0; i < fill->len; i++) {
		const struct fill_hole *hole = &fill->at[i];
		if (!is_filled(hole))
			continue;
		add_quoted(out, (struct str){from, (size_t)(hole->source.at - from)});
		buf_printf(out, "\"$_v%zu\"", ++n);
		from = hole->source.at + hole->source.len;
	}
	add_quoted(out, (struct str){from, fill->text.len - (size_t)(from - fill->text.at)});
	buf_byte(out, '\n');
}
