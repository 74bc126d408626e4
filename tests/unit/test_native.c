/*
 * Rows of a release's ELF files above a base that is made by hand, and what is said of them. That
 * real bases are judged as their own ld.so does is shown by e2e.elf.native.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "elf_maker.h"
#include "image/base.h"
#include "image/image.h"
#include "support/arena.h"
#include "support/path.h"

struct file {
	const char *path, *words; /* of a base: "-> TARGET", "defined=A,B", or as elf_maker.h has */
};

struct row {
	const char *name;
	enum spec_check level;
	bool scratch;
	const char *env;
	struct file ours[6], base[8];
	const char *want;
};

#define BEAM                                                                           \
	{                                                                              \
		"app/erts-13/bin/beam.smp", "interpreter=/lib64/ld-linux-x86-64.so.2 " \
					    "needed=libc.so.6 "                        \
					    "want=libc.so.6:GLIBC_2.2.5:abort"         \
	}
#define LOADER                                                                   \
	{                                                                        \
		"lib64/ld-linux-x86-64.so.2", "-> /lib/x86/ld-linux-x86-64.so.2" \
	}
#define REAL_LOADER                                        \
	{                                                  \
		"lib/x86/ld-linux-x86-64.so.2", "defined=" \
	}
#define LIBC                                                                               \
	{                                                                                  \
		"lib/x86/libc.so.6",                                                       \
			"defined=GLIBC_2.2.5,GLIBC_2.4,GLIBC_2.31,GLIBC_2.9,GLIBC_PRIVATE" \
	}
#define GLIBC LOADER, REAL_LOADER, LIBC
#define NIF(words)                             \
	{                                      \
		"app/lib/n-1/priv/n.so", words \
	}

