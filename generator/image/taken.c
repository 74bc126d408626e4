/* What an image from scratch takes from the sysroot: certificates, time zones, a shell. */
#include "image/plan.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

enum { DEEPEST = 8 };

/*
 * What the launcher, the programs beside it and the scripts of Elixir call, and what people look
 * for in a container. All are links to busybox.
 */
static const char *const applets[] = {"ash", "basename", "cat", "chmod", "cp", "cut", "date", "dd",
	"df", "dirname", "du", "echo", "env", "expr", "false", "find", "free", "grep", "head",
	"hostname", "id", "ip", "kill", "ln", "ls", "mkdir", "mktemp", "more", "mv", "nc",
	"netstat", "nslookup", "od", "ping", "printenv", "printf", "ps", "pwd", "readlink",
	"realpath", "rm", "rmdir", "sed", "seq", "setsid", "sh", "sleep", "sort", "stat", "stty",
	"tail", "tar", "tee", "test", "timeout", "top", "touch", "tr", "true", "tty", "uname",
	"uniq", "vi", "wc", "wget", "which", "xargs"};

static struct str
sysroot_of(const struct planning *planning)
{
	const struct spec_platform *platform = planning->release->platform;

	return platform && platform->sysroot.text.at ? platform->sysroot.text
						     : planning->spec->sysroot.text;
}

/* Where `taken` is on this machine. False: not there, or of the wrong kind; reported. */
static bool
find(struct planning *planning, const struct spec_taken *taken, const char *usual, bool folder,
	struct str *path)
{
	struct fs *fs = planning->fs;
	struct str below = {usual, strlen(usual)}, sysroot = sysroot_of(planning);
	struct stat st;

	*path = taken->path.text.at ? taken->path.text : fs_join(fs->arena, sysroot, below);
	fs_input(fs, *path);
	if (fs_stat(fs, *path, &st) && (folder ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode)))
		return true;
	diag_error(fs->diag, taken->path.pos, "there is no %s '" STR_FMT "'",
		folder ? "folder" : "file", STR_ARG(*path));
	if (!taken->path.text.at)
		diag_note(fs->diag, taken->path.pos,
			"install it in '" STR_FMT "', or give its path instead of 'true'",
			STR_ARG(sysroot));
	return false;
}

static void
add(struct planning *planning, struct str path, enum tree_kind kind, unsigned mode,
	struct str source, struct srcpos origin)
{
	layers_add(planning, SPEC_LAYER_SYSTEM,
		(struct tree_entry){
			.path = path,
			.kind = kind,
			.mode = mode,
			.source = source,
			.origin = origin,
		});
}

/* --- certificates --- */

/* Where OTP's public_key and OpenSSL of Debian look first. */
static bool
add_certificates(struct planning *planning)
{
	const struct spec_taken *taken = &planning->spec->certificates;
	const char *place = "etc/ssl/certs/ca-certificates.crt";
	struct str path;

	if (!taken->on)
		return true;
	if (!find(planning, taken, place, false, &path))
		return false;
	add(planning, (struct str){place, strlen(place)}, TREE_FILE, 0644, path, taken->path.pos);
	return true;
}

/* --- time zones --- */

struct zones {
	struct planning *planning;
	struct srcpos pos;
	unsigned depth;
};

/* Does the link in the folder `path`, `depth` folders deep, stay within the zones? */
static bool
stays(struct str target, unsigned depth)
{
	struct str part;

	if (target.len == 0 || target.at[0] == '/')
		return false;
	while (str_next(&target, '/', &part)) {
		if (str_eq(part, STR("..")) && depth-- == 0)
			return false;
		if (part.len && !str_eq(part, STR(".")) && !str_eq(part, STR("..")))
			depth++;
	}
	return true;
}

/* The zones with and without leap seconds are there once more below these. */
static bool
is_copy(const struct zones *zones, struct str name)
{
	return zones->depth == 1 && (str_eq(name, STR("posix")) || str_eq(name, STR("right")));
}

