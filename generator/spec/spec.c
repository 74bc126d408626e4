#include "spec/spec.h"

#include "spec/read.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/path.h"

enum {
	DEFAULT_EPOCH = 315532800, /* 1980-01-01, the first day that zip knows */
	CHUNK_NAME = 4,
	MOST_APPLICATIONS = 5000, /* those that are there twice are searched for one by one */
};

/* What the mtime field of a tar header holds: eleven octal digits. */
static const int64_t last_epoch = INT64_C(8589934591);

const char *const spec_event_name[SPEC_EVENTS] = {
	[SPEC_PRE_CONFIGURE] = "pre_configure",
	[SPEC_PRE_START] = "pre_start",
	[SPEC_POST_START] = "post_start",
	[SPEC_PRE_STOP] = "pre_stop",
	[SPEC_POST_STOP] = "post_stop",
	[SPEC_PRE_UPGRADE] = "pre_upgrade",
	[SPEC_POST_UPGRADE] = "post_upgrade",
};

static void
read_name(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!node_text(reader, node, &text))
		return;
	if (is_word(text, LOWER, DIGITS "_", SPEC_LONGEST_NAME)) {
		read_text(reader, node, target);
		return;
	}
	value_fault(reader, node, "a name");
	diag_note(reader->diag, node->pos,
		"it begins with a-z, goes on with a-z, 0-9 and _, and has at most 100 of them");
}

/* The name of an atom that needs no quotes, which also is a good name for a folder. */
void
read_application_name(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!node_text(reader, node, &text))
		return;
	if (is_word(text, LOWER, UPPER DIGITS "_@", SPEC_LONGEST_NAME)) {
		read_text(reader, node, target);
		return;
	}
	value_fault(reader, node, "the name of an application");
	diag_note(reader->diag, node->pos,
		"it begins with a-z and goes on with letters, digits, _ and @; a version goes into "
		"{name: ..., version: ...}");
}

/* A version names folders, and stands between spaces in start_erl.data. */
static void
read_version(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!node_text(reader, node, &text))
		return;
	if (!is_word(text, LOWER UPPER DIGITS, "._+~-", SPEC_LONGEST_NAME)) {
		value_fault(reader, node, "a version");
		diag_note(reader->diag, node->pos,
			"it begins with a letter or digit, goes on with these and . _ + ~ -, and has "
			"at most 100 of them");
	} else if (str_eq(text, STR("RELEASES")) || str_eq(text, STR("start_erl.data"))) {
		value_fault(reader, node, "a version");
		diag_note(reader->diag, node->pos, "a file of that name is in releases/ already");
	} else {
		read_text(reader, node, target);
	}
}

static void
read_epoch(struct reader *reader, const struct node *node, void *target)
{
	struct spec *spec = target;

	if (read_number(reader, node, 0, last_epoch, &spec->epoch))
		spec->epoch_pos = node->pos;
}

static void
read_start(struct reader *reader, const struct node *node, void *target)
{
	static const char *const names[] = {"permanent", "transient", "temporary", "load", "none"};
	enum { N = sizeof(names) / sizeof(names[0]) };
	size_t choice = read_choice(reader, node, names, N);

	if (choice < N)
		*(enum spec_start *)target = (enum spec_start)(SPEC_PERMANENT + choice);
}

static const struct key application_keys[] = {
	{"name", read_application_name, offsetof(struct spec_application, name), true},
	{"version", read_version, offsetof(struct spec_application, version), false},
	{"start", read_start, offsetof(struct spec_application, start), false},
};
static const struct shape application_shape = SHAPE("an application", application_keys);

/* In one file an application is listed once; a file that extends another may list what that lists:
 * it stays where it is then, with what the file says about it. */
static void
add_application(struct reader *reader, struct spec_applications *applications,
	struct spec_application application)
{
	for (size_t i = 0; i < applications->len; i++) {
		struct spec_application *other = &applications->at[i];
		if (!str_eq(other->name.text, application.name.text))
			continue;
		if (other->name.pos.file == application.name.pos.file) {
			diag_error(reader->diag, application.name.pos,
				"the application '" STR_FMT "' is listed twice",
				STR_ARG(application.name.text));
			diag_note(
				reader->diag, other->name.pos, "first here; remove one of the two");
			return;
		}
		other->name.pos = application.name.pos;
		if (application.version.text.at)
			other->version = application.version;
		if (application.start != SPEC_START_UNSET)
			other->start = application.start;
		return;
	}
	vec_push(reader->arena, applications, application);
}

