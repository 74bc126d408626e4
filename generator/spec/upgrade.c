/* The section upgrade. The command that needs it comes later; a typo in it is found now. */
#include "spec/read.h"

struct upgrade {
	struct spec_texts from;
	struct spec_text appups;
};

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
