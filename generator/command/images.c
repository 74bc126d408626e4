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

static void
add_applications(
	struct arena *arena, struct image_release *release, const struct assembly *assembly)
{
	static const enum image_origin origins[] = {
		[ASSEMBLY_OTP] = IMAGE_OTP,
		[ASSEMBLY_ELIXIR] = IMAGE_ELIXIR,
		[ASSEMBLY_DEPENDENCY] = IMAGE_DEPENDENCY,
		[ASSEMBLY_OWN] = IMAGE_OWN,
	};

	release->has_elixir = release_find(&assembly->release, STR("elixir")) != NULL;
	for (size_t i = 0; i < assembly->applications.len; i++) {
		const struct assembly_application *app = &assembly->applications.at[i];

		vec_push(arena, &release->applications,
			(struct image_application){app->name, app->folder, origins[app->origin]});
	}
}

/* --- from spec to plan --- */

static struct image_release *
describe(struct fs *fs, const struct spec *spec, const struct spec_platform *platform,
	const struct assembly *assembly)
{
	struct image_release *release = arena_new(fs->arena, struct image_release);

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
	add_applications(fs->arena, release, assembly);
	image_shell_reasons(fs, release);
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
	return image_plan(
		       invocation->fs, describe(invocation->fs, spec, platform, assembly), plan) &&
	       native_check(invocation->fs, plan);
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
	return ok;
}
