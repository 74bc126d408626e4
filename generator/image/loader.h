/*
 * image/loader.h - how the dynamic loader will find libraries in the file system of an image, which
 * is looked at through a function: a release's trees over a sysroot, or over a base.
 *
 * As ld.so(8) of glibc, without a cache and without LD_LIBRARY_PATH; as musl's where the programs
 * name that as their interpreter. Of several builds of a library for better processors
 * (glibc-hwcaps) none is seen: the plain one runs everywhere.
 */
#pragma once

#include <stdbool.h>

#include "elf/elf.h"
#include "support/str.h"
#include "support/vec.h"

struct arena;
struct buf;

enum loader_kind { LOADER_NOTHING, LOADER_FOLDER, LOADER_FILE, LOADER_LINK };

/* What is at a path. Paths begin at the image's root, without '/'. */
struct loader_item {
	enum loader_kind kind;
	struct str target; /* LOADER_LINK */
	struct str source; /* LOADER_FILE: on this machine; for messages only when `inlined` */
	struct str bytes;
	bool inlined;
	const struct elf *elf; /* when it has been read already; `inlined`, then */
	const char *elf_fault;
	unsigned mode;
	bool ours; /* of the release: not of the sysroot, not of the base */
};

struct loader_link {
	struct str path, target;
	bool ours;
};

/* Where a path leads to. */
struct loader_place {
	struct str path; /* without links */
	struct loader_item item;
	VEC(struct loader_link) links; /* that lead there */
};

/* A file, read once. */
struct loader_object {
	struct str path;
	struct loader_item item;
	const char *fault; /* it cannot be read, or is no ELF file */
	struct elf elf;
	struct str origin; /* folder through which it was found first: what $ORIGIN is */
	const struct loader_object *loaded_by; /* NULL: a program, or a NIF */
	bool by_configuration;                 /* only the sysroot's ld.so.conf says where it is */
	bool seen;                             /* the caller's */
};

struct loader {
	struct arena *arena;
	bool (*look)(void *context, struct str path, struct loader_item *item);
	void *context;
	/* Set by loader_start(), from the first program's interpreter. */
	struct loader_place interpreter; /* kind LOADER_NOTHING: there is none */
	struct str interpreter_name;     /* "ld-linux-x86-64.so.2" */
	bool musl;
	struct str
		system; /* "lib/x86_64-linux-gnu": where the interpreter really is, without usr/ */
	VEC(struct str) configured, standard; /* folders; the first are the caller's business */
	/* Memories. */
	VEC(struct loader_reference { struct loader_object *object; }) objects;
	VEC(struct loader_folder {
		struct str name;
		struct loader_place place;
	})
	folders;
	VEC(struct loader_answer {
		struct str name;
		const struct elf *like;
		bool found;
		bool by_configuration;
		struct loader_place place;
	})
	answers;
};

/* `interpreter`: what the programs name, or empty. */
void loader_start(struct loader *loader, struct str interpreter);

/* Follows all links, inside the image. False: there is nothing. */
bool loader_resolve(struct loader *loader, struct str path, struct loader_place *place);

/* The file at `place`, read now or before. NULL: it is none. */
struct loader_object *loader_open(struct loader *loader, const struct loader_place *place);

/* The text between the first `key` in a file that has been opened before, and the next '"'. */
bool loader_text(struct loader *loader, const struct loader_object *object, struct str key,
	struct str *text);

struct loader_search {
	struct loader_place place;
	bool by_configuration;
	VEC(struct str) tried; /* folders, in the order of the search */
};

/* The library that `object` needs under `name`. False: it is in none of the folders tried. */
bool loader_find(struct loader *loader, const struct loader_object *object, struct str name,
	struct loader_search *search);

/* "/lib/x86_64-linux-gnu, /lib": each folder once. */
void loader_print_tried(const struct loader_search *search, struct buf *out);
