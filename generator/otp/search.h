/*
 * otp/search.h - finding applications below folders. What an application is called and its version
 * come from its .app file, never from the folder's name.
 */
#pragma once

#include <stdbool.h>

#include "otp/application.h"

/* Holds APP or APP-VSN folders, each with ebin/. */
struct search_dir {
	struct str path;
	struct srcpos pos; /* of who named it */
};

/* All applications below some folders, listed once, each .app read when it is first asked for. */
struct search;

/* Folders are searched in order; `otp_root` (may be empty) adds its lib/ last. NULL: a folder
 * cannot be listed; reported. */
struct search *search_new(struct fs *fs, unsigned otp, const struct search_dir *dirs, size_t len,
	struct search_dir otp_root);

/*
 * The application called `name`, of several the first folder's; when `version` is not empty,
 * exactly that one. Two in one search folder are an error, but for OTP's own, where the highest
 * version is meant. NULL: reported at `pos`, with where it was looked for and the nearest name.
 */
struct application *search_find(
	struct search *search, struct str name, struct str version, struct srcpos pos);

/*
 * The same by the rules of systools: the first .app of this name and version; one that does not
 * parse is skipped, one whose term is faulty ends the search.
 */
struct application *search_exact(
	struct search *search, struct str name, struct str version, struct srcpos pos);

/* Is there an .app of this name, whatever it holds? Reports nothing. */
bool search_has(const struct search *search, struct str name);
