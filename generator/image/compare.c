/* Why two artifacts differ: entry by entry, and of each what is not the same. */
#include <inttypes.h>

#include "image/artifact.h"
#include "support/arena.h"
#include "support/buf.h"

struct comparison {
	struct fs *fs;
	bool owners; /* both were written by archivers, so owners are part of the artifact */
	struct differences *found;
};

static const char *
kind_name(enum artifact_kind kind)
{
	switch (kind) {
	case ARTIFACT_FOLDER:
		return "a folder";
	case ARTIFACT_FILE:
		return "a file";
	case ARTIFACT_LINK:
		return "a symbolic link";
	case ARTIFACT_SPECIAL:
		return "a device or fifo";
	case ARTIFACT_HARDLINK:
		return "a hard link";
	}
	return "nothing";
}

static struct buf *
part(struct buf *what)
{
	if (what->len)
		buf_printf(what, "; ");
	return what;
}

static size_t
first_difference(struct str a, struct str b)
{
	size_t least = a.len < b.len ? a.len : b.len, at = 0;

	while (at < least && a.at[at] == b.at[at])
		at++;
	return at;
}

/* Bytes count from 0, as offsets in hex dumps do. */
static void
compare_bytes(struct buf *what, struct str a, struct str b)
{
	size_t at = first_difference(a, b);

	if (str_eq(a, b))
		return;
	if (at == a.len || at == b.len)
		buf_printf(part(what), "%zu bytes against %zu, alike up to the end of the shorter",
			a.len, b.len);
	else
		buf_printf(part(what), "content differs from byte %zu: %02x against %02x", at,
			(unsigned char)a.at[at], (unsigned char)b.at[at]);
}

static void
compare_entry(struct comparison *c, const struct artifact_entry *a, const struct artifact_entry *b)
{
	struct buf what = {.arena = c->fs->arena};

	if (a->kind != b->kind) {
		buf_printf(&what, "%s against %s", kind_name(a->kind), kind_name(b->kind));
	} else {
		if (a->mode != b->mode && a->kind != ARTIFACT_LINK)
			buf_printf(&what, "mode %04o against %04o", a->mode, b->mode);
		if (c->owners && (a->uid != b->uid || a->gid != b->gid))
			buf_printf(part(&what),
				"owner %" PRIu64 ":%" PRIu64 " against %" PRIu64 ":%" PRIu64,
				a->uid, a->gid, b->uid, b->gid);
		if (a->mtime != b->mtime)
			buf_printf(part(&what), "time %" PRId64 " against %" PRId64, a->mtime,
				b->mtime);
		if (!str_eq(a->link, b->link))
			buf_printf(part(&what), "link to '" STR_FMT "' against '" STR_FMT "'",
				STR_ARG(a->link), STR_ARG(b->link));
		compare_bytes(&what, a->bytes, b->bytes);
	}
	if (what.len)
		vec_push(c->fs->arena, c->found,
			(struct difference){a->path, buf_view(&what), a->bytes, b->bytes});
}

static void
only_in(struct comparison *c, const struct artifact_entry *entry, struct str where)
{
	struct buf what = {.arena = c->fs->arena};

	buf_printf(&what, "%s that is only in " STR_FMT, kind_name(entry->kind), STR_ARG(where));
	vec_push(c->fs->arena, c->found,
		(struct difference){.path = entry->path, .what = buf_view(&what)});
}

static void
compare_entries(struct comparison *c, const struct artifact *a, const struct artifact *b)
{
	size_t i = 0, j = 0;

	while (i < a->entries.len || j < b->entries.len) {
		const struct artifact_entry *x = i < a->entries.len ? &a->entries.at[i] : NULL;
		const struct artifact_entry *y = j < b->entries.len ? &b->entries.at[j] : NULL;
		int order = !x ? 1 : !y ? -1 : str_order(x->path, y->path);
		if (order == 0)
			compare_entry(c, x, y);
		else
			only_in(c, order < 0 ? x : y, order < 0 ? a->path : b->path);
		i += order <= 0;
		j += order >= 0;
	}
}

/* What no entry tells: their order in an archive, its compression. */
static void
compare_files(struct comparison *c, struct str a, struct str b)
{
	struct buf what = {.arena = c->fs->arena};

	compare_bytes(&what, a, b);
	if (!what.len)
		return;
	buf_printf(&what, ", with the same entries: in another order, or written or compressed "
			  "by another program");
	vec_push(c->fs->arena, c->found, (struct difference){.what = buf_view(&what)});
}

bool
artifact_compare(struct fs *fs, struct str a, struct str b, struct differences *found)
{
	struct comparison c = {.fs = fs, .found = found};
	struct artifact first, second;
	bool ok = artifact_read(fs, a, &first);

	if (!artifact_read(fs, b, &second) || !ok)
		return false;
	c.owners = !first.is_folder && !second.is_folder;
	compare_entries(&c, &first, &second);
	if (c.owners && found->len == 0)
		compare_files(&c, first.bytes, second.bytes);
	return true;
}
