/*
 * term/print.h - between the two halves of the printer: terms to nodes, nodes to lines.
 */
#pragma once

#include "support/buf.h"
#include "support/str.h"

struct arena;
struct term;

enum node_kind {
	NODE_TEXT,  /* never broken: atoms, numbers, strings, [] {} #{} <<>> */
	NODE_BYTES, /* a binary as numbers; may be broken after commas */
	NODE_LIST,
	NODE_TUPLE,
	NODE_TAGGED, /* a tuple of two or more with an atom in front */
	NODE_MAP,    /* items are key, value, key, value ... */
};

struct node {
	enum node_kind kind;
	long len;        /* columns of the one-line form */
	struct str text; /* NODE_TEXT, NODE_BYTES */
	const struct node *items;
	size_t count;
	const struct node *tail; /* of an improper list */
};

struct print_style {
	unsigned otp;
	bool strings; /* ~tp, not ~tw */
};

/* Everything hangs in `arena` or in the term. */
struct node print_node(struct arena *arena, const struct term *term, struct print_style style);

/* On one line. */
void print_flat(struct buf *out, const struct node *node);

/* On lines of 80 columns. */
void print_layout(struct buf *out, const struct node *root);