static void
read_applications(struct reader *reader, const struct node *node, void *target)
{
	struct spec_applications *applications = target;

	if (!node_is(reader, node, NODE_LIST))
		return;
	if (node->len + applications->len > MOST_APPLICATIONS) {
		diag_error(reader->diag, node->pos, "too many applications");
		diag_note(reader->diag, node->pos,
			"a release lists at most 5000; what they need "
			"is added");
		return;
	}
	for (const struct node *item = node->first; item; item = item->next) {
		struct spec_application application = {0};

		if (item->kind == NODE_TEXT)
			read_application_name(reader, item, &application.name);
		else
			read_map(reader, item, &application_shape, &application);
		if (application.name.text.at)
			add_application(reader, applications, application);
	}
}

static void
read_erts(struct reader *reader, const struct node *node, void *target)
{
	static const char *const names[] = {"exclude", "include"};
	size_t choice = read_choice(reader, node, names, 2);

	if (choice < 2)
		*(bool *)target = choice == 1;
}

static void
read_keep(struct reader *reader, const struct node *node, void *target)
{
	if (!node_is(reader, node, NODE_LIST))
		return;
	for (const struct node *item = node->first; item; item = item->next) {
		struct spec_text text = {0};
		struct spec_texts *keep = target;

		read_text(reader, item, &text);
		if (text.text.at && text.text.len != CHUNK_NAME)
			value_fault(reader, item, "the name of a chunk, which has four bytes");
		else if (text.text.at)
			vec_push(reader->arena, keep, text);
	}
}

static const struct key strip_keys[] = {
	{"keep", read_keep, offsetof(struct spec, strip_keep), true},
};
static const struct shape strip_shape = SHAPE("release.strip", strip_keys);

static void
read_strip(struct reader *reader, const struct node *node, void *target)
{
	struct spec *spec = target;

	if (node->kind == NODE_TEXT) {
		spec->strip_keep.len = 0; /* what is extended may keep some */
		read_bool(reader, node, &spec->strip);
	} else {
		spec->strip = true;
		read_map(reader, node, &strip_shape, spec);
	}
}

static void
read_check(struct reader *reader, const struct node *node, void *target)
{
	static const char *const names[] = {"error", "warn", "off"};
	size_t choice = read_choice(reader, node, names, 3);

	if (choice < 3)
		*(enum spec_check *)target = (enum spec_check)(SPEC_ERROR + choice);
}

#define AT(member) offsetof(struct spec, member)

static const struct key event_keys[] = {
	{"pre_configure", read_hooks, AT(hooks[SPEC_PRE_CONFIGURE]), false},
	{"pre_start", read_hooks, AT(hooks[SPEC_PRE_START]), false},
	{"post_start", read_hooks, AT(hooks[SPEC_POST_START]), false},
	{"pre_stop", read_hooks, AT(hooks[SPEC_PRE_STOP]), false},
	{"post_stop", read_hooks, AT(hooks[SPEC_POST_STOP]), false},
	{"pre_upgrade", read_hooks, AT(hooks[SPEC_PRE_UPGRADE]), false},
	{"post_upgrade", read_hooks, AT(hooks[SPEC_POST_UPGRADE]), false},
};

static const struct key boot_keys[] = {
	{"start_clean", read_bool, AT(start_clean), false},
	{"no_dot_erlang", read_bool, AT(no_dot_erlang), false},
};

static const struct key config_keys[] = {
	{"sys", read_path, AT(sys_config), false},
	{"vm_args", read_path, AT(vm_args), false},
	{"remote_vm_args", read_path, AT(remote_vm_args), false},
	{"env", read_path, AT(env), false},
	{"runtime", read_path, AT(runtime), false},
};

static const struct key check_keys[] = {
	{"undefined_calls", read_check, AT(undefined_calls), false},
	{"missing_applications", read_check, AT(missing_applications), false},
	{"native", read_check, AT(native), false},
};

/* A map whose keys go into struct spec itself. */
#define SECTION(function, title, keys)                                                     \
	static void function(struct reader *reader, const struct node *node, void *target) \
	{                                                                                  \
		static const struct shape shape = SHAPE(title, keys);                      \
		read_map(reader, node, &shape, target);                                    \
	}
SECTION(read_boot, "release.boot", boot_keys)
SECTION(read_config, "release.config", config_keys)
SECTION(read_events, "release.hooks", event_keys)
SECTION(read_checks, "release.checks", check_keys)

