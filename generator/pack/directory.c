#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "pack/content.h"
#include "pack/owner.h"
#include "pack/pack.h"
#include "pack/place.h"
#include "pack/staging.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/pool.h"

enum { FOLDER_MODE = 0755 };

struct result {
	bool same; /* the old folder holds it */
	enum place_fault fault;
	const char *reason; /* of the fault, in `arena` */
	struct arena arena;
};

struct writing {
	struct fs *fs;
	const struct tree *tree;
	const struct place_rules *rules;
	size_t threads;
	size_t *children;       /* of every entry, */
	size_t top;             /* and of the tree itself */
	struct result *results; /* of every entry */
	const char *old, *new;
	const struct fs_names *keep;
	atomic_bool full; /* the output is at fault: no use to go on writing */
};

static const struct tree_entry *
entry_at(const struct writing *w, size_t index)
{
	return &w->tree->entries.at[index];
}

static const char *
place_of(struct arena *arena, const char *dir, const struct tree_entry *entry)
{
	struct buf path = {.arena = arena};

	buf_add(&path, dir, strlen(dir));
	buf_byte(&path, '/');
	buf_str(&path, entry->path);
	buf_byte(&path, '\0');
	return path.at;
}

static bool
is_inside(struct str path, struct str dir)
{
	return path.len > dir.len && path.at[dir.len] == '/' &&
	       str_eq(str_head(path, dir.len), dir);
}

/* Parents come before what is in them, so the open ones form a stack. */
static void
count_children(struct writing *w, struct arena *arena)
{
	size_t count = w->tree->entries.len, depth = 0;
	size_t *open = arena_array(arena, size_t, count);

	w->children = arena_array(arena, size_t, count);
	for (size_t i = 0; i < count; i++) {
		while (depth > 0 &&
			!is_inside(entry_at(w, i)->path, entry_at(w, open[depth - 1])->path))
			depth--;
		*(depth > 0 ? &w->children[open[depth - 1]] : &w->top) += 1;
		if (entry_at(w, i)->kind == TREE_DIR)
			open[depth++] = i;
	}
}

static void
compare(void *context, size_t index, struct arena *scratch)
{
	struct writing *w = context;
	const struct tree_entry *entry = entry_at(w, index);

	w->results[index].same = place_holds(
		scratch, place_of(scratch, w->old, entry), entry, w->children[index], w->rules);
}

static size_t
count_kept(const struct writing *w, struct arena *arena)
{
	size_t count = 0;

	for (size_t i = 0; i < w->keep->len; i++) {
		struct tree_entry entry = {.path = w->keep->at[i]};
		struct stat st;

		count += lstat(place_of(arena, w->old, &entry), &st) == 0;
	}
	return count;
}

static bool
unchanged(struct writing *w, struct arena *arena)
{
	struct tree_entry top = {.kind = TREE_DIR, .mode = FOLDER_MODE};
	struct place_rules rules = *w->rules;
	size_t kept = count_kept(w, arena);
	bool same;

	rules.any_time = kept > 0;
	pool_run(w->threads, w->tree->entries.len, compare, w);
	same = place_holds(arena, w->old, &top, w->top + kept, &rules);
	for (size_t i = 0; i < w->tree->entries.len; i++)
		if (!w->results[i].same)
			same = false;
	return same;
}

/* Whether the input has faults, too, when writing on is of no use. */
static enum place_fault
judge(const struct tree_entry *entry, struct arena *scratch, const char **reason)
{
	struct str content;
	bool ok = entry->kind != TREE_FILE || entry->inlined || !entry->transform ||
		  tree_content(entry, scratch, &content, reason);

	return ok ? PLACE_OK : PLACE_INPUT;
}

static void
make(void *context, size_t index, struct arena *scratch)
{
	struct writing *w = context;
	struct result *result = &w->results[index];
	const struct tree_entry *entry = entry_at(w, index);
	const char *path = place_of(scratch, w->new, entry), *reason = NULL;

	if (entry->kind == TREE_DIR)
		return;
	/* The old file under a new name: nothing to copy, and the old folder keeps its own. */
	if (result->same && link(place_of(scratch, w->old, entry), path) == 0)
		return;
	result->fault = w->full ? judge(entry, scratch, &reason)
				: place_make(scratch, path, entry, w->rules, &reason);
	if (result->fault != PLACE_OK)
		result->reason = fs_cstr(&result->arena, (struct str){reason, strlen(reason)});
	if (result->fault == PLACE_OUTPUT)
		w->full = true;
}

