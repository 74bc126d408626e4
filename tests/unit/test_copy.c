/* assemble/copy: files, folders and links of the disk into the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "assemble/copy.h"
#include "support/arena.h"
#include "support/buf.h"

/* One thing on the disk: a folder "a/", a file "a", a program "a*", a link "a -> b". */
struct row {
	const char *label;
	const char *disk[12]; /* below the folder "work" */
	const char *want;     /* the tree that app/ becomes under lib/a-1, and diagnostics */
};

static const struct row rows[] = {
	{"empty", {"app/"}, ""},
	{"modes", {"app/", "app/f", "app/p*"}, "0644 lib/a-1/f\n0755 lib/a-1/p\n"},
	{"empty folder", {"app/", "app/d/"}, "lib/a-1/d/\n"},
	{"link to a sibling", {"app/", "app/f", "app/l -> f"}, "0644 lib/a-1/f\nlib/a-1/l -> f\n"},
	{"chain of links", {"app/", "app/f", "app/l -> f", "app/m -> ./l"},
		"0644 lib/a-1/f\nlib/a-1/l -> f\nlib/a-1/m -> ./l\n"},
	{"link up and down", {"app/", "app/d/", "app/e/", "app/d/f", "app/e/l -> ../d/f"},
		"lib/a-1/d/\n0644 lib/a-1/d/f\nlib/a-1/e/\nlib/a-1/e/l -> ../d/f\n"},
	{"link to a folder", {"app/", "app/d/", "app/d/f", "app/l -> d"},
		"lib/a-1/d/\n0644 lib/a-1/d/f\nlib/a-1/l -> d\n"},
	{"link to its own folder", {"app/", "app/d/", "app/d/l -> ."},
		"lib/a-1/d/\nlib/a-1/d/l -> .\n"},
	{"absolute link within", {"app/", "app/d/", "app/d/l -> @/app/f", "app/f"},
		"lib/a-1/d/\nlib/a-1/d/l -> ../f\n0644 lib/a-1/f\n"},
	{"out and in again", {"app/", "app/f", "app/l -> ../app/f"},
		"0644 lib/a-1/f\nlib/a-1/l -> f\n"},
	{"file outside", {"app/", "out*", "app/l -> ../out"}, "0755 lib/a-1/l\n"},
	{"through a link outside", {"app/", "o", "p -> o", "app/l -> ../p"}, "0644 lib/a-1/l\n"},
	{"folder outside",
		{"app/", "out/", "out/f", "out/l -> f", "out/m -> ../o", "o", "app/d -> ../out"},
		"lib/a-1/d/\n0644 lib/a-1/d/f\nlib/a-1/d/l -> f\n0644 lib/a-1/d/m\n"},
	{"folder outside that links back",
		{"app/", "out/", "app/f", "out/b -> ../app/f", "app/d -> ../out"},
		"lib/a-1/d/\nlib/a-1/d/b -> ../f\n0644 lib/a-1/f\n"},
	{"folder outside, twice", {"app/", "out/", "out/f", "app/d -> ../out", "app/e -> ../out"},
		"lib/a-1/d/\n0644 lib/a-1/d/f\nlib/a-1/e/\n0644 lib/a-1/e/f\n"},
	{"same text, other place",
		{"app/", "app/f", "out/", "f", "out/l -> ../f", "app/d -> ../out"},
		"lib/a-1/d/\n0644 lib/a-1/d/l\n0644 lib/a-1/f\n"},
	{"dangling", {"app/", "app/l -> gone"},
		"error: the link 'work/app/l' points at 'gone', where there is nothing\n"
		"note: install or build what it points at, or remove the link\n"},
	{"circle", {"app/", "app/l -> m", "app/m -> l"},
		"error: the link 'work/app/l' points at 'm', where there is nothing\n"
		"note: install or build what it points at, or remove the link\n"
		"error: the link 'work/app/m' points at 'l', where there is nothing\n"
		"note: install or build what it points at, or remove the link\n"},
	{"folder around it", {"app/", "app/l -> .."},
		"error: the link 'work/app/l' leads to '..', a folder that it is in itself\n"
		"note: remove the link, or let it point at what is needed only\n"},
};

/* "a -> @/b": @ is the folder above. */
static void
make(struct arena *arena, const char *cwd, const char *what)
{
	char path[256];
	size_t len = strlen(what);
	const char *arrow = strstr(what, " -> ");
	struct buf target = {.arena = arena};

	snprintf(
		path, sizeof(path), "work/%.*s", (int)(arrow ? (size_t)(arrow - what) : len), what);
	if (arrow) {
		if (arrow[4] == '@')
			buf_printf(&target, "%s/work%s", cwd, arrow + 5);
		else
			buf_printf(&target, "%s", arrow + 4);
		assert_int_equal(symlink(fs_cstr(arena, buf_view(&target)), path), 0);
	} else if (what[len - 1] == '/') {
		assert_int_equal(mkdir(path, 0700), 0);
	} else {
		bool program = what[len - 1] == '*';
		if (program)
			path[strlen(path) - 1] = '\0';
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		fclose(file);
		assert_int_equal(chmod(path, program ? 0700 : 0600), 0);
	}
}

static void
print_tree(struct buf *out, const struct tree *tree)
{
	for (size_t i = 0; i < tree->entries.len; i++) {
		const struct tree_entry *entry = &tree->entries.at[i];
		if (entry->path.len < 8) /* lib, lib/a-1 */
			continue;
		if (entry->kind == TREE_FILE)
			buf_printf(out, "%04o ", entry->mode);
		buf_str(out, entry->path);
		if (entry->kind == TREE_SYMLINK)
			buf_printf(out, " -> " STR_FMT, STR_ARG(entry->source));
		buf_printf(out, entry->kind == TREE_DIR ? "/\n" : "\n");
	}
}

static void
run_row(void **state)
{
	static const char *const level[] = {"error", "warning", "note"};
	const struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct tree tree = {.arena = &arena};
	struct copy copy = {
		.fs = &fs, .tree = &tree, .disk = STR("work/app"), .path = STR("lib/a-1")};
	struct buf got = {.arena = &arena};
	char cwd[] = "/tmp/test_copy.XXXXXX", old[1024];

	assert_non_null(getcwd(old, sizeof(old)));
	assert_non_null(mkdtemp(cwd));
	assert_int_equal(chdir(cwd), 0);
	assert_int_equal(mkdir("work", 0700), 0);
	for (size_t i = 0; row->disk[i]; i++)
		make(&arena, cwd, row->disk[i]);

	assert_true(copy_root(&copy, copy.disk, copy.path));
	bool ok = copy_folder(&copy, copy.disk, copy.path);
	assert_int_equal(ok, diag.errors == 0);
	assert_true(tree_seal(&tree, &diag));
	if (ok)
		print_tree(&got, &tree);
	for (size_t i = 0; i < diag.messages.len; i++)
		buf_printf(&got, "%s: %s\n", level[diag.messages.at[i].level],
			diag.messages.at[i].text);
	buf_byte(&got, 0);
	assert_string_equal(got.at, row->want);

	assert_int_equal(chdir(old), 0);
	struct buf remove = {.arena = &arena};
	buf_printf(&remove, "rm -rf %s", cwd);
	assert_int_equal(system(fs_cstr(&arena, buf_view(&remove))), 0);
	arena_release(&arena);
}

int
main(void)
{
	enum { COUNT = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){
			rows[i].label, run_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
