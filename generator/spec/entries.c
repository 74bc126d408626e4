/* Hooks, commands and overlays: what the user puts into the release. */
#include "spec/read.h"
#include "support/arena.h"
#include "support/path.h"

enum { LONGEST_TIMEOUT = 86400 };

static void
read_timeout(struct reader *reader, const struct node *node, void *target)
{
	int64_t seconds;

	if (read_number(reader, node, 1, LONGEST_TIMEOUT, &seconds))
		*(unsigned *)target = (unsigned)seconds;
}

static void
read_on_failure(struct reader *reader, const struct node *node, void *target)
{
	static const char *const names[] = {"abort", "ignore"};
	size_t choice = read_choice(reader, node, names, 2);

	if (choice < 2)
		*(bool *)target = choice == 1;
}

static const struct key hook_keys[] = {
	{"run", read_path, offsetof(struct spec_hook, run), true},
	{"timeout", read_timeout, offsetof(struct spec_hook, timeout), false},
	{"on_failure", read_on_failure, offsetof(struct spec_hook, ignore), false},
};
static const struct shape hook_shape = SHAPE("a hook", hook_keys);

void
read_hooks(struct reader *reader, const struct node *node, void *target)
{
	struct spec_hooks *hooks = target;

	if (!node_is(reader, node, NODE_LIST))
		return;
	for (const struct node *item = node->first; item; item = item->next) {
		struct spec_hook hook = {0};

		if (item->kind == NODE_TEXT)
			read_path(reader, item, &hook.run);
		else
			read_map(reader, item, &hook_shape, &hook);
		if (hook.run.text.at)
			vec_push(reader->arena, hooks, hook);
	}
}

/* What the launcher does itself, under its own names and those that users of other tools type. */
static bool
is_builtin(struct str name)
{
	static const char *const builtin[] = {"attach", "command", "console", "console_boot",
		"console_clean", "daemon", "daemon_attach", "daemon_boot", "daemon_console",
		"daemon_iex", "describe", "downgrade", "escript", "eval", "foreground", "getpid",
		"help", "info", "install", "pid", "ping", "pingpeer", "reboot", "reload_config",
		"remote", "remote_console", "remote_shell", "remove", "remsh", "restart", "rpc",
		"rpcterms", "run", "start", "start_boot", "start_iex", "stop", "uninstall",
		"unpack", "upgrade", "version", "versions"};

	for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++)
		if (str_eq(name, (struct str){builtin[i], strlen(builtin[i])}))
			return true;
	return false;
}

/* The keys of one file differ; one that extends another may give a command anew. */
static void
add_command(struct reader *reader, struct spec_commands *commands, struct spec_command command)
{
	for (size_t i = 0; i < commands->len; i++)
		if (str_eq(commands->at[i].name.text, command.name.text)) {
			commands->at[i] = command;
			return;
		}
	vec_push(reader->arena, commands, command);
}

void
read_commands(struct reader *reader, const struct node *node, void *target)
{
	struct spec_commands *commands = target;

	if (!node_is(reader, node, NODE_MAP))
		return;
	for (const struct node *child = node->first; child; child = child->next) {
		struct spec_command command = {.name = {child->name, child->key}};

		read_path(reader, child, &command.run);
		if (!is_word(child->name, LOWER, DIGITS "_-", SPEC_LONGEST_NAME)) {
			diag_error(reader->diag, child->key,
				"'" STR_FMT "' is no name for a command", STR_ARG(child->name));
			diag_note(reader->diag, child->key,
				"it begins with a-z and goes on with a-z, 0-9, _ and -");
		} else if (is_builtin(child->name)) {
			diag_error(reader->diag, child->key,
				"the launcher has a command '" STR_FMT "' of its own",
				STR_ARG(child->name));
			diag_note(reader->diag, child->key, "choose another name");
		} else if (command.run.text.at) {
			add_command(reader, commands, command);
		}
	}
}

