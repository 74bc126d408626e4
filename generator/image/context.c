#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "image/dockerfile.h"
#include "image/image.h"
#include "pack/owner.h"
#include "pack/pack.h"
#include "pack/staging.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"
#include "support/sha256.h"

#define LAYERS "layers"
/* Of the folder: says that it is one of ours. */
#define MARKER      ".dockerignore"
#define MARKER_TEXT "# Made by beamrel context"

struct context {
	struct fs *fs;
	struct dockerfile_plan *plans; /* files: "layers/own.tar", "layers/linux-arm64/own.tar" */
	size_t len, threads;
	struct staging staging; /* where they are made */
	struct tree tree;       /* of the context */
};

/* A name that Dockerfile and .dockerignore take as it is. */
static struct str
file_of(struct arena *arena, struct str folder, struct str layer)
{
	struct buf name = {.arena = arena};

	buf_str(&name, STR(LAYERS "/"));
	buf_str(&name, folder);
	for (size_t i = 0; i < layer.len; i++) {
		char c = layer.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '_' || c == '-';

		if (plain)
			buf_byte(&name, (unsigned char)c);
		else
			buf_printf(&name, ".%02x", (unsigned)(unsigned char)c);
	}
	buf_str(&name, STR(".tar"));
	return buf_view(&name);
}

static void
name_files(struct context *c, const struct image_plan *plans)
{
	struct arena *arena = c->fs->arena;

	c->plans = arena_array(arena, struct dockerfile_plan, c->len);
	for (size_t i = 0; i < c->len; i++) {
		struct str *files = arena_array(arena, struct str, plans[i].layers.len);
		struct str folder = {0};

		if (c->len > 1)
			folder = fs_join(arena, dockerfile_platform(arena, &plans[i].platform, '-'),
				STR(""));
		for (size_t k = 0; k < plans[i].layers.len; k++)
			files[k] = file_of(arena, folder, plans[i].layers.at[k].name);
		c->plans[i] = (struct dockerfile_plan){&plans[i], files};
	}
}

static struct str
ignore_text(struct context *c)
{
	struct buf text = {.arena = c->fs->arena};

	buf_str(&text, STR(MARKER_TEXT ": the layers are all that docker needs to be sent.\n*\n"));
	for (size_t i = 0; i < c->len; i++)
		for (size_t k = 0; k < c->plans[i].plan->layers.len; k++)
			buf_printf(&text, "!" STR_FMT "\n", STR_ARG(c->plans[i].files[k]));
	return buf_view(&text);
}

/* --- the files, in the staging folder --- */

/*
 * BuildKit does not fetch a file again that has the size and the time of the one it fetched before,
 * not even the Dockerfile. Sizes of tars are often equal; so the time says what is in the file, and
 * not when that was written, for equal contexts are to be equal.
 */
static bool
set_time(struct context *c, const char *path, const char *digest)
{
	enum { YEAR_1980 = 315532800, DIGITS = 7 }; /* to 1988: a time that nobody is proud of */
	time_t time = 0;

	for (size_t i = 0; i < DIGITS; i++)
		time = time * 16 + (digest[i] <= '9' ? digest[i] - '0' : digest[i] - 'a' + 10);
	time += YEAR_1980;

	struct timespec times[] = {{.tv_sec = time}, {.tv_sec = time}};
	return utimensat(AT_FDCWD, path, times, 0) == 0 ||
	       diag_error(c->fs->diag, (struct srcpos){.file = path}, "its time cannot be set: %s",
		       strerror(errno));
}

static struct str
staged(struct context *c, struct str name)
{
	return fs_join(c->fs->arena, (struct str){c->staging.tree, strlen(c->staging.tree)}, name);
}

static bool
add_file(struct context *c, struct str name, const char *digest)
{
	struct str source = staged(c, name);
	struct tree_entry entry = {.path = name,
		.kind = TREE_FILE,
		.mode = 0644,
		.source = source,
		.origin = c->plans[0].plan->release->spec->image.pos};

	return set_time(c, fs_cstr(c->fs->arena, source), digest) &&
	       tree_add(&c->tree, entry, c->fs->diag);
}

