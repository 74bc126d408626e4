#include "template/template.h"

#include <assert.h>
#include <string.h>

#include "support/buf.h"
#include "template/bundled.h"

static const struct template_value *
find_value(struct str name, const struct template_value *values, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct str key = {values[i].name, strlen(values[i].name)};
		if (str_eq(key, name))
			return &values[i];
	}
	return NULL;
}

/* The name in a "${name}" at the start of `text`; empty if there is none. */
static struct str
reference_at(struct str text)
{
	if (text.len < 3 || text.at[0] != '$' || text.at[1] != '{')
		return (struct str){0};

	const char *close = memchr(text.at + 2, '}', text.len - 2);
	return close ? (struct str){text.at + 2, (size_t)(close - text.at) - 2} : (struct str){0};
}

struct str
template_expand(
	struct arena *arena, struct str text, const struct template_value *values, size_t len)
{
	struct buf out = {.arena = arena};
	size_t copied = 0, i = 0;

	while (i < text.len) {
		struct str rest = {text.at + i, text.len - i};
		struct str name = reference_at(rest);
		const struct template_value *value =
			name.len > 0 ? find_value(name, values, len) : NULL;

		if (!value) {
			i++;
			continue;
		}
		/* What a value brings in is not looked at again: no loops, no surprises. */
		buf_add(&out, text.at + copied, i - copied);
		buf_str(&out, value->value);
		i += name.len + 3;
		copied = i;
	}
	buf_add(&out, text.at + copied, text.len - copied);
	return buf_view(&out);
}

struct str
template_bundled(const char *name)
{
	for (size_t i = 0; i < bundled_count; i++) {
		const struct bundled_file *file = &bundled_files[i];
		if (strcmp(file->name, name) == 0)
			return (struct str){(const char *)file->bytes, file->len};
	}
	assert(false && "no such template");
	return (struct str){0};
}
