/* The hidden command that writes man pages, the reference page and shell completions. */
#include "command/generate.h"

#include "command/command.h"
#include "support/buf.h"

static bool
save(struct invocation *invocation, struct buf *content, const char *name)
{
	struct str dir, leaf = {name, strlen(name)};

	invocation_text(invocation, "--output", &dir);
	return fs_write(
		invocation->fs, fs_join(invocation->arena, dir, leaf), buf_view(content), 0644);
}

static bool
save_pages(struct invocation *invocation)
{
	struct buf main_page = {.arena = invocation->arena};
	bool ok = true;

	manual_page(&main_page, NULL);
	if (!save(invocation, &main_page, "beamrel.1"))
		ok = false;
	for (size_t i = 0; i < commands_len; i++) {
		struct buf page = {.arena = invocation->arena};
		struct buf name = {.arena = invocation->arena};
		if (commands[i]->hidden)
			continue;
		manual_page(&page, commands[i]);
		buf_printf(&name, "beamrel-%s.1", commands[i]->name);
		if (!save(invocation, &page, fs_cstr(invocation->arena, buf_view(&name))))
			ok = false;
	}
	return ok;
}

/* The names are those by which each shell looks for them. */
static const struct format {
	const char *name, *file;
	void (*write)(struct buf *out);
} formats[] = {
	{"bash", "beamrel", completion_bash},
	{"zsh", "_beamrel", completion_zsh},
	{"fish", "beamrel.fish", completion_fish},
	{"markdown", "cli.md", manual_markdown},
};

static int
run(struct invocation *invocation)
{
	struct str wanted = invocation->operands.at[0], dir;
	bool ok;

	invocation_text(invocation, "--output", &dir);
	ok = fs_mkdirs(invocation->fs, dir);
	if (ok && str_eq(wanted, STR("man")))
		ok = save_pages(invocation);
	for (size_t i = 0; ok && i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct buf out = {.arena = invocation->arena};
		if (!str_eq(wanted, (struct str){formats[i].name, strlen(formats[i].name)}))
			continue;
		formats[i].write(&out);
		ok = save(invocation, &out, formats[i].file);
	}
	return ok ? 0 : 1;
}

static const struct option_spec options[] = {
	{
		.name = "--output",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "Where the files go",
		.required = true,
	},
};

const struct command command_generate = {
	.name = "generate",
	.summary = "Write the man pages, the reference page or shell completions",
	.description = "Writes what follows from the table of options: the man pages, the page of "
		       "this command line in the documentation, and completions for bash, zsh and "
		       "fish.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.operands = "man|markdown|bash|zsh|fish",
	.run = run,
	.hidden = true,
};
