/*
 * The grammar is that of distribution/reference: components of lower case, a tag of at most 128
 * characters; a first component with '.', ':' or a capital, and "localhost", is a registry.
 */
#include "image/reference.h"

#include "support/arena.h"
#include "support/buf.h"

enum {
	TAG_MAX = 128,
	NAME_MAX_LEN = 255,
};

static const struct str docker = STR_INIT("docker.io");

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
has_upper(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_upper(s.at[i]))
			return true;
	return false;
}

static struct str
behind(struct str s, size_t at)
{
	return (struct str){s.at + at, s.len - at};
}

static const char *
tag_fault(struct str tag)
{
	if (tag.len == 0)
		return "ends in ':' without a tag";
	if (tag.len > TAG_MAX)
		return "has a tag of more than 128 characters";
	for (size_t i = 0; i < tag.len; i++) {
		char c = tag.at[i];

		if (c == '+')
			return "has '+' in its tag, which no registry takes; write '-' or '_' instead";
		if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '_' &&
			(i == 0 || (c != '.' && c != '-')))
			return "has a tag with other characters than letters, digits, '_', '.' "
			       "and '-', the last two not in front";
	}
	return NULL;
}

/* [a-z0-9]+ ((\.|_|__|-+) [a-z0-9]+)* */
static const char *
component_fault(struct str part)
{
	size_t i = 0;

	if (part.len == 0)
		return "has an empty component";
	if (has_upper(part))
		return "has capitals in its name; registries take lower case only";
	while (i < part.len) {
		size_t start = i;

		while (i < part.len && (is_lower(part.at[i]) || is_digit(part.at[i])))
			i++;
		if (i == start || i == part.len)
			break;
		start = i;
		while (i < part.len && part.at[i] == part.at[start] &&
			strchr("._-", part.at[i]) != NULL)
			i++;
		if (i == start || (part.at[start] == '.' && i > start + 1) ||
			(part.at[start] == '_' && i > start + 2) || i == part.len)
			return "has a name with other characters than lower case letters and "
			       "digits, and single '.', '_', '__' or '-' between them";
	}
	return i == part.len && i > 0 ? NULL
				      : "has a name with other characters than lower case letters "
					"and digits, and single '.', '_', '__' or '-' between them";
}

/* HOST or HOST:PORT; an address of IP version 6 stands in brackets. */
static const char *
registry_fault(struct str registry)
{
	struct str host = registry, port = {0};
	bool brackets = registry.len > 0 && registry.at[0] == '[';

	if (str_eq(registry, STR("http:")) || str_eq(registry, STR("https:")) ||
		str_eq(registry, STR("docker:")))
		return "begins like an URL; it begins with the registry's host, without '://'";
	for (size_t i = 0; i < registry.len; i++)
		if (registry.at[i] == ':' && (!brackets || (i > 0 && registry.at[i - 1] == ']'))) {
			host = str_head(registry, i);
			port = behind(registry, i + 1);
			if (port.len == 0)
				return "has no port behind the ':' of its registry";
		}
	for (size_t i = 0; i < port.len; i++)
		if (!is_digit(port.at[i]))
			return "has a port that is no number";
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];

		if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '.' && c != '-' &&
			!(brackets && (c == ':' || c == '[' || c == ']')))
			return "has a registry that is no host name";
	}
	if (host.len == 0 || strchr(".-", host.at[0]) || strchr(".-", host.at[host.len - 1]))
		return "has a registry that is no host name";
	return NULL;
}

/* Is the component in front of the first '/' a registry? */
static bool
is_registry(struct str part)
{
	return memchr(part.at, '.', part.len) || memchr(part.at, ':', part.len) ||
	       has_upper(part) || str_eq(part, STR("localhost"));
}

static const char *
name_fault(struct str path)
{
	struct str part, rest = path;
	const char *fault = NULL;

	while (!fault && str_next(&rest, '/', &part))
		fault = component_fault(part);
	return fault;
}

bool
reference_parse(
	struct arena *arena, struct str text, struct reference *reference, const char **fault)
{
	struct str name = text, registry = docker, tag = STR("latest"), part, rest = text;
	struct buf full = {.arena = arena};

	*fault = NULL;
	if (text.len == 0)
		*fault = "is empty";
	else if (memchr(text.at, '@', text.len))
		*fault = "has a digest, which is known only when the image is made";
	if (*fault)
		return false;

	for (size_t i = text.len; i > 0 && text.at[i - 1] != '/'; i--)
		if (text.at[i - 1] == ':') {
			name = str_head(text, i - 1);
			tag = behind(text, i);
			*fault = tag_fault(tag);
			break;
		}
	rest = name;
	str_next(&rest, '/', &part);
	if (rest.at && is_registry(part)) {
		registry = str_eq(part, STR("index.docker.io")) ? docker : part;
		name = rest;
		if (!*fault)
			*fault = registry_fault(registry);
	}
	if (!*fault)
		*fault = name_fault(name);

	buf_str(&full, registry);
	buf_byte(&full, '/');
	if (str_eq(registry, docker) && !memchr(name.at, '/', name.len))
		buf_add(&full, "library/", strlen("library/"));
	buf_str(&full, name);
	if (!*fault && full.len > NAME_MAX_LEN)
		*fault = "has a name of more than 255 characters";
	*reference = (struct reference){buf_view(&full), tag};
	return !*fault;
}

struct str
reference_text(struct arena *arena, const struct reference *reference)
{
	struct buf text = {.arena = arena};

	buf_str(&text, reference->name);
	buf_byte(&text, ':');
	buf_str(&text, reference->tag);
	return buf_view(&text);
}

static bool
same(const struct reference *a, const struct reference *b)
{
	return str_eq(a->name, b->name) && str_eq(a->tag, b->tag);
}

bool
reference_check(struct fs *fs, const struct spec_texts *tags)
{
	struct reference *read = arena_array(fs->arena, struct reference, tags->len + 1);
	size_t len = 0;
	bool ok = true;

	for (size_t i = 0; i < tags->len; i++) {
		const struct spec_text *tag = &tags->at[i];
		const char *fault;

		if (!reference_parse(fs->arena, tag->text, &read[len], &fault)) {
			ok = diag_error(fs->diag, tag->pos,
				"the tag '" STR_FMT "' %s; give NAME:TAG, as in example/shop:1.4.0",
				STR_ARG(tag->text), fault);
			continue;
		}
		for (size_t k = 0; k < len; k++)
			if (same(&read[k], &read[len]))
				ok = diag_error(fs->diag, tag->pos,
					"the tag '" STR_FMT "' is there twice: remove one",
					STR_ARG(tag->text));
		len++;
	}
	return ok;
}
