/* release.elixir: what mix release is told in mix.exs. */
#include "spec/read.h"

enum { LONGEST_ATOM = 255 };

static void
read_switch(struct reader *reader, const struct node *node, void *target)
{
	struct spec_switch *given = target;
	bool on = given->on;

	read_bool(reader, node, &on);
	*given = (struct spec_switch){on, node->pos};
}

/* MIX_ENV and MIX_TARGET, which mix turns into atoms. */
static void
read_atom(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!node_text(reader, node, &text))
		return;
	if (text.len > LONGEST_ATOM)
		value_fault(reader, node, "at most 255 bytes long");
	else
		read_text(reader, node, target);
}

#define AT(member) offsetof(struct spec_elixir, member)

static const struct key keys[] = {
	{"consolidated", read_path, AT(consolidated), false},
	{"config_providers", read_texts, AT(config_providers), false},
	{"skip_mode_validation_for", read_texts, AT(skip_mode_validation_for), false},
	{"reboot_system_after_config", read_switch, AT(reboot_system_after_config), false},
	{"prune_runtime_sys_config_after_boot", read_switch,
		AT(prune_runtime_sys_config_after_boot), false},
	{"start_distribution_during_config", read_switch, AT(start_distribution_during_config),
		false},
	{"validate_compile_env", read_switch, AT(validate_compile_env), false},
	{"env", read_atom, AT(env), false},
	{"target", read_atom, AT(target), false},
};
static const struct shape shape = SHAPE("release.elixir", keys);

void
read_elixir(struct reader *reader, const struct node *node, void *target)
{
	read_map(reader, node, &shape, target);
}