static struct row rows[] = {
	{"all is there", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libc.so.6 want=libc.so.6:GLIBC_2.31:memcpy")}, {GLIBC}, ""},
	{"a version that is too new", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libc.so.6 want=libc.so.6:GLIBC_2.34:memcpy")}, {GLIBC},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' needs memcpy@GLIBC_2.34 of "
		"'libc.so.6', but that of the base 'base.tar' has up to GLIBC_2.31\n"
		"release.yaml:9:2: note: build it where the libraries are as old as those, or "
		"take a newer base\n"},
	{"a weak one may be missing, also when it is the newest", SPEC_ERROR, false, "",
		{BEAM, {"app/a", "needed=libc.so.6 weak=libc.so.6:GLIBC_2.34:memcpy"},
			NIF("needed=libc.so.6 weak=libc.so.6:GLIBC_2.100:zeta "
			    "want=libc.so.6:GLIBC_2.38:abc")},
		{GLIBC},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' needs abc@GLIBC_2.38 of "
		"'libc.so.6', but that of the base 'base.tar' has up to GLIBC_2.31\n"
		"release.yaml:9:2: note: build it where the libraries are as old as those, or "
		"take a newer base\n"},
	{"of several too new ones the newest is named", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libc.so.6 want=libc.so.6:GLIBC_2.34:memcpy "
			   "want=libc.so.6:GLIBC_2.100:zeta want=libc.so.6:GLIBC_2.38:abc")},
		{GLIBC},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' needs zeta@GLIBC_2.100 of "
		"'libc.so.6', but that of the base 'base.tar' has up to GLIBC_2.31\n"
		"release.yaml:9:2: note: build it where the libraries are as old as those, or "
		"take a newer base\n"},
	{"each file is named, what to do only once; warnings", SPEC_WARN, false, "",
		{BEAM, {"app/a", "needed=libc.so.6 want=libc.so.6:GLIBC_2.34:memcpy"},
			{"app/b", "needed=libc.so.6 want=libc.so.6:GCC_3:memcpy"}},
		{GLIBC},
		"release.yaml:3:1: warning: 'app/a' needs memcpy@GLIBC_2.34 of 'libc.so.6', but "
		"that of the base 'base.tar' has up to GLIBC_2.31\n"
		"release.yaml:9:2: note: build it where the libraries are as old as those, or "
		"take a newer base\n"
		"release.yaml:3:1: warning: 'app/b' needs memcpy@GCC_3 of 'libc.so.6', but that "
		"of the base 'base.tar' has no such version\n"},
	{"a library without versions will do", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libx.so.1 want=libx.so.1:X_1:x")},
		{GLIBC, {"usr/lib/x86/libx.so.1", "defined="}}, ""},
	{"a library that is not there", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libodbc.so.2 needed=libc.so.6")}, {GLIBC},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' needs the library "
		"'libodbc.so.2', which neither the release nor the base 'base.tar' has\n"
		"note: looked in /usr/local/lib/x86, /usr/local/lib, /lib/x86, /usr/lib/x86, /lib, "
		"/usr/lib\n"
		"release.yaml:9:2: note: install its package in the base, or have the release bring "
		"it and find it by a RUNPATH that begins with $ORIGIN\n"},
	{"one beside it, by $ORIGIN", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libodbc.so.2 runpath=/none:$ORIGIN/../lib"),
			{"app/lib/n-1/lib/libodbc.so.2", "soname=libodbc.so.2"}},
		{GLIBC}, ""},
	{"one of another machine is passed over", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libodbc.so.2")},
		{GLIBC, {"lib/x86/libodbc.so.2", "machine=183"},
			{"usr/lib/libodbc.so.2", "defined="}},
		""},
	{"one where the image's environment says", SPEC_ERROR, false,
		"LD_LIBRARY_PATH=/opt/none:/opt/cuda", {BEAM, NIF("needed=libodbc.so.2")},
		{GLIBC, {"opt/cuda/libodbc.so.2", "defined="}}, ""},
	{"another machine is an error even as a warning", SPEC_WARN, false, "",
		{BEAM, NIF("machine=183 needed=libc.so.6")}, {GLIBC},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' is made for linux/arm64, but the "
		"image for linux/amd64\n"
		"note: build it for the platform of the image, and name its folder in the "
		"platform's paths; or set release.checks.native: off\n"},
	{"on scratch, too", SPEC_WARN, true, "", {NIF("machine=4711")}, {{0}},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' is made for a machine of number "
		"4711, but the image for linux/amd64\n"
		"note: build it for the platform of the image, and name its folder in the "
		"platform's paths; or set release.checks.native: off\n"},
	{"unless it is off", SPEC_OFF, false, "", {BEAM, NIF("machine=183 needed=libodbc.so.2")},
		{GLIBC}, ""},
	{"object files, and programs for the kernel, are for no machine", SPEC_ERROR, false, "",
		{BEAM, {"app/a.o", "machine=183 type=1"}, {"app/filter", "machine=247 type=1"}},
		{GLIBC}, ""},
	{"static programs need nothing", SPEC_ERROR, true, "", {{"app/tool", "type=2"}}, {{0}}, ""},
	{"musl under glibc: one error, not one a file", SPEC_ERROR, false, "",
		{BEAM, NIF("needed=libc.so.6 needed=libodbc.so.2"),
			{"app/other", "interpreter=/lib64/ld-linux-x86-64.so.2"}},
		{{"lib/ld-musl-x86_64.so.1", "defined="}},
		"release.yaml:3:1: error: 'app/erts-13/bin/beam.smp' is started by glibc's "
		"'/lib64/ld-linux-x86-64.so.2', but the base 'base.tar' is one of musl, with "
		"'/lib/ld-musl-x86_64.so.1'\n"
		"release.yaml:9:2: note: take a base with the C library that this is built for, "
		"build it for that of the base, or set image.base: scratch\n"},
	{"glibc under musl", SPEC_ERROR, false, "",
		{{"app/erts-13/bin/beam.smp",
			"interpreter=/lib/ld-musl-x86_64.so.1 needed=libc.so"}},
		{GLIBC},
		"release.yaml:3:1: error: 'app/erts-13/bin/beam.smp' is started by musl's "
		"'/lib/ld-musl-x86_64.so.1', which the base 'base.tar' does not have\n"
		"release.yaml:9:2: note: take a base with the C library that this is built for, "
		"build it for that of the base, or set image.base: scratch\n"},
	{"musl is each of the C library's names; a NIF of glibc is not for it", SPEC_ERROR, false,
		"",
		{{"app/erts-13/bin/beam.smp",
			 "interpreter=/lib/ld-musl-x86_64.so.1 needed=libc.so needed=libm.so.6"},
			NIF("needed=libc.so.6 want=libc.so.6:GLIBC_2.14:memcpy")},
		{{"lib/ld-musl-x86_64.so.1", "defined="}},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' is built for glibc (it needs "
		"memcpy@GLIBC_2.14), but the programs of the image run with musl\n"},
	{"without ERTS the base's loader counts", SPEC_ERROR, false, "",
		{NIF("needed=libc.so.6 want=libc.so.6:GLIBC_2.34:memcpy")}, {GLIBC},
		"release.yaml:3:1: error: 'app/lib/n-1/priv/n.so' needs memcpy@GLIBC_2.34 of "
		"'libc.so.6', but that of the base 'base.tar' has up to GLIBC_2.31\n"
		"release.yaml:9:2: note: build it where the libraries are as old as those, or "
		"take a newer base\n"},
	{"a broken file", SPEC_ERROR, false, "", {BEAM, {"app/broken", ""}}, {GLIBC},
		"release.yaml:3:1: error: 'app/broken' begins as an ELF file does, but is truncated "
		"in its header at byte 4\n"},
	{"a loader that the base lacks", SPEC_ERROR, false, "", {BEAM},
		{{"lib/x86/libc.so.6", "defined="}},
		"release.yaml:3:1: error: 'app/erts-13/bin/beam.smp' is started by "
		"'/lib64/ld-linux-x86-64.so.2', which the base 'base.tar' does not have\n"
		"release.yaml:9:2: note: take a base with the C library that this is built for, "
		"build it for that of the base, or set image.base: scratch\n"},
};

