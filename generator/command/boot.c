#include <errno.h>
#include <unistd.h>

#include "command/systools.h"
#include "support/arena.h"

static const struct srcpos command_line = {.file = "beamrel boot"};

static bool
take_variables(struct invocation *invocation, struct boot_options *options)
{
	struct fs_names given = invocation_texts(invocation, "--variable");
	struct boot_variable *variables =
		arena_array(invocation->arena, struct boot_variable, given.len);
	bool ok = true;

	for (size_t i = 0; i < given.len; i++) {
		struct str rest = given.at[i];

		str_next(&rest, '=', &variables[i].name);
		variables[i].prefix = rest;
		if (!rest.at || variables[i].name.len == 0)
			ok = diag_error(invocation->diag, command_line,
				"--variable takes NAME=PREFIX, not '" STR_FMT "'",
				STR_ARG(given.at[i]));
	}
	options->variables = variables;
	options->variables_len = given.len;
	return ok;
}

/* The current folder as the system names it, links resolved. */
static bool
take_cwd(struct invocation *invocation, struct str *cwd)
{
	enum { LONGEST = 4096 };
	char *path = arena_array(invocation->arena, char, LONGEST);

	if (!getcwd(path, LONGEST))
		return diag_error(invocation->diag, command_line,
			"cannot find out the current folder: %s", strerror(errno));
	*cwd = (struct str){path, strlen(path)};
	return true;
}

static bool
take_options(struct invocation *invocation, struct boot_options *options)
{
	*options = (struct boot_options){
		.local = invocation_flag(invocation, "--local"),
		.no_dot_erlang = invocation_flag(invocation, "--no-dot-erlang"),
		.no_warn_sasl = invocation_flag(invocation, "--no-warn-sasl"),
		.src_tests = invocation_flag(invocation, "--src-tests"),
	};
	return take_variables(invocation, options) && take_cwd(invocation, &options->cwd);
}

/* --script-name, or what X.rel is called without .rel. */
static bool
take_name(struct invocation *invocation, struct str rel_file, struct str *name)
{
	struct str suffix = STR(".rel");
	struct str rest = rel_file;

	if (invocation_text(invocation, "--script-name", name)) {
		if (name->len > 0 && !memchr(name->at, '/', name->len))
			return true;
		return diag_error(invocation->diag, command_line,
			"--script-name takes the name of a file, without a folder: --output says "
			"where it goes");
	}
	while (str_next(&rest, '/', name))
		continue;
	if (str_ends(*name, suffix))
		name->len -= suffix.len;
	return true;
}

static bool
read_release(struct invocation *invocation, struct str rel_file, struct release *release)
{
	struct folders folders = systools_folders(invocation, command_line);

	return rel_read(invocation->fs, rel_file, folders.at, folders.len, release);
}

static bool
save(struct invocation *invocation, struct str name, const char *suffix, struct str content,
	struct str *path)
{
	struct buf file = {.arena = invocation->arena};
	struct str dir;

	invocation_text(invocation, "--output", &dir);
	buf_printf(&file, STR_FMT "%s", STR_ARG(name), suffix);
	*path = fs_join(invocation->arena, dir, buf_view(&file));
	return fs_mkdirs(invocation->fs, dir) && fs_write(invocation->fs, *path, content, 0644);
}

static int
run(struct invocation *invocation)
{
	struct arena *arena = invocation->arena;
	struct boot_options options;
	struct release release;
	struct term script;
	struct str rel_file, name, path, depfile;

	invocation_text(invocation, "--rel", &rel_file);
	if (!take_options(invocation, &options) || !take_name(invocation, rel_file, &name) ||
		!read_release(invocation, rel_file, &release) ||
		!boot_script(invocation->fs, &release, &options, &script) ||
		!systools_check_warnings(invocation, &release))
		return 1;
	if (!save(invocation, name, ".script", term_file_text(arena, &script, release.otp),
		    &path) ||
		!save(invocation, name, ".boot", boot_bytes(arena, &script, release.otp), &path))
		return 1;
	if (invocation_text(invocation, "--depfile", &depfile) &&
		!fs_write_depfile(invocation->fs, depfile, path))
		return 1;
	return 0;
}

static const struct option_spec options[] = {
	{
		.name = "--rel",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "The release resource file, NAME.rel",
		.required = true,
	},
	OPTION_FOR_LIB,
	{
		.name = "--output",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "Where NAME.script and NAME.boot go",
		.required = true,
	},
	{
		.name = "--script-name",
		.argument = OPTION_TEXT,
		.placeholder = "NAME",
		.help = "Call the files NAME.script and NAME.boot",
	},
	{
		.name = "--local",
		.help = "Boot from where the applications are now, by absolute paths",
	},
	{
		.name = "--variable",
		.argument = OPTION_TEXT,
		.placeholder = "NAME=PREFIX",
		.help = "What is found below PREFIX boots from $NAME, which erl's -boot_var sets",
		.repeated = true,
	},
	{
		.name = "--no-dot-erlang",
		.help = "Do not run the user's .erlang file at start",
	},
	{
		.name = "--no-warn-sasl",
		.help = "Do not warn about a release without sasl",
	},
	{
		.name = "--src-tests",
		.help = "Check that every module has its .beam and a source that is not newer",
	},
	OPTION_FOR_WARNINGS,
	OPTION_FOR_DEPFILE,
};

const struct command command_boot = {
	.name = "boot",
	.summary = "Make a boot script from a .rel file, as systools:make_script does",
	.description =
		"Reads a release resource file, finds its applications, checks that they fit "
		"together and writes NAME.script and NAME.boot: the same bytes that "
		"systools:make_script of the OTP writes to which the release's ERTS belongs (OTP 23 "
		"to 29), without running Erlang.\n\n"
		"Versions are the .rel's: each application must be found in exactly the one that is "
		"named there. OTP's own are found with --lib OTP/lib. A word in brackets at the end "
		"of a message is the name that systools gives to that fault.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
