/*
 * usage: base_tool PATH[@sha256:HEX] OS/ARCHITECTURE[/VARIANT] [find PATH | blob DIGEST]
 *
 * What beamrel makes of a base image, for the tests: its config, its layers, all entries. Exit 1
 * with the reasons when it is refused.
 */
#include <inttypes.h>
#include <stdio.h>

#include "image/base.h"
#include "support/arena.h"
#include "support/buf.h"

static void
print_names(const char *key, const struct fs_names *names)
{
	for (size_t i = 0; i < names->len; i++)
		printf("%s " STR_FMT "\n", key, STR_ARG(names->at[i]));
}

static void
print_text(const char *key, struct str text)
{
	if (text.len > 0)
		printf("%s " STR_FMT "\n", key, STR_ARG(text));
}

static void
print_config(const struct base *base)
{
	const struct base_config *config = &base->config;

	printf("digest " STR_FMT "\n", STR_ARG(base->digest));
	printf("platform " STR_FMT "/" STR_FMT "/" STR_FMT "\n", STR_ARG(base->platform.os),
		STR_ARG(base->platform.architecture), STR_ARG(base->platform.variant));
	print_names("env", &config->env);
	print_names("entrypoint", &config->entrypoint);
	print_names("command", &config->command);
	print_names("port", &config->ports);
	print_names("volume", &config->volumes);
	for (size_t i = 0; i < config->labels.len; i++)
		printf("label " STR_FMT "=" STR_FMT "\n", STR_ARG(config->labels.at[i].key.text),
			STR_ARG(config->labels.at[i].value.text));
	print_text("user", config->user);
	print_text("workdir", config->workdir);
	print_text("stop_signal", config->stop_signal);
	print_text("healthcheck", config->healthcheck);
	print_text("history", base->history);
	for (size_t i = 0; i < base->layers.len; i++)
		printf("layer " STR_FMT " " STR_FMT " " STR_FMT " %" PRIu64 "\n",
			STR_ARG(base->layers.at[i].digest), STR_ARG(base->layers.at[i].diff_id),
			STR_ARG(base->layers.at[i].media_type), base->layers.at[i].size);
}

static void
print_entry(const struct base_entry *entry)
{
	static const char kinds[] = {[TREE_DIR] = 'd', [TREE_FILE] = 'f', [TREE_SYMLINK] = 'l'};

	printf("%c %04o %" PRIu64 ":%" PRIu64 " %" PRIu64 " %" PRId64 " " STR_FMT,
		entry->special ? 's' : kinds[entry->kind], entry->mode, entry->uid, entry->gid,
		entry->size, entry->mtime, STR_ARG(entry->path));
	if (entry->kind == TREE_SYMLINK)
		printf(" -> " STR_FMT, STR_ARG(entry->link));
	if (entry->elf)
		printf(" (soname " STR_FMT ")", STR_ARG(entry->elf->soname));
	if (entry->elf_fault)
		printf(" (%s)", entry->elf_fault);
	putchar('\n');
}

static void
print_bytes(void *context, struct str bytes)
{
	fwrite(bytes.at, 1, bytes.len, context);
}

static bool
run(struct fs *fs, int argc, char **argv)
{
	struct str rest = {argv[1], strlen(argv[1])}, path, os, architecture = {0}, variant = {0};
	struct spec_text where = {.pos = {"spec", 1, 1}}, digest = {.pos = {"spec", 2, 1}};
	struct base *base;
	const char *fault;

	str_next(&rest, '@', &path);
	where.text = path;
	digest.text = rest;
	rest = (struct str){argv[2], strlen(argv[2])};
	str_next(&rest, '/', &os);
	str_next(&rest, '/', &architecture);
	str_next(&rest, '/', &variant);
	if (!base_read(fs, &where, &digest, &(struct image_platform){os, architecture, variant},
		    &base))
		return false;
	if (argc == 5 && strcmp(argv[3], "blob") == 0) {
		struct str blob = {argv[4], strlen(argv[4])};

		return base_blob(base, blob, fs->arena, print_bytes, stdout, &fault) ||
		       diag_error(fs->diag, where.pos, "%s", fault);
	}
	if (argc == 5 && strcmp(argv[3], "find") == 0) {
		struct str sought = {argv[4], strlen(argv[4])}, resolved;
		const struct base_entry *entry = base_find(base, sought);

		if (entry)
			print_entry(entry);
		if (!base_resolve(base, fs->arena, sought, &resolved))
			return diag_error(fs->diag, where.pos, "nowhere");
		printf("resolved " STR_FMT "\n", STR_ARG(resolved));
		return true;
	}
	print_config(base);
	for (size_t i = 0; i < base->entries.len; i++)
		print_entry(&base->entries.at[i]);
	return true;
}

int
main(int argc, char **argv)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	bool ok;

	if (argc != 3 && argc != 5) {
		fputs("usage: base_tool PATH[@DIGEST] PLATFORM [find PATH | blob DIGEST]\n",
			stderr);
		return 2;
	}
	ok = run(&fs, argc, argv);
	diag_print(&diag, stderr);
	arena_release(&arena);
	return ok ? 0 : 1;
}
