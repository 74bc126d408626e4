#include "otp/appup_make.h"

#include <errno.h>
#include <stdio.h>

#include "command/command.h"
#include "support/arena.h"

static const struct srcpos command_line = {.file = "beamrel appup"};

/* The folder with the .app: DIR/ebin if there is one, else DIR. */
static struct str
find_ebin(struct fs *fs, struct str dir)
{
	struct str ebin = fs_join(fs->arena, dir, STR("ebin"));
	struct stat st;

	return fs_stat(fs, ebin, &st) && S_ISDIR(st.st_mode) ? ebin : dir;
}

static bool
read_application(
	struct fs *fs, struct str ebin, const struct fs_names *names, struct application *app)
{
	struct str file = {0};

	for (size_t i = 0; i < names->len; i++) {
		if (!str_ends(names->at[i], STR(".app")))
			continue;
		if (file.at)
			return diag_error(fs->diag,
				(struct srcpos){.file = fs_cstr(fs->arena, ebin)},
				"holds two applications, " STR_FMT " and " STR_FMT
				": an .appup is made for one",
				STR_ARG(file), STR_ARG(names->at[i]));
		file = names->at[i];
	}
	if (!file.at)
		return diag_error(fs->diag, (struct srcpos){.file = fs_cstr(fs->arena, ebin)},
			"holds no .app file: give the folder of an application, APP or APP-VSN, or "
			"its ebin");
	/* By the rules of the OTP that takes most: which one is meant, nobody has said. */
	return application_read(fs, fs_join(fs->arena, ebin, file), OTP_OLDEST, app);
}

static bool
read_version(struct fs *fs, struct str dir, struct appup_version *version)
{
	struct str ebin = find_ebin(fs, dir), suffix = STR(".beam");
	struct application *app = arena_new(fs->arena, struct application);
	struct fs_names names;
	bool ok;

	if (!fs_list(fs, ebin, command_line, &names))
		return false;
	ok = read_application(fs, ebin, &names, app);

	struct appup_module *modules = arena_array(fs->arena, struct appup_module, names.len + 1);
	*version = (struct appup_version){.app = app, .modules = modules};
	for (size_t i = 0; i < names.len; i++) {
		struct appup_module *module = &modules[version->modules_len];
		struct str path;

		if (!str_ends(names.at[i], suffix))
			continue;
		path = fs_join(fs->arena, ebin, names.at[i]);
		module->name = str_head(names.at[i], names.at[i].len - suffix.len);
		module->file = fs_cstr(fs->arena, path);
		if (!fs_read(fs, path, command_line, &module->bytes))
			ok = false;
		version->modules_len++;
	}
	return ok;
}

static bool
print(struct invocation *invocation, struct str text)
{
	if (fwrite(text.at, 1, text.len, stdout) == text.len && fflush(stdout) == 0)
		return true;
	return diag_error(invocation->diag, command_line, "cannot write to standard output: %s",
		strerror(errno));
}

static int
run(struct invocation *invocation)
{
	struct appup appup = {0};
	struct appup_version old, new;
	struct str old_dir, new_dir, output, text;
	bool ok;

	invocation_text(invocation, "--old", &old_dir);
	invocation_text(invocation, "--new", &new_dir);
	ok = read_version(invocation->fs, old_dir, &old);
	if (!read_version(invocation->fs, new_dir, &new) || !ok ||
		!appup_make(invocation->fs, &old, &new, OTP_NEWEST, &appup))
		return 1;
	/* What the newest OTP quotes, earlier ones read, too. */
	text = appup_text(invocation->arena, &appup, OTP_NEWEST);
	if (invocation_text(invocation, "--output", &output))
		return fs_write(invocation->fs, output, text, 0644) ? 0 : 1;
	return print(invocation, text) ? 0 : 1;
}

static const struct option_spec options[] = {
	{
		.name = "--old",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "The application as it was published: a folder APP or APP-VSN with ebin/, or "
			"an ebin",
		.required = true,
	},
	{
		.name = "--new",
		.argument = OPTION_DIR,
		.placeholder = "DIR",
		.help = "The application as it is now, in a later version",
		.required = true,
	},
	{
		.name = "--output",
		.argument = OPTION_FILE,
		.placeholder = "FILE",
		.help = "Write the .appup there; it is printed otherwise",
	},
};

const struct command command_appup = {
	.name = "appup",
	.summary = "Make an .appup file from two versions of an application",
	.description =
		"Compares the compiled modules of two versions of one application, as beam_lib:cmp "
		"does, and writes what a running system has to do to get from the old one to the new "
		"one and back: modules that are added, deleted and loaded, supervisors that read "
		"their init/1 again, processes whose state a code_change converts. What calls is "
		"loaded after what it calls on the way up, and before it on the way down.\n\n"
		"Processes are suspended only where code_change does something to their state, or "
		"where that cannot be told.\n\n"
		"What no program can know, such as children that a supervisor gained, is a warning "
		"that says what to write by hand.",
	.options = options,
	.options_len = sizeof(options) / sizeof(options[0]),
	.run = run,
};
