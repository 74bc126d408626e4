#include "otp/release.h"

struct str
term_file_text(struct arena *arena, const struct term *term, unsigned otp)
{
	struct buf out = {.arena = arena};

	buf_str(&out, STR("%% coding: utf-8\n"));
	term_print(&out, term, otp);
	buf_str(&out, STR(".\n"));
	return buf_view(&out);
}

/* [{release, Name, Vsn, EVsn, [{App, AppVsn, Dir}], permanent}] */
struct str
releases_text(struct arena *arena, const struct release *release)
{
	VEC(struct term) libs = {0};

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		struct str dir = fs_join(arena, STR("lib"), application_folder(arena, app));

		vec_push(arena, &libs,
			TERM_TUPLE(arena, term_atom(app->name), term_string(arena, app->version),
				term_string(arena, dir)));
	}

	struct term entry =
		TERM_TUPLE(arena, term_atom(STR("release")), term_string(arena, release->name),
			term_string(arena, release->version), term_string(arena, release->erts),
			term_list(arena, libs.at, libs.len), term_atom(STR("permanent")));
	struct term list = term_list(arena, &entry, 1);
	return term_file_text(arena, &list, release->otp);
}

struct str
start_erl_text(struct arena *arena, const struct release *release)
{
	struct buf out = {.arena = arena};

	buf_printf(
		&out, STR_FMT " " STR_FMT "\n", STR_ARG(release->erts), STR_ARG(release->version));
	return buf_view(&out);
}