static bool
write_text(struct context *c, struct str name, struct str text)
{
	char digest[SHA256_HEX_SIZE];

	sha256_hex(text, digest);
	return fs_write(c->fs, staged(c, name), text, 0644) && add_file(c, name, digest);
}

static bool
write_layers(struct context *c, const struct dockerfile_plan *of)
{
	const struct pack_options options = {
		.epoch = of->plan->release->epoch, .threads = c->threads};
	bool ok = true;

	for (size_t i = 0; i < of->plan->layers.len; i++) {
		char digest[SHA256_HEX_SIZE];

		ok = pack_archive(c->fs, &of->plan->layers.at[i].tree, staged(c, of->files[i]),
			     &options, digest) &&
		     add_file(c, of->files[i], digest) && ok;
	}
	return ok;
}

static bool
write_files(struct context *c, struct str dockerfile)
{
	bool ok = write_text(c, STR("Dockerfile"), dockerfile) &&
		  write_text(c, STR(MARKER), ignore_text(c));

	for (size_t i = 0; i < c->len; i++)
		if (ok && !write_layers(c, &c->plans[i]))
			ok = false;
	return ok;
}

/* --- the output --- */

static bool
write_output(struct context *c, struct str output, bool archive, const struct pack_options *options)
{
	if (!tree_seal(&c->tree, c->fs->diag))
		return false;
	return archive ? pack_archive(c->fs, &c->tree, output, options, NULL)
		       : pack_directory(c->fs, &c->tree, output, options);
}

/* The absolute path of what will stand at `output`, in a folder that exists. */
static bool
locate(struct fs *fs, struct str output, struct str *real)
{
	struct str parent;
	size_t slash;

	if (fs_realpath(fs, output, real))
		return true;
	while (output.len > 1 && output.at[output.len - 1] == '/')
		output.len--;
	for (slash = output.len; slash > 0 && output.at[slash - 1] != '/';)
		slash--;
	parent = slash ? str_head(output, slash) : STR(".");
	if (!fs_mkdirs(fs, parent))
		return false;
	if (!fs_realpath(fs, parent, &parent))
		return diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, output)},
			"cannot be made: %s", strerror(errno));
	*real = fs_join(fs->arena, parent, (struct str){output.at + slash, output.len - slash});
	return true;
}

/* Before anything is written: is the folder one that may be replaced? */
static bool
is_free(struct context *c, struct str output, const struct pack_options *options)
{
	struct tree names = {.arena = c->fs->arena};

	return tree_add_bytes(
		       &names, STR("Dockerfile"), STR(""), 0644, (struct srcpos){0}, c->fs->diag) &&
	       tree_add_bytes(
		       &names, STR(MARKER), STR(""), 0644, (struct srcpos){0}, c->fs->diag) &&
	       tree_add_bytes(
		       &names, STR(LAYERS "/x"), STR(""), 0644, (struct srcpos){0}, c->fs->diag) &&
	       owner_of(c->fs, &names, output, options) != OWNER_OTHERS;
}

bool
context_write(struct fs *fs, const struct image_plan *plans, size_t len, struct str output,
	size_t threads)
{
	static const struct fs_names none;
	struct context c = {.fs = fs, .len = len, .threads = threads, .tree = {.arena = fs->arena}};
	const struct pack_options options = {.epoch = plans[0].release->epoch,
		.threads = threads,
		.link = true,
		.source_times = true,
		.marker = STR(MARKER),
		.marker_text = STR(MARKER_TEXT)};
	bool archive = str_ends(output, STR(".tar"));
	struct buf staging = {.arena = fs->arena};
	struct str dockerfile;

	name_files(&c, plans);
	if (!dockerfile_text(fs, c.plans, len, &dockerfile) || fs->diag->errors ||
		(archive && !fs_check_output(fs, output)) || !locate(fs, output, &output) ||
		(!archive && !is_free(&c, output, &options)))
		return false;

	/* Beside the output, so that the files need only a second name there. */
	buf_str(&staging, output);
	buf_str(&staging, STR(".new"));
	if (!staging_open(&c.staging, fs, buf_view(&staging), &none))
		return false;

	bool ok = write_files(&c, dockerfile) && write_output(&c, output, archive, &options);
	return staging_close(&c.staging, fs) && ok;
}
