/*
 * Input: a spec, and what it may extend, divided by lines "++". Reading it never crashes; it fails
 * if and only if an error is reported; a spec that is good knows the place of every value, and what
 * it says about places stays inside the release.
 */
#include <stdint.h>
#include <stdlib.h>

#include "spec/spec.h"
#include "support/arena.h"
#include "support/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
placed(struct spec_text text)
{
	must(!text.text.at || (text.pos.line > 0 && text.pos.column > 0));
}

static void
all_placed(struct spec_texts texts)
{
	for (size_t i = 0; i < texts.len; i++)
		placed(texts.at[i]);
}

static void
check(const struct spec *spec)
{
	must(spec->name.text.len > 0 && !path_fault(spec->name.text));
	must(spec->version.text.len > 0 && !path_fault(spec->version.text));
	must(spec->epoch >= 0);
	placed(spec->name);
	placed(spec->version);
	placed(spec->otp);
	placed(spec->sys_config);
	placed(spec->elixir.consolidated);
	placed(spec->elixir.env);
	placed(spec->elixir.target);
	all_placed(spec->paths);
	all_placed(spec->strip_keep);
	all_placed(spec->elixir.config_providers);
	all_placed(spec->elixir.skip_mode_validation_for);
	for (size_t i = 0; i < spec->applications.len; i++) {
		must(!path_fault(spec->applications.at[i].name.text));
		placed(spec->applications.at[i].name);
		placed(spec->applications.at[i].version);
	}
	for (size_t event = 0; event < SPEC_EVENTS; event++)
		for (size_t i = 0; i < spec->hooks[event].len; i++)
			placed(spec->hooks[event].at[i].run);
	for (size_t i = 0; i < spec->commands.len; i++) {
		must(!path_fault(spec->commands.at[i].name.text));
		placed(spec->commands.at[i].run);
	}
	for (size_t i = 0; i < spec->overlays.len; i++) {
		const struct spec_overlay *overlay = &spec->overlays.at[i];
		struct str to = overlay->to.text;
		must(to.len > 0);
		to.len -= to.at[to.len - 1] == '/';
		must(str_eq(to, STR(".")) || !path_fault(to));
		must(overlay->value.text.at);
		placed(overlay->value);
		placed(overlay->to);
	}
}

struct files {
	struct str rest;
	struct diag *diag;
};

/* The part of `rest` before the next line "++". */
static struct str
take_file(struct str *rest)
{
	struct str all = *rest;

	for (size_t i = 0; i + 4 <= all.len; i++)
		if (memcmp(all.at + i, "\n++\n", 4) == 0) {
			*rest = (struct str){all.at + i + 4, all.len - i - 4};
			return str_head(all, i + 1);
		}
	*rest = (struct str){0};
	return all;
}

/* Any name is that of the next file. */
static bool
load(void *context, struct str file, struct srcpos pos, struct str *content)
{
	struct files *files = context;

	must(file.len > 0);
	if (!files->rest.at)
		return diag_error(files->diag, pos, "cannot read it");
	*content = take_file(&files->rest);
	return true;
}

static bool
parse(struct diag *diag, struct str text, const struct spec_set *set, struct spec *spec)
{
	struct files files = {text, diag};
	struct str top = take_file(&files.rest);

	return spec_parse(
		diag->arena, diag, STR("release.yaml"), top, set, set != NULL, load, &files, spec);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct str content = {(const char *)data, size};
	struct spec_set set = {STR("release.version"), content};
	struct spec spec;

	bool ok = parse(&diag, content, NULL, &spec);
	must(ok == (diag.errors == 0));
	if (ok)
		check(&spec);

	/* a hostile --set is as harmless */
	if (ok && parse(&diag, content, &set, &spec))
		must(!path_fault(spec.version.text));
	arena_release(&arena);
	return 0;
}
