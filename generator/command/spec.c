#include "spec/spec.h"

#include "command/command.h"

bool
invocation_spec(const struct invocation *invocation, struct spec *spec)
{
	struct fs_names texts = invocation_texts(invocation, "--set");
	VEC(struct spec_set) sets = {0};
	bool ok = true;
	struct str file;

	for (size_t i = 0; i < texts.len; i++) {
		struct spec_set set = {.value = texts.at[i]};
		str_next(&set.value, '=', &set.key);
		if (set.value.at && set.key.len > 0)
			vec_push(invocation->arena, &sets, set);
		else
			ok = diag_error(invocation->diag, (struct srcpos){.file = "--set"},
				"'" STR_FMT "' is not KEY=VALUE, as in version=1.4.1",
				STR_ARG(texts.at[i]));
	}
	invocation_text(invocation, "--spec", &file);
	return spec_read(invocation->fs, file, sets.at, sets.len, spec) && ok;
}
