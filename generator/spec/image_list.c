/* Lists and maps of the section image. */
#include <stdlib.h>

#include "spec/image.h"
#include "support/arena.h"
#include "support/path.h"

enum {
	MOST_LAYERS = 100, /* engines have room for 125, with those of the base */
	MOST_PLATFORMS = 32,
	LONGEST_WAIT = 86400,
};

void
read_texts_anew(struct reader *reader, const struct node *node, void *target)
{
	struct spec_texts texts = {0};

	if (node->kind == NODE_LIST)
		*(struct spec_texts *)target = texts;
	read_items(reader, node, target, read_text);
}

void
read_ports(struct reader *reader, const struct node *node, void *target)
{
	*(struct spec_texts *)target = (struct spec_texts){0};
	read_items(reader, node, target, read_port);
}

void
read_volumes(struct reader *reader, const struct node *node, void *target)
{
	*(struct spec_texts *)target = (struct spec_texts){0};
	read_items(reader, node, target, read_folder);
}

void
read_own(struct reader *reader, const struct node *node, void *target)
{
	*(struct spec_texts *)target = (struct spec_texts){0};
	read_items(reader, node, target, read_application_name);
}

/* --- maps with keys of the user's --- */

static void
add_pair(struct reader *reader, struct spec_pairs *pairs, struct spec_pair pair)
{
	for (size_t i = 0; i < pairs->len; i++)
		if (str_eq(pairs->at[i].key.text, pair.key.text)) {
			pairs->at[i] = pair;
			return;
		}
	vec_push(reader->arena, pairs, pair);
}

/* Keys are words of `first` and `rest`, which `remedy` describes. */
static void
read_pairs(struct reader *reader, const struct node *node, struct spec_pairs *pairs,
	const char *first, const char *rest, const char *remedy)
{
	if (!node_is(reader, node, NODE_MAP))
		return;
	for (const struct node *child = node->first; child; child = child->next) {
		struct spec_pair pair = {{child->name, child->key}, {STR(""), child->pos}};
		bool empty = child->kind == NODE_TEXT && !child->plain && child->text.len == 0;

		if (!is_word(child->name, first, rest, LONGEST_TEXT)) {
			diag_error(reader->diag, child->key,
				"'" STR_FMT "' cannot be a key of '" STR_FMT "'",
				STR_ARG(child->name), STR_ARG(node->name));
			diag_note(reader->diag, child->key, "%s", remedy);
		}
		if (empty || node_text(reader, child, &pair.value.text))
			add_pair(reader, pairs, pair);
	}
}

void
read_env(struct reader *reader, const struct node *node, void *target)
{
	read_pairs(reader, node, target, LOWER UPPER "_", DIGITS ".-",
		"it begins with a letter or _, and goes on with these, digits, . and -");
}

void
read_labels(struct reader *reader, const struct node *node, void *target)
{
	read_pairs(reader, node, target, LOWER UPPER DIGITS, "._-/:+@",
		"it begins with a letter or digit, and goes on with these and . _ - / : + @");
}

/* --- layers --- */

static void
read_layer_name(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!node_text(reader, node, &text))
		return;
	if (is_word(text, LOWER, DIGITS "_-", SPEC_LONGEST_NAME)) {
		read_text(reader, node, target);
		return;
	}
	value_fault(reader, node, "the name of a layer");
	diag_note(reader->diag, node->pos, "it begins with a-z and goes on with a-z, 0-9, _ and -");
}

static void
read_layer_path(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};
	const char *fault;

	if (!node_text(reader, node, &text))
		return;
	fault = path_fault(text);
	if (!fault) {
		read_text(reader, node, target);
		return;
	}
	diag_error(reader->diag, node->pos, "the path '" STR_FMT "' %s", STR_ARG(text), fault);
	diag_note(reader->diag, node->pos,
		"it is a path inside the release, such as lib/shop-1.4.0/priv/static");
}

static void
read_layer_applications(struct reader *reader, const struct node *node, void *target)
{
	read_items(reader, node, target, read_application_name);
}

