/* Configuration that ends in .src: a template, which the launcher fills in at start. */
#include "assemble/build.h"
#include "support/arena.h"

static void
list_variables(struct build *build, const struct fill *fill, struct str name)
{
	struct assembly *assembly = build->assembly;

	for (size_t i = 0; i < fill->len; i++) {
		const struct fill_hole *hole = &fill->at[i];
		struct variable variable = {name, hole->name, !hole->has_preset};
		bool known = hole->kind == FILL_COMMENT;

		for (size_t j = 0; !known && j < assembly->variables.len; j++) {
			struct variable *other = &assembly->variables.at[j];
			known = str_eq(other->file, name) && str_eq(other->name, hole->name);
			if (known)
				other->required = other->required || variable.required;
		}
		if (!known)
			vec_push(build->fs->arena, &assembly->variables, variable);
	}
}

bool
source_is(const struct spec_text *from)
{
	struct str end = STR(".src");

	return from->text.len > end.len &&
	       memcmp(from->text.at + from->text.len - end.len, end.at, end.len) == 0;
}

bool
source_add(struct build *build, const char *name, const struct spec_text *from, struct str text,
	source_scan *scan, source_check *check)
{
	struct fs *fs = build->fs;
	struct buf source = {.arena = fs->arena}, script = {.arena = fs->arena};
	struct buf out = {.arena = fs->arena};
	struct fill fill = {
		.arena = fs->arena,
		.file = fs_cstr(fs->arena, from->text),
		.text = text,
		.otp = build->runtime.otp ? build->runtime.otp : OTP_NEWEST,
	};

	bool ok = scan(&fill, fs->diag);
	struct str plain = buf_view(&fill.plain);
	if (fill.plain.arena && !check(build, from, &plain)) /* else it is no text */
		ok = false;
	if (!ok)
		return false;
	if (plain.at != fill.plain.at) {
		diag_error(fs->diag, from->pos,
			"a template cannot be made one with Elixir's configuration providers");
		diag_note(fs->diag, from->pos,
			"read the variables in runtime.exs, and give a sys.config without them");
		return false;
	}
	buf_printf(&source, "%s.src", name);
	buf_printf(&script, "%s.sh", name);
	fill_script(&out, &fill, buf_view(&source));
	list_variables(build, &fill, buf_view(&source));
	return build_add_bytes(build, build_path(build, build->dir, buf_view(&source)), text, false,
		       from->pos) &&
	       build_add_bytes(build, build_path(build, build->dir, buf_view(&script)),
		       buf_view(&out), false, from->pos);
}