static struct base_entry
base_entry(struct arena *arena, const struct file *file)
{
	struct base_entry entry = {.path = {file->path, strlen(file->path)}, .kind = TREE_FILE};
	struct elf *elf = arena_new(arena, struct elf);
	struct str words = {file->words, strlen(file->words)}, name;
	struct elf_version *defined = arena_array(arena, struct elf_version, 16);
	const char *fault;

	if (strncmp(file->words, "-> ", 3) == 0) {
		entry.kind = TREE_SYMLINK;
		entry.link = (struct str){file->words + 3, strlen(file->words) - 3};
		return entry;
	}
	assert_true(elf_read(arena, make_elf(arena, file->words), elf, &fault));
	entry.elf = elf;
	if (strncmp(file->words, "defined=", 8) == 0 && words.len > 8) {
		elf->defined = defined;
		words = (struct str){words.at + 8, words.len - 8};
		while (str_next(&words, ',', &name))
			defined[elf->defined_len++].name = name;
	}
	return entry;
}

static int
entry_order(const void *pa, const void *pb)
{
	return path_order(
		((const struct base_entry *)pa)->path, ((const struct base_entry *)pb)->path);
}

/* With the folders above each entry. */
static struct base *
make_base(struct arena *arena, const struct row *row)
{
	struct base *base = arena_new(arena, struct base);
	size_t kept = 0;

	base->path = STR("base.tar");
	base->pos = (struct srcpos){"release.yaml", 9, 2};
	for (size_t i = 0; i < 8 && row->base[i].path; i++) {
		struct base_entry entry = base_entry(arena, &row->base[i]);

		vec_push(arena, &base->entries, entry);
		for (size_t k = 0; k < entry.path.len; k++)
			if (entry.path.at[k] == '/')
				vec_push(arena, &base->entries,
					(struct base_entry){
						.path = str_head(entry.path, k), .kind = TREE_DIR});
	}
	if (base->entries.len > 0)
		qsort(base->entries.at, base->entries.len, sizeof(*base->entries.at), entry_order);
	for (size_t i = 0; i < base->entries.len; i++)
		if (i == 0 || !str_eq(base->entries.at[i].path, base->entries.at[i - 1].path))
			base->entries.at[kept++] = base->entries.at[i];
	base->entries.len = kept;
	return base;
}

static void
add_layer(struct fs *fs, struct image_plan *plan, const struct row *row)
{
	struct image_layer layer = {.name = STR("all"), .tree = {.arena = fs->arena}};

	for (size_t i = 0; i < 6 && row->ours[i].path; i++) {
		struct str path = {row->ours[i].path, strlen(row->ours[i].path)};
		struct str bytes = *row->ours[i].words ? make_elf(fs->arena, row->ours[i].words)
						       : STR("\177ELF");

		assert_true(tree_add_bytes(&layer.tree, path, bytes, 0755,
			(struct srcpos){"release.yaml", 3, 1}, fs->diag));
	}
	assert_true(tree_seal(&layer.tree, fs->diag));
	vec_push(fs->arena, &plan->layers, layer);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct spec spec = {.native = row->level};
	struct image_release release = {.spec = &spec};
	struct str env = {row->env, strlen(row->env)};
	struct image_plan plan = {.release = &release,
		.platform = {.os = STR("linux"), .architecture = STR("amd64")},
		.config = {.env = {&env, 1}}};
	char *got = NULL;
	size_t len = 0;

	if (!row->scratch)
		plan.base = make_base(&arena, row);
	add_layer(&fs, &plan, row);
	bool ok = native_check(&fs, &plan);
	FILE *out = open_memstream(&got, &len);
	assert_non_null(out);
	diag_print(&diag, out);
	fclose(out);
	assert_string_equal(got, row->want);
	assert_int_equal(ok, diag.errors == 0);
	free(got);
	arena_release(&arena);
}

int
main(void)
{
	enum { COUNT = sizeof(rows) / sizeof(*rows) };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = test_row, .initial_state = &rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
