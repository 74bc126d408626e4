/*
 * Input: the .appup of an application that goes from version 1 to 2, besides another one that is
 * added. Reading it and making a relup of it never crashes; it fails if and only if an error is
 * reported; a relup has one script in each direction, with one point of no return, all object code
 * before it and no high-level instruction left; and what is written reads as what it was.
 */
#include <stdint.h>
#include <stdlib.h>

#include "otp/release.h"
#include "otp/relup.h"
#include "support/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str uses[] = {STR_INIT("kernel")},
		  old_modules[] = {STR_INIT("m1"), STR_INIT("m2"), STR_INIT("m3")},
		  new_modules[] = {STR_INIT("m1"), STR_INIT("m2"), STR_INIT("m4")},
		  added_modules[] = {STR_INIT("n1")};

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static struct release_application
make_application(
	struct arena *arena, const char *name, const char *version, struct str *modules, size_t len)
{
	struct application *app = arena_new(arena, struct application);

	*app = (struct application){
		.name = {name, strlen(name)},
		.version = {version, strlen(version)},
		.modules = {modules, len, NULL},
		.applications = {uses, strcmp(name, "kernel") == 0 ? 0 : 1, NULL},
		.ebin = STR("ebin"),
		.pos = {"x.app", 1, 1},
	};
	return (struct release_application){
		.app = app, .start = OTP_PERMANENT, .pos = {"x.rel", 1, 1}};
}

/* With `b` or without it. */
static struct release
make_release(struct arena *arena, struct str version, unsigned otp, bool new)
{
	struct release release = {.name = STR("r"),
		.version = version,
		.erts = STR("13.0"),
		.otp = otp,
		.pos = {"x.rel", 1, 1}};

	vec_push(arena, &release.applications, make_application(arena, "kernel", "1", NULL, 0));
	vec_push(arena, &release.applications, make_application(arena, "stdlib", "1", NULL, 0));
	vec_push(arena, &release.applications, make_application(arena, "sasl", "1", NULL, 0));
	if (new)
		vec_push(arena, &release.applications,
			make_application(arena, "b", "1", added_modules, 1));
	vec_push(arena, &release.applications,
		make_application(arena, "a", new ? "2" : "1", new ? new_modules : old_modules, 3));
	return release;
}

struct given {
	struct fs *fs;
	struct str text;
};

static bool
find(void *context, const struct application *app, struct srcpos pos, struct appup *appup)
{
	struct given *given = context;

	(void)app;
	(void)pos;
	return appup_parse(given->fs, given->text, "a.appup", 25, appup);
}

static bool
is_high(const struct term *term)
{
	static const char *const names[] = {"update", "load_module", "add_module", "delete_module",
		"add_application", "remove_application", "restart_application"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (term->kind == TERM_TUPLE && term->len > 0 &&
			term_is_atom(&term->items[0], (struct str){names[i], strlen(names[i])}))
			return true;
	return false;
}

static void
check_script(const struct term *list)
{
	must(term_is_proper_list(list) && list->len == 1 && term_is_tuple(&list->items[0], 3));

	const struct term *script = &list->items[0].items[2];
	size_t points = 0;
	for (size_t i = 0; i < script->len; i++) {
		const struct term *item = &script->items[i];

		points += term_is_atom(item, STR("point_of_no_return"));
		must(!is_high(item));
		must(points == 0 || !term_is_tuple(item, 2) ||
			!term_is_atom(&item->items[0], STR("load_object_code")));
	}
	must(points == 1);
}

static void
check_text(struct arena *arena, struct str text, const struct term *term, unsigned otp)
{
	struct diag diag = {.arena = arena};
	struct term again;

	must(term_parse(arena, text, "again", otp, &again, &diag) && term_equal(term, &again));
}

static void
check_appup(struct fs *fs, struct str text, unsigned otp)
{
	struct appup appup, again;
	unsigned errors = fs->diag->errors;
	size_t messages;
	bool ok = appup_parse(fs, text, "a.appup", otp, &appup);

	must(ok == (fs->diag->errors == errors));
	if (!ok)
		return;
	messages = fs->diag->messages.len;
	must(appup_parse(fs, appup_text(fs->arena, &appup, otp), "a.appup", otp, &again));
	must(fs->diag->messages.len == messages);
	for (size_t k = 0; k < 2; k++)
		must(appup.entries[k].len == again.entries[k].len);
}

static void
make(struct str text, unsigned otp)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct release old = make_release(&arena, STR("1"), otp, false);
	struct release new = make_release(&arena, STR("2"), otp, true);
	struct relup_base base = {&old, {.kind = TERM_LIST}};
	struct given given = {&fs, text};
	struct relup_options options = {.find = find, .context = &given};
	struct term relup;

	bool ok = relup_make(&fs, &new, &base, 1, &base, 1, &options, &relup);
	must(ok == (diag.errors == 0));
	if (ok) {
		check_script(&relup.items[1]);
		check_script(&relup.items[2]);
		/* Until OTP 25 -0.0 is written as 0.0; and long inputs may hold terms as deep as
		 * can be read, which are deeper in the relup. */
		if (otp >= 25 && text.len < TERM_MAX_DEPTH / 2)
			check_text(&arena, term_file_text(&arena, &relup, otp), &relup, otp);
	}
	check_appup(&fs, text, otp);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	make(text, 23);
	make(text, 25);
	make(text, 27);
	return 0;
}
