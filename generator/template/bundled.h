/*
 * template/bundled.h - the files of templates/, as the build embeds them.
 *
 * Private to template/: embed.cmake writes the definitions, template.c looks names up.
 */
#pragma once

#include <stddef.h>

struct bundled_file {
	const char *name;
	const unsigned char *bytes;
	size_t len;
};

extern const struct bundled_file bundled_files[];
extern const size_t bundled_count;
