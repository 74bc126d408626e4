/*
 * The sections image and upgrade. The commands that need them come later; a typo in them is
 * found now.
 */
#include "spec/read.h"

struct image {
	struct spec_text base, platform, user, workdir, stop_signal;
	struct spec_texts tags, ports, volumes, entrypoint, command;
};

struct upgrade {
	struct spec_texts from;
	struct spec_text appups;
};

struct layer {
	struct spec_text name;
	struct spec_texts applications, paths;
};

struct healthcheck {
	struct spec_texts command;
};

/* Keys that the user chooses. */
static void
check_pairs(struct reader *reader, const struct node *node, void *target)
{
	struct str value = {0};

	(void)target;
	if (!node_is(reader, node, NODE_MAP))
		return;
	for (const struct node *child = node->first; child; child = child->next)
		if (child->text.len > 0 || child->plain || child->kind != NODE_TEXT)
			node_text(reader, child, &value); /* "" may be meant */
}

static const struct key layer_keys[] = {
	{"name", read_text, offsetof(struct layer, name), true},
	{"applications", read_texts, offsetof(struct layer, applications), false},
	{"paths", read_texts, offsetof(struct layer, paths), false},
};
static const struct shape layer_shape = SHAPE("a layer", layer_keys);

static void
check_layers(struct reader *reader, const struct node *node, void *target)
{
	(void)target;
	if (node->kind == NODE_TEXT && str_eq(node->text, STR("auto")))
		return;
	if (node->kind == NODE_TEXT && node->text.len > 0) {
		value_fault(reader, node, "auto or a list of layers");
		return;
	}
	if (!node_is(reader, node, NODE_LIST))
		return;
	for (const struct node *item = node->first; item; item = item->next) {
		struct layer layer = {0};
		read_map(reader, item, &layer_shape, &layer);
	}
}

static void
check_count(struct reader *reader, const struct node *node, void *target)
{
	int64_t number;

	(void)target;
	read_number(reader, node, 1, 86400, &number);
}

static const struct key healthcheck_keys[] = {
	{"command", read_texts, offsetof(struct healthcheck, command), true},
	{"interval", check_count, 0, false},
	{"timeout", check_count, 0, false},
	{"start_period", check_count, 0, false},
	{"retries", check_count, 0, false},
};
static const struct shape healthcheck_shape = SHAPE("image.healthcheck", healthcheck_keys);

static void
check_healthcheck(struct reader *reader, const struct node *node, void *target)
{
	struct healthcheck healthcheck = {0};

	(void)target;
	read_map(reader, node, &healthcheck_shape, &healthcheck);
}

#define AT(member) offsetof(struct image, member)
static const struct key image_keys[] = {
	{"base", read_text, AT(base), false},
	{"tags", read_texts, AT(tags), false},
	{"platform", read_text, AT(platform), false},
	{"layers", check_layers, 0, false},
	{"user", read_text, AT(user), false},
	{"ports", read_texts, AT(ports), false},
	{"env", check_pairs, 0, false},
	{"labels", check_pairs, 0, false},
	{"volumes", read_texts, AT(volumes), false},
	{"workdir", read_text, AT(workdir), false},
	{"entrypoint", read_texts, AT(entrypoint), false},
	{"command", read_texts, AT(command), false},
	{"stop_signal", read_text, AT(stop_signal), false},
	{"healthcheck", check_healthcheck, 0, false},
};
static const struct shape image_shape = SHAPE("image", image_keys);

void
read_image(struct reader *reader, const struct node *node, void *target)
{
	bool *has_image = target;
	struct image image = {0};

	*has_image = true;
	read_map(reader, node, &image_shape, &image);
}

static const struct key upgrade_keys[] = {
	{"from", read_paths, offsetof(struct upgrade, from), true},
	{"appups", read_path, offsetof(struct upgrade, appups), false},
};
static const struct shape upgrade_shape = SHAPE("upgrade", upgrade_keys);

void
read_upgrade(struct reader *reader, const struct node *node, void *target)
{
	bool *has_upgrade = target;
	struct upgrade upgrade = {0};

	*has_upgrade = true;
	read_map(reader, node, &upgrade_shape, &upgrade);
}
