/*
 * Plans made by hand, in a folder of their own, for tests of image_write().
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/image.h"
#include "image/oci.h"
#include "support/arena.h"
#include "support/buf.h"

#define TEXT(literal) STR_INIT(literal)

struct fixture {
	struct arena arena;
	struct diag diag;
	struct fs fs;
	struct spec spec;
	struct image_release release;
	struct image_plan plans[2];
	struct image_options options;
	struct image_result result;
	char folder[32];
};

static inline int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->diag.arena = &f->arena;
	f->fs = (struct fs){.arena = &f->arena, .diag = &f->diag};
	f->release = (struct image_release){.spec = &f->spec,
		.epoch = 315532800,
		.name = TEXT("shop"),
		.version = TEXT("1.4.0")};
	for (size_t i = 0; i < 2; i++) {
		f->plans[i].release = &f->release;
		f->plans[i].platform.os = STR("linux");
	}
	f->plans[0].platform.architecture = STR("amd64");
	f->plans[1].platform.architecture = STR("arm");
	f->plans[1].platform.variant = STR("v7");
	strcpy(f->folder, "/tmp/test_image.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	assert_int_equal(chdir(f->folder), 0);
	f->options.layout = STR("out");
	*state = f;
	return 0;
}

static inline int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int
tear_down(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(chdir("/"), 0);
	nftw(f->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static inline void
add_entry(struct fixture *f, struct image_plan *plan, struct str name, struct tree_entry entry)
{
	struct image_layer layer = {.name = name, .tree = {.arena = &f->arena}};

	assert_true(tree_add(&layer.tree, entry, &f->diag));
	assert_true(tree_seal(&layer.tree, &f->diag));
	vec_push(&f->arena, &plan->layers, layer);
}

static inline void
add_layer(struct fixture *f, size_t plan, const char *name, const char *content)
{
	struct str text = {name, strlen(name)};

	add_entry(f, &f->plans[plan], text,
		(struct tree_entry){.path = fs_join(&f->arena, STR("app"), text),
			.kind = TREE_FILE,
			.mode = 0644,
			.inlined = true,
			.bytes = {content, strlen(content)}});
}

static inline void
three_layers(struct fixture *f, const char *middle)
{
	f->plans[0].layers.len = 0;
	add_layer(f, 0, "runtime", "the runtime");
	add_layer(f, 0, "own", middle);
	add_layer(f, 0, "release", "bin and so on");
}

static inline const char *
diagnostics(struct fixture *f)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diag_print(&f->diag, out);
	fclose(out);

	const char *kept = fs_cstr(&f->arena, (struct str){text, len});
	free(text);
	return kept;
}

static inline struct str
load(struct fixture *f, const char *path)
{
	struct str content = {0};
	const char *fault;

	if (!fs_load(&f->arena, (struct str){path, strlen(path)}, &content, &fault))
		fail_msg("%s: %s", path, fault);
	return content;
}

static inline const char *
blob_path(struct fixture *f, struct str digest)
{
	struct buf path = {.arena = &f->arena};

	buf_printf(&path, "out/blobs/sha256/" STR_FMT, STR_ARG(oci_hex(digest)));
	return fs_cstr(&f->arena, buf_view(&path));
}