static bool add_zones(struct zones *zones, struct str disk, struct str path);

static bool
add_zone(struct zones *zones, struct str disk, struct str path)
{
	struct planning *planning = zones->planning;
	struct fs *fs = planning->fs;
	struct str target;
	struct stat st;

	if (!fs_lstat(fs, disk, &st))
		return true; /* gone since it was listed */
	if (S_ISDIR(st.st_mode))
		return add_zones(zones, disk, path);
	if (S_ISREG(st.st_mode)) {
		add(planning, path, TREE_FILE, 0644, disk, zones->pos);
	} else if (S_ISLNK(st.st_mode)) {
		if (!fs_readlink(fs, disk, zones->pos, &target))
			return false;
		/* such as localtime, the zone of this machine */
		if (stays(target, zones->depth - 1))
			add(planning, path, TREE_SYMLINK, 0777, target, zones->pos);
	}
	return true;
}

static bool
add_zones(struct zones *zones, struct str disk, struct str path)
{
	struct fs *fs = zones->planning->fs;
	struct fs_names names;
	bool ok = true;

	if (zones->depth == DEEPEST)
		return diag_error(fs->diag, zones->pos,
			"'" STR_FMT "' is deeper than time zones ever are", STR_ARG(disk));
	if (!fs_list(fs, disk, zones->pos, &names))
		return false;
	zones->depth++;
	for (size_t i = 0; i < names.len; i++)
		if (!is_copy(zones, names.at[i]) &&
			!add_zone(zones, fs_join(fs->arena, disk, names.at[i]),
				fs_join(fs->arena, path, names.at[i])))
			ok = false;
	zones->depth--;
	return ok;
}

static bool
add_timezones(struct planning *planning)
{
	const struct spec_taken *taken = &planning->spec->timezones;
	struct zones zones = {.planning = planning, .pos = taken->path.pos};
	const char *place = "usr/share/zoneinfo";
	struct str path;

	return !taken->on || (find(planning, taken, place, true, &path) &&
				     add_zones(&zones, path, (struct str){place, strlen(place)}));
}

/* --- a shell --- */

static bool
add_busybox(struct planning *planning)
{
	const struct spec_taken *taken = &planning->spec->busybox;
	struct arena *arena = planning->fs->arena;
	struct str path;

	if (!taken->on)
		return true;
	if (!find(planning, taken, "bin/busybox", false, &path))
		return false;
	add(planning, STR("bin/busybox"), TREE_FILE, 0755, path, taken->path.pos);
	for (size_t i = 0; i < sizeof(applets) / sizeof(applets[0]); i++)
		add(planning,
			fs_join(arena, STR("bin"), (struct str){applets[i], strlen(applets[i])}),
			TREE_SYMLINK, 0777, STR("busybox"), taken->path.pos);
	/* what scripts begin with */
	add(planning, STR("usr/bin/env"), TREE_SYMLINK, 0777, STR("../../bin/busybox"),
		taken->path.pos);
	return true;
}

/* --- all --- */

static void
warn_unused(struct planning *planning, const struct spec_taken *taken, const char *key)
{
	struct diag *diag = planning->fs->diag;

	if (!taken->on)
		return;
	diag_warning(diag, taken->path.pos,
		"image.%s is for images from scratch; this one has what its base has", key);
	diag_note(diag, taken->path.pos, "remove it, or set image.base: scratch");
}

bool
taken_add(struct planning *planning)
{
	const struct spec_image *image = planning->spec;
	bool ok = true;

	if (planning->base) {
		if (planning->release->platform)
			return true; /* others of the platforms may be from scratch */
		warn_unused(planning, &image->certificates, "ca_certificates");
		warn_unused(planning, &image->timezones, "timezones");
		warn_unused(planning, &image->busybox, "busybox");
		return true;
	}
	if (!add_certificates(planning))
		ok = false;
	if (!add_timezones(planning))
		ok = false;
	if (!add_busybox(planning))
		ok = false;
	return ok;
}
