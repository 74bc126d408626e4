/* The config of an image: what its spec says, on top of what its base says. */
#include <stdlib.h>

#include "image/oci.h"
#include "image/plan.h"
#include "support/arena.h"
#include "support/buf.h"

#define TITLE "org.opencontainers.image."

static const struct str usual_path =
	STR_INIT("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

/* --- environment --- */

struct words {
	struct str *at;
	size_t len, cap;
};

static struct str
key_of(struct str pair)
{
	struct str key = {0};

	str_next(&pair, '=', &key);
	return key;
}

/* NULL: not set. */
static struct str *
find_variable(const struct words *env, struct str key)
{
	for (size_t i = 0; i < env->len; i++)
		if (str_eq(key_of(env->at[i]), key))
			return &env->at[i];
	return NULL;
}

/* At its place if it is there. */
static void
set_pair(struct arena *arena, struct words *env, struct str pair)
{
	struct str *found = find_variable(env, key_of(pair));

	if (found)
		*found = pair;
	else
		vec_push(arena, env, pair);
}

static void
set(struct arena *arena, struct words *env, struct str key, struct str value)
{
	struct buf pair = {.arena = arena};

	buf_printf(&pair, STR_FMT "=" STR_FMT, STR_ARG(key), STR_ARG(value));
	set_pair(arena, env, buf_view(&pair));
}

static struct str
get(const struct words *env, struct str key)
{
	const struct str *found = find_variable(env, key);

	if (!found || found->len == key.len)
		return STR("");
	return (struct str){found->at + key.len + 1, found->len - key.len - 1};
}

/* What the superuser calls home nobody else may enter. */
static bool
is_home_of_root(struct str home)
{
	return str_eq(home, STR("/")) || str_eq(home, STR("/root")) ||
	       str_eq(str_head(home, 6), STR("/root/"));
}

static void
set_usual(const struct planning *planning, struct words *env)
{
	struct arena *arena = planning->fs->arena;
	struct str home = get(env, STR("HOME")), path = get(env, STR("PATH"));
	struct buf bin = {.arena = arena};

	if (!find_variable(env, STR("LANG")))
		set(arena, env, STR("LANG"), STR("C.UTF-8"));
	if (home.len == 0 || is_home_of_root(home))
		set(arena, env, STR("HOME"), STR("/tmp"));
	buf_printf(&bin, STR_FMT ":" STR_FMT, STR_ARG(plan_absolute(planning, STR("bin"))),
		STR_ARG(path.len ? path : usual_path));
	set(arena, env, STR("PATH"), buf_view(&bin));
	if (!find_variable(env, STR("ERL_CRASH_DUMP")))
		set(arena, env, STR("ERL_CRASH_DUMP"), STR("/tmp/erl_crash.dump"));
}

static void
make_env(const struct planning *planning, const struct start *start)
{
	struct arena *arena = planning->fs->arena;
	const struct spec_pairs *given = &planning->spec->env;
	struct words env = {0};

	for (size_t i = 0; planning->base && i < planning->base->config.env.len; i++)
		set_pair(arena, &env, planning->base->config.env.at[i]);
	set_usual(planning, &env);
	for (size_t i = 0; i < start->env.len; i++)
		if (!find_variable(&env, STR("ERL_AFLAGS")) ||
			!str_eq(key_of(start->env.at[i]), STR("ERL_AFLAGS")))
			set_pair(arena, &env, start->env.at[i]);
	for (size_t i = 0; i < given->len; i++)
		set(arena, &env, given->at[i].key.text, given->at[i].value.text);
	planning->plan->config.env = (struct fs_names){env.at, env.len};
}

/* --- labels and annotations --- */

static int
pair_order(const void *a, const void *b)
{
	const struct spec_pair *x = a, *y = b;

	return str_order(x->key.text, y->key.text);
}

static void
put(struct arena *arena, struct spec_pairs *pairs, struct spec_pair pair)
{
	for (size_t i = 0; i < pairs->len; i++)
		if (str_eq(pairs->at[i].key.text, pair.key.text)) {
			pairs->at[i] = pair;
			return;
		}
	vec_push(arena, pairs, pair);
}

static void
put_title(const struct planning *planning, struct spec_pairs *pairs, struct str key,
	const struct spec_text *value)
{
	if (value->text.len)
		put(planning->fs->arena, pairs,
			(struct spec_pair){.key.text = key, .value = *value});
}

/* What is known of the image, in the words of OCI. */
static void
put_titles(const struct planning *planning, struct spec_pairs *pairs)
{
	const struct image_release *release = planning->release;
	const struct spec_image *image = planning->spec;
	const struct spec_text title = {.text = release->name},
			       version = {.text = release->version};
	const struct spec_text created = {.text = oci_time(planning->fs->arena, release->epoch)};
	struct spec_text digest = {0};

	if (planning->base)
		digest.text = planning->base->digest;
	put_title(planning, pairs, STR(TITLE "title"), &title);
	put_title(planning, pairs, STR(TITLE "version"), &version);
	put_title(planning, pairs, STR(TITLE "created"), &created);
	put_title(planning, pairs, STR(TITLE "source"), &image->source);
	put_title(planning, pairs, STR(TITLE "revision"), &image->revision);
	put_title(planning, pairs, STR(TITLE "base.digest"), &digest);
	if (planning->base)
		put_title(planning, pairs, STR(TITLE "base.name"), &image->base_name);
}

static struct spec_pairs
make_pairs(const struct planning *planning, const struct spec_pairs *inherited,
	const struct spec_pairs *given)
{
	struct spec_pairs pairs = {0};

	for (size_t i = 0; inherited && i < inherited->len; i++)
		put(planning->fs->arena, &pairs, inherited->at[i]);
	put_titles(planning, &pairs);
	for (size_t i = 0; i < given->len; i++)
		put(planning->fs->arena, &pairs, given->at[i]);
	if (pairs.len > 0)
		qsort(pairs.at, pairs.len, sizeof(*pairs.at), pair_order);
	return pairs;
}

/* --- lists --- */

static int
name_order(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return str_order(*x, *y);
}

/* Both, sorted, each once. */
static struct fs_names
merge(struct arena *arena, const struct fs_names *inherited, const struct spec_texts *given)
{
	size_t most = (inherited ? inherited->len : 0) + given->len, len = 0, kept = 0;
	struct str *all = arena_array(arena, struct str, most + 1);

	for (size_t i = 0; inherited && i < inherited->len; i++)
		all[len++] = inherited->at[i];
	for (size_t i = 0; i < given->len; i++)
		all[len++] = given->at[i].text;
	qsort(all, len, sizeof(*all), name_order);
	for (size_t i = 0; i < len; i++)
		if (kept == 0 || !str_eq(all[kept - 1], all[i]))
			all[kept++] = all[i];
	return (struct fs_names){all, kept};
}

static struct fs_names
texts(struct arena *arena, const struct spec_texts *given, struct str first)
{
	struct fs_names names = {arena_array(arena, struct str, given->len + 1), 0};

	if (first.len)
		names.at[names.len++] = first;
	for (size_t i = 0; i < given->len; i++)
		names.at[names.len++] = given->at[i].text;
	return names;
}

/* A new entry point without a command has none: that of the release would make no sense to it. */
static void
make_start(const struct planning *planning, const struct start *start)
{
	const struct spec_image *image = planning->spec;
	struct image_config *config = &planning->plan->config;
	struct arena *arena = planning->fs->arena;

	config->entrypoint = (struct fs_names){start->entrypoint.at, start->entrypoint.len};
	config->command = (struct fs_names){start->command.at, start->command.len};
	if (image->has_entrypoint) {
		config->entrypoint = texts(arena, &image->entrypoint, (struct str){0});
		config->command = (struct fs_names){0};
	}
	if (image->has_command)
		config->command = texts(arena, &image->command, (struct str){0});
}

/* --- healthcheck --- */

/* Without one of the spec's that of the base goes over as it is, see oci.c. */
static void
make_healthcheck(const struct planning *planning)
{
	const struct spec_healthcheck *check = &planning->spec->healthcheck;
	struct image_config *config = &planning->plan->config;
	bool none = check->command.len && str_eq(check->command.at[0].text, STR("NONE"));

	if (check->command.len == 0)
		return;
	config->healthcheck =
		texts(planning->fs->arena, &check->command, none ? STR("") : STR("CMD"));
	config->interval = check->interval;
	config->timeout = check->timeout;
	config->start_period = check->start_period;
	config->retries = check->retries;
}

/* --- all --- */

static struct str
choose(const struct spec_text *given, struct str inherited, struct str otherwise)
{
	if (given->text.at)
		return given->text;
	return inherited.len ? inherited : otherwise;
}

struct str
settings_user(const struct planning *planning)
{
	const struct base *base = planning->base;

	return choose(&planning->spec->user, base ? base->config.user : STR(""),
		base ? STR("") : STR("10001:10001"));
}

void
settings_make(struct planning *planning)
{
	static const struct base_config none;
	const struct base_config *base = planning->base ? &planning->base->config : &none;
	const struct spec_image *image = planning->spec;
	struct image_config *config = &planning->plan->config;
	struct arena *arena = planning->fs->arena;
	struct start start;

	start_make(planning, &start);
	config->user = settings_user(planning);
	config->workdir = choose(&image->workdir, base->workdir, plan_absolute(planning, STR("")));
	config->stop_signal = choose(&image->stop_signal, base->stop_signal, STR("SIGTERM"));
	config->ports = merge(arena, &base->ports, &image->ports);
	config->volumes = merge(arena, &base->volumes, &image->volumes);
	make_env(planning, &start);
	make_start(planning, &start);
	config->labels = make_pairs(planning, &base->labels, &image->labels);
	config->annotations = make_pairs(planning, NULL, &image->annotations);
	make_healthcheck(planning);
}
