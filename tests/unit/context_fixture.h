/* A plan made by hand, and a folder to write it to. */
#define _XOPEN_SOURCE 700 /* nftw() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/base.h"
#include "image/dockerfile.h"
#include "image/image.h"
#include "literals.h"
#include "support/arena.h"
#include "support/buf.h"

struct fixture {
	struct arena arena;
	struct diag diag;
	struct fs fs;
	struct spec spec;
	struct image_release release;
	struct base base;
	struct image_plan plan;
	char folder[32];
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->diag.arena = &f->arena;
	f->fs = (struct fs){.arena = &f->arena, .diag = &f->diag};
	f->spec.image.pos = (struct srcpos){"shop.yaml", 7, 3};
	f->release = (struct image_release){.spec = &f->spec,
		.epoch = 315532800,
		.name = TEXT("shop"),
		.version = TEXT("1.4.0")};
	f->plan.release = &f->release;
	strcpy(f->folder, "/tmp/test_context.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	*state = f;
	return 0;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	nftw(f->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static void
add_layer(struct fixture *f, struct str name, struct str path, struct str content)
{
	struct image_layer layer = {.name = name, .tree = {.arena = &f->arena}};

	assert_true(tree_add_bytes(&layer.tree, path, content, 0644, (struct srcpos){0}, &f->diag));
	assert_true(tree_seal(&layer.tree, &f->diag));
	vec_push(&f->arena, &f->plan.layers, layer);
}

static const char *
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

static struct str
in_folder(struct fixture *f, const char *name)
{
	return fs_join(&f->arena, (struct str){f->folder, strlen(f->folder)},
		(struct str){name, strlen(name)});
}

static inline struct stat
stat_of(struct fixture *f, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(fs_cstr(&f->arena, in_folder(f, name)), &st), 0);
	return st;
}

static inline struct str
content_of(struct fixture *f, const char *name)
{
	struct str text;
	const char *fault;

	assert_true(fs_load(&f->arena, in_folder(f, name), &text, &fault));
	return text;
}

static inline size_t
count(struct fixture *f, const char *name)
{
	struct fs_names names;

	assert_true(fs_list(&f->fs, in_folder(f, name), (struct srcpos){0}, &names));
	return names.len;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
