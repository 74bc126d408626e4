/*
 * spec/read.h - from nodes to structs: a table of keys for each map, a function for each type.
 *
 * Functions read one node into `target`, which they leave alone when they report a fault. All of
 * them check the kind of the node first.
 */
#pragma once

#include <stdint.h>

#include "spec/node.h"
#include "spec/spec.h"

struct reader {
	struct arena *arena;
	struct diag *diag;
	struct str dir; /* relative paths begin here */
};

typedef void read_value(struct reader *reader, const struct node *node, void *target);

struct key {
	const char *name;
	read_value *read;
	size_t offset; /* of the target in the struct that the map fills */
	bool required;
};

struct shape {
	const char *name; /* as messages call the map */
	const struct key *keys;
	size_t len;
};

#define SHAPE(name, keys)                                    \
	{                                                    \
		(name), (keys), sizeof(keys) / sizeof(*keys) \
	}

/* Unknown and missing keys are reported; the others are read into `base`. */
void read_map(
	struct reader *reader, const struct node *node, const struct shape *shape, void *base);

/* False: `node` is something else, reported. */
bool node_is(struct reader *reader, const struct node *node, enum node_kind kind);

/* "'name' must be WHAT, not 'TEXT'", for texts; returns false. */
bool value_fault(struct reader *reader, const struct node *node, const char *what);

/* The place of the text in `names`, or `len` when it is none of them, reported. */
size_t read_choice(
	struct reader *reader, const struct node *node, const char *const *names, size_t len);

/* A whole number, `least` to `most`, plain and in decimal. */
bool read_number(struct reader *reader, const struct node *node, int64_t least, int64_t most,
	int64_t *number);

/* A text that is not empty, without control characters. */
bool node_text(struct reader *reader, const struct node *node, struct str *text);

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

enum { SPEC_LONGEST_NAME = 100 };

enum { LONGEST_TEXT = 4096 };

/* Up to `longest` bytes: one of `first`, then any of `first` and `rest`. */
bool is_word(struct str text, const char *first, const char *rest, size_t longest);

/* The items of a list, which are added to `texts`. */
void read_items(
	struct reader *reader, const struct node *node, struct spec_texts *texts, read_value *read);

read_value read_text;  /* struct spec_text, as node_text() */
read_value read_path;  /* struct spec_text, joined with the folder of the spec */
read_value read_texts; /* struct spec_texts */
read_value read_paths; /* struct spec_texts */
read_value read_bool;  /* bool */

read_value read_application_name; /* struct spec_text */

/* What the user puts into the release. */
read_value read_hooks;    /* struct spec_hooks */
read_value read_commands; /* struct spec_commands */
read_value read_overlays; /* struct spec_overlays */

/* The sections that have files of their own. */
read_value read_elixir;  /* struct spec_elixir */
read_value read_image;   /* struct spec */
read_value read_upgrade; /* struct spec: its upgrade and has_upgrade */

/* What can only be said of the whole section, with all that it extends. */
void check_image(struct reader *reader, const struct spec_image *image);

/* Nothing: what has been read before. */
read_value read_ignored;

/* Puts the value of `set` into the tree, as if the spec had said so. */
void override(struct reader *reader, struct node *root, const struct spec_set *set);

/* --- extends.c: a spec, what it extends, and what that extends --- */

enum { MOST_SPECS = 16 };

struct layers {
	struct layer_of_spec {
		struct str file;
		struct reader reader; /* with the folder of this file */
		struct node *root;    /* NULL: a syntax error, reported */
	} at[MOST_SPECS];             /* the spec itself, what it extends, ... */
	size_t len;
	bool complete; /* all files are there */
};

/* Adds what the last of `layers` extends, and so on. */
void layers_follow(struct layers *layers, spec_load *load, void *context);
