/*
 * pack/ustar.h - the header blocks of tar entries (POSIX.1-2017, pax, "ustar Interchange Format").
 *
 * Written here and not by libarchive, whose bytes depend on the locale as soon as a name is not
 * ASCII, and whose answer to that, the record "hdrcharset", makes GNU tar complain.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/buf.h"
#include "tree/tree.h"

enum { USTAR_BLOCK = 512 };

struct ustar_entry {
	struct str path; /* no '/' at the end */
	enum tree_kind kind;
	unsigned mode;
	uint64_t size;   /* of a file */
	struct str link; /* target of a symlink */
	int64_t mtime;   /* see ustar_can_date() */
};

/*
 * Appends the entry's header: one block if that holds it; else, before it, an extended header and,
 * for readers that know only GNU's way (busybox), a block "././@LongLink".
 */
void ustar_header(struct buf *out, const struct ustar_entry *entry);

/* How many zero bytes follow `size` bytes of content. */
static inline size_t
ustar_padding(uint64_t size)
{
	return (size_t)(-size & (USTAR_BLOCK - 1));
}

/* True if the header's field holds this time. */
static inline bool
ustar_can_date(int64_t mtime)
{
	return mtime >= 0 && mtime <= 077777777777;
}
