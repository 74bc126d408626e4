/* beamrel: words to a command, its diagnostics to stderr, its result to the exit status. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command/command.h"
#include "support/arena.h"
#include "support/buf.h"

enum { DONE, FAULTY_INPUT, WRONG_USAGE };

static bool
wants_color(const struct invocation *invocation)
{
	const char *off = getenv("NO_COLOR");
	struct str when;

	invocation_text(invocation, "--color", &when);
	if (str_eq(when, STR("always")))
		return true;
	if (str_eq(when, STR("never")))
		return false;
	return isatty(STDERR_FILENO) && !(off && *off);
}

static int
run(struct invocation *invocation)
{
	struct buf text = {.arena = invocation->arena};
	int status = DONE;

	if (invocation_flag(invocation, "--help"))
		help_text(&text, invocation->command);
	else if (invocation_flag(invocation, "--version"))
		buf_printf(&text, "beamrel %s\n", BEAMREL_VERSION);
	else
		status = invocation->command->run(invocation);
	if (text.len)
		fwrite(text.at, 1, text.len, stdout);
	if (fflush(stdout) != 0 || ferror(stdout))
		diag_error(invocation->diag, (struct srcpos){.file = "beamrel"},
			"cannot write to standard output");
	return status == DONE && invocation->diag->errors > 0 ? FAULTY_INPUT : status;
}

int
main(int argc, char **argv)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct invocation invocation = {.arena = &arena, .diag = &diag, .fs = &fs};
	int status = WRONG_USAGE;

	if (invocation_parse(&invocation, argc > 0 ? argc - 1 : 0, argv + (argc > 0)))
		status = run(&invocation);
	diag.color = wants_color(&invocation);
	diag.errors_only = invocation.verbosity < 0;
	diag_print(&diag, stderr);
	arena_release(&arena);
	return status;
}
