/* Whose the applications of a release are, for those who tell the rarely changed from the others.
 */
#include "assemble/build.h"

static bool
has_name(const struct spec_texts *texts, struct str name)
{
	for (size_t i = 0; i < texts->len; i++)
		if (str_eq(texts->at[i].text, name))
			return true;
	return false;
}

static bool
is_asked_for(const struct spec *spec, struct str name)
{
	for (size_t i = 0; i < spec->applications.len; i++)
		if (str_eq(spec->applications.at[i].name.text, name))
			return true;
	return false;
}

/* What the spec calls the user's own is that, even if it is a patched application of OTP. */
static enum assembly_origin
origin_of(const struct build *build, const struct application *app)
{
	const struct spec_texts *own = &build->spec->image.own;

	if (has_name(own, app->name))
		return ASSEMBLY_OWN;
	if (app->otp)
		return ASSEMBLY_OTP;
	if (elixir_owns(build, app))
		return ASSEMBLY_ELIXIR;
	return own->len == 0 && is_asked_for(build->spec, app->name) ? ASSEMBLY_OWN
								     : ASSEMBLY_DEPENDENCY;
}

void
origin_add(struct build *build)
{
	const struct release *release = &build->assembly->release;
	struct arena *arena = build->fs->arena;

	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		const struct assembly_application application = {
			.name = app->name,
			.folder = build_path(build, STR("lib"), application_folder(arena, app)),
			.origin = origin_of(build, app),
		};

		vec_push(arena, &build->assembly->applications, application);
	}
}
