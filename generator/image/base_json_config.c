/* The config of an image: what it starts, and of which layers it is made. */
#include "image/base_json_value.h"
#include "image/oci.h"
#include "support/arena.h"

/* Their values are strings. */
static bool
read_labels(const struct base_reader *r, const struct json *object, struct spec_pairs *labels)
{
	const struct json *value;

	if (!base_json_member(r, object, "Labels", JSON_IS_OBJECT, &value))
		return false;
	for (size_t i = 0; value && i < value->len; i++) {
		const struct json_member *label = &value->members[i];

		if (label->value.kind != JSON_IS_STRING)
			return base_refuse(r,
				"has the label '" STR_FMT "', whose value is no string",
				STR_ARG(label->name));
		vec_push(r->arena, labels,
			(struct spec_pair){{label->name, r->pos}, {label->value.text, r->pos}});
	}
	return true;
}

static bool
read_config(const struct base_reader *r, const struct json *object, struct base_config *config)
{
	static const char *const known[] = {"User", "ExposedPorts", "Volumes", "Env", "Entrypoint",
		"Cmd", "WorkingDir", "Labels", "StopSignal", "Healthcheck", NULL};
	const struct json *health;
	struct buf text = {.arena = r->arena};

	if (!base_json_names(r, object, known) ||
		!base_json_texts(r, object, "Env", &config->env) ||
		!base_json_texts(r, object, "Entrypoint", &config->entrypoint) ||
		!base_json_texts(r, object, "Cmd", &config->command) ||
		!base_json_keys(r, object, "ExposedPorts", &config->ports) ||
		!base_json_keys(r, object, "Volumes", &config->volumes) ||
		!read_labels(r, object, &config->labels) ||
		!base_json_text(r, object, "User", &config->user) ||
		!base_json_text(r, object, "WorkingDir", &config->workdir) ||
		!base_json_text(r, object, "StopSignal", &config->stop_signal) ||
		!base_json_member(r, object, "Healthcheck", JSON_IS_OBJECT, &health))
		return false;
	for (size_t i = 0; i < config->env.len; i++)
		if (!memchr(config->env.at[i].at, '=', config->env.at[i].len))
			return base_refuse(r, "has '" STR_FMT "' in 'Env', which is no NAME=VALUE",
				STR_ARG(str_head(config->env.at[i], 100)));
	if (health) {
		json_write(&text, health);
		config->healthcheck = buf_view(&text);
	}
	return true;
}

static bool
read_history(const struct base_reader *r, const struct json *root, struct base_image *image)
{
	const struct json *history, *empty;
	struct buf text = {.arena = r->arena};
	size_t filled = 0;

	image->history = STR("[]");
	if (!base_json_member(r, root, "history", JSON_IS_ARRAY, &history))
		return false;
	if (!history)
		return true;
	for (size_t i = 0; i < history->len; i++) {
		if (history->items[i].kind != JSON_IS_OBJECT)
			return base_refuse(r, "has a history with something that is no object");
		if (!base_json_member(
			    r, &history->items[i], "empty_layer", JSON_IS_BOOLEAN, &empty))
			return false;
		filled += !empty || !empty->truth;
	}
	if (filled > image->diff_ids.len)
		return base_refuse(r, "has a history of %zu layers, and %zu layers", filled,
			image->diff_ids.len);
	json_write(&text, history);
	image->history = buf_view(&text);
	return true;
}

bool
base_read_image(const struct base_reader *r, struct str text, struct base_image *image)
{
	static const char *const known[] = {
		"architecture", "os", "variant", "config", "rootfs", "history", NULL};
	static const char *const known_rootfs[] = {"type", "diff_ids", NULL};
	const struct json *rootfs, *config;
	struct json root;
	struct str type;

	*image = (struct base_image){0};
	if (!base_json(r, text, &root))
		return false;
	if (root.kind != JSON_IS_OBJECT)
		return base_refuse(r, "is no object");
	if (!base_json_names(r, &root, known) || !base_json_platform(r, &root, &image->platform) ||
		!base_json_member(r, &root, "rootfs", JSON_IS_OBJECT, &rootfs) ||
		!base_json_member(r, &root, "config", JSON_IS_OBJECT, &config))
		return false;
	if (!rootfs)
		return base_refuse(r, "has no 'rootfs'");
	if (!base_json_names(r, rootfs, known_rootfs) ||
		!base_json_text(r, rootfs, "type", &type) ||
		!base_json_texts(r, rootfs, "diff_ids", &image->diff_ids))
		return false;
	if (!str_eq(type, STR("layers")))
		return base_refuse(
			r, "has a root file system of the type '" STR_FMT "'", STR_ARG(type));
	for (size_t i = 0; i < image->diff_ids.len; i++)
		if (!oci_is_digest(image->diff_ids.at[i]))
			return base_refuse(r,
				"has the diff_id '" STR_FMT
				"': it must be sha256: and 64 of 0-9 and a-f",
				STR_ARG(str_head(image->diff_ids.at[i], 100)));
	return read_history(r, &root, image) && (!config || read_config(r, config, &image->config));
}
