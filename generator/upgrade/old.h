/*
 * upgrade/old.h - a published version: the release that is in a tarball. All of it is read into
 * memory; nothing is unpacked.
 */
#pragma once

#include "otp/appup_make.h"
#include "otp/release.h"
#include "pack/artifact.h"
#include "spec/spec.h"

struct old {
	struct srcpos from; /* who named the tarball */
	const char *file;   /* the tarball */
	struct artifact artifact;
	struct release release;
	struct str dir; /* releases/VSN */
};

/* The release `name` in a tarball of `beamrel pack`, `mix release` or relx. False: reported, as is
 * everything that must not be in an archive that somebody unpacks. */
bool old_read(struct fs *fs, const struct spec_text *from, struct str name, struct old *old);

/* What is at `path`, if that is a file; else NULL. */
const struct artifact_entry *old_file(const struct old *old, struct str path);

/* Calls visit() for each file right in the folder `dir` whose name ends with `end`; `name` is
 * without that. */
typedef void old_visit(void *context, struct str name, const struct artifact_entry *entry);
void old_each(
	const struct old *old, struct str dir, struct str end, old_visit *visit, void *context);
