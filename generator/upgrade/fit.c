/* What release_handler could not do, found before anything is shipped. */
#include "beam/beam.h"
#include "support/arena.h"
#include "support/path.h"
#include "upgrade/internal.h"

static bool
check_sasl(struct package *package, const struct release *release, struct srcpos pos,
	const char *where)
{
	const struct release_application *sasl = release_find(release, STR("sasl"));
	struct diag *diag = package->fs->diag;

	if (sasl && sasl->start == OTP_PERMANENT)
		return true;
	diag_error(diag, pos, "%s '" STR_FMT "' '" STR_FMT "' %s [missing_sasl]", where,
		STR_ARG(release->name), STR_ARG(release->version),
		sasl ? "does not start sasl for good" : "has no sasl");
	diag_note(diag, (struct srcpos){0},
		"release_handler is a part of sasl: add sasl to the applications; what was "
		"published without it can only be replaced by stopping it");
	return false;
}

/* [0-9.]+ */
static bool
is_numeric(struct str version)
{
	for (size_t i = 0; i < version.len; i++)
		if (version.at[i] != '.' && (version.at[i] < '0' || version.at[i] > '9'))
			return false;
	return version.len > 0;
}

/* When ERTS changes, release_handler looks for these in the boot script by that pattern. */
static bool
check_basics(struct package *package, const struct release *release, const char *where)
{
	static const struct str names[] = {
		STR_INIT("kernel"), STR_INIT("stdlib"), STR_INIT("sasl")};
	struct diag *diag = package->fs->diag;
	bool ok = true;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct release_application *entry = release_find(release, names[i]);
		if (!entry || is_numeric(entry->app->version))
			continue;
		ok = diag_error(diag, entry->app->pos,
			"%s has '" STR_FMT "' in version '" STR_FMT
			"': with another ERTS, release_handler takes digits and dots only",
			where, STR_ARG(names[i]), STR_ARG(entry->app->version));
		diag_note(diag, package->spec->upgrade.pos,
			"keep ERTS as it is for this upgrade, or build OTP with plain versions");
	}
	return ok;
}

/* release_handler takes a configuration that it cannot read for an empty one: all settings of the
 * old version would be gone after a downgrade. */
static bool
check_sys_config(struct package *package, const struct old *old)
{
	struct fs *fs = package->fs;
	struct str path = fs_join(fs->arena, old->dir, STR("sys.config"));
	const struct artifact_entry *entry = old_file(old, path);
	struct str file = fs_join(fs->arena, (struct str){old->file, strlen(old->file)}, path);
	struct term term;

	return !entry || term_parse(fs->arena, entry->bytes, fs_cstr(fs->arena, file),
				 old->release.otp, &term, fs->diag);
}

bool
fit_attributes(struct fs *fs, const struct modules *modules)
{
	for (size_t i = 0; i < modules->len; i++) {
		const struct appup_module *module = &modules->at[i];
		struct beam beam;
		const char *fault;
		if (!beam_open(fs->arena, module->bytes, &beam, &fault))
			return diag_error(
				fs->diag, (struct srcpos){.file = module->file}, "%s", fault);
		if (beam_chunk(&beam, "Attr"))
			continue;
		diag_error(fs->diag, (struct srcpos){.file = module->file},
			"has no attributes, of which release_handler needs vsn");
		diag_note(fs->diag, (struct srcpos){0},
			"it was stripped without keeping Attr; let 'beamrel' or 'mix release' strip");
		return false; /* where one lacks them, all do */
	}
	return true;
}

bool
fit_check(struct package *package)
{
	const struct release *release = &package->assembly->release;
	bool ok = check_sasl(package, release, package->spec->name.pos, "the release");
	bool erts_changes = false;

	for (size_t i = 0; i < package->olds.len; i++) {
		const struct old *old = &package->olds.at[i];
		struct srcpos pos = {.file = old->file};
		if (!check_sasl(package, &old->release, pos, "the release in it,"))
			ok = false;
		if (!check_sys_config(package, old))
			ok = false;
		if (!str_eq(old->release.erts, release->erts)) {
			erts_changes = true;
			if (!check_basics(package, &old->release, old->file))
				ok = false;
		}
	}
	if (erts_changes && !check_basics(package, release, "the release"))
		ok = false;
	return ok;
}
