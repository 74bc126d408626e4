#include <stdlib.h>

#include "image/image.h"
#include "image/loader.h"
#include "image/native.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

/*
 * What is loaded at run time, without being named as needed: the one list of it. What is not there
 * is not taken along: programs go on without it, or without what they wanted it for.
 */
static const struct loaded {
	struct str by; /* the beginning of the name of the file that does it */
	struct str
		key; /* stands in that file, followed by the folder and '"'; none: as if needed */
	struct str name;
	struct str built_in; /* from this version on it is a part of `by` itself */
} loaded[] = {
	/* pthread_exit() and pthread_cancel() unwind the stack with it, or end the program. */
	{STR_INIT("libc.so."), {0}, STR_INIT("libgcc_s.so.1"), {0}},
	/* Where getaddrinfo() looks: inet_gethost, for names that inet asks the system for. */
	{STR_INIT("libc.so."), {0}, STR_INIT("libnss_files.so.2"), STR_INIT("GLIBC_2.34")},
	{STR_INIT("libc.so."), {0}, STR_INIT("libnss_dns.so.2"), STR_INIT("GLIBC_2.34")},
	/* gen_sctp: ERTS loads it when the first socket is opened. */
	{STR_INIT("beam."), {0}, STR_INIT("libsctp.so.1"), {0}},
	/* What the administrator of the sysroot says of protocols and ciphers. */
	{STR_INIT("libcrypto.so."), STR_INIT("OPENSSLDIR: \""), STR_INIT("openssl.cnf"), {0}},
	/* crypto loads the provider of old ciphers (des, rc4, ripemd160 ...) when it starts. */
	{STR_INIT("libcrypto.so."), STR_INIT("MODULESDIR: \""), STR_INIT("legacy.so"), {0}},
};

struct closure {
	struct fs *fs;
	struct str sysroot;
	const struct spec_text *where; /* who says what the sysroot is; may be absent */
	const struct image_release *release;
	const struct image_platform *platform;
	const struct tree *const *groups;
	size_t groups_len;
	struct loader loader;
	VEC(struct closure_file) files;
	VEC(struct loader_reference) waiting; /* found, but not gone through */
	size_t group;
	bool lost;       /* the sysroot has not even the interpreter of the runtime */
	struct str said; /* an interpreter that is missing, already reported */
	bool ok;
};

static bool
look(void *context, struct str path, struct loader_item *item)
{
	struct closure *c = context;
	struct stat st;

	for (size_t i = 0; i < c->groups_len; i++)
		if (native_look(c->groups[i], path, item))
			return true;

	struct str real = fs_join(c->fs->arena, c->sysroot, path);
	if (!fs_lstat(c->fs, real, &st)) {
		fs_input(c->fs, real); /* it may come, and be taken then */
		return false;
	}
	*item = (struct loader_item){.source = real, .mode = st.st_mode & 07777};
	if (S_ISDIR(st.st_mode))
		item->kind = LOADER_FOLDER;
	else if (S_ISREG(st.st_mode))
		item->kind = LOADER_FILE;
	else if (S_ISLNK(st.st_mode))
		item->kind = LOADER_LINK;
	return item->kind != LOADER_LINK ||
	       fs_readlink(c->fs, real, (struct srcpos){0}, &item->target);
}

/* Files come with the first group that needs them, for the groups are gone through in order. */
static void
add(struct closure *c, struct closure_file file)
{
	for (size_t i = 0; i < c->files.len; i++)
		if (str_eq(c->files.at[i].path, file.path))
			return;
	file.group = c->group;
	vec_push(c->fs->arena, &c->files, file);
	if (file.source.len > 0)
		fs_input(c->fs, file.source);
}

static void
take(struct closure *c, const struct loader_place *place)
{
	for (size_t i = 0; i < place->links.len; i++) {
		const struct loader_link *link = &place->links.at[i];

		if (!link->ours)
			add(c, (struct closure_file){
				       .path = link->path, .link = link->target, .mode = 0777});
	}
	if (place->item.kind == LOADER_FILE && !place->item.ours)
		add(c, (struct closure_file){.path = place->path,
			       .source = place->item.source,
			       .mode = place->item.mode & 0111 ? 0755 : 0644});
}

