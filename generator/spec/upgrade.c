/* The section upgrade. */
#include "spec/read.h"

static void
read_missing(struct reader *reader, const struct node *node, void *target)
{
	static const char *const names[] = {"generate", "error"};
	size_t choice = read_choice(reader, node, names, 2);

	if (choice < 2)
		*(enum spec_missing_appup *)target =
			(enum spec_missing_appup)(SPEC_APPUP_GENERATE + choice);
}

#define AT(member) offsetof(struct spec_upgrade, member)
static const struct key upgrade_keys[] = {
	{"from", read_paths, AT(from), false},
	{"appups", read_path, AT(appups), false},
	{"missing_appup", read_missing, AT(missing_appup), false},
};
static const struct shape upgrade_shape = SHAPE("upgrade", upgrade_keys);

void
read_upgrade(struct reader *reader, const struct node *node, void *target)
{
	struct spec *spec = target;

	spec->has_upgrade = true;
	spec->upgrade.pos = node->pos;
	read_map(reader, node, &upgrade_shape, &spec->upgrade);
}
