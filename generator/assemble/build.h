/*
 * assemble/build.h - what the parts of assemble() share. Each part adds its entries to the tree,
 * reports what is wrong and returns false then; the others run all the same, so that one run shows
 * all faults.
 */
#pragma once

#include "assemble/assemble.h"
#include "otp/fill.h"

/* An OTP root: where ERTS and OTP's own applications are. */
struct runtime {
	struct str root;
	struct str erts; /* "13.1.5" */
	struct str bin;  /* root/erts-13.1.5/bin */
	unsigned otp;    /* 25 */
};

struct build {
	struct fs *fs; /* its arena and diag serve for all */
	const struct spec *spec;
	struct assembly *assembly;
	struct runtime runtime;
	struct str dir; /* releases/VSN */
	size_t threads;
	bool resolved;      /* the applications of the release are known */
	bool has_providers; /* sys.config makes Elixir's configuration providers run */
};

/* --- runtime.c --- */

/* False: the spec's OTP root is none, or one that we cannot serve. */
bool runtime_find(struct build *build);
/* erts-V/bin. */
bool runtime_add(struct build *build);

/* --- library.c: lib/APP-VSN of every application that is copied, consolidated protocols --- */

bool library_add(struct build *build);

/* --- scripts.c: .rel, after config_add(); boot scripts, RELEASES, start_erl.data --- */

bool scripts_add(struct build *build);

/* --- config.c: sys.config, vm.args, env.sh, runtime.exs; sets has_providers --- */

bool config_add(struct build *build);

/* --- source.c: configuration that is a template --- */

typedef bool source_scan(struct fill *fill, struct diag *diag);
/* May change the text. */
typedef bool source_check(struct build *build, const struct spec_text *from, struct str *text);

/* Does its name end in .src? */
bool source_is(const struct spec_text *from);
/* NAME.src, which is `text`, and NAME.sh for the launcher. `check` gets what it could become. */
bool source_add(struct build *build, const char *name, const struct spec_text *from,
	struct str text, source_scan *scan, source_check *check);

/* --- elixir.c: what a release has because the application elixir is in it --- */

/* Its version; empty: it is not in the release. */
struct str elixir_version(const struct build *build);
/* Is `app` one of Elixir's own, from the same installation? */
bool elixir_owns(const struct build *build, const struct application *app);
/* releases/VSN/{elixir,iex}, made from those of its installation. */
bool elixir_add(struct build *build);

/* --- providers.c: Elixir's configuration providers in sys.config --- */

/*
 * `config`, a checked sys.config whose text is *text, with what the spec says of providers: *text
 * is then the new one. One that has providers already stays as it is. Sets has_providers.
 */
bool providers_add(
	struct build *build, const char *file, const struct term *config, struct str *text);

/* --- extras.c: launcher, hooks, commands, overlays --- */

bool extras_add(struct build *build);

/* --- origin.c: assembly->applications --- */

void origin_add(struct build *build);

/* --- checks.c: the spec's `checks` --- */

bool checks_run(struct build *build);

/* --- manifest.c --- */

bool manifest_add(struct build *build);

/* --- helpers, build.c --- */

/* "path/name" in the arena of the build. */
struct str build_path(struct build *build, struct str dir, struct str name);
/* A file made by us, in mode 0644, or 0755 when `executable`. */
bool build_add_bytes(struct build *build, struct str path, struct str bytes, bool executable,
	struct srcpos origin);
/* Copies a regular file that the spec names. `mode` 0: by its x bit. */
bool build_add_file(
	struct build *build, struct str path, const struct spec_text *from, unsigned mode);
/* NULL, or what is wrong with `name` as the name of one file: "holds a '/'". */
const char *build_name_fault(struct str name);