/* Where something goes inside the release; with '/' at the end: into that folder. */
static void
read_place(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!node_text(reader, node, &text))
		return;

	bool folder = text.len > 1 && text.at[text.len - 1] == '/';
	const char *fault =
		str_eq(text, STR(".")) ? NULL : path_fault(str_head(text, text.len - folder));
	if (!fault) {
		read_text(reader, node, target);
		return;
	}
	diag_error(reader->diag, node->pos, "the path '" STR_FMT "' %s", STR_ARG(text), fault);
	diag_note(reader->diag, node->pos,
		"'to' is a path inside the release, such as etc/motd; '.' is the release itself");
}

/* Content, so anything goes. */
static void
read_content(struct reader *reader, const struct node *node, void *target)
{
	if (node_is(reader, node, NODE_TEXT))
		*(struct spec_text *)target = (struct spec_text){node->text, node->pos};
}

/* Always octal, as chmod has it: 755, 0755 and "0755" are the same. */
static void
read_mode(struct reader *reader, const struct node *node, void *target)
{
	struct str text = node->text;
	unsigned mode = 0;

	if (!node_is(reader, node, NODE_TEXT))
		return;

	bool good = text.len == 3 || (text.len == 4 && text.at[0] == '0');
	for (size_t i = 0; good && i < text.len; i++) {
		good = text.at[i] >= '0' && text.at[i] <= '7';
		mode = mode * 8 + (unsigned)(text.at[i] - '0');
	}
	if (!good || !(mode & 0400))
		value_fault(reader, node, "an octal mode from 0400 to 0777, such as 0755");
	else
		*(unsigned *)target = mode;
}

struct overlay_keys {
	struct spec_text from, text, link, to;
	unsigned mode;
};

static const struct key overlay_keys[] = {
	{"from", read_path, offsetof(struct overlay_keys, from), false},
	{"text", read_content, offsetof(struct overlay_keys, text), false},
	{"link", read_text, offsetof(struct overlay_keys, link), false},
	{"to", read_place, offsetof(struct overlay_keys, to), true},
	{"mode", read_mode, offsetof(struct overlay_keys, mode), false},
};
static const struct shape overlay_shape = SHAPE("an overlay", overlay_keys);

static bool
is_folder(struct str to)
{
	return str_eq(to, STR(".")) || (to.len > 0 && to.at[to.len - 1] == '/');
}

static void
read_overlay(struct reader *reader, const struct node *node, struct spec_overlays *overlays)
{
	static const char *const kinds[] = {"from", "text", "link"};
	struct overlay_keys keys = {0};
	struct spec_overlay overlay = {0};
	unsigned errors = reader->diag->errors;
	size_t given = 0;

	read_map(reader, node, &overlay_shape, &keys);
	if (node->kind != NODE_MAP)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!node_child(node, (struct str){kinds[i], strlen(kinds[i])}))
			continue;
		given++;
		overlay.kind = (enum spec_overlay_kind)(SPEC_OVERLAY_COPY + i);
	}
	if (given != 1) {
		diag_error(reader->diag, node->pos,
			"an overlay has %s of 'from', 'text' and 'link'",
			given == 0 ? "none" : "more than one");
		diag_note(reader->diag, node->pos, "give it exactly one of them");
	} else if (overlay.kind != SPEC_OVERLAY_COPY && is_folder(keys.to.text)) {
		diag_error(reader->diag, keys.to.pos,
			"'" STR_FMT "' is a folder, not a place for a file or link",
			STR_ARG(keys.to.text));
		diag_note(reader->diag, keys.to.pos, "name the file, as in 'to: etc/motd'");
	} else if (overlay.kind == SPEC_OVERLAY_LINK && keys.mode) {
		diag_error(reader->diag, node->pos, "a link has no mode of its own");
		diag_note(reader->diag, node->pos, "remove 'mode'");
	}
	if (reader->diag->errors > errors)
		return;
	overlay.value = overlay.kind == SPEC_OVERLAY_COPY   ? keys.from
			: overlay.kind == SPEC_OVERLAY_TEXT ? keys.text
							    : keys.link;
	overlay.to = keys.to;
	overlay.mode = keys.mode;
	vec_push(reader->arena, overlays, overlay);
}

void
read_overlays(struct reader *reader, const struct node *node, void *target)
{
	if (!node_is(reader, node, NODE_LIST))
		return;
	for (const struct node *item = node->first; item; item = item->next)
		read_overlay(reader, item, target);
}
