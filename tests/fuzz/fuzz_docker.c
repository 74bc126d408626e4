/*
 * Input: an archive, of docker's or OCI's kind. It is read as a base is, from a file without a
 * name; what is accepted has the digests that it says, and what is refused is said.
 */
#define _GNU_SOURCE /* memfd_create() */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/base.h"
#include "support/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
count(void *context, struct str bytes)
{
	*(uint64_t *)context += bytes.len;
}

static void
check(const struct base *base, struct arena *arena)
{
	for (size_t i = 0; i < base->layers.len; i++) {
		uint64_t size = 0;
		const char *fault;

		if (!base_blob(base, base->layers.at[i].digest, arena, count, &size, &fault) ||
			size != base->layers.at[i].size)
			abort();
	}
	for (size_t i = 0; i < base->entries.len; i++)
		base_find(base, base->entries.at[i].link);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct image_platform platform = {STR("linux"), STR("amd64"), {0}};
	int fd = memfd_create("base", MFD_CLOEXEC);
	char path[64];
	struct base *base = NULL;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	struct spec_text where = {.text = {path, strlen(path)}};
	if (base_read(&fs, &where, NULL, &platform, &base) != (diag.errors == 0))
		abort();
	if (base)
		check(base, &arena);
	close(fd);
	arena_release(&arena);
	return 0;
}
