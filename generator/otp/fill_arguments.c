/* Where variables stand in a vm.args: erlexec knows words, quotes and comments. */
#include "otp/fill.h"

#include "support/arena.h"
#include "term/utf8.h"

enum { QUOTES_HOLD_ANYTHING = 27 }; /* before, # begins a comment in quotes too */

struct reader {
	struct fill *fill;
	struct diag *diag;
	struct str text;
	size_t pos, next; /* `next`: which variable */
	unsigned line;    /* of `pos` */
	size_t begin;     /* of that line */
};

static struct srcpos
here(const struct reader *r)
{
	size_t columns;

	utf8_count((struct str){r->text.at + r->begin, r->pos - r->begin}, &columns);
	return (struct srcpos){r->fill->file, r->line, (unsigned)columns + 1};
}

static struct fill_hole *
hole_at(const struct reader *r, size_t pos)
{
	struct fill_hole *hole = r->next < r->fill->len ? &r->fill->at[r->next] : NULL;

	return hole && hole->at == pos ? hole : NULL;
}

/* A default is taken as it is, so that it may be several arguments, as with relx. */
static bool
check_preset(const struct reader *r, const struct fill_hole *hole)
{
	for (size_t i = 0; i < hole->preset.len; i++)
		if (strchr("\"'\\#", hole->preset.at[i]))
			return fill_fault(hole, r->diag,
				"has a default with a quote, a backslash or a #",
				"set the variable in env.sh, which may hold anything");
	return true;
}

static bool
take_hole(struct reader *r, char quote)
{
	struct fill_hole *hole = &r->fill->at[r->next++];

	r->pos += hole->len;
	if (hole->fault)
		return fill_report(hole, r->diag);
	hole->kind = FILL_ARGUMENT;
	hole->close = quote;
	return check_preset(r, hole);
}

static void
step(struct reader *r)
{
	if (r->text.at[r->pos++] != '\n')
		return;
	r->line++;
	r->begin = r->pos;
}

static void
skip_comment(struct reader *r)
{
	while (r->pos < r->text.len && r->text.at[r->pos] != '\n') {
		if (hole_at(r, r->pos))
			r->next++;
		r->pos++;
	}
}

static bool
skip_escape(struct reader *r)
{
	struct fill_hole *hole = hole_at(r, r->pos + 1);

	r->pos++;
	if (!hole) {
		if (r->pos < r->text.len)
			step(r);
		return true;
	}
	return hole->fault
		       ? take_hole(r, '\0')
		       : fill_fault(hole, r->diag,
				 "stands behind a backslash, which would take its first character",
				 "write \\\\ for a backslash, or \\$\\{ for the text ${");
}

static bool
take_quoted(struct reader *r)
{
	struct srcpos start = here(r);
	char quote = r->text.at[r->pos++];
	bool ok = true;

	while (r->pos < r->text.len && r->text.at[r->pos] != quote) {
		if (hole_at(r, r->pos)) {
			ok = take_hole(r, quote) && ok;
			continue;
		}
		if (r->text.at[r->pos] == '#' && r->fill->otp < QUOTES_HOLD_ANYTHING) {
			ok = diag_error(r->diag, here(r),
				"OTP %u takes a # in quotes for the begin of a comment",
				r->fill->otp);
			diag_note(r->diag, here(r), "end the quotes before it, and write \\#");
		}
		step(r);
	}
	if (r->pos == r->text.len)
		return diag_error(r->diag, start, "the quotes that begin here do not end");
	r->pos++;
	return ok;
}

bool
fill_scan_arguments(struct fill *fill, struct diag *diag)
{
	struct reader r = {.fill = fill, .diag = diag, .line = 1};
	bool ok = true;

	if (!fill_find(fill, diag))
		return false;
	r.text = buf_view(&fill->plain);
	while (r.pos < r.text.len) {
		char c = r.text.at[r.pos];

		if (hole_at(&r, r.pos))
			ok = take_hole(&r, '\0') && ok;
		else if (c == '#')
			skip_comment(&r);
		else if (c == '\\')
			ok = skip_escape(&r) && ok;
		else if (c == '"' || c == '\'')
			ok = take_quoted(&r) && ok;
		else
			step(&r);
	}
	return ok;
}
