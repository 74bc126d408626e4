#include "image/loader.h"

#include "support/arena.h"
#include "support/buf.h"
#include "support/fs.h"
#include "support/path.h"

enum { MAX_LINKS = 40 }; /* as Linux */

static struct str
last_part(struct str path)
{
	size_t from = path.len;

	while (from > 0 && path.at[from - 1] != '/')
		from--;
	return (struct str){path.at + from, path.len - from};
}

static struct str
folder_of(struct str path)
{
	struct str parent = path_parent(path);

	if (str_eq(parent, STR("/")))
		parent.len = 0;
	return parent;
}

static struct str
joined(struct arena *arena, struct str folder, struct str name)
{
	struct buf path = {.arena = arena};

	buf_str(&path, folder);
	if (folder.len > 0 && name.len > 0)
		buf_byte(&path, '/');
	buf_str(&path, name);
	return buf_view(&path);
}

static bool
starts(struct str text, struct str with)
{
	return str_eq(str_head(text, with.len), with);
}

/* One step down from the folder `*done`. A link replaces what is left to go. */
static bool
descend(struct loader *l, struct str part, struct str *done, struct str *rest,
	struct loader_place *place)
{
	struct str at = joined(l->arena, *done, part);
	struct loader_item item = {0};

	if (!l->look(l->context, at, &item) || item.kind == LOADER_NOTHING)
		return false;
	if (item.kind == LOADER_LINK) {
		if (place->links.len >= MAX_LINKS)
			return false;
		if (item.target.len > 0 && item.target.at[0] == '/')
			*done = (struct str){0};
		*rest = rest->at ? joined(l->arena, item.target, *rest) : item.target;
		vec_push(l->arena, &place->links, (struct loader_link){at, item.target, item.ours});
		return item.target.len > 0;
	}
	place->item = item;
	*done = at;
	return item.kind == LOADER_FOLDER || !rest->at;
}

static bool
resolve_from(struct loader *l, struct str folder, struct str path, struct loader_place *place)
{
	struct str done = folder, rest = path, part;

	place->item = (struct loader_item){.kind = LOADER_FOLDER};
	while (str_next(&rest, '/', &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			done = folder_of(done); /* the root's parent is the root */
			place->item = (struct loader_item){.kind = LOADER_FOLDER};
		} else if (!descend(l, part, &done, &rest, place)) {
			return false;
		}
	}
	place->path = done;
	return true;
}

bool
loader_resolve(struct loader *loader, struct str path, struct loader_place *place)
{
	*place = (struct loader_place){0};
	return resolve_from(loader, (struct str){0}, path, place);
}

static void
read_object(struct loader *l, struct loader_object *object)
{
	const struct loader_item *item = &object->item;
	struct str bytes;
	struct elf elf;

	if (item->elf) {
		object->elf = *item->elf;
	} else if (item->inlined && !item->bytes.at) {
		object->fault = item->elf_fault ? item->elf_fault : "is no ELF file";
	} else if (item->inlined) {
		elf_read(l->arena, item->bytes, &object->elf, &object->fault);
	} else if (fs_map(l->arena, item->source, &bytes, &object->fault)) {
		if (elf_read(l->arena, bytes, &elf, &object->fault))
			object->elf = elf_copy(l->arena, &elf);
		fs_unmap(bytes);
	}
}

struct loader_object *
loader_open(struct loader *l, const struct loader_place *place)
{
	if (place->item.kind != LOADER_FILE)
		return NULL;
	for (size_t i = 0; i < l->objects.len; i++)
		if (str_eq(l->objects.at[i].object->path, place->path))
			return l->objects.at[i].object;

	struct loader_object *object = arena_new(l->arena, struct loader_object);
	object->path = place->path;
	object->item = place->item;
	object->origin = folder_of(place->path);
	read_object(l, object);
	vec_push(l->arena, &l->objects, (struct loader_reference){object});
	return object;
}

/* The text that follows the first `key` in `bytes`, up to '"'. */
static bool
stated(struct str bytes, struct str key, struct str *text)
{
	const char *end = bytes.at + bytes.len, *hit = bytes.at;

	while (hit && (size_t)(end - hit) > key.len) {
		hit = memchr(hit, key.at[0], (size_t)(end - hit) - key.len);
		if (hit && memcmp(hit, key.at, key.len) == 0) {
			const char *from = hit + key.len;
			const char *quote = memchr(from, '"', (size_t)(end - from));

			*text = (struct str){from, quote ? (size_t)(quote - from) : 0};
			return quote != NULL;
		}
		if (hit)
			hit++;
	}
	return false;
}

bool
loader_text(struct loader *l, const struct loader_object *object, struct str key, struct str *text)
{
	struct str bytes = object->item.bytes;
	const char *fault;
	bool found;

	if (object->item.inlined)
		return bytes.at && stated(bytes, key, text);
	if (!fs_map(l->arena, object->item.source, &bytes, &fault))
		return false;
	found = stated(bytes, key, text);
	if (found)
		text->at = fs_cstr(l->arena, *text);
	fs_unmap(bytes);
	return found;
}

