/* Does what a release has of C run in its image? As ld.so will ask, before it does. */
#include "image/native.h"

#include <stdlib.h>

#include "image/base.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

enum { TYPE_PROGRAM = 2, TYPE_SHARED = 3, MACHINE_BPF = 247 };

struct checking {
	struct fs *fs;
	const struct image_plan *plan;
	enum spec_check level;
	struct loader loader;
	struct native_files files;
	VEC(struct loader_reference) waiting; /* found, but not checked */
	bool ok;
	bool said_machine, said_interpreter, said_library,
		said_version; /* what to do, once a run */
};

static bool
look(void *context, struct str path, struct loader_item *item)
{
	const struct checking *c = context;
	const struct image_plan *plan = c->plan;

	for (size_t i = 0; i < plan->layers.len; i++)
		if (native_look(&plan->layers.at[i].tree, path, item))
			return true;

	const struct base_entry *entry = plan->base ? base_find(plan->base, path) : NULL;
	if (!entry || entry->special)
		return false;
	*item = (struct loader_item){.mode = entry->mode};
	switch (entry->kind) {
	case TREE_DIR:
		item->kind = LOADER_FOLDER;
		break;
	case TREE_FILE:
		item->kind = LOADER_FILE;
		item->inlined = true;
		item->elf = entry->elf;
		item->elf_fault = entry->elf_fault;
		break;
	case TREE_SYMLINK:
		item->kind = LOADER_LINK;
		item->target = entry->link;
		break;
	}
	return true;
}

static struct srcpos
where(const struct checking *c, const struct native_file *file)
{
	const struct tree_entry *entry = file->entry;

	if (entry->inlined)
		return entry->origin;
	return (struct srcpos){.file = fs_cstr(c->fs->arena, entry->source)};
}

static void
report(struct checking *c, const struct native_file *file, struct buf *text)
{
	buf_byte(text, '\0');
	if (c->level == SPEC_WARN) {
		diag_warning(c->fs->diag, where(c, file), "%s", text->at);
		return;
	}
	c->ok = diag_error(c->fs->diag, where(c, file), "%s", text->at);
}

/* "the base 'debian.tar'", or what stands for it. */
static const char *
others(const struct checking *c)
{
	struct buf text = {.arena = c->fs->arena};

	if (c->plan->base)
		buf_printf(&text, "the base '" STR_FMT "'", STR_ARG(c->plan->base->path));
	else
		buf_printf(&text, "the image");
	buf_byte(&text, '\0');
	return text.at;
}

/* --- machine --- */

static void
add_platform(struct buf *text, const struct image_platform *platform)
{
	buf_printf(
		text, STR_FMT "/" STR_FMT, STR_ARG(platform->os), STR_ARG(platform->architecture));
	if (platform->variant.len > 0)
		buf_printf(text, "/" STR_FMT, STR_ARG(platform->variant));
}

static bool
is_for(const struct checking *c, const struct elf *elf)
{
	return native_is_for(elf, &c->plan->platform);
}

/* Files for no machine that runs programs, object files and programs for the kernel, are let be. */
static bool
is_to_run(const struct elf *elf)
{
	return (elf->type == TYPE_PROGRAM || elf->type == TYPE_SHARED) &&
	       elf->machine != MACHINE_BPF;
}

static bool
machine_is_right(struct checking *c, const struct native_file *file)
{
	const struct elf *elf = &file->object->elf;
	struct buf text = {.arena = c->fs->arena};
	const char *variant, *architecture = elf_architecture(elf, &variant);

	if (is_for(c, elf))
		return true;
	buf_printf(&text, "'" STR_FMT "' is made for ", STR_ARG(file->entry->path));
	if (architecture)
		buf_printf(&text, "linux/%s", architecture);
	else
		buf_printf(&text, "a machine of number %u", elf->machine);
	buf_printf(&text, ", but the image for ");
	add_platform(&text, &c->plan->platform);
	buf_byte(&text, '\0');
	c->ok = diag_error(c->fs->diag, where(c, file), "%s", text.at);
	if (!c->said_machine)
		diag_note(c->fs->diag, (struct srcpos){0},
			"build it for the platform of the image, and name its folder in the "
			"platform's paths; or set release.checks.native: off");
	c->said_machine = true;
	return false;
}