static void
read_layer_paths(struct reader *reader, const struct node *node, void *target)
{
	read_items(reader, node, target, read_layer_path);
}

static const struct key layer_keys[] = {
	{"name", read_layer_name, offsetof(struct spec_layer, name), true},
	{"applications", read_layer_applications, offsetof(struct spec_layer, applications), false},
	{"paths", read_layer_paths, offsetof(struct spec_layer, paths), false},
};
static const struct shape layer_shape = SHAPE("a layer", layer_keys);

static bool
is_auto(struct str name)
{
	for (size_t i = 0; i < SPEC_AUTO_LAYERS; i++)
		if (str_eq(name, (struct str){spec_layer_name[i], strlen(spec_layer_name[i])}))
			return true;
	return false;
}

static void
check_layer(struct reader *reader, const struct node *node, const struct spec_layer *layer)
{
	if (layer->applications.len > 0 || layer->paths.len > 0 || is_auto(layer->name.text))
		return;
	diag_error(reader->diag, node->pos, "the layer '" STR_FMT "' holds nothing",
		STR_ARG(layer->name.text));
	diag_note(reader->diag, node->pos,
		"give it 'applications' or 'paths'; runtime, otp, system, otp_more, elixir, dependencies, "
		"own and release alone also mean what 'auto' puts there");
}

static int
text_order(const void *a, const void *b)
{
	const struct spec_text *x = a, *y = b;
	int order = str_order(x->text, y->text);

	if (order)
		return order;
	if (x->pos.line != y->pos.line)
		return x->pos.line < y->pos.line ? -1 : 1;
	return (x->pos.column > y->pos.column) - (x->pos.column < y->pos.column);
}

/* Sorts them. */
static void
check_once(struct reader *reader, struct spec_texts *texts, const char *what)
{
	if (texts->len > 0)
		qsort(texts->at, texts->len, sizeof(*texts->at), text_order);
	for (size_t i = 1; i < texts->len; i++) {
		const struct spec_text *one = &texts->at[i - 1], *other = &texts->at[i];

		if (!str_eq(one->text, other->text))
			continue;
		diag_error(reader->diag, other->pos, "%s '" STR_FMT "' is there twice", what,
			STR_ARG(other->text));
		diag_note(reader->diag, one->pos, "first here; remove one of the two");
	}
}

static void
add_all(struct reader *reader, struct spec_texts *all, const struct spec_texts *texts)
{
	for (size_t i = 0; i < texts->len; i++)
		vec_push(reader->arena, all, texts->at[i]);
}

static void
check_layers(struct reader *reader, const struct spec_layers *layers)
{
	struct spec_texts names = {0}, applications = {0}, paths = {0};

	for (size_t i = 0; i < layers->len; i++) {
		const struct spec_layer *layer = &layers->at[i];

		vec_push(reader->arena, &names, layer->name);
		add_all(reader, &applications, &layer->applications);
		add_all(reader, &paths, &layer->paths);
	}
	check_once(reader, &names, "the layer");
	check_once(reader, &applications, "the application");
	check_once(reader, &paths, "the path");
}

void
read_layers(struct reader *reader, const struct node *node, void *target)
{
	struct spec_layers *layers = target;

	if (node->kind == NODE_TEXT && str_eq(node->text, STR("auto"))) {
		*layers = (struct spec_layers){0};
		return;
	}
	if (node->kind == NODE_TEXT && node->text.len > 0) {
		value_fault(reader, node, "auto or a list of layers");
		return;
	}
	if (!node_is(reader, node, NODE_LIST))
		return;
	if (node->len > MOST_LAYERS) {
		diag_error(reader->diag, node->pos, "too many layers");
		diag_note(reader->diag, node->pos,
			"at most %d can be listed; engines do not take many more, those of the "
			"base included",
			MOST_LAYERS);
		return;
	}
	*layers = (struct spec_layers){0};
	for (const struct node *item = node->first; item; item = item->next) {
		struct spec_layer layer = {0};
		read_map(reader, item, &layer_shape, &layer);
		if (!layer.name.text.at)
			continue;
		check_layer(reader, item, &layer);
		vec_push(reader->arena, layers, layer);
	}
	check_layers(reader, layers);
}

