/* Until otp/appup_make.c is there: what it defines takes the place of these. */
#include "otp/appup_make.h"

__attribute__((weak)) bool
appup_make(struct fs *fs, const struct appup_version *old, const struct appup_version *new,
	unsigned otp, struct appup *appup)
{
	(void)old, (void)otp, (void)appup;
	return diag_error(fs->diag, new->app->pos,
		"'" STR_FMT "' changed and has no instructions: write an .appup for it",
		STR_ARG(new->app->name));
}

__attribute__((weak)) bool
appup_check(struct fs *fs, const struct appup *appup, const struct appup_version *old,
	const struct appup_version *new, unsigned otp)
{
	(void)fs, (void)appup, (void)old, (void)new, (void)otp;
	return true;
}