/* --- interpreter --- */

static bool
is_musl(struct str interpreter)
{
	return str_contains(interpreter, STR("/ld-musl-"));
}

/* The path of musl's loader in the base. */
static const struct base_entry *
musl_of(const struct base *base)
{
	const struct str start = STR("lib/ld-musl-"), usr = STR("usr/lib/ld-musl-");

	for (size_t i = 0; i < base->entries.len; i++) {
		struct str path = base->entries.at[i].path;

		if (str_eq(str_head(path, start.len), start) ||
			str_eq(str_head(path, usr.len), usr))
			return &base->entries.at[i];
	}
	return NULL;
}

static void
report_interpreter(struct checking *c, const struct native_file *file)
{
	struct str interpreter = file->object->elf.interpreter;
	const struct base *base = c->plan->base;
	const struct base_entry *musl = base ? musl_of(base) : NULL;
	struct buf text = {.arena = c->fs->arena};

	buf_printf(&text, "'" STR_FMT "' is started by ", STR_ARG(file->entry->path));
	if (musl && !is_musl(interpreter))
		buf_printf(&text,
			"glibc's '" STR_FMT "', but %s is one of musl, with '/" STR_FMT "'",
			STR_ARG(interpreter), others(c), STR_ARG(musl->path));
	else if (is_musl(interpreter))
		buf_printf(&text, "musl's '" STR_FMT "', which %s does not have",
			STR_ARG(interpreter), others(c));
	else
		buf_printf(&text, "'" STR_FMT "', which %s does not have", STR_ARG(interpreter),
			others(c));
	report(c, file, &text);
	if (base && !c->said_interpreter)
		diag_note(c->fs->diag, base->pos,
			"take a base with the C library that this is built for, build it for that "
			"of the base, or set image.base: scratch");
	c->said_interpreter = true;
}

/* --- libraries --- */

static void
report_library(struct checking *c, const struct native_file *file, struct str name,
	const struct loader_search *search)
{
	struct buf text = {.arena = c->fs->arena}, tried = {.arena = c->fs->arena};

	buf_printf(&text,
		"'" STR_FMT "' needs the library '" STR_FMT "', which neither the release nor %s "
		"has",
		STR_ARG(file->entry->path), STR_ARG(name), others(c));
	report(c, file, &text);
	loader_print_tried(search, &tried);
	diag_note(c->fs->diag, (struct srcpos){0}, "looked in " STR_FMT, STR_ARG(buf_view(&tried)));
	if (!c->said_library)
		diag_note(c->fs->diag, c->plan->base ? c->plan->base->pos : (struct srcpos){0},
			"install its package in the base, or have the release bring it and find it "
			"by a RUNPATH that begins with $ORIGIN");
	c->said_library = true;
}

/* --- versions --- */

/* Of all that a file misses of one family, the highest says it all. */
static bool
is_worst(const struct elf *elf, const struct elf_version *wanted, const struct elf *library)
{
	for (size_t i = 0; i < elf->wanted_len; i++) {
		const struct elf_version *other = &elf->wanted[i];

		if (other != wanted && !other->weak && str_eq(other->file, wanted->file) &&
			str_eq(native_version_family(other->name),
				native_version_family(wanted->name)) &&
			!native_version_has(library, other->name) &&
			native_version_order(wanted->name, other->name) < 0)
			return false;
	}
	return true;
}

