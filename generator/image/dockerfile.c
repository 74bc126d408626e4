#include "image/dockerfile.h"

#include "image/base.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/json.h"
#include "template/template.h"

/* Docker's classic builder takes no longer lines. */
enum { LINE_MAX_LEN = 65535 };

/* What FROM says of a base that the spec has no name for. No registry answers to it, so nobody
 * else's image is built upon by mistake. */
static const struct str nameless = STR_INIT("localhost/base");

struct writing {
	struct fs *fs;
	const struct image_plan *plan;
	const struct spec_image *spec;
	const struct base_config *base; /* all empty on scratch */
	bool stage;                     /* one of several */
	bool ok;
};

/* --- words --- */

static bool
is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    memchr("_./:@+-", c, sizeof("_./:@+-") - 1)))
			return false;
	}
	return text.len > 0;
}

/* Between double quotes the builders read three characters as more than themselves. A line's end
 * there is none to write: told with `what`, as in "the value of env 'X'". */
static void
add_quoted(struct writing *w, struct buf *out, struct str text, struct srcpos pos, const char *what,
	struct str name)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\\' || text.at[i] == '"' || text.at[i] == '$')
			buf_byte(out, '\\');
		if (text.at[i] == '\n' || text.at[i] == '\0') {
			w->ok = diag_error(w->fs->diag, pos,
				"the %s '" STR_FMT
				"' has a line break or a NUL, which no Dockerfile can say; "
				"take them out, or build with 'beamrel image'",
				what, STR_ARG(name));
			break;
		}
		buf_byte(out, (unsigned char)text.at[i]);
	}
	buf_byte(out, '"');
}

static void
add_word(struct writing *w, struct buf *out, struct str text, struct srcpos pos, const char *what)
{
	if (is_plain(text))
		buf_str(out, text);
	else
		add_quoted(w, out, text, pos, what, text);
}

static void
add_list(struct buf *out, const struct fs_names *words, size_t from)
{
	buf_byte(out, '[');
	for (size_t i = from; i < words->len; i++) {
		if (i > from)
			buf_add(out, ", ", 2);
		json_text(out, words->at[i]);
	}
	buf_byte(out, ']');
}

static bool
has_text(const struct fs_names *texts, struct str text)
{
	for (size_t i = 0; i < texts->len; i++)
		if (str_eq(texts->at[i], text))
			return true;
	return false;
}

/* Where the spec gives `key`; its section when it does not. */
static struct srcpos
pair_pos(const struct writing *w, const struct spec_pairs *pairs, struct str key)
{
	for (size_t i = 0; i < pairs->len; i++)
		if (str_eq(pairs->at[i].key.text, key))
			return pairs->at[i].value.pos;
	return w->spec->pos;
}

static bool
has_pair(const struct spec_pairs *pairs, const struct spec_pair *pair)
{
	for (size_t i = 0; i < pairs->len; i++)
		if (str_eq(pairs->at[i].key.text, pair->key.text) &&
			str_eq(pairs->at[i].value.text, pair->value.text))
			return true;
	return false;
}

/* --- instructions, each a line that ends --- */

typedef void instruction(struct writing *w, struct buf *out);

static void
add_base_name(struct writing *w, struct buf *out)
{
	buf_str(out, STR("BASE"));
	if (w->stage) {
		buf_byte(out, '_');
		buf_str(out, dockerfile_platform(w->fs->arena, &w->plan->platform, '_'));
	}
}

/* What --build-arg can replace. It stands before the first FROM, for only there it is for FROM. */
static void
add_argument(struct writing *w, struct buf *out)
{
	struct str name = w->spec->base_name.text;

	if (!w->plan->base)
		return;
	buf_str(out, STR("ARG "));
	add_base_name(w, out);
	buf_byte(out, '=');
	if (!name.len)
		buf_str(out, nameless);
	else
		add_word(w, out, name, w->spec->base_name.pos, "name of the base");
	/* Of a base that nobody pinned the digest may be one that only this copy of it has. */
	if (name.len && w->spec->base_digest.text.len && !memchr(name.at, '@', name.len))
		buf_printf(out, "@" STR_FMT, STR_ARG(w->spec->base_digest.text));
	buf_byte(out, '\n');
}

static void
add_from(struct writing *w, struct buf *out)
{
	if (!w->stage)
		add_argument(w, out);
	buf_str(out, STR("FROM "));
	if (!w->plan->base) {
		buf_str(out, STR("scratch"));
	} else {
		buf_str(out, STR("${"));
		add_base_name(w, out);
		buf_byte(out, '}');
	}
	if (w->stage) {
		buf_str(out, STR(" AS "));
		buf_str(out, dockerfile_platform(w->fs->arena, &w->plan->platform, '-'));
	}
	buf_byte(out, '\n');
}

/* Docker's classic builder makes an image of each instruction, so what is alike shares one. */
static void
begin_next(struct buf *out, const char *word)
{
	if (out->len == 0)
		buf_printf(out, "%s ", word);
	else
		buf_str(out, STR(" \\\n    "));
}