/* For the same machine, and with words of the same size? */
static bool
is_alike(const struct elf *a, const struct elf *b)
{
	return a->machine == b->machine && a->is_64 == b->is_64 && a->big_endian == b->big_endian;
}

void
loader_start(struct loader *l, struct str interpreter)
{
	const struct str lib = STR("lib");

	l->interpreter_name = last_part(interpreter);
	l->musl = starts(l->interpreter_name, STR("ld-musl-"));
	l->system = lib;
	if (interpreter.len > 0 && loader_resolve(l, interpreter, &l->interpreter) &&
		l->interpreter.item.kind == LOADER_FILE) {
		l->system = folder_of(l->interpreter.path);
		if (starts(l->system, STR("usr/")))
			l->system = (struct str){l->system.at + 4, l->system.len - 4};
	} else {
		l->interpreter.item.kind = LOADER_NOTHING;
	}
	if (l->musl) {
		vec_push(l->arena, &l->standard, lib);
		vec_push(l->arena, &l->standard, STR("usr/local/lib"));
		vec_push(l->arena, &l->standard, STR("usr/lib"));
		return;
	}
	vec_push(l->arena, &l->standard, l->system);
	vec_push(l->arena, &l->standard, joined(l->arena, STR("usr"), l->system));
	if (str_eq(l->system, lib))
		return;
	vec_push(l->arena, &l->standard, lib);
	vec_push(l->arena, &l->standard, STR("usr/lib"));
}

static const struct loader_place *
folder_place(struct loader *l, struct str name)
{
	struct loader_folder folder = {.name = name};

	for (size_t i = 0; i < l->folders.len; i++)
		if (str_eq(l->folders.at[i].name, name))
			return &l->folders.at[i].place;
	if (!loader_resolve(l, name, &folder.place))
		folder.place.item.kind = LOADER_NOTHING;
	vec_push(l->arena, &l->folders, folder);
	return &l->folders.at[l->folders.len - 1].place;
}

/* Libraries may need each other. */
static bool
is_above(const struct loader_object *object, const struct loader_object *by)
{
	while (by && by != object)
		by = by->loaded_by;
	return by != NULL;
}

/* A file of that name which is for another machine is passed over, as ld.so does. */
static bool
find_in(struct loader *l, const struct loader_object *by, struct str folder, struct str name,
	struct loader_search *search)
{
	struct loader_place place = *folder_place(l, folder);
	size_t known = l->objects.len;

	vec_push(l->arena, &search->tried, folder);
	if (place.item.kind != LOADER_FOLDER)
		return false;
	place.links.cap = place.links.len; /* what is added goes to a copy */
	if (!resolve_from(l, place.path, name, &place))
		return false;

	struct loader_object *object = loader_open(l, &place);
	if (!object || object->fault || !is_alike(&object->elf, &by->elf))
		return false;
	if (l->objects.len > known)
		object->origin = folder;
	if (!object->loaded_by && !is_above(object, by))
		object->loaded_by = by;
	search->place = place;
	return true;
}

/* Without a cache the loader inside the image knows the standard folders alone. */
static bool
is_standard(struct loader *l, struct str folder)
{
	struct str path = folder_place(l, folder)->path;

	for (size_t i = 0; i < l->standard.len; i++)
		if (str_eq(folder_place(l, l->standard.at[i])->path, path))
			return true;
	return false;
}

static bool
find_in_system(struct loader *l, const struct loader_object *by, struct str name,
	struct loader_search *search)
{
	struct loader_answer answer = {.name = name, .like = &by->elf};

	for (size_t i = 0; i < l->answers.len; i++) {
		const struct loader_answer *known = &l->answers.at[i];

		if (str_eq(known->name, name) && is_alike(known->like, &by->elf)) {
			search->place = known->place;
			search->by_configuration = known->by_configuration;
			return true;
		}
	}
	for (size_t i = 0; i < l->configured.len && !answer.found; i++)
		answer.found = find_in(l, by, l->configured.at[i], name, search);
	for (size_t i = 0; i < l->standard.len && !answer.found; i++)
		answer.found = find_in(l, by, l->standard.at[i], name, search);
	if (!answer.found)
		return false;
	search->by_configuration = !is_standard(l, search->tried.at[search->tried.len - 1]);
	answer.by_configuration = search->by_configuration;
	answer.place = search->place;
	vec_push(l->arena, &l->answers, answer);
	return true;
}