static void
report_version(struct checking *c, const struct native_file *file, const struct elf_version *wanted,
	const struct loader_object *library)
{
	struct str best = native_version_highest(&library->elf, wanted->name);
	struct buf text = {.arena = c->fs->arena};

	buf_printf(&text, "'" STR_FMT "' needs " STR_FMT "@" STR_FMT " of '" STR_FMT "', ",
		STR_ARG(file->entry->path), STR_ARG(wanted->symbol), STR_ARG(wanted->name),
		STR_ARG(wanted->file));
	buf_printf(&text, "but that of %s has ", library->item.ours ? "the image" : others(c));
	if (best.at)
		buf_printf(&text, "up to " STR_FMT, STR_ARG(best));
	else
		buf_printf(&text, "no such version");
	report(c, file, &text);
	if (!c->said_version)
		diag_note(c->fs->diag, c->plan->base ? c->plan->base->pos : (struct srcpos){0},
			"build it where the libraries are as old as those, or take a newer base");
	c->said_version = true;
}

static void
check_versions(struct checking *c, const struct native_file *file)
{
	const struct elf *elf = &file->object->elf;

	for (size_t i = 0; i < elf->wanted_len; i++) {
		const struct elf_version *wanted = &elf->wanted[i];
		struct loader_search search;

		if (wanted->weak || !loader_find(&c->loader, file->object, wanted->file, &search))
			continue; /* missing ones have been named */

		const struct loader_object *library = loader_open(&c->loader, &search.place);
		if (!library->fault && !native_version_has(&library->elf, wanted->name) &&
			is_worst(elf, wanted, &library->elf))
			report_version(c, file, wanted, library);
	}
}

/* musl stands in for each library of glibc's by name, and has none of its versions. */
static bool
is_of_glibc(struct checking *c, const struct native_file *file)
{
	const struct str glibc = STR("GLIBC_");
	const struct elf *elf = &file->object->elf;

	for (size_t i = 0; i < elf->wanted_len && c->loader.musl; i++) {
		const struct elf_version *wanted = &elf->wanted[i];
		struct buf text = {.arena = c->fs->arena};

		if (wanted->weak || !str_eq(str_head(wanted->name, glibc.len), glibc))
			continue;
		buf_printf(&text,
			"'" STR_FMT "' is built for glibc (it needs " STR_FMT "@" STR_FMT
			"), but the programs of the image run with musl",
			STR_ARG(file->entry->path), STR_ARG(wanted->symbol), STR_ARG(wanted->name));
		report(c, file, &text);
		return true;
	}
	return false;
}

static bool
has_interpreter(struct checking *c, const struct native_file *file)
{
	struct str interpreter = file->object->elf.interpreter;
	struct loader_place place;

	return interpreter.len == 0 ||
	       (loader_resolve(&c->loader, interpreter, &place) && place.item.kind == LOADER_FILE);
}

static void
wait_for(struct checking *c, struct loader_object *object)
{
	if (object->seen)
		return;
	object->seen = true;
	vec_push(c->fs->arena, &c->waiting, (struct loader_reference){object});
}

static void
check_file(struct checking *c, const struct native_file *file)
{
	const struct elf *elf = &file->object->elf;

	if (!has_interpreter(c, file)) {
		report_interpreter(c, file);
		return;
	}
	if (!elf->dynamic || is_of_glibc(c, file))
		return;
	for (size_t i = 0; i < elf->needed_len; i++) {
		struct loader_search search;

		if (loader_find(&c->loader, file->object, elf->needed[i], &search))
			wait_for(c, loader_open(&c->loader, &search.place));
		else
			report_library(c, file, elf->needed[i], &search);
	}
	check_versions(c, file);
}

/* --- all of them --- */

