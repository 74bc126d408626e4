#include "assemble/calls.h"

#include <stdlib.h>

#include "support/arena.h"
#include "support/buf.h"
#include "support/nearest.h"
#include "support/pool.h"

enum { BATCH = 32 }; /* modules a job, so that not each needs memory of its own */

static int
module_order(const void *pa, const void *pb)
{
	const struct calls_module *a = pa, *b = pb;
	int order = name_order(a->name, b->name);

	return order ? order : name_order(a->file, b->file);
}

struct calls_module *
calls_find(const struct calls *calls, struct str name)
{
	size_t low = 0, high = calls->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = name_order(calls->at[middle].name, name);
		if (order == 0)
			return &calls->at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void
list_modules(struct fs *fs, const struct release *release, struct calls *calls)
{
	size_t count = 0;

	for (size_t i = 0; i < release->applications.len; i++)
		count += release->applications.at[i].app->modules.len;
	calls->at = arena_array(fs->arena, struct calls_module, count + 1);
	for (size_t i = 0; i < release->applications.len; i++) {
		const struct application *app = release->applications.at[i].app;
		for (size_t j = 0; j < app->modules.len; j++) {
			struct str name = app->modules.at[j];
			struct buf file = {.arena = fs->arena};
			buf_printf(&file, STR_FMT "/" STR_FMT ".beam", STR_ARG(app->ebin),
				STR_ARG(name));
			calls->at[calls->len++] = (struct calls_module){
				.name = name, .file = buf_view(&file), .app = app};
		}
	}
	if (calls->len)
		qsort(calls->at, calls->len, sizeof(*calls->at), module_order);
}

/* --- reading tables, in parallel --- */

struct reading {
	struct calls_module **modules;
	size_t len;
	bool imports;         /* else exports */
	struct arena *arenas; /* one a batch */
};

static struct str
copy_text(struct arena *arena, struct str text)
{
	return (struct str){fs_cstr(arena, text), text.len};
}

/* The functions without what belongs to the file, which is given back after the job. */
static struct beam_functions
copy_functions(struct arena *arena, const struct beam_functions *from)
{
	struct beam_functions copy = {
		arena_array(arena, struct beam_function, from->len + 1), from->len};

	for (size_t i = 0; i < from->len; i++) {
		const struct beam_function *function = &from->at[i];
		bool again = i > 0 && str_eq(function->module, from->at[i - 1].module);
		copy.at[i] = (struct beam_function){
			.module =
				again ? copy.at[i - 1].module : copy_text(arena, function->module),
			.name = copy_text(arena, function->name),
			.arity = function->arity,
		};
	}
	return copy;
}

static bool
is_module(struct arena *arena, const struct beam *beam, struct str name, const char **fault)
{
	struct buf text = {.arena = arena};

	if (str_eq(beam->module, name))
		return true;
	buf_printf(&text, "holds the module '" STR_FMT "'; compile it from the right source",
		STR_ARG(beam->module));
	*fault = fs_cstr(arena, buf_view(&text));
	return false;
}

static void
read_module(struct calls_module *module, bool imports, struct arena *arena, struct arena *scratch)
{
	struct beam_functions functions = {0};
	struct beam beam;
	struct str content;
	const char *fault;

	if (!fs_load(scratch, module->file, &content, &fault) ||
		!beam_open(scratch, content, &beam, &fault) ||
		!is_module(scratch, &beam, module->name, &fault) ||
		!(imports ? beam_imports : beam_exports)(scratch, &beam, &functions, &fault)) {
		module->fault = fs_cstr(arena, (struct str){fault, strlen(fault)});
		return;
	}
	functions = copy_functions(arena, &functions);
	if (imports)
		module->imports = functions;
	else
		module->exports = functions;
}

static void
read_batch(void *context, size_t index, struct arena *scratch)
{
	const struct reading *reading = context;
	size_t end = (index + 1) * BATCH < reading->len ? (index + 1) * BATCH : reading->len;

	for (size_t i = index * BATCH; i < end; i++)
		read_module(
			reading->modules[i], reading->imports, &reading->arenas[index], scratch);
}

/* Reads the tables of all modules that are `wanted`. */
static void
read_wanted(struct fs *fs, struct calls *calls, size_t threads, bool imports)
{
	struct reading reading = {
		.modules = arena_array(fs->arena, struct calls_module *, calls->len + 1),
		.imports = imports,
		.arenas = calls->arenas + calls->arenas_len,
	};

	for (size_t i = 0; i < calls->len; i++) {
		struct calls_module *module = &calls->at[i];
		if (!module->wanted)
			continue;
		module->wanted = false;
		fs_input(fs, module->file);
		reading.modules[reading.len++] = module;
	}

	size_t batches = (reading.len + BATCH - 1) / BATCH;
	calls->arenas_len += batches;
	pool_run(threads, batches, read_batch, &reading);
}

void
calls_read(struct fs *fs, const struct release *release, size_t threads, struct calls *calls)
{
	*calls = (struct calls){0};
	list_modules(fs, release, calls);
	calls->arenas = arena_array(fs->arena, struct arena, 2 * (calls->len / BATCH + 1));
	for (size_t i = 0; i < calls->len; i++)
		calls->at[i].wanted = !calls->at[i].app->otp;
	read_wanted(fs, calls, threads, true);
	for (size_t i = 0; i < calls->len; i++) {
		const struct beam_functions *imports = &calls->at[i].imports;
		for (size_t j = 0; j < imports->len; j++) {
			if (j > 0 && str_eq(imports->at[j].module, imports->at[j - 1].module))
				continue;
			struct calls_module *called = calls_find(calls, imports->at[j].module);
			if (called && !called->fault)
				called->wanted = true;
		}
	}
	read_wanted(fs, calls, threads, false);
}

void
calls_release(struct calls *calls)
{
	for (size_t i = 0; i < calls->arenas_len; i++)
		arena_release(&calls->arenas[i]);
}

bool
calls_exports(const struct calls_module *module, const struct beam_function *function)
{
	for (size_t i = 0; i < module->exports.len; i++) {
		const struct beam_function *known = &module->exports.at[i];
		if (known->arity == function->arity && str_eq(known->name, function->name))
			return true;
		/* it takes every call: see error_handler(3) */
		if (known->arity == 2 && str_eq(known->name, STR("$handle_undefined_function")))
			return true;
	}
	return false;
}

static unsigned
distance(unsigned a, unsigned b)
{
	return a > b ? a - b : b - a;
}

const struct beam_function *
calls_nearest(const struct calls_module *module, const struct beam_function *function)
{
	struct nearest near = {.word = function->name};
	const struct beam_function *best = NULL;

	for (size_t i = 0; i < module->exports.len; i++) {
		if (str_eq(module->exports.at[i].name, function->name)) {
			near.best = function->name;
			break;
		}
		nearest_try(&near, module->exports.at[i].name);
	}
	for (size_t i = 0; near.best.at && i < module->exports.len; i++) {
		const struct beam_function *known = &module->exports.at[i];
		if (str_eq(known->name, near.best) &&
			(!best || distance(known->arity, function->arity) <
					  distance(best->arity, function->arity)))
			best = known;
	}
	return best;
}
