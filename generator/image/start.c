/*
 * How a release starts in an image: with a shell by its launcher; without one by erlexec, with what
 * the launcher would give it.
 */
#include "image/plan.h"
#include "support/arena.h"
#include "support/buf.h"

/*
 * The VM makes room for as many ports as files may be open. Engines that allow any number would
 * cost 1.6 GB of memory for nothing.
 */
#define PORTS "65536"

static struct str
print(struct arena *arena, const char *name, struct str value)
{
	struct buf text = {.arena = arena};

	buf_printf(&text, "%s=" STR_FMT, name, STR_ARG(value));
	return buf_view(&text);
}

/* Is `flag` a word of this text, outside comments? */
static bool
has_flag(struct str text, struct str flag)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		for (size_t i = 0; i < line.len && line.at[i] != '#'; i++) {
			size_t end = i;
			while (end < line.len && !strchr(" \t\r\f", line.at[end]))
				end++;
			if (str_eq((struct str){line.at + i, end - i}, flag))
				return true;
			i = end;
		}
	return false;
}

/* Does vm.args, or the template of it, say how many ports there are? */
static bool
has_ports(const struct planning *planning, struct str version_dir)
{
	static const struct str names[] = {STR_INIT("vm.args"), STR_INIT("vm.args.src")};
	struct arena *arena = planning->fs->arena;

	for (size_t i = 0; i < 2; i++) {
		const struct tree_entry *entry =
			plan_find(planning->release->tree, fs_join(arena, version_dir, names[i]));
		struct str text;
		const char *fault;

		if (entry && entry->kind == TREE_FILE &&
			tree_content(entry, arena, &text, &fault) && has_flag(text, STR("+Q")))
			return true;
	}
	return false;
}

static void
start_by_launcher(const struct planning *planning, bool has_q, struct start *start)
{
	struct arena *arena = planning->fs->arena;
	struct str name = planning->release->name;
	struct buf flags = {.arena = arena};

	vec_push(arena, &start->entrypoint,
		plan_absolute(planning, fs_join(arena, STR("bin"), name)));
	vec_push(arena, &start->command, STR("start"));
	buf_printf(&flags, "+fnu%s", has_q ? "" : " +Q " PORTS);
	vec_push(arena, &start->env, print(arena, "ERL_AFLAGS", buf_view(&flags)));
	vec_push(arena, &start->env,
		print(arena, "RELEASE_DEFAULT_TMP", fs_join(arena, STR("/tmp"), name)));
}

/* What the launcher exports. */
static void
add_environment(const struct planning *planning, struct str version_dir, struct start *start)
{
	const struct image_release *release = planning->release;
	struct arena *arena = planning->fs->arena;
	struct buf bin = {.arena = arena};

	buf_printf(&bin, "erts-" STR_FMT "/bin", STR_ARG(release->erts));
	const struct {
		const char *name;
		struct str value;
	} variables[] = {
		{"ROOTDIR", plan_absolute(planning, STR(""))},
		{"BINDIR", plan_absolute(planning, buf_view(&bin))},
		{"EMU", STR("beam")},
		{"PROGNAME", STR("erl")},
		{"RELEASE_ROOT", plan_absolute(planning, STR(""))},
		{"RELEASE_NAME", release->name},
		{"RELEASE_VSN", release->version},
		{"RELEASE_PROG", release->name},
		{"RELEASE_COMMAND", STR("start")},
		{"RELEASE_MODE", STR("embedded")},
		{"RELEASE_NODE", release->name},
		{"RELEASE_DISTRIBUTION", STR("none")},
		{"RELEASE_TMP", fs_join(arena, STR("/tmp"), release->name)},
		{"RELEASE_STATE_DIR", fs_join(arena, STR("/tmp"), release->name)},
		{"RELEASE_LIB", plan_absolute(planning, STR("lib"))},
		{"RELEASE_VERSION_DIR", plan_absolute(planning, version_dir)},
		{"RELEASE_VM_ARGS",
			plan_absolute(planning, fs_join(arena, version_dir, STR("vm.args")))},
		{"RELEASE_SYS_CONFIG",
			plan_absolute(planning, fs_join(arena, version_dir, STR("sys")))},
	};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		vec_push(arena, &start->env, print(arena, variables[i].name, variables[i].value));
}