/* Folders that the base's own ld.so.conf names, most likely: its content is not kept. */
static void
configure(struct checking *c)
{
	struct arena *arena = c->fs->arena;
	const struct str variable = STR("LD_LIBRARY_PATH="), local = STR("usr/local");

	for (size_t i = 0; i < c->plan->config.env.len; i++) {
		struct str text = c->plan->config.env.at[i], folder;

		if (!str_eq(str_head(text, variable.len), variable))
			continue;
		text = (struct str){text.at + variable.len, text.len - variable.len};
		while (str_next(&text, ':', &folder))
			if (folder.len > 1 && folder.at[0] == '/')
				vec_push(arena, &c->loader.configured,
					(struct str){folder.at + 1, folder.len - 1});
	}
	if (!c->plan->base || c->loader.musl)
		return;
	vec_push(arena, &c->loader.configured, fs_join(arena, local, c->loader.system));
	vec_push(arena, &c->loader.configured, fs_join(arena, local, STR("lib")));
}

/* The program by whose interpreter all others are judged: the first, for the runtime comes first.
 */
static const struct native_file *
first_program(const struct checking *c)
{
	for (size_t i = 0; i < c->files.len; i++)
		if (!c->files.at[i].object->fault && c->files.at[i].object->elf.interpreter.len > 0)
			return &c->files.at[i];
	return NULL;
}

/* Without a program of its own the release is run by the base's, with the base's loader. */
static struct str
loader_of_base(const struct checking *c)
{
	static const struct str names[] = {
		STR_INIT("ld-linux"), STR_INIT("ld-musl-"), STR_INIT("ld64.so")};
	const struct base *base = c->plan->base;

	for (size_t i = 0; base && i < base->entries.len; i++) {
		const struct base_entry *entry = &base->entries.at[i];
		struct str folder = path_parent(entry->path);
		struct str name = {entry->path.at + folder.len, entry->path.len - folder.len};

		if (name.len > 0 && name.at[0] == '/')
			name = (struct str){name.at + 1, name.len - 1};
		for (size_t k = 0; entry->elf && k < sizeof(names) / sizeof(*names); k++)
			if (str_eq(str_head(name, names[k].len), names[k]) && is_for(c, entry->elf))
				return entry->path;
	}
	return (struct str){0};
}

static void
check_machines(struct checking *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->files.len; i++) {
		const struct native_file *file = &c->files.at[i];
		struct buf text = {.arena = c->fs->arena};

		if (file->object->fault) {
			buf_printf(&text, "'" STR_FMT "' begins as an ELF file does, but %s",
				STR_ARG(file->entry->path), file->object->fault);
			report(c, file, &text);
		} else if (is_to_run(&file->object->elf) && machine_is_right(c, file)) {
			c->files.at[kept++] = *file;
		}
	}
	c->files.len = kept;
}

/* What programs load is found by their paths, too: they come first, and what they load next. */
static void
check_files(struct checking *c, bool programs)
{
	for (size_t i = 0; i < c->files.len; i++)
		if (!programs || c->files.at[i].object->elf.interpreter.len > 0)
			wait_for(c, c->files.at[i].object);
	for (size_t i = 0; i < c->waiting.len; i++)
		for (size_t k = 0; k < c->files.len; k++)
			if (c->files.at[k].object == c->waiting.at[i].object)
				check_file(c, &c->files.at[k]);
	c->waiting.len = 0;
}

bool
native_check(struct fs *fs, const struct image_plan *plan)
{
	struct checking c = {.fs = fs,
		.plan = plan,
		.level = plan->release->spec->native,
		.loader = {.arena = fs->arena, .look = look},
		.ok = true};

	if (c.level == SPEC_OFF)
		return true;
	c.loader.context = &c;
	for (size_t i = 0; i < plan->layers.len; i++)
		if (!native_files(fs, &c.loader, &plan->layers.at[i].tree, &c.files))
			return false;
	check_machines(&c);

	const struct native_file *program = first_program(&c);
	loader_start(&c.loader, program ? program->object->elf.interpreter : loader_of_base(&c));
	configure(&c);
	if (program && c.loader.interpreter.item.kind == LOADER_NOTHING) {
		report_interpreter(&c, program);
		return c.ok; /* each file would say the same once again */
	}
	check_files(&c, true);
	check_files(&c, false);
	return c.ok;
}