static void
end_all(struct buf *out)
{
	if (out->len > 0)
		buf_byte(out, '\n');
}

static void
add_labels(struct writing *w, struct buf *out)
{
	const struct spec_pairs *labels = &w->plan->config.labels;

	for (size_t i = 0; i < labels->len; i++) {
		const struct spec_pair *label = &labels->at[i];
		struct srcpos pos = pair_pos(w, &w->spec->labels, label->key.text);

		if (has_pair(&w->base->labels, label))
			continue;
		begin_next(out, "LABEL");
		add_quoted(w, out, label->key.text, pos, "label", label->key.text);
		buf_byte(out, '=');
		add_quoted(w, out, label->value.text, pos, "value of the label", label->key.text);
	}
	end_all(out);
}

static void
add_env(struct writing *w, struct buf *out)
{
	const struct fs_names *env = &w->plan->config.env;

	for (size_t i = 0; i < env->len; i++) {
		struct str value = env->at[i], key;

		if (has_text(&w->base->env, value) || !str_next(&value, '=', &key))
			continue;

		struct srcpos pos = pair_pos(w, &w->spec->env, key);
		begin_next(out, "ENV");
		add_word(w, out, key, pos, "name of the variable");
		buf_byte(out, '=');
		add_quoted(w, out, value, pos, "value of the variable", key);
	}
	end_all(out);
}

static void
add_ports(struct writing *w, struct buf *out)
{
	const struct fs_names *ports = &w->plan->config.ports;

	for (size_t i = 0; i < ports->len; i++) {
		if (has_text(&w->base->ports, ports->at[i]))
			continue;
		begin_next(out, "EXPOSE");
		add_word(w, out, ports->at[i], w->spec->pos, "port");
	}
	end_all(out);
}

/* A list in JSON, whose strings are looked into as words are. */
static void
add_volumes(struct writing *w, struct buf *out)
{
	const struct fs_names *volumes = &w->plan->config.volumes;
	struct fs_names words = {arena_array(w->fs->arena, struct str, volumes->len), 0};

	for (size_t i = 0; i < volumes->len; i++) {
		struct buf word = {.arena = w->fs->arena};

		if (has_text(&w->base->volumes, volumes->at[i]))
			continue;
		add_word(w, &word, volumes->at[i], w->spec->pos, "volume");
		words.at[words.len++] = buf_view(&word);
	}
	if (!words.len)
		return;
	buf_str(out, STR("VOLUME "));
	add_list(out, &words, 0);
	buf_byte(out, '\n');
}

static void
add_setting(struct writing *w, struct buf *out, const char *word, struct str value, struct str base,
	struct srcpos pos)
{
	if (!value.len || str_eq(value, base))
		return;
	buf_printf(out, "%s ", word);
	add_word(w, out, value, pos, word);
	buf_byte(out, '\n');
}

static void
add_workdir(struct writing *w, struct buf *out)
{
	add_setting(
		w, out, "WORKDIR", w->plan->config.workdir, w->base->workdir, w->spec->workdir.pos);
}

static void
add_stop_signal(struct writing *w, struct buf *out)
{
	add_setting(w, out, "STOPSIGNAL", w->plan->config.stop_signal, w->base->stop_signal,
		w->spec->stop_signal.pos);
}

static void
add_user(struct writing *w, struct buf *out)
{
	add_setting(w, out, "USER", w->plan->config.user, w->base->user, w->spec->user.pos);
}

