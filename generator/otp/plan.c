#include "otp/plan.h"

bool
plan_make(struct fs *fs, const struct release *release, const struct boot_options *options,
	struct plan *plan)
{
	bool ok = true;

	if (!plan_check(fs, release))
		ok = false;
	if (options->src_tests && !plan_check_sources(fs, release))
		ok = false;
	if (!ok || !plan_rewrite(fs, release, plan) || !plan_sort(fs, release, plan))
		return false;
	if (!options->no_warn_sasl && !release_find(release, STR("sasl")))
		diag_warning(fs->diag, release->pos,
			"the release has no 'sasl', so it cannot be upgraded while it runs; add it to "
			"change that [missing_sasl]");
	return true;
}
