/*
 * image/reference.h - names of images: "shop:1.4.0", "ghcr.io/acme/shop:1.4.0".
 */
#pragma once

#include <stdbool.h>

#include "spec/spec.h"
#include "support/fs.h"
#include "support/str.h"
#include "support/vec.h"

/* As docker and containerd write it out: "shop" is "docker.io/library/shop:latest". */
struct reference {
	struct str name; /* "docker.io/library/shop" */
	struct str tag;  /* "latest" */
};

/* False: *fault says what is wrong with `text`, and what to do. */
bool reference_parse(
	struct arena *arena, struct str text, struct reference *reference, const char **fault);

/* "docker.io/library/shop:latest" */
struct str reference_text(struct arena *arena, const struct reference *reference);

/* False: tags of the spec that are none or that say the same; all of them are reported. */
bool reference_check(struct fs *fs, const struct spec_texts *tags);