static void
add_healthcheck(struct writing *w, struct buf *out)
{
	const struct image_config *config = &w->plan->config;
	const struct {
		const char *name;
		int64_t seconds;
	} times[] = {{"interval", config->interval}, {"timeout", config->timeout},
		{"start-period", config->start_period}};

	/* The base's, which the plan carries on. */
	if (!config->healthcheck.len || !w->spec->healthcheck.command.len)
		return;
	buf_str(out, STR("HEALTHCHECK "));
	if (str_eq(config->healthcheck.at[0], STR("NONE"))) {
		buf_str(out, STR("NONE\n"));
		return;
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (times[i].seconds)
			buf_printf(out, "--%s=%llds ", times[i].name, (long long)times[i].seconds);
	if (config->retries)
		buf_printf(out, "--retries=%lld ", (long long)config->retries);
	buf_str(out, STR("CMD "));
	add_list(out, &config->healthcheck, 1);
	buf_byte(out, '\n');
}

static void
add_entrypoint(struct writing *w, struct buf *out)
{
	const struct fs_names *words = &w->plan->config.entrypoint;

	if (!words->len && !w->base->entrypoint.len)
		return;
	buf_str(out, STR("ENTRYPOINT "));
	add_list(out, words, 0);
	buf_byte(out, '\n');
}

static void
add_command(struct writing *w, struct buf *out)
{
	const struct fs_names *words = &w->plan->config.command;

	if (!words->len && !w->base->command.len)
		return;
	buf_str(out, STR("CMD "));
	add_list(out, words, 0);
	buf_byte(out, '\n');
}

/* --- the template --- */

static const struct {
	const char *name;
	instruction *add;
} instructions[] = {
	{"from", add_from},
	{"labels", add_labels},
	{"env", add_env},
	{"ports", add_ports},
	{"volumes", add_volumes},
	{"workdir", add_workdir},
	{"stop_signal", add_stop_signal},
	{"healthcheck", add_healthcheck},
	{"user", add_user},
	{"entrypoint", add_entrypoint},
	{"command", add_command},
};

enum {
	INSTRUCTIONS = sizeof(instructions) / sizeof(instructions[0]),
	VALUES = INSTRUCTIONS + 4,
};

/* Lines without the end of the last, which the template has. */
static struct str
lines(const struct buf *text)
{
	return str_head(buf_view(text), text->len > 0 ? text->len - 1 : 0);
}

static struct str
layers(struct writing *w, const struct str *files)
{
	struct buf out = {.arena = w->fs->arena};

	for (size_t i = 0; i < w->plan->layers.len; i++)
		buf_printf(&out, "ADD " STR_FMT " /\n", STR_ARG(files[i]));
	return lines(&out);
}

/* All of them, with `settings`: all but FROM in one. */
static size_t
fill(struct writing *w, const struct str *files, struct template_value *values)
{
	const struct image_release *release = w->plan->release;
	struct buf settings = {.arena = w->fs->arena};
	size_t len = 0;

	for (size_t i = 0; i < INSTRUCTIONS; i++) {
		struct buf out = {.arena = w->fs->arena};

		instructions[i].add(w, &out);
		values[len++] = (struct template_value){instructions[i].name, lines(&out)};
		if (instructions[i].add != add_from)
			buf_str(&settings, buf_view(&out));
	}
	values[len++] = (struct template_value){"settings", lines(&settings)};
	values[len++] = (struct template_value){"layers", layers(w, files)};
	values[len++] = (struct template_value){"name", release->name};
	values[len++] = (struct template_value){"version", release->version};
	return len;
}

static bool
check_lines(struct fs *fs, struct str text, struct srcpos pos)
{
	struct str line;
	bool ok = true;

	for (size_t number = 1; str_next(&text, '\n', &line); number++)
		if (line.len > LINE_MAX_LEN)
			ok = diag_error(fs->diag, pos,
				"line %zu of the Dockerfile has %zu bytes, '" STR_FMT
				"...', and docker takes no more than %d",
				number, line.len, STR_ARG(str_head(line, 40)), LINE_MAX_LEN);
	return ok;
}

/* The user's or ours, and what faults of its text are said of. */
static bool
read_template(struct fs *fs, const struct spec_image *spec, struct str *text, struct srcpos *pos)
{
	*text = template_bundled("Dockerfile");
	*pos = spec->pos;
	if (!spec->dockerfile.text.at)
		return true;
	*pos = (struct srcpos){.file = fs_cstr(fs->arena, spec->dockerfile.text)};
	if (!fs_read(fs, spec->dockerfile.text, spec->dockerfile.pos, text))
		return false;
	return str_contains(*text, STR("${layers}")) ||
	       diag_error(fs->diag, *pos,
		       "has no ${layers}, so the image would not hold the release; "
		       "put it on a line of its own behind FROM");
}

struct str
dockerfile_platform(struct arena *arena, const struct image_platform *platform, char separator)
{
	struct buf out = {.arena = arena};

	buf_str(&out, platform->os);
	buf_byte(&out, (unsigned char)separator);
	buf_str(&out, platform->architecture);
	buf_str(&out, platform->variant);
	return buf_view(&out);
}

bool
dockerfile_text(struct fs *fs, const struct dockerfile_plan *plans, size_t len, struct str *text)
{
	static const struct base_config none;
	const struct spec_image *spec = &plans[0].plan->release->spec->image;
	struct buf head = {.arena = fs->arena}, stages = {.arena = fs->arena};
	struct template_value values[VALUES];
	struct str template;
	struct srcpos pos;
	bool ok = read_template(fs, spec, &template, &pos);

	for (size_t i = 0; i < len; i++) {
		const struct image_plan *plan = plans[i].plan;
		struct writing w = {.fs = fs,
			.plan = plan,
			.spec = &plan->release->spec->image,
			.base = plan->base ? &plan->base->config : &none,
			.stage = len > 1,
			.ok = ok};
		size_t count = fill(&w, plans[i].files, values);

		if (w.stage)
			add_argument(&w, &head);
		ok = w.ok;
		buf_str(&stages, template_expand(fs->arena, template, values, count));
	}
	if (len > 1) {
		/* The builder sets them, but for Docker's classic one. buildah wants them declared,
		 * and BuildKit takes a declaration without a value for an empty one. */
		buf_str(&head, STR("ARG TARGETOS=${TARGETOS}\n"
				   "ARG TARGETARCH=${TARGETARCH}\n"
				   "ARG TARGETVARIANT=${TARGETVARIANT}\n\n"));
		buf_str(&stages, STR("\nFROM ${TARGETOS}-${TARGETARCH}${TARGETVARIANT}\n"));
	}
	buf_str(&head, buf_view(&stages));
	*text = buf_view(&head);
	return check_lines(fs, *text, pos) && ok;
}