/* What the kernel says of the machine, as far as it is one word for all of its kind. */
static const char *
platform_of(const struct elf *elf)
{
	const char *variant, *architecture = elf_architecture(elf, &variant);

	if (!architecture)
		return NULL;
	if (strcmp(architecture, "amd64") == 0)
		return "x86_64";
	if (strcmp(architecture, "arm64") == 0)
		return "aarch64";
	return strcmp(architecture, "386") == 0 ? "i686" : NULL;
}

/* The value of the token at the start of `text`; NULL: it is none that there is. */
static const char *
token(const struct loader *l, const struct loader_object *object, struct str text, size_t *len,
	struct buf *out)
{
	static const char *const names[] = {"ORIGIN", "LIB", "PLATFORM"};
	bool braces = text.len > 1 && text.at[1] == '{';

	for (size_t i = 0; i < 3; i++) {
		struct str name = {names[i], strlen(names[i])};
		struct str at = {text.at + 1 + braces, text.len - 1 - braces};

		if (!starts(at, name) || (braces && (at.len == name.len || at.at[name.len] != '}')))
			continue;
		*len = 1 + name.len + 2 * (size_t)braces;
		if (i == 0) {
			buf_byte(out, '/');
			buf_str(out, object->origin);
			return names[i];
		}

		const char *platform = platform_of(&object->elf);
		if (i == 1)
			buf_str(out, l->system);
		else if (platform)
			buf_add(out, platform, strlen(platform));
		else
			return NULL;
		return names[i];
	}
	return NULL;
}

/* False: ld.so passes it over, or takes it from the current folder, of which we know nothing. */
static bool
expand(struct loader *l, const struct loader_object *object, struct str text, struct str *path)
{
	struct buf out = {.arena = l->arena};
	size_t len = 0;

	for (size_t i = 0; i < text.len; i += len) {
		struct str rest = {text.at + i, text.len - i};

		len = 1;
		if (rest.at[0] != '$' || !token(l, object, rest, &len, &out))
			buf_byte(&out, (unsigned char)rest.at[0]);
	}
	*path = buf_view(&out);
	if (path->len == 0 || path->at[0] != '/')
		return false;
	while (path->len > 0 && path->at[0] == '/')
		*path = (struct str){path->at + 1, path->len - 1};
	while (path->len > 0 && path->at[path->len - 1] == '/')
		path->len--;
	return true;
}

/* `list` is a path of `of`, which loaded `by` or is it. */
static bool
find_in_list(struct loader *l, const struct loader_object *by, const struct loader_object *of,
	struct str list, struct str name, struct loader_search *search)
{
	struct str text, path;

	while (str_next(&list, ':', &text))
		if (expand(l, of, text, &path) && find_in(l, by, path, name, search)) {
			/* Beside one that gets a second name elsewhere: it needs one, too. */
			search->by_configuration = of->by_configuration;
			return true;
		}
	return false;
}

/* DT_RPATH holds for what is loaded below, DT_RUNPATH for the file's own needs; musl mixes them. */
static bool
find_by_paths(struct loader *l, const struct loader_object *object, struct str name,
	struct loader_search *search)
{
	bool own = object->elf.runpath.at && !l->musl;

	for (const struct loader_object *o = object; o && !own; o = o->loaded_by) {
		struct str list = o->elf.runpath.at ? o->elf.runpath : o->elf.rpath;

		if (!l->musl && o->elf.runpath.at)
			continue;
		if (find_in_list(l, object, o, list, name, search))
			return true;
	}
	return own && find_in_list(l, object, object, object->elf.runpath, name, search);
}

/* musl is all of these. */
static bool
is_musl_itself(struct str name)
{
	static const struct str parts[] = {STR_INIT("c."), STR_INIT("pthread."), STR_INIT("rt."),
		STR_INIT("m."), STR_INIT("dl."), STR_INIT("util."), STR_INIT("xnet.")};

	if (!starts(name, STR("lib")))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (starts((struct str){name.at + 3, name.len - 3}, parts[i]))
			return true;
	return false;
}

bool
loader_find(struct loader *l, const struct loader_object *object, struct str name,
	struct loader_search *search)
{
	*search = (struct loader_search){0};
	if (l->interpreter.item.kind == LOADER_FILE &&
		(str_eq(name, l->interpreter_name) || (l->musl && is_musl_itself(name)))) {
		search->place = l->interpreter;
		return true;
	}
	if (name.len > 0 && memchr(name.at, '/', name.len)) {
		struct str path;

		return expand(l, object, name, &path) &&
		       find_in(l, object, folder_of(path), last_part(path), search);
	}
	return find_by_paths(l, object, name, search) || find_in_system(l, object, name, search);
}

void
loader_print_tried(const struct loader_search *search, struct buf *out)
{
	for (size_t i = 0; i < search->tried.len; i++) {
		size_t first = 0;

		while (!str_eq(search->tried.at[first], search->tried.at[i]))
			first++;
		if (first == i)
			buf_printf(out, "%s/" STR_FMT, i ? ", " : "", STR_ARG(search->tried.at[i]));
	}
}
