/* otp_texts OUTPUT X.rel LIB...: writes RELEASES, and the .rel again as `rel`, into OUTPUT. */
#include <stdio.h>

#include "otp/release.h"
#include "support/arena.h"

static bool
write_texts(struct fs *fs, struct str output, const struct release *release)
{
	struct term rel = rel_term(fs->arena, release);

	return fs_mkdirs(fs, output) &&
	       fs_write(fs, fs_join(fs->arena, output, STR("RELEASES")),
		       releases_text(fs->arena, release), 0644) &&
	       fs_write(fs, fs_join(fs->arena, output, STR("rel")),
		       term_file_text(fs->arena, &rel, release->otp), 0644);
}

int
main(int argc, char **argv)
{
	enum { MOST = 16 };
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct search_dir dirs[MOST];
	struct release release;
	size_t len = 0;

	if (argc < 3)
		return 2;
	for (int i = 3; i < argc && len < MOST; i++)
		dirs[len++] = (struct search_dir){{argv[i], strlen(argv[i])}, {argv[0], 0, 0}};
	if (rel_read(&fs, (struct str){argv[2], strlen(argv[2])}, dirs, len, &release))
		write_texts(&fs, (struct str){argv[1], strlen(argv[1])}, &release);
	diag_print(&diag, stderr);
	len = diag.errors;
	arena_release(&arena);
	return len > 0;
}
