#include "upgrade/upgrade.h"

#include "otp/relup.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"
#include "support/pool.h"
#include "upgrade/internal.h"

/* --- the tarballs --- */

/* Two of one version cannot be told apart by whoever upgrades from them. */
static bool
check_version(struct package *package, const struct old *old)
{
	const struct release *release = &package->assembly->release;
	struct diag *diag = package->fs->diag;

	if (str_eq(old->release.version, release->version)) {
		diag_error(diag, old->from, "%s is version '" STR_FMT "', as the new release",
			old->file, STR_ARG(release->version));
		diag_note(
			diag, package->spec->version.pos, "give the new one a version of its own");
		return false;
	}
	for (size_t i = 0; i < package->olds.len; i++) {
		const struct old *other = &package->olds.at[i];
		if (!str_eq(other->release.version, old->release.version))
			continue;
		diag_error(diag, old->from, "%s is version '" STR_FMT "', as %s", old->file,
			STR_ARG(old->release.version), other->file);
		diag_note(diag, other->from, "keep the one that was published");
		return false;
	}
	return true;
}

static bool
read_olds(struct package *package)
{
	const struct spec_texts *from = &package->spec->upgrade.from;
	struct fs *fs = package->fs;
	bool ok = true;

	if (from->len == 0) {
		diag_error(
			fs->diag, package->spec->upgrade.pos, "there is nothing to upgrade from");
		diag_note(fs->diag, (struct srcpos){0},
			"name published tarballs: --from OLD.tar.gz, or upgrade.from in the spec");
		return false;
	}
	for (size_t i = 0; i < from->len; i++) {
		struct old *old = arena_new(fs->arena, struct old);
		if (old_read(fs, &from->at[i], package->spec->name.text, old) &&
			check_version(package, old))
			vec_push(fs->arena, &package->olds, *old);
		else
			ok = false;
	}
	return ok;
}

/* --- the relup --- */

static bool
find_appup(void *context, const struct application *app, struct srcpos pos, struct appup *appup)
{
	struct package *package = context;

	for (size_t i = 0; i < package->changed.len; i++)
		if (str_eq(package->changed.at[i].app->name, app->name)) {
			*appup = package->changed.at[i].appup;
			return true;
		}
	return diag_error(package->fs->diag, pos, "there are no instructions for '" STR_FMT "'",
		STR_ARG(app->name));
}

static bool
make_relup(struct package *package, struct term *relup)
{
	const struct relup_options options = {.find = find_appup, .context = package};
	struct arena *arena = package->fs->arena;
	struct relup_base *bases = arena_array(arena, struct relup_base, package->olds.len + 1);

	for (size_t i = 0; i < package->olds.len; i++)
		bases[i] = (struct relup_base){
			.release = &package->olds.at[i].release,
			.description = term_list(arena, NULL, 0),
		};
	if (!relup_make(package->fs, &package->assembly->release, bases, package->olds.len, bases,
		    package->olds.len, &options, relup))
		return false;
	*relup = protocols_add(package, *relup);
	return true;
}

/* --- the tree --- */

/* In place of the application's own, if there is one. */
static bool
add_appups(struct package *package, struct tree *tree)
{
	struct fs *fs = package->fs;
	bool ok = true;

	for (size_t i = 0; i < package->changed.len; i++) {
		const struct changed *changed = &package->changed.at[i];
		struct buf path = {.arena = fs->arena};
		buf_printf(&path, "lib/" STR_FMT "/ebin/" STR_FMT ".appup",
			STR_ARG(application_folder(fs->arena, changed->app)),
			STR_ARG(changed->app->name));
		if (!tree_add(tree,
			    (struct tree_entry){.path = buf_view(&path),
				    .kind = TREE_FILE,
				    .mode = 0644,
				    .inlined = true,
				    .bytes = changed->text,
				    .origin = changed->app->pos,
				    .replace = true},
			    fs->diag))
			ok = false;
	}
	return ok;
}

/* Unpacking replaces no file, bin/NAME neither: the launcher takes this one. */
static bool
add_launcher(struct package *package, struct tree *tree)
{
	struct fs *fs = package->fs;
	const struct tree_entry *launcher =
		package_find(package, fs_join(fs->arena, STR("bin"), package->spec->name.text));
	struct tree_entry entry;

	if (!launcher || launcher->kind != TREE_FILE)
		return diag_error(fs->diag, package->spec->name.pos,
			"bin/" STR_FMT " is no file: an upgrade takes it along",
			STR_ARG(package->spec->name.text));
	entry = *launcher;
	entry.path = fs_join(fs->arena, package->dir, STR("launcher"));
	entry.mode = 0755;
	return tree_add(tree, entry, fs->diag);
}

/* releases/NAME-VSN.rel: what unpack_release("NAME-VSN") looks for in NAME-VSN.tar.gz. */
static bool
add_rel(struct package *package, struct tree *tree)
{
	const struct release *release = &package->assembly->release;
	struct arena *arena = package->fs->arena;
	const struct term rel = rel_term(arena, release);
	struct buf path = {.arena = arena};

	buf_printf(&path, "releases/" STR_FMT "-" STR_FMT ".rel", STR_ARG(release->name),
		STR_ARG(release->version));
	return tree_add_bytes(tree, buf_view(&path), term_file_text(arena, &rel, release->otp),
		0644, package->spec->name.pos, package->fs->diag);
}

static bool
make_tree(struct package *package, const struct term *relup)
{
	struct fs *fs = package->fs;
	struct tree tree = {.arena = fs->arena};
	struct str text = term_file_text(fs->arena, relup, package->assembly->release.otp);

	bool ok = links_resolve(package, &tree);
	if (!add_appups(package, &tree))
		ok = false;
	if (!add_launcher(package, &tree))
		ok = false;
	if (!add_rel(package, &tree))
		ok = false;
	if (!tree_add_bytes(&tree, fs_join(fs->arena, package->dir, STR("relup")), text, 0644,
		    package->spec->name.pos, fs->diag))
		ok = false;
	if (!tree_seal(&tree, fs->diag))
		ok = false;
	package->assembly->tree = tree;
	return ok;
}

static bool
check_runtime(struct package *package)
{
	struct diag *diag = package->fs->diag;

	if (package->spec->erts_include)
		return true;
	diag_error(diag,
		package->spec->upgrade.pos.file ? package->spec->upgrade.pos
						: package->spec->name.pos,
		"with 'erts: exclude' there are no upgrades");
	diag_note(diag, (struct srcpos){0},
		"release_handler looks for OTP's own applications of each version below the "
		"release, and for its ERTS: leave 'erts' at include");
	return false;
}

bool
upgrade(struct fs *fs, const struct spec *spec, size_t threads, struct assembly *assembly,
	struct upgrade_report *report)
{
	struct package package = {
		.fs = fs,
		.spec = spec,
		.assembly = assembly,
		.report = report,
		.threads = threads ? threads : pool_default_threads(),
		.dir = fs_join(fs->arena, STR("releases"), spec->version.text),
	};
	struct term relup;

	*report = (struct upgrade_report){0};
	bool ok = check_runtime(&package);
	if (!read_olds(&package))
		ok = false;
	/* with those that can be read, so that one run shows all faults */
	if (!modules_compare(&package))
		ok = false;
	if (!choose_appups(&package))
		ok = false;
	if (!fit_check(&package))
		ok = false;
	return ok && make_relup(&package, &relup) && make_tree(&package, &relup);
}