/* Only ld.so.conf says where it is, and an image has no cache of that: a link for all to find. */
static void
add_second_name(struct closure *c, const struct loader_place *place, struct str name)
{
	struct arena *arena = c->fs->arena;
	struct str folder = path_parent(c->loader.interpreter.path);
	struct buf target = {.arena = arena};

	buf_byte(&target, '/');
	buf_str(&target, place->path);
	add(c, (struct closure_file){.path = fs_join(arena, folder, name),
		       .link = buf_view(&target),
		       .mode = 0777});
}

static void
wait_for(struct closure *c, const struct loader_place *place)
{
	struct loader_object *object = loader_open(&c->loader, place);

	if (!object || object->seen || object->fault)
		return;
	object->seen = true;
	vec_push(c->fs->arena, &c->waiting, (struct loader_reference){object});
}

static const char *
file_of(struct closure *c, const struct loader_object *object)
{
	return fs_cstr(c->fs->arena, object->item.inlined ? object->path : object->item.source);
}

static void
report_missing(struct closure *c, const struct loader_object *object, struct str name,
	const struct loader_search *search)
{
	struct srcpos pos = {.file = file_of(c, object)};
	struct buf text = {.arena = c->fs->arena};
	struct diag *diag = c->fs->diag;

	c->ok = false;
	if (c->lost)
		return;
	if (object->item.ours && !object->item.inlined)
		buf_printf(&text, " ('" STR_FMT "' of the image)", STR_ARG(object->path));
	buf_byte(&text, '\0');
	diag_error(diag, pos,
		"needs the library '" STR_FMT
		"'%s, which neither the release nor the sysroot '" STR_FMT "' has",
		STR_ARG(name), text.at, STR_ARG(c->sysroot));
	text.len = 0;
	loader_print_tried(search, &text);
	diag_note(diag, pos, "looked in " STR_FMT, STR_ARG(buf_view(&text)));
	diag_note(diag, c->where->pos,
		"install the package that has it in the sysroot, name its folder in the sysroot's "
		"/etc/ld.so.conf, or set image.sysroot to a root that has it");
}

static void
take_library(struct closure *c, const struct loader_object *object, struct str name, bool needed)
{
	struct loader_search search;

	if (!loader_find(&c->loader, object, name, &search)) {
		if (needed && c->release->spec->native != SPEC_OFF)
			report_missing(c, object, name, &search);
		return;
	}
	take(c, &search.place);
	wait_for(c, &search.place);

	struct loader_object *library = loader_open(&c->loader, &search.place);
	if (search.by_configuration && !search.place.item.ours) {
		library->by_configuration = true;
		add_second_name(c, &search.place, name);
	}
}

static void
take_interpreter(struct closure *c, const struct loader_object *object)
{
	struct srcpos pos = {.file = file_of(c, object)};
	struct str path = object->elf.interpreter;
	struct loader_place place;

	if (loader_resolve(&c->loader, path, &place) && place.item.kind == LOADER_FILE) {
		take(c, &place);
		wait_for(c, &place);
		return;
	}
	if (c->release->spec->native == SPEC_OFF)
		return;
	/* Of a wrong sysroot one word is enough: neither all programs nor all libraries. */
	c->ok = false;
	if (c->said.at && str_eq(c->said, path))
		return;
	c->said = path;
	diag_error(c->fs->diag, pos,
		"is started by the interpreter '" STR_FMT "', which the sysroot '" STR_FMT
		"' does not have",
		STR_ARG(path), STR_ARG(c->sysroot));
	diag_note(c->fs->diag, c->where->pos,
		"set image.sysroot to a root for which this file was built");
}

static struct str
file_name(struct str path)
{
	struct str folder = path_parent(path);
	size_t skip = folder.len + (folder.len > 0 && !str_eq(folder, STR("/")));

	return (struct str){path.at + skip, path.len - skip};
}

static bool
defines(const struct elf *elf, struct str version)
{
	for (size_t i = 0; i < elf->defined_len; i++)
		if (str_eq(elf->defined[i].name, version))
			return true;
	return false;
}

