/*
 * image/base_json_value.h - members of JSON objects, by name and kind. False: reported.
 */
#pragma once

#include "image/base_json.h"

/*
 * The engines' JSON reader finds a member also when its case is another one. So "Layers" beside
 * "layers" would be seen by them and not by us; such names are refused. `known` ends with NULL.
 */
bool base_json_names(
	const struct base_reader *reader, const struct json *object, const char *const *known);

/* The member, NULL when it is absent or null. */
bool base_json_member(const struct base_reader *reader, const struct json *object, const char *name,
	enum json_kind kind, const struct json **value);

bool base_json_text(const struct base_reader *reader, const struct json *object, const char *name,
	struct str *text);

/* An array of strings. */
bool base_json_texts(const struct base_reader *reader, const struct json *object, const char *name,
	struct fs_names *texts);

/* The names of an object whose values say nothing. */
bool base_json_keys(const struct base_reader *reader, const struct json *object, const char *name,
	struct fs_names *names);

/* os, architecture and variant. */
bool base_json_platform(const struct base_reader *reader, const struct json *object,
	struct image_platform *platform);
