/*
 * beam_tool OTP ROOT <PATHS: what beam/ says of the modules at ROOTPATH, one path per line, in the
 * words of beam.escript, so that the two can be compared.
 */
#include <stdio.h>
#include <stdlib.h>

#include "beam/beam.h"
#include "support/arena.h"
#include "support/fs.h"
#include "support/md5.h"

struct lines {
	struct arena *arena;
	VEC(struct str) at;
};

static void
add_functions(struct lines *lines, char type, const struct beam_functions *functions)
{
	for (size_t i = 0; i < functions->len; i++) {
		const struct beam_function *f = &functions->at[i];
		struct buf line = {.arena = lines->arena};

		buf_printf(&line, "%c " STR_FMT " " STR_FMT " %u\n", type, STR_ARG(f->module),
			STR_ARG(f->name), f->arity);
		vec_push(lines->arena, &lines->at, buf_view(&line));
	}
}

static int
by_bytes(const void *pa, const void *pb)
{
	const struct str *a = pa, *b = pb;
	int order = memcmp(a->at, b->at, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

static void
put_sum(FILE *out, const char *title, const unsigned char sum[MD5_SIZE])
{
	fprintf(out, "%s ", title);
	for (size_t i = 0; i < MD5_SIZE; i++)
		fprintf(out, "%02x", sum[i]);
	fputc('\n', out);
}

static bool
put_strip(FILE *out, struct arena *arena, struct str bytes, unsigned otp, const struct str *keep,
	size_t keep_len, const char **fault)
{
	unsigned char sum[MD5_SIZE];
	struct str stripped;

	if (!beam_strip(arena, bytes, otp, keep, keep_len, &stripped, fault) ||
		!md5_pieces(&stripped, 1, sum))
		return false;
	put_sum(out, "strip", sum);
	return true;
}

static bool
describe(FILE *out, struct arena *arena, struct str bytes, unsigned otp, const char **fault)
{
	static const struct str keep[] = {STR_INIT("CInf"), STR_INIT("Dbgi"), STR_INIT("Nope")};
	struct lines lines = {.arena = arena};
	struct beam_functions imports, exports;
	struct buf written = {.arena = arena};
	unsigned char sum[MD5_SIZE];
	struct term attributes;
	struct beam beam;

	if (!beam_open(arena, bytes, &beam, fault) || !beam_md5(arena, &beam, otp, sum, fault) ||
		!beam_imports(arena, &beam, &imports, fault) ||
		!beam_exports(arena, &beam, &exports, fault) ||
		!beam_attributes(arena, &beam, &attributes, fault))
		return false;
	fprintf(out, "module " STR_FMT "\n", STR_ARG(beam.module));
	put_sum(out, "md5", sum);
	if (!put_strip(out, arena, bytes, otp, NULL, 0, fault) ||
		!put_strip(out, arena, bytes, otp, keep, 3, fault))
		return false;
	add_functions(&lines, 'I', &imports);
	add_functions(&lines, 'E', &exports);
	if (lines.at.len)
		qsort(lines.at.at, lines.at.len, sizeof(*lines.at.at), by_bytes);
	for (size_t i = 0; i < lines.at.len; i++)
		fwrite(lines.at.at[i].at, 1, lines.at.at[i].len, out);
	term_write(&written, &attributes, otp);
	fprintf(out, "A " STR_FMT "\n", STR_ARG(buf_view(&written)));
	return true;
}

int
main(int argc, char **argv)
{
	char path[4096];
	int failed = 0;

	if (argc != 3)
		return 2;
	while (fgets(path, sizeof(path), stdin)) {
		struct arena arena = {0};
		struct buf place = {.arena = &arena};
		const char *fault = NULL;
		struct str bytes;

		path[strcspn(path, "\n")] = '\0';
		printf("file %s\n", path);
		buf_printf(&place, "%s%s", argv[2], path);
		if (!fs_load(&arena, buf_view(&place), &bytes, &fault) ||
			!describe(stdout, &arena, bytes, (unsigned)strtoul(argv[1], NULL, 10),
				&fault)) {
			printf("fault %s\n", fault);
			failed = 1;
		}
		arena_release(&arena);
	}
	return failed;
}
