/* releases/VSN/manifest.json: what is in the release, for tools that have only the artifact. */
#include "assemble/build.h"
#include "support/buf.h"
#include "support/json.h"

static void
add_member(struct buf *out, const char *name, struct str value)
{
	buf_printf(out, "\"%s\": ", name);
	json_text(out, value);
}

static void
add_applications(struct buf *out, const struct release *release)
{
	buf_printf(out, "  \"applications\": [");
	for (size_t i = 0; i < release->applications.len; i++) {
		const struct release_application *entry = &release->applications.at[i];
		buf_printf(out, "%s\n    {", i ? "," : "");
		add_member(out, "name", entry->app->name);
		buf_printf(out, ", ");
		add_member(out, "version", entry->app->version);
		buf_printf(out, ", ");
		add_member(out, "start", otp_start_name(entry->start));
		buf_printf(out, ", \"otp\": %s}", entry->app->otp ? "true" : "false");
	}
	buf_printf(out, "\n  ]");
}

/* What the launcher needs from the environment. */
static void
add_variables(struct buf *out, const struct assembly *assembly)
{
	buf_printf(out, ",\n  \"variables\": [");
	for (size_t i = 0; i < assembly->variables.len; i++) {
		const struct variable *variable = &assembly->variables.at[i];
		buf_printf(out, "%s\n    {", i ? "," : "");
		add_member(out, "name", variable->name);
		buf_printf(out, ", ");
		add_member(out, "file", variable->file);
		buf_printf(out, ", \"required\": %s}", variable->required ? "true" : "false");
	}
	buf_printf(out, "\n  ]");
}

bool
manifest_add(struct build *build)
{
	const struct release *release = &build->assembly->release;
	struct buf out = {.arena = build->fs->arena};

	buf_printf(&out, "{\n  " ASSEMBLE_MANIFEST_MARK ",\n  ");
	add_member(&out, "name", release->name);
	buf_printf(&out, ",\n  ");
	add_member(&out, "version", release->version);
	buf_printf(&out, ",\n  ");
	add_member(&out, "erts", release->erts);
	buf_printf(&out, ",\n  \"otp\": %u,\n  \"erts_included\": %s,\n", release->otp,
		build->spec->erts_include ? "true" : "false");
	add_applications(&out, release);
	if (build->assembly->variables.len)
		add_variables(&out, build->assembly);
	buf_printf(&out, "\n}\n");
	return build_add_bytes(build, build_path(build, build->dir, STR("manifest.json")),
		buf_view(&out), false, build->spec->name.pos);
}
