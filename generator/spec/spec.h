/*
 * spec/spec.h - what the user asks for: release.yaml, checked, with a source position per value.
 *
 * The keys are those of docs/reference/spec.md. Beyond the design they have release.include_src and
 * release.include_headers, `version` of an application and `mode` of an overlay. Relative paths
 * have been joined with the folder of the file that they stand in: a spec may extend another, whose
 * values are taken up here too. An absent text has `at` NULL; an absent list is empty.
 * Unknown keys, wrong types, duplicate keys and alias bombs have been reported by spec_read().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "support/diag.h"
#include "support/fs.h"
#include "support/str.h"

struct spec_text {
	struct str text;
	struct srcpos pos;
};

struct spec_texts {
	struct spec_text *at;
	size_t len, cap;
};

enum spec_start {
	SPEC_START_UNSET,
	SPEC_PERMANENT,
	SPEC_TRANSIENT,
	SPEC_TEMPORARY,
	SPEC_LOAD,
	SPEC_NONE
};

struct spec_application {
	struct spec_text name, version; /* version: only when two could be meant */
	enum spec_start start;
};

struct spec_applications {
	struct spec_application *at;
	size_t len, cap;
};

enum spec_event {
	SPEC_PRE_CONFIGURE,
	SPEC_PRE_START,
	SPEC_POST_START,
	SPEC_PRE_STOP,
	SPEC_POST_STOP,
	SPEC_PRE_UPGRADE,
	SPEC_POST_UPGRADE,
	SPEC_EVENTS
};
extern const char *const spec_event_name[SPEC_EVENTS]; /* "pre_start" */

struct spec_hook {
	struct spec_text run;
	unsigned timeout; /* seconds; 0: none */
	bool ignore;      /* on_failure: ignore; else the failure aborts */
};

struct spec_hooks {
	struct spec_hook *at;
	size_t len, cap;
};

struct spec_command {
	struct spec_text name, run;
};

struct spec_commands {
	struct spec_command *at;
	size_t len, cap;
};

enum spec_overlay_kind { SPEC_OVERLAY_COPY, SPEC_OVERLAY_TEXT, SPEC_OVERLAY_LINK };

struct spec_overlay {
	enum spec_overlay_kind kind;
	struct spec_text value; /* from, text or link */
	struct spec_text to;    /* in the release; "." is its root, "etc/" a folder for COPY */
	unsigned mode;          /* 0: from the file's x bit */
};

struct spec_overlays {
	struct spec_overlay *at;
	size_t len, cap;
};

enum spec_check { SPEC_ERROR, SPEC_WARN, SPEC_OFF };

/* A boolean of which it matters whether somebody asked for it. */
struct spec_switch {
	bool on;
	struct srcpos pos; /* without file: not given */
};

/* What Elixir systems need; the names are those of mix release. */
struct spec_elixir {
	struct spec_text consolidated; /* a folder of beams */
	struct spec_texts skip_mode_validation_for;
	struct spec_texts config_providers; /* Erlang terms, not parsed yet */
	struct spec_switch reboot_system_after_config, prune_runtime_sys_config_after_boot,
		start_distribution_during_config;
	struct spec_switch validate_compile_env; /* on unless given */
	struct spec_text env, target;            /* what runtime.exs is told; absent: prod, host */
};

/* A key that the user chooses; the value may be empty. */
struct spec_pair {
	struct spec_text key, value;
};

struct spec_pairs {
	struct spec_pair *at;
	size_t len, cap;
};

/* The layers of `auto`, the rarest to change first. */
enum spec_auto_layer {
	SPEC_LAYER_RUNTIME,
	SPEC_LAYER_OTP,
	SPEC_LAYER_SYSTEM, /* what scratch takes from the sysroot because the spec asks for it */
	SPEC_LAYER_OTP_MORE,
	SPEC_LAYER_ELIXIR,
	SPEC_LAYER_DEPENDENCIES,
	SPEC_LAYER_OWN,
	SPEC_LAYER_RELEASE,
	SPEC_AUTO_LAYERS
};
extern const char *const spec_layer_name[SPEC_AUTO_LAYERS]; /* "otp_more" */

/* A path from the release's root belongs to the first layer that names it or a folder above it.
 * One that is called like a layer of `auto` also takes what is left of that. */
struct spec_layer {
	struct spec_text name;
	struct spec_texts applications, paths;
};

struct spec_layers {
	struct spec_layer *at;
	size_t len, cap;
};

enum spec_compression { SPEC_GZIP, SPEC_ZSTD, SPEC_UNCOMPRESSED };

