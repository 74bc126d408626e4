/* The section image: its keys, and what can only be said of all of them. */
#include "spec/image.h"

const char *const spec_layer_name[SPEC_AUTO_LAYERS] = {
	[SPEC_LAYER_RUNTIME] = "runtime",
	[SPEC_LAYER_OTP] = "otp",
	[SPEC_LAYER_SYSTEM] = "system",
	[SPEC_LAYER_OTP_MORE] = "otp_more",
	[SPEC_LAYER_ELIXIR] = "elixir",
	[SPEC_LAYER_DEPENDENCIES] = "dependencies",
	[SPEC_LAYER_OWN] = "own",
	[SPEC_LAYER_RELEASE] = "release",
};

static void
read_image_base(struct reader *reader, const struct node *node, void *target)
{
	struct spec_image *image = target;

	read_base(reader, node, &image->base, &image->base_digest);
}

static void
read_compression(struct reader *reader, const struct node *node, void *target)
{
	static const char *const names[] = {"gzip", "zstd", "none"};
	size_t choice = read_choice(reader, node, names, 3);

	if (choice < 3)
		*(enum spec_compression *)target = (enum spec_compression)(SPEC_GZIP + choice);
}

static void
read_entrypoint(struct reader *reader, const struct node *node, void *target)
{
	struct spec_image *image = target;

	image->has_entrypoint = true;
	read_texts_anew(reader, node, &image->entrypoint);
}

static void
read_command(struct reader *reader, const struct node *node, void *target)
{
	struct spec_image *image = target;

	image->has_command = true;
	read_texts_anew(reader, node, &image->command);
}

/* true, false, or where it is. Other programs take more words for booleans; none of them is a path
 * here. */
static void
read_taken(struct reader *reader, const struct node *node, void *target)
{
	static const struct str words[] = {STR_INIT("yes"), STR_INIT("no"), STR_INIT("on"),
		STR_INIT("off"), STR_INIT("True"), STR_INIT("False")};
	struct spec_taken *taken = target;
	bool on = node->plain && str_eq(node->text, STR("true"));
	bool off = node->plain && str_eq(node->text, STR("false"));

	if (!node_is(reader, node, NODE_TEXT))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (node->plain && str_eq(node->text, words[i])) {
			value_fault(reader, node, "true, false or a path");
			return;
		}
	*taken = (struct spec_taken){.on = !off, .path.pos = node->pos};
	if (!on && !off)
		read_path(reader, node, &taken->path);
}

#define AT(member) offsetof(struct spec_image, member)

static const struct key image_keys[] = {
	{"base", read_image_base, 0, false},
	{"base_name", read_text, AT(base_name), false},
	{"tags", read_texts_anew, AT(tags), false},
	{"platform", read_platform_name, AT(platform), false},
	{"platforms", read_platforms, AT(platforms), false},
	{"layers", read_layers, AT(layers), false},
	{"own", read_own, AT(own), false},
	{"compression", read_compression, AT(compression), false},
	{"prefix", read_folder, AT(prefix), false},
	{"user", read_user, AT(user), false},
	{"workdir", read_workdir, AT(workdir), false},
	{"stop_signal", read_signal, AT(stop_signal), false},
	{"ports", read_ports, AT(ports), false},
	{"volumes", read_volumes, AT(volumes), false},
	{"entrypoint", read_entrypoint, 0, false},
	{"command", read_command, 0, false},
	{"env", read_env, AT(env), false},
	{"labels", read_labels, AT(labels), false},
	{"annotations", read_labels, AT(annotations), false},
	{"source", read_text, AT(source), false},
	{"revision", read_text, AT(revision), false},
	{"healthcheck", read_healthcheck, AT(healthcheck), false},
	{"dockerfile", read_path, AT(dockerfile), false},
	{"sysroot", read_path, AT(sysroot), false},
	{"ca_certificates", read_taken, AT(certificates), false},
	{"timezones", read_taken, AT(timezones), false},
	{"busybox", read_taken, AT(busybox), false},
	{"epmd", read_bool, AT(epmd), false},
};
static const struct shape image_shape = SHAPE("image", image_keys);

/* One platform or several: what comes later wins. */
static void
settle_platforms(struct reader *reader, const struct node *node, struct spec_image *image)
{
	const struct node *one = node_child(node, STR("platform"));
	const struct node *several = node_child(node, STR("platforms"));

	if (one && several) {
		diag_error(reader->diag, several->key, "image has both 'platform' and 'platforms'");
		diag_note(reader->diag, one->key, "remove this one, or the other");
	} else if (one) {
		image->platforms = (struct spec_platforms){0};
	} else if (several) {
		image->platform = (struct spec_text){0};
	}
}

void
read_image(struct reader *reader, const struct node *node, void *target)
{
	struct spec *spec = target;

	spec->has_image = true;
	spec->image.pos = node->pos;
	read_map(reader, node, &image_shape, &spec->image);
	if (node->kind == NODE_MAP)
		settle_platforms(reader, node, &spec->image);
}

static bool
is_on_scratch(const struct spec_image *image)
{
	if (!image->platforms.len)
		return spec_is_scratch(image->base.text);
	for (size_t i = 0; i < image->platforms.len; i++) {
		const struct spec_text *base = &image->platforms.at[i].base;
		if (spec_is_scratch(base->text.at ? base->text : image->base.text))
			return true;
	}
	return false;
}

void
check_image(struct reader *reader, const struct spec_image *image)
{
	const struct spec_text *user = &image->user;

	if (user->text.at && !spec_user_is_numeric(user->text) && is_on_scratch(image)) {
		diag_error(reader->diag, user->pos,
			"nobody is called '" STR_FMT "' in an image from scratch",
			STR_ARG(user->text));
		diag_note(reader->diag, user->pos,
			"give numbers, such as 10001:10001; names are those of a base's users");
	}
}
