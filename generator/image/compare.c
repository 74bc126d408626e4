/* Why two artifacts differ: entry by entry, and of each what is not the same. */
#include <inttypes.h>

#include "image/compare.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/json.h"

struct comparison {
	struct fs *fs;
	bool owners; /* both were written by archivers, so owners are part of the artifact */
	struct differences *found;
	/* Digests and sizes in documents: shown when nothing else tells why. */
	struct differences consequences;
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

/* --- documents --- */

/* The place of a value in a document: "config.Env[2]". */
struct field {
	const struct field *above;
	struct str name;
	size_t index; /* of an item of an array, which has no name */
};

static void
print_field(struct buf *out, const struct field *field)
{
	const struct field *path[JSON_DEPTH + 1];
	size_t len = 0;

	for (; field && len < sizeof(path) / sizeof(path[0]); field = field->above)
		path[len++] = field;
	for (size_t i = len; i > 0; i--) {
		const struct field *at = path[i - 1];
		if (at->name.at)
			buf_printf(out, "%s" STR_FMT, i < len ? "." : "", STR_ARG(at->name));
		else
			buf_printf(out, "[%zu]", at->index);
	}
}

static void
print_value(struct buf *out, const struct json *value)
{
	if (value)
		json_write(out, value);
	else
		buf_printf(out, "nothing");
}

/* Does it follow from what layers and configs hold? */
static bool
is_consequence(const struct field *field)
{
	static const struct str names[] = {STR_INIT("digest"), STR_INIT("size"),
		STR_INIT("diff_ids"), STR_INIT("Config"), STR_INIT("Layers")};

	for (; field; field = field->above)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (str_eq(field->name, names[i]))
				return true;
	return false;
}

static void
report_field(struct comparison *c, struct str document, const struct field *field,
	const struct json *a, const struct json *b)
{
	struct buf what = {.arena = c->fs->arena};
	struct differences *found = is_consequence(field) ? &c->consequences : c->found;

	print_field(&what, field);
	buf_printf(&what, " is ");
	print_value(&what, a);
	buf_printf(&what, " against ");
	print_value(&what, b);
	vec_push(c->fs->arena, found,
		(struct difference){.path = document, .what = buf_view(&what)});
}

static void compare_values(struct comparison *c, struct str document, const struct field *field,
	const struct json *a, const struct json *b);

/* Of what comes next in each; what has ended comes last. */
static int
member_order(const struct json *a, size_t i, const struct json *b, size_t j)
{
	if (i == a->len)
		return 1;
	return j == b->len ? -1 : str_order(a->members[i].name, b->members[j].name);
}

static void
compare_members(struct comparison *c, struct str document, const struct field *field,
	const struct json *a, const struct json *b)
{
	size_t i = 0, j = 0;

	while (i < a->len || j < b->len) {
		int order = member_order(a, i, b, j);
		struct field at = {.above = field,
			.name = order <= 0 ? a->members[i].name : b->members[j].name};

		compare_values(c, document, &at, order <= 0 ? &a->members[i].value : NULL,
			order >= 0 ? &b->members[j].value : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

/* Calls itself as deep as JSON_DEPTH allows. */
static void
compare_values(struct comparison *c, struct str document, const struct field *field,
	const struct json *a, const struct json *b)
{
	struct buf x = {.arena = c->fs->arena}, y = {.arena = c->fs->arena};

	if (a && b && a->kind == b->kind && a->kind == JSON_IS_OBJECT) {
		compare_members(c, document, field, a, b);
		return;
	}
	if (a && b && a->kind == b->kind && a->kind == JSON_IS_ARRAY) {
		for (size_t i = 0; i < a->len || i < b->len; i++) {
			struct field at = {.above = field, .index = i};
			compare_values(c, document, &at, i < a->len ? &a->items[i] : NULL,
				i < b->len ? &b->items[i] : NULL);
		}
		return;
	}
	print_value(&x, a);
	print_value(&y, b);
	if (!a || !b || !str_eq(buf_view(&x), buf_view(&y)))
		report_field(c, document, field, a, b);
}

/* False: one is no JSON, or they say the same in other bytes. */
static bool
compare_documents(
	struct comparison *c, const struct artifact_entry *a, const struct artifact_entry *b)
{
	size_t before = c->found->len + c->consequences.len;
	struct json_fault fault;
	struct json x, y;

	if (!json_read(c->fs->arena, a->bytes, &x, &fault) ||
		!json_read(c->fs->arena, b->bytes, &y, &fault))
		return false;
	compare_values(c, a->path, NULL, &x, &y);
	return c->found->len + c->consequences.len > before;
}

/* --- entries --- */

static void
compare_entry(struct comparison *c, const struct artifact_entry *a, const struct artifact_entry *b)
{
	struct buf what = {.arena = c->fs->arena};
	struct differences *found = a->is_layer ? &c->consequences : c->found;

	if (a->is_document && b->is_document && !str_eq(a->bytes, b->bytes) &&
		compare_documents(c, a, b))
		return;
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
		vec_push(c->fs->arena, found,
			(struct difference){a->path, buf_view(&what), a->bytes, b->bytes});
}

static void
only_in(struct comparison *c, const struct artifact_entry *entry, struct str where)
{
	struct buf what = {.arena = c->fs->arena};

	/* What docker reads stands in archives only. */
	if (entry->is_document && str_eq(entry->path, STR("manifest.json")))
		return;
	buf_printf(&what, "%s that is only in " STR_FMT, kind_name(entry->kind), STR_ARG(where));
	vec_push(c->fs->arena, c->found,
		(struct difference){.path = entry->path, .what = buf_view(&what)});
}

static int
entry_order(const struct artifact *a, size_t i, const struct artifact *b, size_t j)
{
	if (i == a->entries.len)
		return 1;
	return j == b->entries.len ? -1 : str_order(a->entries.at[i].path, b->entries.at[j].path);
}

static void
compare_entries(struct comparison *c, const struct artifact *a, const struct artifact *b)
{
	size_t i = 0, j = 0;

	while (i < a->entries.len || j < b->entries.len) {
		int order = entry_order(a, i, b, j);

		if (order < 0)
			only_in(c, &a->entries.at[i++], a->path);
		else if (order > 0)
			only_in(c, &b->entries.at[j++], b->path);
		else
			compare_entry(c, &a->entries.at[i++], &b->entries.at[j++]);
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
	ok = artifact_unfold(fs, &first);
	if (!artifact_unfold(fs, &second) || !ok)
		return false;
	c.owners = !first.is_folder && !second.is_folder;
	compare_entries(&c, &first, &second);
	if (found->len == 0)
		*found = c.consequences;
	if (c.owners && found->len == 0)
		compare_files(&c, first.bytes, second.bytes);
	return true;
}
