/*
 * spec/node.h - YAML text as a tree of texts, lists and maps, each with its place.
 *
 * Only plain data gets through. Anchors and aliases are refused altogether (so there are no alias
 * bombs), as are tags, merge keys, duplicate keys, keys that are not texts, several documents, and
 * anything deeper or larger than a spec ever is. A fault of the data leaves a NODE_BAD, about
 * which no one complains again; a fault of the syntax ends the file.
 */
#pragma once

#include <stdbool.h>

#include "support/diag.h"
#include "support/str.h"

struct arena;

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP, NODE_BAD };

struct node {
	enum node_kind kind;
	bool plain;           /* NODE_TEXT: not quoted, not a block */
	bool item;            /* it is in a list */
	struct str text;      /* NODE_TEXT */
	struct str name;      /* its key; in a list the key of the list */
	struct srcpos key;    /* where its key is */
	struct srcpos pos;    /* where it is itself */
	struct node *first;   /* NODE_LIST, NODE_MAP: in order */
	struct node *next;    /* in the list or map that it is in */
	struct node **append; /* where the next child is linked in */
	size_t len;           /* how many children */
};

/* NULL: a syntax error, or the document is empty; reported. */
struct node *node_parse(
	struct arena *arena, struct diag *diag, const char *file, struct str content);

/* The child of that name, or NULL. */
struct node *node_child(const struct node *map, struct str name);

/* Links `child` in as the last one. */
void node_append(struct node *parent, struct node *child);
