#include "otp/filename.h"

#include "support/buf.h"

static void
add(struct buf *out, char c)
{
	if (c == '/' && out->len > 1 && out->at[out->len - 1] == '.' &&
		out->at[out->len - 2] == '/')
		out->len--;
	if (c != '/' || out->len == 0 || out->at[out->len - 1] != '/')
		buf_byte(out, (unsigned char)c);
}

struct str
filename_join(struct arena *arena, struct str dir, struct str name)
{
	struct buf out = {.arena = arena};

	if (dir.len > 0 && (name.len == 0 || name.at[0] != '/')) {
		for (size_t i = 0; i < dir.len; i++)
			add(&out, dir.at[i]);
		add(&out, '/');
	}
	for (size_t i = 0; i < name.len; i++)
		add(&out, name.at[i]);
	if (out.len > 1 && out.at[out.len - 1] == '/')
		out.len--;
	return buf_view(&out);
}

struct str
filename_next(struct str path, size_t *at)
{
	size_t from;

	if (*at == 0 && path.len > 0 && path.at[0] == '/') {
		*at = 1;
		return str_head(path, 1);
	}
	while (*at < path.len && path.at[*at] == '/')
		++*at;
	from = *at;
	while (*at < path.len && path.at[*at] != '/')
		++*at;
	return (struct str){path.at + from, *at - from};
}

size_t
filename_components(struct str path)
{
	size_t count = 0, at = 0;

	while (filename_next(path, &at).len > 0)
		count++;
	return count;
}
