/* The platform of an image: what its spec says, else what the ERTS is made for. */
#include "image/image.h"

#include "elf/elf.h"
#include "image/plan.h"
#include "support/buf.h"

static bool
parse(struct str text, struct image_platform *platform, const char **fault)
{
	struct str part[3];

	*fault = spec_platform_split(text, part);
	if (*fault)
		return false;
	*platform = (struct image_platform){part[0], part[1], part[2]};
	return true;
}

/* The machine of beam.smp. */
static bool
platform_of_erts(struct planning *planning, struct image_platform *platform)
{
	const struct image_release *release = planning->release;
	struct fs *fs = planning->fs;
	struct srcpos pos = release->spec->otp.pos;
	struct buf path = {.arena = fs->arena};
	const char *fault = NULL;
	struct str bytes;
	struct elf elf;

	buf_printf(&path, STR_FMT "/erts-" STR_FMT "/bin/beam.smp", STR_ARG(release->otp_root),
		STR_ARG(release->erts));
	fs_input(fs, buf_view(&path));
	if (!fs_map(fs->arena, buf_view(&path), &bytes, &fault))
		return diag_error(fs->diag, pos, "cannot read '" STR_FMT "': %s",
			STR_ARG(buf_view(&path)), fault);
	if (!elf_is(bytes))
		fault = "it is no ELF file";
	else if (elf_read(fs->arena, bytes, &elf, &fault) && !image_platform_of_elf(&elf, platform))
		fault = "its machine is not known";
	fs_unmap(bytes);
	if (fault) {
		diag_error(fs->diag, pos,
			"'" STR_FMT "' does not tell for which platform the image is: %s",
			STR_ARG(buf_view(&path)), fault);
		diag_note(fs->diag, planning->spec->pos, "set image.platform, as in linux/amd64");
		return false;
	}
	return true;
}

bool
platform_find(struct planning *planning, struct image_platform *platform)
{
	const struct image_release *release = planning->release;
	const struct spec_text *name =
		release->platform ? &release->platform->name : &planning->spec->platform;
	const char *fault;

	if (!name->text.at)
		return platform_of_erts(planning, platform);
	return parse(name->text, platform, &fault) ||
	       diag_error(planning->fs->diag, name->pos, "the platform '" STR_FMT "' %s",
		       STR_ARG(name->text), fault);
}

struct str
image_platform_text(struct arena *arena, const struct image_platform *platform)
{
	struct buf text = {.arena = arena};

	buf_printf(
		&text, STR_FMT "/" STR_FMT, STR_ARG(platform->os), STR_ARG(platform->architecture));
	if (platform->variant.len > 0)
		buf_printf(&text, "/" STR_FMT, STR_ARG(platform->variant));
	return buf_view(&text);
}