static void
take_loaded(struct closure *c, const struct loader_object *object)
{
	struct str name = object->elf.soname.at ? object->elf.soname : file_name(object->path);

	for (size_t i = 0; i < sizeof(loaded) / sizeof(*loaded); i++) {
		const struct loaded *row = &loaded[i];
		struct loader_place place;
		struct str folder;

		if (!str_eq(str_head(name, row->by.len), row->by) ||
			(row->built_in.at && defines(&object->elf, row->built_in)))
			continue;
		if (!row->key.at) {
			take_library(c, object, row->name, false);
		} else if (loader_text(&c->loader, object, row->key, &folder) &&
			   loader_resolve(
				   &c->loader, fs_join(c->fs->arena, folder, row->name), &place) &&
			   place.item.kind == LOADER_FILE) {
			take(c, &place);
			wait_for(c, &place);
		}
	}
}

static void
go_through(struct closure *c)
{
	for (size_t i = 0; i < c->waiting.len; i++) {
		const struct loader_object *object = c->waiting.at[i].object;

		if (object->elf.interpreter.len > 0)
			take_interpreter(c, object);
		for (size_t n = 0; n < object->elf.needed_len; n++)
			take_library(c, object, object->elf.needed[n], true);
		take_loaded(c, object);
	}
	c->waiting.len = 0;
}

/* Those of another machine do not run here, wherever they come from; native_check() names them. */
static bool
runs(const struct loader_object *object, const struct image_platform *platform)
{
	return !object->fault && native_is_for(&object->elf, platform);
}

static int
file_order(const void *pa, const void *pb)
{
	const struct closure_file *a = pa, *b = pb;

	return path_order(a->path, b->path);
}

static void
go_through_files(struct closure *c, const struct native_files *files, bool programs)
{
	for (size_t i = 0; i < files->len; i++) {
		struct loader_object *object = files->at[i].object;

		if (object->seen || !runs(object, c->platform) ||
			(programs && object->elf.interpreter.len == 0))
			continue;
		object->seen = true;
		vec_push(c->fs->arena, &c->waiting, (struct loader_reference){object});
	}
	go_through(c);
}

bool
closure_find(struct fs *fs, const struct image_release *release,
	const struct image_platform *platform, const struct tree *const *groups, size_t groups_len,
	struct closure_file **files, size_t *files_len)
{
	const struct spec_text *own = release->platform ? &release->platform->sysroot : NULL;
	struct closure c = {.fs = fs,
		.where = own && own->text.at ? own : &release->spec->image.sysroot,
		.release = release,
		.platform = platform,
		.groups = groups,
		.groups_len = groups_len,
		.ok = true};
	struct str interpreter = {0};
	struct loader_place place;
	struct stat st;

	c.sysroot = c.where->text.at ? c.where->text : STR("/");
	if (!fs_stat(fs, c.sysroot, &st) || !S_ISDIR(st.st_mode)) {
		fs_input(fs, c.sysroot);
		diag_error(fs->diag, c.where->pos, "there is no folder '" STR_FMT "'",
			STR_ARG(c.sysroot));
		diag_note(fs->diag, c.where->pos,
			"image.sysroot is the root of the system whose C libraries are taken; '/' is this machine's");
		return false;
	}
	c.loader = (struct loader){.arena = fs->arena, .look = look, .context = &c};
	struct native_files *natives = arena_array(fs->arena, struct native_files, groups_len + 1);
	for (size_t i = 0; i < groups_len; i++)
		c.ok = native_files(fs, &c.loader, groups[i], &natives[i]) && c.ok;
	for (size_t i = 0; i < groups_len; i++)
		for (size_t n = 0; n < natives[i].len && interpreter.len == 0; n++)
			if (runs(natives[i].at[n].object, platform))
				interpreter = natives[i].at[n].object->elf.interpreter;
	loader_start(&c.loader, interpreter);
	c.lost = interpreter.len > 0 && !loader_resolve(&c.loader, interpreter, &place);
	if (!c.loader.musl)
		c.ok = loader_configure(fs, &c.loader, c.sysroot) && c.ok;

	for (c.group = 0; c.group < groups_len; c.group++) {
		/* What programs load is found by their paths, too: they come first. */
		go_through_files(&c, &natives[c.group], true);
		go_through_files(&c, &natives[c.group], false);
	}
	if (c.files.len > 0)
		qsort(c.files.at, c.files.len, sizeof(*c.files.at), file_order);
	*files = c.files.at;
	*files_len = c.files.len;
	return c.ok;
}
