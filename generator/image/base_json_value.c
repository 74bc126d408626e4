#include "image/base_json_value.h"

#include "support/arena.h"

/* ASCII letters without their case; the two others that Unicode folds to one of them, too. */
static char
fold(struct str *rest)
{
	static const struct {
		struct str from;
		char to;
	} others[] = {{STR_INIT("\xc5\xbf"), 's'}, {STR_INIT("\xe2\x84\xaa"), 'k'}};
	char c = rest->at[0];
	size_t used = 1;

	for (size_t i = 0; i < 2; i++)
		if (str_eq(str_head(*rest, others[i].from.len), others[i].from)) {
			c = others[i].to;
			used = others[i].from.len;
		}
	*rest = (struct str){rest->at + used, rest->len - used};
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
is_same_folded(struct str a, struct str b)
{
	while (a.len > 0 && b.len > 0)
		if (fold(&a) != fold(&b))
			return false;
	return a.len == 0 && b.len == 0;
}

bool
base_json_names(const struct base_reader *r, const struct json *object, const char *const *known)
{
	for (size_t i = 0; i < object->len; i++)
		for (size_t k = 0; known[k]; k++) {
			struct str name = object->members[i].name;
			struct str right = {known[k], strlen(known[k])};

			if (!str_eq(name, right) && is_same_folded(name, right))
				return base_refuse(r,
					"names '" STR_FMT "', which some readers take for '%s'",
					STR_ARG(name), known[k]);
		}
	return true;
}

bool
base_json_member(const struct base_reader *r, const struct json *object, const char *name,
	enum json_kind kind, const struct json **value)
{
	static const char *const kinds[] = {[JSON_IS_NULL] = "null",
		[JSON_IS_BOOLEAN] = "true or false",
		[JSON_IS_INTEGER] = "a whole number",
		[JSON_IS_REAL] = "a number",
		[JSON_IS_STRING] = "a string",
		[JSON_IS_ARRAY] = "an array",
		[JSON_IS_OBJECT] = "an object"};

	*value = json_get(object, (struct str){name, strlen(name)});
	if (*value && (*value)->kind == JSON_IS_NULL)
		*value = NULL;
	if (*value && (*value)->kind != kind)
		return base_refuse(r, "has '%s', which must be %s", name, kinds[kind]);
	return true;
}

bool
base_json_text(
	const struct base_reader *r, const struct json *object, const char *name, struct str *text)
{
	const struct json *value;

	if (!base_json_member(r, object, name, JSON_IS_STRING, &value))
		return false;
	*text = value ? value->text : (struct str){0};
	return true;
}

bool
base_json_texts(const struct base_reader *r, const struct json *object, const char *name,
	struct fs_names *texts)
{
	const struct json *value;

	if (!base_json_member(r, object, name, JSON_IS_ARRAY, &value))
		return false;
	*texts = (struct fs_names){0};
	if (!value || value->len == 0)
		return true;
	texts->at = arena_array(r->arena, struct str, value->len);
	for (; texts->len < value->len; texts->len++) {
		if (value->items[texts->len].kind != JSON_IS_STRING)
			return base_refuse(r, "has '%s' with something that is no string", name);
		texts->at[texts->len] = value->items[texts->len].text;
	}
	return true;
}

bool
base_json_keys(const struct base_reader *r, const struct json *object, const char *name,
	struct fs_names *names)
{
	const struct json *value;

	if (!base_json_member(r, object, name, JSON_IS_OBJECT, &value))
		return false;
	*names = (struct fs_names){0};
	if (!value || value->len == 0)
		return true;
	names->at = arena_array(r->arena, struct str, value->len);
	for (; names->len < value->len; names->len++)
		names->at[names->len] = value->members[names->len].name;
	return true;
}

bool
base_json_platform(
	const struct base_reader *r, const struct json *object, struct image_platform *platform)
{
	static const char *const known[] = {"os", "architecture", "variant", NULL};

	return base_json_names(r, object, known) &&
	       base_json_text(r, object, "os", &platform->os) &&
	       base_json_text(r, object, "architecture", &platform->architecture) &&
	       base_json_text(r, object, "variant", &platform->variant);
}