static void
add_words(struct arena *arena, struct start *start, const char *const *words, size_t len)
{
	for (size_t i = 0; i < len; i++)
		vec_push(arena, &start->entrypoint, (struct str){words[i], strlen(words[i])});
}

#define ADD_WORDS(arena, start, ...)                           \
	add_words(arena, start, (const char *[]){__VA_ARGS__}, \
		sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *))

/*
 * Until OTP 28, whoever stops a node waits for a second in user_sup, which gives the last output
 * time to get out. Here it gets out by being waited for: once the supervisor that is stopped before
 * the user's has gone, all output is handed over, and what would wait is ended.
 */
#define STOPS_QUICKLY                                                                       \
	"[spawn(fun() -> M = monitor(process, kernel_safe_sup), "                           \
	"receive {_, M, _, _, shutdown} -> io:put_chars(user, []), exit(U, kill) end end) " \
	"|| {user, U, _, _} <- supervisor:which_children(kernel_sup), is_pid(U)]."

/* FLAG PREFIX/PATH */
static void
add_place(const struct planning *planning, struct start *start, const char *flag, struct str path)
{
	struct arena *arena = planning->fs->arena;

	vec_push(arena, &start->entrypoint, (struct str){flag, strlen(flag)});
	vec_push(arena, &start->entrypoint, plan_absolute(planning, path));
}

/* In the order of the launcher; vm.args comes later, so that it wins. */
static void
start_by_erlexec(
	const struct planning *planning, struct str version_dir, bool has_q, struct start *start)
{
	const struct image_release *release = planning->release;
	struct arena *arena = planning->fs->arena;
	struct buf program = {.arena = arena};

	buf_printf(&program, "erts-" STR_FMT "/bin/erlexec", STR_ARG(release->erts));
	vec_push(arena, &start->entrypoint, plan_absolute(planning, buf_view(&program)));
	ADD_WORDS(arena, start, release->has_elixir ? "-noshell" : "-noinput");
	if (release->otp < 28)
		ADD_WORDS(arena, start, "-eval", STOPS_QUICKLY);
	if (release->has_elixir) /* which does not return */
		ADD_WORDS(arena, start, "-s", "elixir", "start_cli");
	ADD_WORDS(arena, start, "+Bd", "+fnu");
	if (!has_q)
		ADD_WORDS(arena, start, "+Q", PORTS);
	ADD_WORDS(arena, start, "-mode", "embedded");
	add_place(planning, start, "-config", fs_join(arena, version_dir, STR("sys")));
	add_place(planning, start, "-boot", fs_join(arena, version_dir, STR("start")));
	ADD_WORDS(arena, start, "-boot_var");
	add_place(planning, start, "RELEASE_LIB", STR("lib"));
	add_place(planning, start, "-args_file", fs_join(arena, version_dir, STR("vm.args")));
	ADD_WORDS(arena, start, "-extra");
	if (release->has_elixir)
		ADD_WORDS(arena, start, "--no-halt", "--");
	add_environment(planning, version_dir, start);
	if (start_asks_itself(planning))
		vec_push(arena, &start->env, print(arena, "ERL_INETRC", STR("/etc/erl_inetrc")));
}

/* Before OTP 25 what asks the C library for names is started by a shell. */
bool
start_asks_itself(const struct planning *planning)
{
	return !planning->has_shell && planning->release->otp < 25;
}

void
start_make(const struct planning *planning, struct start *start)
{
	struct str version_dir =
		fs_join(planning->fs->arena, STR("releases"), planning->release->version);
	bool has_q = has_ports(planning, version_dir);

	*start = (struct start){0};
	if (planning->has_shell)
		start_by_launcher(planning, has_q, start);
	else
		start_by_erlexec(planning, version_dir, has_q, start);
}
