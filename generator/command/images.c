#include "command/images.h"

#include "image/reference.h"
#include "support/arena.h"

/* What one platform has of its own takes the place of what the spec says for all. */
static struct spec *
spec_for(struct arena *arena, const struct spec *all, const struct spec_platform *platform)
{
	struct spec *spec = arena_new(arena, struct spec);

	*spec = *all;
	if (!platform)
		return spec;
	spec->image.platform = platform->name;
	if (platform->otp.text.at)
		spec->otp = platform->otp;
	if (platform->base.text.at) {
		spec->image.base = platform->base;
		spec->image.base_digest = platform->base_digest;
	}
	if (platform->sysroot.text.at)
		spec->image.sysroot = platform->sysroot;
	spec->paths = (struct spec_texts){0};
	for (size_t i = 0; i < platform->paths.len; i++)
		vec_push(arena, &spec->paths, platform->paths.at[i]);
	for (size_t i = 0; i < all->paths.len; i++)
		vec_push(arena, &spec->paths, all->paths.at[i]);
	return spec;
}

/* --- which application changes how often --- */

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

static bool
is_elixir(struct str name)
{
	static const struct str names[] = {
		STR_INIT("eex"),
		STR_INIT("elixir"),
		STR_INIT("ex_unit"),
		STR_INIT("iex"),
		STR_INIT("logger"),
		STR_INIT("mix"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static enum image_origin
origin_of(const struct spec *spec, const struct application *app, bool has_elixir)
{
	if (has_name(&spec->image.own, app->name))
		return IMAGE_OWN;
	if (app->otp)
		return IMAGE_OTP;
	if (has_elixir && is_elixir(app->name))
		return IMAGE_ELIXIR;
	return spec->image.own.len == 0 && is_asked_for(spec, app->name) ? IMAGE_OWN
									 : IMAGE_DEPENDENCY;
}

static void
add_applications(
	struct arena *arena, struct image_release *release, const struct assembly *assembly)
{
	const struct release *of = &assembly->release;

	release->has_elixir = release_find(of, STR("elixir")) != NULL;
	for (size_t i = 0; i < of->applications.len; i++) {
		const struct application *app = of->applications.at[i].app;
		struct image_application application = {
			.name = app->name,
			.folder = fs_join(arena, STR("lib"), application_folder(arena, app)),
			.origin = origin_of(release->spec, app, release->has_elixir),
		};

		vec_push(arena, &release->applications, application);
	}
}

/* --- what wants a shell --- */

static void
need_shell(struct arena *arena, struct image_release *release, const char *what, struct srcpos pos)
{
	vec_push(arena, &release->needs_shell, (struct image_reason){what, pos});
}

static void
find_needs(struct arena *arena, struct image_release *release, const struct assembly *assembly)
{
	const struct spec *spec = release->spec;
	const struct spec_elixir *elixir = &spec->elixir;

	for (size_t i = 0; i < SPEC_EVENTS; i++)
		for (size_t k = 0; k < spec->hooks[i].len; k++)
			need_shell(arena, release, "hooks", spec->hooks[i].at[k].run.pos);
	for (size_t i = 0; i < spec->commands.len; i++)
		need_shell(arena, release, "commands", spec->commands.at[i].name.pos);
	if (spec->env.text.at)
		need_shell(arena, release, "env.sh", spec->env.pos);
	for (size_t i = 0; i < assembly->variables.len; i++) {
		const struct variable *variable = &assembly->variables.at[i];
		bool of_vm = str_contains(variable->file, STR("vm.args"));

		if (i == 0 || !str_eq(variable->file, assembly->variables.at[i - 1].file))
			need_shell(arena, release, fs_cstr(arena, variable->file),
				of_vm ? spec->vm_args.pos : spec->sys_config.pos);
	}
	if (elixir->reboot_system_after_config.on &&
		(spec->runtime.text.at || elixir->config_providers.len > 0))
		need_shell(arena, release, "reboot_system_after_config",
			elixir->reboot_system_after_config.pos);
}

/* --- from spec to plan --- */

static struct image_release *
describe(struct arena *arena, const struct spec *spec, const struct spec_platform *platform,
	const struct assembly *assembly)
{
	struct image_release *release = arena_new(arena, struct image_release);

	*release = (struct image_release){
		.spec = spec,
		.platform = platform,
		.tree = &assembly->tree,
		.epoch = assembly->epoch,
		.name = assembly->release.name,
		.version = assembly->release.version,
		.erts = assembly->release.erts,
		.otp = assembly->release.otp,
		.otp_root = spec->otp.text,
	};
	add_applications(arena, release, assembly);
	find_needs(arena, release, assembly);
	return release;
}

static bool
plan_one(struct invocation *invocation, const struct spec *all,
	const struct spec_platform *platform, int64_t epoch, struct image_plan *plan)
{
	struct arena *arena = invocation->arena;
	struct spec *spec = spec_for(arena, all, platform);
	struct assembly *assembly = arena_new(arena, struct assembly);

	if (!assemble(invocation->fs, spec, invocation_number(invocation, "--jobs"), assembly))
		return false;
	assembly->epoch = epoch;
	return image_plan(invocation->fs, describe(arena, spec, platform, assembly), plan);
}

/* The names have been judged one by one; here, whether two say the same. */
static bool
platforms_differ(struct invocation *invocation, const struct images *images)
{
	const struct spec_platforms *named = &images->spec->image.platforms;
	bool ok = true;

	for (size_t i = 1; i < images->len; i++)
		for (size_t k = 0; k < i; k++) {
			const struct image_platform *a = &images->plans[i].platform;
			const struct image_platform *b = &images->plans[k].platform;

			if (str_eq(a->os, b->os) && str_eq(a->architecture, b->architecture) &&
				str_eq(a->variant, b->variant)) {
				ok = diag_error(invocation->diag, named->at[i].name.pos,
					"the platform '" STR_FMT "' is there twice: remove one",
					STR_ARG(named->at[i].name.text));
				diag_note(invocation->diag, named->at[k].name.pos,
					"first named here");
			}
		}
	return ok;
}

bool
images_plan(struct invocation *invocation, struct images *images)
{
	struct arena *arena = invocation->arena;
	const struct spec_platforms *platforms;
	int64_t epoch;
	bool ok = true;

	*images = (struct images){.spec = arena_new(arena, struct spec)};
	if (!invocation_spec(invocation, images->spec))
		return false;
	epoch = images->spec->epoch;
	if (!build_epoch(invocation->diag, &epoch))
		ok = false;
	if (!reference_check(invocation->fs, &images->spec->image.tags))
		ok = false;

	platforms = &images->spec->image.platforms;
	images->len = platforms->len ? platforms->len : 1;
	images->plans = arena_array(arena, struct image_plan, images->len);
	for (size_t i = 0; i < images->len; i++)
		if (!plan_one(invocation, images->spec, platforms->len ? &platforms->at[i] : NULL,
			    epoch, &images->plans[i]))
			ok = false;
	if (ok && !platforms_differ(invocation, images))
		ok = false;
	return ok;
}
