/*
 * image/native.h - the ELF files of a release: found for closure.c and native.c.
 */
#pragma once

#include "image/image.h"
#include "image/loader.h"

struct native_file {
	const struct tree_entry *entry;
	struct loader_object *object;
};

struct native_files {
	struct native_file *at;
	size_t len, cap;
};

/* What `tree` has at `path`. False: nothing. */
bool native_look(const struct tree *tree, struct str path, struct loader_item *item);

/* All ELF files of `tree`, read by `loader`, in the tree's order. False: one cannot be read. */
bool native_files(
	struct fs *fs, struct loader *loader, const struct tree *tree, struct native_files *files);

/* Is it made for the machine of that platform? */
bool native_is_for(const struct elf *elf, const struct image_platform *platform);

/* The folders of `sysroot`/etc/ld.so.conf. False: it cannot be read; reported. */
bool loader_configure(struct fs *fs, struct loader *loader, struct str sysroot);

/* --- native_versions.c --- */

/* "GLIBC_" of "GLIBC_2.34". */
struct str native_version_family(struct str version);

/* By the numbers in them: <0, 0, >0. */
int native_version_order(struct str a, struct str b);

/* Does ld.so find the version there? A library without any will do for all. */
bool native_version_has(const struct elf *library, struct str name);

/* The highest one of the same family; empty: there is none. */
struct str native_version_highest(const struct elf *library, struct str name);
