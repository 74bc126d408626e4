/* beamrel diff: why two artifacts differ. */
#include <stdio.h>

#include "beam/beam.h"
#include "command/command.h"
#include "image/compare.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/json.h"

enum { MOST_LINES = 100 };

static bool
is_beam(struct str path)
{
	return path.len > 5 && str_eq((struct str){path.at + path.len - 5, 5}, STR(".beam"));
}

/* Appends the first chunk that is not the same in both: it tells what to look for. */
static void
name_chunk(struct arena *arena, const struct difference *difference, struct buf *line)
{
	struct beam a, b;
	const char *fault;

	if (!is_beam(difference->path) || str_eq(difference->a, difference->b) ||
		!beam_open(arena, difference->a, &a, &fault) ||
		!beam_open(arena, difference->b, &b, &fault))
		return;
	for (size_t i = 0; i < a.chunks.len; i++) {
		const struct beam_chunk *chunk = &a.chunks.at[i];
		const struct beam_chunk *other = beam_chunk(&b, chunk->id);
		if (other && str_eq(chunk->data, other->data))
			continue;
		buf_printf(line, " (chunk '%s'%s)", chunk->id,
			other ? "" : ", which the second has not");
		return;
	}
}

static void
print_lines(const struct invocation *invocation, const struct differences *found)
{
	for (size_t i = 0; i < found->len && i < MOST_LINES; i++) {
		const struct difference *difference = &found->at[i];
		struct buf line = {.arena = invocation->arena};
		if (difference->path.len)
			buf_printf(&line, STR_FMT ": ", STR_ARG(difference->path));
		buf_str(&line, difference->what);
		name_chunk(invocation->arena, difference, &line);
		printf(STR_FMT "\n", STR_ARG(buf_view(&line)));
	}
	if (found->len > MOST_LINES)
		printf("and %zu more\n", found->len - MOST_LINES);
}

static void
print_json(const struct invocation *invocation, const struct differences *found)
{
	struct buf out = {.arena = invocation->arena};

	buf_printf(&out, "[");
	for (size_t i = 0; i < found->len; i++) {
		struct buf what = {.arena = invocation->arena};
		buf_str(&what, found->at[i].what);
		name_chunk(invocation->arena, &found->at[i], &what);
		buf_printf(&out, "%s{\"path\":", i ? "," : "");
		json_text(&out, found->at[i].path);
		buf_printf(&out, ",\"what\":");
		json_text(&out, buf_view(&what));
		buf_printf(&out, "}");
	}
	printf(STR_FMT "]\n", STR_ARG(buf_view(&out)));
}

static int
run(struct invocation *invocation)
{
	struct differences found = {0};

	if (!artifact_compare(
		    invocation->fs, invocation->operands.at[0], invocation->operands.at[1], &found))
		return 1;
	if (invocation_flag(invocation, "--json"))
		print_json(invocation, &found);
	else if (invocation->verbosity >= 0)
		print_lines(invocation, &found);
	return found.len > 0;
}

static const struct option_spec options[] = {
	{.name = "--json", .help = "Print a JSON array of {path, what} on one line"},
};

const struct command command_diff = {
	.name = "diff",
	.summary = "Say why two artifacts differ",
	.description =
		"Compares two releases, archives, contexts or images, and prints a line for each "
		"entry that is not the same: what differs, both values, of contents the first "
		"byte (from 0), and of a module the chunk. A folder may be compared with an "
		"archive; owners count when both are archives. The layers of images are compared "
		"one by one.\n\n"
		"The exit status is 0 when they are the same, and 1 when they differ or one "
		"cannot be read.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.operands = "A B",
	.run = run,
};