/* --- platforms --- */

static void
read_platform_base(struct reader *reader, const struct node *node, void *target)
{
	struct spec_platform *platform = target;

	read_base(reader, node, &platform->base, &platform->base_digest);
}

static const struct key platform_keys[] = {
	{"platform", read_platform_name, offsetof(struct spec_platform, name), true},
	{"base", read_platform_base, 0, false},
	{"otp", read_path, offsetof(struct spec_platform, otp), false},
	{"sysroot", read_path, offsetof(struct spec_platform, sysroot), false},
	{"paths", read_paths, offsetof(struct spec_platform, paths), false},
};
static const struct shape platform_shape = SHAPE("a platform", platform_keys);

void
read_platforms(struct reader *reader, const struct node *node, void *target)
{
	struct spec_platforms *platforms = target;
	struct spec_texts names = {0};

	if (!node_is(reader, node, NODE_LIST))
		return;
	if (node->len > MOST_PLATFORMS) {
		diag_error(reader->diag, node->pos, "too many platforms: %d are the most",
			MOST_PLATFORMS);
		return;
	}
	*platforms = (struct spec_platforms){0};
	for (const struct node *item = node->first; item; item = item->next) {
		struct spec_platform platform = {0};
		read_map(reader, item, &platform_shape, &platform);
		if (platform.name.text.at)
			vec_push(reader->arena, platforms, platform);
	}
	for (size_t i = 0; i < platforms->len; i++)
		vec_push(reader->arena, &names, platforms->at[i].name);
	check_once(reader, &names, "the platform");
}

/* --- healthcheck --- */

static void
read_seconds(struct reader *reader, const struct node *node, void *target)
{
	read_number(reader, node, 1, LONGEST_WAIT, target);
}

static const struct key healthcheck_keys[] = {
	{"command", read_texts, offsetof(struct spec_healthcheck, command), true},
	{"interval", read_seconds, offsetof(struct spec_healthcheck, interval), false},
	{"timeout", read_seconds, offsetof(struct spec_healthcheck, timeout), false},
	{"start_period", read_seconds, offsetof(struct spec_healthcheck, start_period), false},
	{"retries", read_seconds, offsetof(struct spec_healthcheck, retries), false},
};
static const struct shape healthcheck_shape = SHAPE("image.healthcheck", healthcheck_keys);

void
read_healthcheck(struct reader *reader, const struct node *node, void *target)
{
	struct spec_healthcheck check = {0};
	const struct node *command =
		node->kind == NODE_MAP ? node_child(node, STR("command")) : NULL;
	struct str first = {0};

	read_map(reader, node, &healthcheck_shape, &check);
	if (command && command->kind == NODE_LIST && command->len == 0) {
		diag_error(reader->diag, command->pos, "the healthcheck has no command");
		diag_note(reader->diag, command->pos,
			"write the program and its arguments, or [NONE] to have none");
	}
	if (check.command.len)
		first = check.command.at[0].text;
	if (str_eq(first, STR("CMD")) || str_eq(first, STR("CMD-SHELL"))) {
		diag_error(reader->diag, check.command.at[0].pos,
			"the command of a healthcheck begins with the program, not with " STR_FMT,
			STR_ARG(first));
		diag_note(reader->diag, check.command.at[0].pos,
			"write [/app/bin/shop, pid]; with a shell [/bin/sh, -c, ...]");
	} else if (str_eq(first, STR("NONE")) && node->len > 1) {
		diag_error(reader->diag, check.command.at[0].pos,
			"[NONE] is no healthcheck at all, so nothing can be said about it");
		diag_note(reader->diag, check.command.at[0].pos, "remove the other keys");
	} else if (check.command.len) {
		*(struct spec_healthcheck *)target = check;
	}
}
