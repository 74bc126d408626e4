/*
 * otp/relup_script.h - one script of a relup: from the instructions of .appup files to those that
 * release_handler carries out. Only for otp/relup*.c. Rules: systools_rc.erl.
 */
#pragma once

#include "otp/plan.h"
#include "otp/relup.h"

/* The term's line and column tell where in `file` it comes from, also when it was made of others.
 */
struct instruction {
	struct term term;
	const char *file;
};

struct instructions {
	struct instruction *at;
	size_t len, cap;
};

/* What the steps share. Up, `apps` are those of the new release and `before` of the old one. */
struct scripting {
	struct fs *fs;
	unsigned otp;
	enum appup_direction direction;
	const struct plan *apps, *before;
};

/* A script around its point of no return. */
struct halves {
	struct instructions before, after;
};

/* Fills short forms in. False: `script` holds a list that is none; reported. */
bool script_expand(
	struct scripting *s, const struct term *script, const char *file, struct instructions *out);

/* The whole way for the scripts of one base, expanded. False: reported. */
bool script_translate(
	struct scripting *s, const struct instructions *scripts, size_t len, struct term *script);

/* --- the steps --- */

/* Shapes and types of all instructions. */
bool script_check(struct scripting *s, const struct instructions *script);

/* What instructions want of each other: object code, resume for suspend, stop for start. */
bool script_check_pairs(struct scripting *s, const struct halves *halves);

/* Instructions about applications become instructions about their modules. */
bool script_applications(
	struct scripting *s, const struct instructions *script, struct instructions *out);

/* Instructions about modules, in the order of their dependencies, become those of release_handler.
 */
bool script_modules(struct scripting *s, struct halves *halves);

/* One group of modules that depend on each other, dependents first, is added to `halves`. */
bool script_block(
	struct scripting *s, const struct instruction *group, size_t len, struct halves *halves);

/* One load_object_code for each application, in front of all else. */
bool script_merge_code(struct scripting *s, struct instructions *before);

/* --- small things --- */

/* Reports at `part` of `instruction`, or at all of it when `part` has no place of its own. False.
 */
bool script_fault(struct scripting *s, const struct instruction *instruction,
	const struct term *part, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The first line of the term's text, for messages. */
const char *script_show(struct scripting *s, const struct term *term);

/* {name, ...} of `len` items? */
bool instruction_is(const struct term *term, const char *name, size_t len);

/* Is it about one module and those that it depends on? */
bool instruction_depends(const struct term *term);

/* `term`, which comes from where `origin` does, is added to `list`. */
void script_add(struct scripting *s, struct instructions *list, struct term term,
	const struct instruction *origin);
