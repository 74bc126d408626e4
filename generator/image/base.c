#include "image/base.h"

#include <stdlib.h>

#include "image/base_choose.h"
#include "image/base_files.h"
#include "image/base_layer.h"
#include "image/oci.h"
#include "support/arena.h"
#include "support/pool.h"

/* Which file of the base holds which blob. */
struct base_blobs {
	struct base_files files;
	struct base_sources layers; /* in the order of base->layers */
};

/* A layer, read by a worker thread into an arena of its own. */
struct job {
	const struct base_files *files;
	const struct base_source *source;
	struct arena arena;
	struct base_items items;
	char digest[DIGEST_SIZE + 1];
	uint64_t size;
	enum intake_coding coding;
	const char *fault;
};

/* What the content says is true only once the digests are: a damaged layer is called damaged. */
static void
check_digests(struct job *job, const struct intake_end *end, const char *fault)
{
	const struct base_source *source = job->source;
	struct str raw = {end->raw, SHA256_HEX_SIZE - 1}, out = {end->out, SHA256_HEX_SIZE - 1};
	struct buf said = {.arena = &job->arena};

	memcpy(job->digest, "sha256:", 7);
	memcpy(job->digest + 7, end->raw, SHA256_HEX_SIZE);
	if (source->digest.at &&
		!str_eq(raw, (struct str){source->digest.at + 7, source->digest.len - 7}))
		buf_printf(&said, "has the digest sha256:%s", end->raw);
	else if (fault)
		buf_printf(&said, "%s", fault);
	else if (!str_eq(out, (struct str){source->diff_id.at + 7, source->diff_id.len - 7}))
		buf_printf(&said,
			"holds a tar with the digest sha256:%s, and the config says that it is " STR_FMT,
			end->out, STR_ARG(source->diff_id));
	if (said.len > 0) {
		buf_byte(&said, '\0');
		job->fault = said.at;
	}
}

static bool
coding_of(const struct base_source *source, struct job *job, const struct intake_place *place)
{
	enum intake_coding found;
	struct str first = {0};
	INTAKE_CLOSE struct intake *intake =
		intake_open(&job->arena, place, INTAKE_PLAIN, UINT64_MAX, false);

	if (!intake_next(intake, &first, &job->fault))
		return false;
	found = intake_coding_of(first);
	job->coding = found;
	if (source->media_type.len == 0)
		return true;
	if (str_eq(source->media_type, base_layer_gzip)       ? found == INTAKE_GZIP
		: str_eq(source->media_type, base_layer_zstd) ? found == INTAKE_ZSTD
							      : found == INTAKE_PLAIN)
		return true;
	job->fault = "is not compressed as its media type says";
	return false;
}

static void
read_layer(void *context, size_t index, struct arena *scratch)
{
	struct job *job = &((struct job *)context)[index];
	FS_CLOSE_FD int fd = -1;
	struct intake_place place;
	struct intake_end end;
	const char *fault = NULL;

	(void)scratch;
	if (!base_files_place(job->files, &job->arena, job->source->name, &place, &fd, &job->fault))
		return;
	job->size = place.size;
	if (job->source->digest.at && place.size != job->source->size) {
		job->fault = "has not the size that its descriptor says";
		return;
	}
	if (!coding_of(job->source, job, &place)) {
		const char *kept = job->fault;
		INTAKE_CLOSE struct intake *plain =
			intake_open(&job->arena, &place, INTAKE_PLAIN, UINT64_MAX, true);

		job->fault = NULL;
		if (intake_finish(plain, &end, &kept))
			check_digests(job, &end, kept);
		else
			job->fault = kept;
		return;
	}
	INTAKE_CLOSE struct intake *intake =
		intake_open(&job->arena, &place, job->coding, BASE_BYTES, true);
	base_layer_read(&job->arena, intake, &job->items, &fault);
	if (intake_finish(intake, &end, &job->fault))
		check_digests(job, &end, fault);
}

static struct str
copy_text(struct arena *arena, struct str text)
{
	return text.at ? (struct str){fs_cstr(arena, text), text.len} : text;
}

/* The entries outlive the arenas of the layers. */
static void
keep_entries(struct fs *fs, struct base *base, const struct base_entries *entries)
{
	base->entries.at = arena_array(fs->arena, struct base_entry, entries->len);
	for (; base->entries.len < entries->len; base->entries.len++) {
		struct base_entry *entry = &base->entries.at[base->entries.len];

		*entry = entries->at[base->entries.len];
		entry->path = copy_text(fs->arena, entry->path);
		entry->link = copy_text(fs->arena, entry->link);
		entry->elf = base_keep_elf(fs->arena, entry->elf);
		if (entry->elf_fault)
			entry->elf_fault = fs_cstr(fs->arena,
				(struct str){entry->elf_fault, strlen(entry->elf_fault)});
	}
	base->entries.cap = base->entries.len;
}

