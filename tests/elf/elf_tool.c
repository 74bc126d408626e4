/* usage: elf_tool: what each ELF file, named by a line of the input, wants and has, as lines. */
#include <stdio.h>
#include <string.h>

#include "elf/elf.h"
#include "support/arena.h"
#include "support/fs.h"

static void
print_text(const char *what, struct str text)
{
	if (text.at)
		printf("%s " STR_FMT "\n", what, STR_ARG(text));
}

static void
print(const struct elf *elf)
{
	const char *variant, *architecture = elf_architecture(elf, &variant);

	printf("machine %u %d %s type %u\n", elf->machine, elf->is_64 ? 64 : 32,
		elf->big_endian ? "big" : "little", elf->type);
	printf("architecture %s%s%s\n", architecture ? architecture : "unknown",
		*variant ? "/" : "", variant);
	print_text("interpreter", elf->interpreter);
	print_text("soname", elf->soname);
	print_text("rpath", elf->rpath);
	print_text("runpath", elf->runpath);
	for (size_t i = 0; i < elf->needed_len; i++)
		print_text("needed", elf->needed[i]);
	for (size_t i = 0; i < elf->wanted_len; i++)
		printf("wants " STR_FMT " " STR_FMT " " STR_FMT "%s\n",
			STR_ARG(elf->wanted[i].file), STR_ARG(elf->wanted[i].name),
			STR_ARG(elf->wanted[i].symbol), elf->wanted[i].weak ? " weak" : "");
	for (size_t i = 0; i < elf->defined_len; i++)
		printf("has " STR_FMT "\n", STR_ARG(elf->defined[i].name));
}

int
main(void)
{
	char line[4096];

	while (fgets(line, sizeof(line), stdin)) {
		struct arena arena = {0};
		struct str content, path = {line, strcspn(line, "\n")};
		const char *fault;
		struct elf elf;

		printf("file " STR_FMT "\n", STR_ARG(path));
		if (fs_load(&arena, path, &content, &fault) &&
			elf_read(&arena, content, &elf, &fault))
			print(&elf);
		else
			printf("fault %s\n", fault);
		arena_release(&arena);
	}
	return 0;
}
