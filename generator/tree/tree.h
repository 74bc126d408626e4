/*
 * tree/tree.h - what a release contains, before anything is written.
 *
 * Producers add entries in any order. tree_seal() then sorts them, keeps one
 * per path and reports every conflict. A sealed tree does not change: threads
 * may read it without locks, and going through its entries from first to last
 * always gives the same order, parents before their contents.
 *
 * Owner, group and time are no property of an entry: they are 0, 0 and the epoch,
 * and the writers know it.
 */
#pragma once

#include "support/diag.h"
#include "support/str.h"
#include "support/vec.h"

struct arena;

enum tree_kind { TREE_DIR, TREE_FILE, TREE_SYMLINK };

/*
 * Bytes to bytes, pure: the result depends on `in` alone, so writers may apply it in any
 * thread and keep it by `name` and the digest of `in`. False: *fault says what is wrong with
 * `in` ("chunk 'Code' at byte 40 is truncated"), and the writer reports it with the file.
 */
struct tree_transform {
	const char *name;    /* with a version and all of `context`: "strip-1-25-Docs" */
	const void *context; /* given to apply(); shared by threads, so never changed */
	bool (*apply)(const void *context, struct arena *arena, struct str in, struct str *out,
		const char **fault);
};

struct tree_entry {
	struct str path; /* relative, see path_fault() */
	enum tree_kind kind;
	unsigned mode;     /* permission bits, 0 to 07777 */
	struct str source; /* TREE_FILE: the file to copy, unless `inlined`; TREE_SYMLINK: the
			      target */
	bool inlined;      /* TREE_FILE: the content is `bytes` */
	struct str bytes;
	const struct tree_transform *transform; /* or NULL: as it is */
	struct srcpos origin;                   /* the input that asked for this entry */
	bool replace; /* an overlay: takes the place of an entry without this mark */
	bool implied; /* set by tree_add(): here only to hold other entries */
	size_t seq;   /* set by tree_add(): order of addition */
};

struct tree {
	struct arena *arena; /* also holds the strings of the entries */
	VEC(struct tree_entry) entries;
	bool sealed;
};

/* Adds `entry` and its parent directories, mode 0755. False: bad path, reported. */
bool tree_add(struct tree *tree, struct tree_entry entry, struct diag *diag);

/* A file with these bytes. */
bool tree_add_bytes(struct tree *tree, struct str path, struct str bytes, unsigned mode,
	struct srcpos origin, struct diag *diag);

/* False if entries contradict each other; each contradiction is reported. */
bool tree_seal(struct tree *tree, struct diag *diag);

/* The content of a TREE_FILE after its transformation. For worker threads: reports nothing;
 * on failure *fault is the reason, in `arena`. */
bool tree_content(const struct tree_entry *entry, struct arena *arena, struct str *content,
	const char **fault);
