/* The sysroot's /etc/ld.so.conf, as ldconfig(8) reads it. */
#include "image/native.h"
#include "support/arena.h"
#include "support/path.h"

enum { MAX_DEPTH = 8, MAX_FILES = 1000 };

struct reading {
	struct fs *fs;
	struct loader *loader;
	struct str sysroot;
	size_t files; /* read so far: an include of itself ends */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct str
trimmed(struct str s)
{
	while (s.len > 0 && is_blank(s.at[0]))
		s = (struct str){s.at + 1, s.len - 1};
	while (s.len > 0 && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* '*' and '?' of file names, as far as ld.so.conf.d needs them. */
static bool
matches(struct str pattern, struct str name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, from = 0;

	while (n < name.len) {
		if (p < pattern.len && pattern.at[p] == '*') {
			star = p++;
			from = n;
		} else if (p < pattern.len &&
			   (pattern.at[p] == '?' || pattern.at[p] == name.at[n])) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.at[p] == '*')
		p++;
	return p == pattern.len;
}

static void
add_folder(struct reading *r, struct str line)
{
	const char *type = memchr(line.at, '=', line.len); /* "/lib=libc6", of old */
	struct str folder = trimmed(str_head(line, type ? (size_t)(type - line.at) : line.len));

	while (folder.len > 0 && folder.at[folder.len - 1] == '/')
		folder.len--;
	while (folder.len > 0 && folder.at[0] == '/')
		folder = (struct str){folder.at + 1, folder.len - 1};
	if (folder.len > 0)
		vec_push(r->fs->arena, &r->loader->configured, folder);
}

static bool read_file(struct reading *r, struct str path, unsigned depth);

/* `pattern` is a path inside the sysroot, or beside the file that includes it. */
static bool
include(struct reading *r, struct str from, struct str pattern, unsigned depth)
{
	struct arena *arena = r->fs->arena;
	struct str path = fs_join(arena, path_parent(from), pattern);
	struct str folder = path_parent(path), last;
	struct loader_place place;
	struct fs_names names;
	bool ok = true;

	if (depth == MAX_DEPTH || path.len == 0)
		return true;
	last = (struct str){path.at + folder.len, path.len - folder.len};
	while (last.len > 0 && last.at[0] == '/')
		last = (struct str){last.at + 1, last.len - 1};
	if (!loader_resolve(r->loader, folder, &place) || place.item.kind != LOADER_FOLDER)
		return true;
	if (!fs_list(r->fs, fs_join(arena, r->sysroot, place.path), (struct srcpos){0}, &names))
		return false;
	for (size_t i = 0; i < names.len; i++)
		if ((names.at[i].at[0] != '.' || last.at[0] == '.') && matches(last, names.at[i]))
			ok = read_file(r, fs_join(arena, place.path, names.at[i]), depth + 1) && ok;
	return ok;
}

static bool
read_file(struct reading *r, struct str path, unsigned depth)
{
	const struct str word = STR("include");
	struct loader_place place;
	struct str content, line;
	bool ok = true;

	if (!loader_resolve(r->loader, path, &place) || place.item.kind != LOADER_FILE ||
		r->files++ > MAX_FILES)
		return true;
	if (!fs_read(r->fs, place.item.source, (struct srcpos){0}, &content))
		return false;
	while (str_next(&content, '\n', &line)) {
		const char *comment = memchr(line.at, '#', line.len);

		line = trimmed(str_head(line, comment ? (size_t)(comment - line.at) : line.len));
		if (line.len > word.len && str_eq(str_head(line, word.len), word) &&
			is_blank(line.at[word.len]))
			ok = include(r, place.path,
				     trimmed((struct str){line.at + word.len, line.len - word.len}),
				     depth) &&
			     ok;
		else if (line.len > 0 && line.at[0] == '/')
			add_folder(r, line);
	}
	return ok;
}

bool
loader_configure(struct fs *fs, struct loader *loader, struct str sysroot)
{
	struct reading r = {.fs = fs, .loader = loader, .sysroot = sysroot};

	return read_file(&r, STR("etc/ld.so.conf"), 0);
}
