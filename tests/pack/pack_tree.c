/*
 * usage: pack_tree [-l] [-t THREADS] [-e EPOCH] [-m MARKER] [-k NAME] [-s OTP] SOURCE OUTPUT
 *
 * The tests' door to pack/: the files below SOURCE with their modes, as a folder or, if OUTPUT ends
 * so, an archive, whose digest is printed. -l: hard links; -k: a name to keep; -s: strips what ends
 * in .beam, for that OTP. releases/start_erl.data is given as bytes, as the tool does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "beam/beam.h"
#include "pack/pack.h"
#include "pack/stream.h"
#include "support/arena.h"
#include "support/sha256.h"

struct walk {
	struct fs *fs;
	struct tree *tree;
	const char *source;
	const struct tree_transform *strip;
};

static bool
strip(const void *context, struct arena *arena, struct str in, struct str *out, const char **fault)
{
	return beam_strip(arena, in, *(const unsigned *)context, NULL, 0, out, fault);
}

static bool
add(struct walk *w, struct str path)
{
	struct str source = fs_join(w->fs->arena, (struct str){w->source, strlen(w->source)}, path);
	struct tree_entry entry = {.path = path, .source = source};
	struct srcpos pos = {0};
	struct fs_names names;
	struct stat st;

	if (!fs_lstat(w->fs, source, &st))
		return false;
	entry.mode = st.st_mode & 07777;
	if (S_ISLNK(st.st_mode)) {
		entry.kind = TREE_SYMLINK;
		return fs_readlink(w->fs, source, pos, &entry.source) &&
		       tree_add(w->tree, entry, w->fs->diag);
	}
	if (S_ISREG(st.st_mode)) {
		entry.kind = TREE_FILE;
		if (path.len > 5 && memcmp(path.at + path.len - 5, ".beam", 5) == 0)
			entry.transform = w->strip;
		entry.inlined = str_eq(path, STR("releases/start_erl.data"));
		if (entry.inlined && !fs_read(w->fs, source, pos, &entry.bytes))
			return false;
		return tree_add(w->tree, entry, w->fs->diag);
	}
	entry.kind = TREE_DIR;
	if (path.len && !tree_add(w->tree, entry, w->fs->diag))
		return false;
	if (!fs_list(w->fs, source, pos, &names))
		return false;
	for (size_t i = 0; i < names.len; i++)
		if (!add(w, fs_join(w->fs->arena, path, names.at[i])))
			return false;
	return true;
}

static bool
run(struct walk *w, struct str output, const struct pack_options *options)
{
	char digest[SHA256_HEX_SIZE];
	enum stream_kind kind;

	if (!add(w, (struct str){0}) || !tree_seal(w->tree, w->fs->diag))
		return false;
	if (!stream_kind_of(output, &kind))
		return pack_directory(w->fs, w->tree, output, options);
	if (!pack_archive(w->fs, w->tree, output, options, digest))
		return false;
	puts(digest);
	return true;
}

int
main(int argc, char **argv)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct tree tree = {.arena = &arena};
	struct walk walk = {.fs = &fs, .tree = &tree};
	struct pack_options options = {
		.epoch = 315532800, .marker = STR("releases/start_erl.data")};
	unsigned otp = 0;
	struct tree_transform stripping = {.name = "strip-1", .context = &otp, .apply = strip};
	struct str kept = {0};
	int option;

	while ((option = getopt(argc, argv, "lt:e:m:k:s:")) != -1) {
		if (option == 'l')
			options.link = true;
		else if (option == 't')
			options.threads = strtoul(optarg, NULL, 10);
		else if (option == 'e')
			options.epoch = strtoll(optarg, NULL, 10);
		else if (option == 'm')
			options.marker = (struct str){optarg, strlen(optarg)};
		else if (option == 'k')
			kept = (struct str){optarg, strlen(optarg)};
		else if (option == 's')
			otp = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	options.keep = (struct fs_names){&kept, kept.len > 0};
	if (argc - optind != 2)
		return 2;
	walk.source = argv[optind];
	walk.strip = otp ? &stripping : NULL;

	bool ok = run(&walk, (struct str){argv[optind + 1], strlen(argv[optind + 1])}, &options);

	diag_print(&diag, stderr);
	arena_release(&arena);
	return ok ? 0 : 1;
}
