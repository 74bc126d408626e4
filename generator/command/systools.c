#include "command/systools.h"

#include "support/arena.h"

struct folders
systools_folders(const struct invocation *invocation, struct srcpos command_line)
{
	struct fs_names given = invocation_texts(invocation, "--lib");
	struct folders folders = {
		arena_array(invocation->arena, struct search_dir, given.len), given.len};

	for (size_t i = 0; i < given.len; i++)
		folders.at[i] = (struct search_dir){given.at[i], command_line};
	return folders;
}

bool
systools_check_warnings(const struct invocation *invocation, const struct release *release)
{
	size_t warnings = 0;

	for (size_t i = 0; i < invocation->diag->messages.len; i++)
		warnings += invocation->diag->messages.at[i].level == DIAG_WARNING;
	if (warnings == 0 || !invocation_flag(invocation, "--warnings-as-errors"))
		return true;
	return diag_error(invocation->diag, release->pos,
		"with --warnings-as-errors nothing is written because of the warnings above "
		"[warnings_treated_as_errors]");
}
