/*
 * image/image.h - a release as a container image (OCI image-spec 1.0).
 *
 * Three steps: command/ assembles a release for each platform; image_plan() says what its image
 * holds, layer by layer, and how it starts; image_write() and context_write() make files of plans.
 * Nothing is written before all platforms are planned, so one run shows all faults.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "spec/spec.h"
#include "support/fs.h"
#include "support/str.h"
#include "support/vec.h"
#include "tree/tree.h"

struct base;
struct elf;

/* How often something changes: the order of layers, the rarest first. */
enum image_origin { IMAGE_OTP, IMAGE_ELIXIR, IMAGE_DEPENDENCY, IMAGE_OWN };

struct image_application {
	struct str name;
	struct str folder; /* in the tree: "lib/shop-1.4.0" */
	enum image_origin origin;
};

/* GOOS and GOARCH as in the OCI config: "linux", "arm", "v7"; the variant may be empty. */
struct image_platform {
	struct str os, architecture, variant;
};

/* A release assembled for one platform. */
struct image_release {
	const struct spec *spec;
	const struct spec_platform *platform; /* of spec->image.platforms; NULL: there are none */
	const struct tree *tree;              /* sealed, the release at its root */
	int64_t epoch;
	struct str name, version, erts; /* erts: "13.1.5" */
	unsigned otp;                   /* 25 */
	struct str otp_root;            /* where its ERTS and OTP's own applications are */
	VEC(struct image_application) applications; /* in the order of the release */
	bool has_elixir;
	/* What keeps it from starting without a shell ("hooks", "sys.config.src") and where the
	 * spec asks for it. */
	VEC(struct image_reason {
		const char *what;
		struct srcpos pos;
	})
	needs_shell;
};

/* The config object of the OCI image, complete: what is inherited from a base is in it. */
struct image_config {
	struct str user, workdir, stop_signal;
	struct fs_names ports, volumes;      /* "4000/tcp"; sorted, each once */
	struct fs_names env;                 /* "K=V": the base's order first */
	struct fs_names entrypoint, command; /* empty: none */
	struct spec_pairs labels;            /* sorted by key */
	struct spec_pairs annotations;       /* of the manifest, sorted by key */
	struct fs_names healthcheck;         /* Test: "CMD", ARG... or "NONE"; empty: none */
	int64_t interval, timeout, start_period, retries; /* seconds; 0: not given */
};

struct image_layer {
	struct str name;  /* "runtime" */
	struct tree tree; /* sealed, paths from the image's root; never empty */
};

struct image_plan {
	const struct image_release *release;
	struct image_platform platform;
	const struct base *base; /* NULL: scratch */
	struct image_config config;
	VEC(struct image_layer) layers; /* ours; those of the base come before */
};

/* --- platform.c --- */

/* "linux/arm64", "linux/arm/v7" */
struct str image_platform_text(struct arena *arena, const struct image_platform *platform);

/* --- shell.c --- */

/* Fills release->needs_shell; all else is there. */
void image_shell_reasons(struct fs *fs, struct image_release *release);

/* --- plan.c --- */

/* False: reported, all that could be found. */
bool image_plan(struct fs *fs, const struct image_release *release, struct image_plan *plan);

/* --- closure.c: what a release needs of the C world, for scratch --- */

/* A file of the sysroot that the image must have. */
struct closure_file {
	struct str path;   /* in the image, without leading '/': "lib/x86_64-linux-gnu/libc.so.6" */
	struct str source; /* on this machine, all links followed; empty: a symbolic link */
	struct str link;   /* target of the link */
	unsigned mode;
	size_t group; /* of the first group of files that needs it */
};

/*
 * Interpreter, needed libraries (RPATH, RUNPATH, $ORIGIN, the sysroot's ld.so.conf), and what glibc
 * and OTP load at run time, of all ELF files in `groups`: trees whose paths begin at the image's
 * root, the rarest to change first. Sorted by path. False: reported.
 */
bool closure_find(struct fs *fs, const struct image_release *release,
	const struct image_platform *platform, const struct tree *const *groups, size_t groups_len,
	struct closure_file **files, size_t *files_len);

/* --- native.c --- */

/*
 * Every ELF file of the plan against its platform, and against the base's libraries: machine,
 * interpreter, needed libraries, symbol versions (GLIBC, GLIBCXX ...). As spec->native says.
 */
bool native_check(struct fs *fs, const struct image_plan *plan);

/* The platform that an ELF file is made for. False: none that containers have a name for. */
bool image_platform_of_elf(const struct elf *elf, struct image_platform *platform);

/* --- write.c --- */

struct image_options {
	struct str layout;      /* folder */
	struct str archive;     /* hybrid tar, or empty */
	struct str digest_file; /* or empty */
	struct str against;     /* an earlier layout to count pushed bytes against; or empty */
	size_t threads;
};

struct image_written {
	struct str name;     /* of the layer */
	struct str platform; /* "linux/arm64", of several platforms; else empty */
	struct str digest;   /* of its blob */
	uint64_t size;
	bool known; /* the earlier layout has it */
};

struct image_result {
	VEC(struct image_written) layers; /* ours */
	struct str digest; /* "sha256:HEX" of the manifest, or of the index of several platforms */
	uint64_t size;     /* of all blobs */
	uint64_t push;     /* of those that the earlier layout has not */
	bool compared;     /* there was one: `against`, else what was at `layout` */
};

bool image_write(struct fs *fs, const struct image_plan *plans, size_t len,
	const struct image_options *options, struct image_result *result);

/* --- context.c --- */

/*
 * Dockerfile, one tar per layer, .dockerignore: a folder, or a tar when `output` ends in .tar. Of
 * several plans each is a stage of the Dockerfile, and the platform that is built chooses one.
 */
bool context_write(struct fs *fs, const struct image_plan *plans, size_t len, struct str output,
	size_t threads);