static bool
make_folders(struct writing *w)
{
	for (size_t i = 0; i < w->tree->entries.len; i++) {
		struct arena scratch = {0};
		const struct tree_entry *entry = entry_at(w, i);
		const char *path = place_of(&scratch, w->new, entry);
		bool ok = entry->kind != TREE_DIR || mkdir(path, 0700) == 0 ||
			  diag_error(w->fs->diag, (struct srcpos){.file = w->old},
				  "cannot be written: the folder '" STR_FMT "': %s",
				  STR_ARG(entry->path), strerror(errno));

		arena_release(&scratch);
		if (!ok)
			return false;
	}
	return true;
}

static bool
finish_folders(struct writing *w)
{
	bool ok = true;

	for (size_t i = 0; ok && i < w->tree->entries.len; i++) {
		struct arena scratch = {0};
		const struct tree_entry *entry = entry_at(w, i);

		ok = entry->kind != TREE_DIR ||
		     place_finish_folder(
			     place_of(&scratch, w->new, entry), entry->mode, w->rules->epoch);
		arena_release(&scratch);
	}
	return (ok && place_finish_folder(w->new, FOLDER_MODE, w->rules->epoch)) ||
	       diag_error(w->fs->diag, (struct srcpos){.file = w->old},
		       "cannot be written: modes and times of folders: %s", strerror(errno));
}

/* All faults of the input; of those of the output the first, for they are one. */
static bool
report(struct writing *w)
{
	bool ok = true, told = false;

	for (size_t i = 0; i < w->tree->entries.len; i++) {
		struct result *result = &w->results[i];

		if (result->fault == PLACE_INPUT)
			ok = content_report(w->fs, entry_at(w, i), result->reason);
		if (result->fault == PLACE_OUTPUT && !told) {
			told = true;
			ok = diag_error(w->fs->diag, (struct srcpos){.file = w->old},
				"cannot be written: '" STR_FMT
				"': %s; what was there before is untouched",
				STR_ARG(entry_at(w, i)->path), result->reason);
		}
		arena_release(&result->arena);
	}
	return ok;
}

static bool
build(struct writing *w)
{
	if (!make_folders(w))
		return false;
	pool_run(w->threads, w->tree->entries.len, make, w);
	return report(w) && finish_folders(w);
}

static bool
replace(struct writing *w, struct str dir, bool ours)
{
	struct staging staging;

	if (!staging_open(&staging, w->fs, dir, w->keep))
		return false;
	w->new = staging.tree;

	bool ok = build(w) && staging_swap(&staging, w->fs, ours);
	return staging_close(&staging, w->fs) && ok;
}

/* `dir` with an existing parent, links followed: what is renamed must be the folder itself. */
static bool
resolve(struct fs *fs, struct str dir, struct str *real)
{
	struct str parent, name;
	size_t slash;

	if (fs_realpath(fs, dir, real))
		return true;
	while (dir.len > 1 && dir.at[dir.len - 1] == '/')
		dir.len--;
	for (slash = dir.len; slash > 0 && dir.at[slash - 1] != '/';)
		slash--;
	name = (struct str){dir.at + slash, dir.len - slash};
	parent = slash ? str_head(dir, slash) : STR(".");
	if (!fs_mkdirs(fs, parent))
		return false;
	if (!fs_realpath(fs, parent, &parent))
		return diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, dir)},
			"cannot be made: %s", strerror(errno));
	*real = fs_join(fs->arena, parent, name);
	return true;
}

/* The tree must not want for itself what is another's. */
static bool
check_kept(struct writing *w)
{
	bool ok = true;

	for (size_t i = 0; i < w->tree->entries.len; i++)
		for (size_t k = 0; k < w->keep->len; k++)
			if (str_eq(entry_at(w, i)->path, w->keep->at[k]))
				ok = diag_error(w->fs->diag, entry_at(w, i)->origin,
					"'" STR_FMT "' at the top of the release belongs to what "
					"runs from that folder; choose another name",
					STR_ARG(entry_at(w, i)->path));
	return ok;
}

bool
pack_directory(
	struct fs *fs, const struct tree *tree, struct str dir, const struct pack_options *options)
{
	struct place_rules rules = {.epoch = options->epoch,
		.link = options->link,
		.source_times = options->source_times};
	struct writing w = {.fs = fs,
		.tree = tree,
		.rules = &rules,
		.keep = &options->keep,
		.threads = options->threads ? options->threads : pool_default_threads()};
	struct arena arena = {0};
	enum owner owner;

	assert(tree->sealed);
	if (fs->diag->errors || !resolve(fs, dir, &dir))
		return false;
	owner = owner_of(fs, tree, dir, options);
	if (owner == OWNER_OTHERS || !check_kept(&w))
		return false;

	w.old = fs_cstr(fs->arena, dir);
	w.results = arena_array(&arena, struct result, tree->entries.len);
	count_children(&w, &arena);

	bool ok = (owner == OWNER_US && unchanged(&w, &arena) && !staging_exists(fs, dir)) ||
		  replace(&w, dir, owner == OWNER_US);
	arena_release(&arena);
	return ok;
}