/* false; true, then it is taken from the usual place of the sysroot; or PATH. */
struct spec_taken {
	bool on;
	struct spec_text path; /* absent: the usual place; has the position all the same */
};

struct spec_healthcheck {
	struct spec_texts command; /* exec form; ["NONE"] switches the base's off */
	int64_t interval, timeout, start_period, retries; /* seconds; 0: not given */
};

/* One of several: what it has of its own; absent: as the image or the release says. */
struct spec_platform {
	struct spec_text name; /* "linux/arm64" or "linux/arm/v7" */
	struct spec_text base, base_digest, otp, sysroot;
	struct spec_texts paths; /* searched before release.paths: NIFs for this platform */
};

struct spec_platforms {
	struct spec_platform *at;
	size_t len, cap;
};

struct spec_image {
	struct srcpos pos;
	struct spec_text base;        /* "scratch" (also when absent), or a path without digest */
	struct spec_text base_digest; /* "sha256:HEX" behind '@', or absent */
	struct spec_text base_name;   /* what others call it: "docker.io/library/debian:bookworm" */
	struct spec_texts tags;
	struct spec_text platform; /* absent: what the release's ERTS is made for */
	struct spec_platforms platforms;
	struct spec_layers layers; /* empty: auto */
	struct spec_texts own;     /* applications that change with each commit; absent: those that
				      release.applications names and that are not OTP's or Elixir's */
	enum spec_compression compression;
	struct spec_text prefix; /* absolute folder of the release; default /app */
	struct spec_text user, workdir, stop_signal;
	struct spec_texts ports, volumes, entrypoint, command;
	bool has_entrypoint, has_command; /* given, if only as [] */
	struct spec_pairs env, labels, annotations;
	struct spec_text source, revision; /* URL and commit of the sources */
	struct spec_healthcheck healthcheck;
	struct spec_text dockerfile; /* a template of the user's for `context` */
	/* Of scratch alone: */
	struct spec_text sysroot; /* where C libraries are taken from; default "/" */
	struct spec_taken certificates, timezones, busybox;
	bool epmd; /* take epmd along */
};

/* What becomes of an application that changed and has no .appup of its own. */
enum spec_missing_appup { SPEC_APPUP_GENERATE, SPEC_APPUP_ERROR };

struct spec_upgrade {
	struct srcpos pos;
	struct spec_texts from;  /* published tarballs of earlier versions */
	struct spec_text appups; /* a folder of hand-written APP.appup, or absent */
	enum spec_missing_appup missing_appup;
};

struct spec {
	struct spec_text name, version;
	int64_t epoch; /* default 315532800; SOURCE_DATE_EPOCH is the command's business */
	struct srcpos epoch_pos;
	struct spec_applications applications;
	struct spec_texts paths;
	struct spec_text otp; /* OTP root */
	bool erts_include;
	bool strip;
	struct spec_texts strip_keep;      /* chunk names */
	bool start_clean, no_dot_erlang;   /* boot files to add; both true by default */
	bool include_src, include_headers; /* src/ and include/ of applications, off by default */
	struct spec_text sys_config, vm_args, remote_vm_args, env, runtime;
	struct spec_hooks hooks[SPEC_EVENTS];
	struct spec_commands commands;
	struct spec_overlays overlays;
	enum spec_check undefined_calls, missing_applications, native;
	struct spec_elixir elixir;

	bool has_image, has_upgrade; /* the sections are there */
	struct spec_image image;     /* with defaults when the section is not there */
	struct spec_upgrade upgrade;
};

/* Is it no image at all? */
static inline bool
spec_is_scratch(struct str base)
{
	return str_eq(base, STR("scratch"));
}

/* Are user and, if there is one, group of "10001:10001" numbers? */
bool spec_user_is_numeric(struct str user);

/* "linux/arm/v7" into "linux", "arm" and "v7", which may be empty. NULL, or what is wrong. */
const char *spec_platform_split(struct str text, struct str part[3]);

/* "release.version=1.4.1" or "version=1.4.1": a scalar of the release section. */
struct spec_set {
	struct str key, value;
};

/* False when anything is wrong with the spec; all that could be found is reported. */
bool spec_read(struct fs *fs, struct str file, const struct spec_set *sets, size_t sets_len,
	struct spec *spec);

/* Reads `file`, which the value at `pos` names. False: reported. */
typedef bool spec_load(void *context, struct str file, struct srcpos pos, struct str *content);

/* The same for a spec that has been read; `file` gives positions their name, relative paths their
 * folder. `load` is called, with `context`, for what it extends. */
bool spec_parse(struct arena *arena, struct diag *diag, struct str file, struct str content,
	const struct spec_set *sets, size_t sets_len, spec_load *load, void *context,
	struct spec *spec);