/* Which of them are required is seen when all files have been read: check_required(). */
static const struct key release_keys[] = {
	{"extends", read_ignored, 0, false},
	{"name", read_name, AT(name), false},
	{"version", read_version, AT(version), false},
	{"epoch", read_epoch, 0, false},
	{"applications", read_applications, AT(applications), false},
	{"paths", read_paths, AT(paths), false},
	{"otp", read_path, AT(otp), false},
	{"erts", read_erts, AT(erts_include), false},
	{"strip", read_strip, 0, false},
	{"include_src", read_bool, AT(include_src), false},
	{"include_headers", read_bool, AT(include_headers), false},
	{"boot", read_boot, 0, false},
	{"config", read_config, 0, false},
	{"hooks", read_events, 0, false},
	{"commands", read_commands, AT(commands), false},
	{"overlays", read_overlays, AT(overlays), false},
	{"checks", read_checks, 0, false},
	{"elixir", read_elixir, AT(elixir), false},
};
SECTION(read_release, "release", release_keys)

static const struct key root_keys[] = {
	{"release", read_release, 0, true},
	{"image", read_image, 0, false},
	{"upgrade", read_upgrade, 0, false},
};
static const struct shape root_shape = SHAPE("the spec", root_keys);

/* Keys of release that a spec or what it extends must have. */
static void
check_required(const struct layers *layers)
{
	static const char *const names[] = {"name", "version", "applications", "otp"};
	struct diag *diag = layers->at[0].reader.diag;
	const struct node *top = NULL;
	struct buf missing = {.arena = diag->arena};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool found = false;
		for (size_t j = layers->len; j-- > 0;) {
			if (layers->at[j].root->kind != NODE_MAP)
				return;
			top = node_child(layers->at[j].root, STR("release"));
			if (!top || top->kind != NODE_MAP)
				return; /* which has been reported */
			if (node_child(top, (struct str){names[i], strlen(names[i])}))
				found = true;
		}
		if (!found)
			buf_printf(&missing, "%s'%s'", missing.len ? ", " : "", names[i]);
	}
	if (missing.len)
		diag_error(diag, top->pos, "release needs " STR_FMT "%s",
			STR_ARG(buf_view(&missing)),
			layers->len > 1 ? ", which what it extends does not have either" : "");
}

/* The last of what is extended first: what comes later wins, or is added. */
static void
read_files(struct layers *layers, struct spec *spec)
{
	for (size_t i = layers->len; i-- > 0;) {
		spec->has_upgrade = false; /* `upgrade` is not passed on */
		spec->upgrade = (struct spec_upgrade){0};
		if (layers->at[i].root)
			read_map(&layers->at[i].reader, layers->at[i].root, &root_shape, spec);
	}
	if (layers->complete) {
		check_required(layers);
		check_image(&layers->at[0].reader, &spec->image);
	}
}

bool
spec_parse(struct arena *arena, struct diag *diag, struct str file, struct str content,
	const struct spec_set *sets, size_t sets_len, spec_load *load, void *context,
	struct spec *spec)
{
	struct reader reader = {.arena = arena, .diag = diag, .dir = path_parent(file)};
	struct layers *layers = arena_new(arena, struct layers);
	unsigned errors = diag->errors;

	*spec = (struct spec){
		.epoch = DEFAULT_EPOCH,
		.erts_include = true,
		.strip = true,
		.start_clean = true,
		.no_dot_erlang = true,
		.undefined_calls = SPEC_WARN,
		.missing_applications = SPEC_WARN,
		.native = SPEC_ERROR,
		.elixir.validate_compile_env.on = true,
		.image.base.text = STR("scratch"),
		.image.prefix.text = STR("/app"),
		.image.sysroot.text = STR("/"),
	};

	struct node *root = node_parse(arena, diag, fs_cstr(arena, file), content);
	if (!root)
		return false;
	for (size_t i = 0; root->kind == NODE_MAP && i < sets_len; i++)
		override(&reader, root, &sets[i]);
	layers->at[layers->len++] = (struct layer_of_spec){file, reader, root};
	layers_follow(layers, load, context);
	read_files(layers, spec);
	return diag->errors == errors;
}

static bool
load_base(void *context, struct str file, struct srcpos pos, struct str *content)
{
	return fs_read(context, file, pos, content);
}

bool
spec_read(struct fs *fs, struct str file, const struct spec_set *sets, size_t sets_len,
	struct spec *spec)
{
	struct str content;

	if (!fs_read(fs, file, (struct srcpos){0}, &content)) {
		diag_note(fs->diag, (struct srcpos){0},
			"give the file that describes the release, in YAML");
		return false;
	}
	return spec_parse(fs->arena, fs->diag, file, content, sets, sets_len, load_base, fs, spec);
}
