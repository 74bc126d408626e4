#include "support/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include <jansson.h>

#include "support/arena.h"

/* What jansson wrote of one value. */
static void
add_dump(struct buf *out, json_t *value)
{
	char *written = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	assert(written);
	buf_add(out, written, strlen(written));
	free(written);
	json_decref(value);
}

void
json_text(struct buf *out, struct str text)
{
	add_dump(out, json_stringn(text.len ? text.at : "", text.len));
}

/* jansson goes down 2048 levels before it gives up; the copy below must not. */
static bool
is_flat(struct str text, struct json_fault *fault)
{
	size_t depth = 0;
	bool quoted = false;

	*fault = (struct json_fault){.line = 1};
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (((unsigned char)c & 0xc0) != 0x80)
			fault->column++;
		if (quoted && c == '\\') {
			i++;
			fault->column++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (c == '\n') {
			fault->line++;
			fault->column = 0;
		} else if (!quoted && (c == '[' || c == '{')) {
			depth++;
		} else if (!quoted && (c == ']' || c == '}') && depth > 0) {
			depth--;
		}
		if (depth > JSON_DEPTH) {
			fault->text = "more than 64 objects and arrays inside each other";
			return false;
		}
	}
	return true;
}

static struct str
copy_text(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_array(arena, char, len + 1);

	memcpy(copy, text, len);
	return (struct str){copy, len};
}

static int
member_order(const void *pa, const void *pb)
{
	return str_order(
		((const struct json_member *)pa)->name, ((const struct json_member *)pb)->name);
}

static struct json copy_value(struct arena *arena, json_t *from);

static void
copy_members(struct arena *arena, json_t *from, struct json *value)
{
	struct json_member *members;
	const char *name;
	json_t *member;
	size_t i = 0;

	value->len = json_object_size(from);
	members = arena_array(arena, struct json_member, value->len);
	json_object_foreach(from, name, member)
	{
		members[i++] = (struct json_member){
			copy_text(arena, name, strlen(name)), copy_value(arena, member)};
	}
	if (i > 0)
		qsort(members, i, sizeof(*members), member_order);
	value->members = members;
}

static struct json
copy_value(struct arena *arena, json_t *from)
{
	struct json value = {0};
	struct json *items;

	switch (json_typeof(from)) {
	case JSON_NULL:
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		value.kind = JSON_IS_BOOLEAN;
		value.truth = json_is_true(from);
		break;
	case JSON_INTEGER:
		value.kind = JSON_IS_INTEGER;
		value.integer = json_integer_value(from);
		break;
	case JSON_REAL:
		value.kind = JSON_IS_REAL;
		value.real = json_real_value(from);
		break;
	case JSON_STRING:
		value.kind = JSON_IS_STRING;
		value.text = copy_text(arena, json_string_value(from), json_string_length(from));
		break;
	case JSON_ARRAY:
		value.kind = JSON_IS_ARRAY;
		value.len = json_array_size(from);
		items = arena_array(arena, struct json, value.len);
		for (size_t i = 0; i < value.len; i++)
			items[i] = copy_value(arena, json_array_get(from, i));
		value.items = items;
		break;
	case JSON_OBJECT:
		value.kind = JSON_IS_OBJECT;
		copy_members(arena, from, &value);
		break;
	}
	return value;
}

bool
json_read(struct arena *arena, struct str text, struct json *value, struct json_fault *fault)
{
	json_error_t error;
	json_t *read;

	if (!is_flat(text, fault))
		return false;
	read = json_loadb(text.len ? text.at : "", text.len, JSON_REJECT_DUPLICATES, &error);
	if (!read) {
		enum json_error_code code = json_error_code(&error);
		struct str said = {error.text, strlen(error.text)};

		if (code == json_error_null_character || code == json_error_null_byte_in_key)
			said = STR("\\u0000 in a string");
		*fault = (struct json_fault){error.line > 0 ? (unsigned)error.line : 0,
			error.column > 0 ? (unsigned)error.column : 0,
			copy_text(arena, said.at, said.len).at};
		return false;
	}
	*value = copy_value(arena, read);
	json_decref(read);
	return true;
}

const struct json *
json_get(const struct json *value, struct str name)
{
	struct json_member key = {.name = name};
	const struct json_member *found;

	if (value->kind != JSON_IS_OBJECT || value->len == 0)
		return NULL;
	found = bsearch(&key, value->members, value->len, sizeof(key), member_order);
	return found ? &found->value : NULL;
}

static void write_value(struct buf *out, const struct json *value);

static void
write_members(struct buf *out, const struct json *value)
{
	buf_byte(out, '{');
	for (size_t i = 0; i < value->len; i++) {
		if (i > 0)
			buf_byte(out, ',');
		json_text(out, value->members[i].name);
		buf_byte(out, ':');
		write_value(out, &value->members[i].value);
	}
	buf_byte(out, '}');
}

static void
write_value(struct buf *out, const struct json *value)
{
	switch (value->kind) {
	case JSON_IS_NULL:
		buf_str(out, STR("null"));
		break;
	case JSON_IS_BOOLEAN:
		buf_str(out, value->truth ? STR("true") : STR("false"));
		break;
	case JSON_IS_INTEGER:
		buf_printf(out, "%" PRId64, value->integer);
		break;
	case JSON_IS_REAL:
		add_dump(out, json_real(value->real));
		break;
	case JSON_IS_STRING:
		json_text(out, value->text);
		break;
	case JSON_IS_ARRAY:
		buf_byte(out, '[');
		for (size_t i = 0; i < value->len; i++) {
			if (i > 0)
				buf_byte(out, ',');
			write_value(out, &value->items[i]);
		}
		buf_byte(out, ']');
		break;
	case JSON_IS_OBJECT:
		write_members(out, value);
		break;
	}
}

void
json_write(struct buf *out, const struct json *value)
{
	write_value(out, value);
}