static struct str
type_of(enum intake_coding coding)
{
	switch (coding) {
	case INTAKE_PLAIN:
		return base_layer_tar;
	case INTAKE_GZIP:
		return base_layer_gzip;
	case INTAKE_ZSTD:
		return base_layer_zstd;
	}
	return (struct str){0};
}

/* Every layer by itself, in parallel; then one over the other. */
static bool
read_layers(struct fs *fs, struct base_reader *r, const struct base_blobs *blobs, struct base *base)
{
	size_t len = blobs->layers.len;
	struct job *jobs = arena_array(fs->arena, struct job, len);
	struct arena scratch = {0};
	struct base_entries entries = {0};
	bool ok = true;

	for (size_t i = 0; i < len; i++)
		jobs[i] = (struct job){.files = &blobs->files, .source = &blobs->layers.at[i]};
	pool_run(pool_default_threads(), len, read_layer, jobs);
	for (size_t i = 0; i < len; i++) {
		const struct base_source *source = &blobs->layers.at[i];
		struct base_layer layer = {.diff_id = source->diff_id,
			.media_type = type_of(jobs[i].coding),
			.size = jobs[i].size};

		r->what = source->name;
		if (ok && !jobs[i].fault)
			base_merge(&scratch, &entries, &jobs[i].items, &jobs[i].fault);
		if (jobs[i].fault)
			ok = base_refuse(r, "%s", jobs[i].fault);
		layer.digest = copy_text(fs->arena, (struct str){jobs[i].digest, DIGEST_SIZE});
		vec_push(fs->arena, &base->layers, layer);
	}
	if (ok)
		keep_entries(fs, base, &entries);
	for (size_t i = 0; i < len; i++)
		arena_release(&jobs[i].arena);
	arena_release(&scratch);
	return ok;
}

/* For the depfile: what is read of a folder, or the archive. */
static void
note_inputs(struct fs *fs, const struct base_files *files, const struct base_choice *choice)
{
	if (files->is_archive) {
		fs_input(fs, files->path);
		return;
	}
	for (size_t i = 0; i < choice->read.len; i++)
		fs_input(fs, fs_join(fs->arena, files->path, choice->read.at[i]));
	for (size_t i = 0; i < choice->layers.len; i++)
		fs_input(fs, fs_join(fs->arena, files->path, choice->layers.at[i].name));
}

bool
base_read(struct fs *fs, const struct spec_text *path, const struct spec_text *digest,
	const struct image_platform *platform, struct base **read)
{
	struct base_reader r = {fs->arena, fs->diag, path->pos, path->text, {0}};
	struct base *base = arena_new(fs->arena, struct base);
	struct base_blobs *blobs = arena_new(fs->arena, struct base_blobs);
	struct str wanted = digest ? digest->text : (struct str){0};
	struct base_choice choice = {0};
	bool ok;

	if (wanted.len > 0 && !oci_is_digest(wanted))
		return diag_error(fs->diag, digest->pos,
			"'" STR_FMT "' is no digest: it must be sha256: and 64 of 0-9 and a-f",
			STR_ARG(wanted));
	if (!base_files_open(&r, path->text, &blobs->files)) {
		fs_input(fs, path->text);
		return false;
	}
	ok = base_choose(&r, &blobs->files, wanted, platform, &choice);
	note_inputs(fs, &blobs->files, &choice);
	if (!ok)
		return false;
	blobs->layers = choice.layers;
	*base = (struct base){.pos = path->pos,
		.path = path->text,
		.digest = choice.digest,
		.platform = choice.image.platform,
		.config = choice.image.config,
		.history = choice.image.history,
		.blobs = blobs};
	if (!read_layers(fs, &r, blobs, base))
		return false;
	*read = base;
	return true;
}

bool
base_blob(const struct base *base, struct str digest, struct arena *arena,
	void (*take)(void *context, struct str bytes), void *context, const char **fault)
{
	const struct base_blobs *blobs = base->blobs;
	FS_CLOSE_FD int fd = -1;
	struct intake_place place;
	struct intake_end end;
	struct str piece;
	size_t i = 0;

	while (i < base->layers.len && !str_eq(base->layers.at[i].digest, digest))
		i++;
	*fault = "is no layer of the base";
	if (i == base->layers.len || !base_files_place(&blobs->files, arena,
					     blobs->layers.at[i].name, &place, &fd, fault))
		return false;

	INTAKE_CLOSE struct intake *intake =
		intake_open(arena, &place, INTAKE_PLAIN, UINT64_MAX, true);
	do {
		if (!intake_next(intake, &piece, fault))
			return false;
		if (piece.len > 0)
			take(context, piece);
	} while (piece.len > 0);
	if (!intake_finish(intake, &end, fault))
		return false;
	*fault = "has changed since it was verified";
	return str_eq((struct str){end.raw, SHA256_HEX_SIZE - 1},
		(struct str){digest.at + 7, digest.len - 7});
}
