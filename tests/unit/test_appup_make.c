/*
 * Rows of made-up applications in two versions, and the .appup that comes of them; and of .appup
 * files that take care of all that differs, or forget something. That real modules are read and
 * real systems upgraded as it says is shown by tests/otp/appup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "appup_fixture.h"

struct row {
	const char *name, *old, *new, *up, *down, *messages;
};

static struct row rows[] = {
	{"nothing differs", "a=1 b=1>a", "a=1 b=1>a", "[]", "[]", ""},
	{"added, deleted, changed", "a=1 b=1", "b=2 c=1",
		"[{add_module,c},{load_module,b},{delete_module,a}]",
		"[{add_module,a},{load_module,b},{delete_module,c}]", ""},
	{"a chain", "a=1>b b=1>c c=1", "a=2>b b=2>c c=2",
		"[{load_module,c},{load_module,b,[c]},{load_module,a,[b]}]",
		"[{load_module,a,[b]},{load_module,b,[c]},{load_module,c}]", ""},
	{"what does not differ is in nobody's way", "a=1>b b=1>c c=1", "a=2>b b=1>c c=2",
		"[{load_module,a},{load_module,c}]", "[{load_module,c},{load_module,a}]", ""},
	{"a cycle, and what hangs on it", "a=1>b b=1>c c=1>b d=1>b", "a=2>b b=2>c c=2>b d=2>b",
		"[{load_module,b,[c]},{load_module,c,[b]},{load_module,a,[b]},{load_module,d,[b]}]",
		"[{load_module,d,[b]},{load_module,a,[b]},{load_module,c,[b]},{load_module,b,[c]}]",
		""},
	{"two cycles, one above the other", "a=1>b b=1>a>c c=1>d d=1>c",
		"a=2>b b=2>a>c c=2>d d=2>c",
		"[{load_module,c,[d]},{load_module,d,[c]},{load_module,a,[b]},{load_module,b,[a,c]}]",
		"[{load_module,b,[a,c]},{load_module,a,[b]},{load_module,d,[c]},{load_module,c,[d]}]",
		""},
	{"calls of itself and repeated calls", "a=1>a>b>b:x b=1+x", "a=2>a>b>b:x b=2+x",
		"[{load_module,b},{load_module,a,[b]}]", "[{load_module,a,[b]},{load_module,b}]",
		""},
	{"a new module is there before what calls it", "a=1", "a=2>z z=1",
		"[{add_module,z},{load_module,a,[z]}]", "[{load_module,a,[z]},{delete_module,z}]",
		""},
	{"a deleted one goes after what called it, and is back before", "m=1>a a=1", "m=2",
		"[{load_module,m},{delete_module,a,[m]}]", "[{add_module,a,[m]},{load_module,m}]",
		""},
	{"deleted ones that call each other", "a=1>b b=1>c c=1", "c=2",
		"[{delete_module,a},{delete_module,b,[a]},{load_module,c}]",
		"[{load_module,c},{add_module,b,[a]},{add_module,a}]", ""},
	{"a lost function, after what called it", "a=1+x b=1>a:x", "a=2 b=2",
		"[{load_module,b},{load_module,a,[b]}]", "[{load_module,a,[b]},{load_module,b}]",
		""},
	{"what the new version calls counts more than what the old one called", "a=1+x b=1>a:x",
		"a=2 b=2>a", "[{load_module,a},{load_module,b,[a]}]",
		"[{load_module,b,[a]},{load_module,a}]", ""},
	{"names sort as atoms, not as files", "a=1 a-b=1 a.b=1", "a=2 a-b=2 a.b=2",
		"[{load_module,a},{load_module,'a-b'},{load_module,'a.b'}]",
		"[{load_module,'a.b'},{load_module,'a-b'},{load_module,a}]", ""},
	{"processes, by behaviour and export", "a=1!gen_server* b=1* c=1!gen_server s=1!supervisor",
		"a=2!gen_server* b=2* c=2!gen_server s=1!supervisor",
		"[{update,a,{advanced,[]}},{update,b,{advanced,[]}},{load_module,c}]",
		"[{load_module,c},{update,b,{advanced,[]}},{update,a,{advanced,[]}}]",
		"a.beam: warning: no supervisor of app names 'a': its code_change is called only in "
		"processes that are a supervisor's children, with 'a' among the modules of their "
		"child specification\n"
		"a.beam: note: if a supervisor of another application has them, all is well; else "
		"have them supervised\n"
		"b.beam: warning: no supervisor of app names 'b': its code_change is called only in "
		"processes that are a supervisor's children, with 'b' among the modules of their "
		"child specification\n"
		"b.beam: note: if a supervisor of another application has them, all is well; else "
		"have them supervised\n"},
	{"a process that depends", "a=1!gen_server*>b b=1 s=1!supervisor>a",
		"a=2!gen_server*>b b=2 s=1!supervisor>a",
		"[{load_module,b},{update,a,{advanced,[]},[b]}]",
		"[{update,a,{advanced,[]},[b]},{load_module,b}]", ""},
	{"supervisors, of Elixir too", "a=1!supervisor b=1!Elixir.Supervisor>c c=1",
		"a=2!supervisor b=2!Elixir.Supervisor>c c=2",
		"[{update,a,supervisor},{load_module,c},"
		"{update,b,static,default,{advanced,[]},brutal_purge,brutal_purge,[c]}]",
		"[{update,b,static,default,{advanced,[]},brutal_purge,brutal_purge,[c]},"
		"{load_module,c},{update,a,supervisor}]",
		""},
	{"a new child", "s=1!supervisor", "s=2!supervisor>w w=1!gen_server",
		"[{add_module,w},{update,s,static,default,{advanced,[]},brutal_purge,brutal_purge,[w]}"
		"]",
		"[{update,s,static,default,{advanced,[]},brutal_purge,brutal_purge,[w]},{delete_module,"
		"w}]",
		"s.beam: warning: supervisor 's' names 'w', as it did not before: if that is a new "
		"child, it is neither started on the way up nor ended on the way down\n"
		"s.beam: note: write a app.appup by hand: on the way up, after the update, {apply, "
		"{supervisor, restart_child, ['s', 'w']}}; on the way down, before it, "
		"terminate_child and delete_child in the same way\n"},
	{"a process that is none any more", "a=1!gen_server", "a=2", "[{load_module,a}]",
		"[{load_module,a}]",
		"a.beam: warning: 'a' was the module of a process and is now a plain module; it is "
		"only loaded: processes that run it do not become the other\n"
		"a.beam: note: write a app.appup by hand that ends them before, with {apply, "
		"{supervisor, terminate_child, [Supervisor, Id]}}, and starts them after it, with "
		"restart_child; or {restart_application, app}\n"},
	{"a process of another kind", "a=1!gen_server*", "a=2!gen_statem*", "[{load_module,a}]",
		"[{load_module,a}]",
		"a.beam: warning: 'a' was a gen_server and is now a gen_statem; it is only loaded: "
		"processes that run it do not become the other\n"
		"a.beam: note: write a app.appup by hand that ends them before, with {apply, "
		"{supervisor, terminate_child, [Supervisor, Id]}}, and starts them after it, with "
		"restart_child; or {restart_application, app}\n"},
	{"a native library, and the application's own module", "mod=1", "mod=2>erlang:load_nif",
		"[{load_module,mod}]", "[{load_module,mod}]",
		"mod.beam: warning: 'mod' loads a native library, which two versions of the module "
		"will share for a while\n"
		"mod.beam: note: the library has to have the callback 'upgrade' in ERL_NIF_INIT, "
		"else the new module does not load; and a path to it that changes with the version\n"
		"mod.beam: warning: 'mod' is the callback module of the application app: what its "
		"start/2 does is not done again\n"
		"mod.beam: note: if it does more at the start than before, write a app.appup by hand "
		"with an {apply, {Module, Function, Arguments}} that does it\n"},
	{"what is not in the .app", "a=1", "a=1 b=1?", "[]", "[]",
		"b.beam: warning: is not in the 'modules' of app.app, so that no upgrade can load it: "
		"list it there, or delete it\n"},
};

/* --- rows --- */

static void
put_messages(struct buf *out, const struct diag *diag)
{
	static const char *const levels[] = {"error", "warning", "note"};

	for (size_t i = 0; i < diag->messages.len; i++) {
		const struct diag_message *m = &diag->messages.at[i];

		buf_printf(out, "%s", m->pos.file ? m->pos.file : "");
		if (m->pos.line)
			buf_printf(out, ":%u:%u", m->pos.line, m->pos.column);
		buf_printf(out, ": %s: %s\n", levels[m->level], m->text);
	}
}

static void
assert_text(struct buf *got, const char *want)
{
	buf_byte(got, 0);
	assert_string_equal(got->at, want);
}

static void
run_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct appup appup = {0};
	struct appup_version old = make_version(&arena, "1", row->old);
	struct appup_version new = make_version(&arena, "2", row->new);
	const char *const want[] = {row->up, row->down};
	struct buf messages = {.arena = &arena};

	assert_true(appup_make(&fs, &old, &new, OTP, &appup));
	for (size_t i = 0; i < 2; i++) {
		struct buf got = {.arena = &arena};

		assert_int_equal(appup.entries[i].len, 1);
		term_write(&got, &appup.entries[i].at[0].script, OTP);
		assert_text(&got, want[i]);
	}
	put_messages(&messages, &diag);
	assert_text(&messages, row->messages);
	/* What is made forgets nothing. */
	appup.file = "app.appup";
	assert_true(appup_check(&fs, &appup, &old, &new, OTP));
	arena_release(&arena);
}

/* --- what is forgotten --- */

struct check {
	const char *name, *old, *new, *up, *down, *messages;
};

#define APPUP_LINE "app.appup:2:4: error: the way up forgets the module '"

static struct check checks[] = {
	{"all is there", "a=1 b=1", "b=2 c=1", "{delete_module,a},{load_module,b},{add_module,c}",
		"{add_module,a},{load_module,b,[]},{delete_module,c}", ""},
	{"low-level instructions", "a=1 b=1", "b=2 c=1",
		"{load_object_code,{app,\"2\",[b,c]}},point_of_no_return,"
		"{remove,{a,brutal_purge,brutal_purge}},{load,{b,brutal_purge,brutal_purge}},"
		"{load,{c,soft_purge,soft_purge}}",
		"restart_emulator", ""},
	{"restarts", "a=1", "a=2", "{restart_application,app}", "restart_new_emulator", ""},
	{"removed and added again", "a=1", "a=2", "{remove_application,app},{add_application,app}",
		"{remove_application,app},{add_application,app,permanent}", ""},
	{"another application's restart", "a=1", "a=2", "{restart_application,other}",
		"{update,a,{advanced,[]}}",
		APPUP_LINE "a', which has changed (a.beam): add an instruction, load_module\n"},
	{"each one that is forgotten, in each direction", "a=1 b=1 d=1!gen_server",
		"b=2 c=1 d=2!gen_server", "", "{load_module,a}",
		APPUP_LINE
		"a', which is only in the old version (a.beam): add an instruction, delete_module\n" APPUP_LINE
		"b', which has changed (b.beam): add an instruction, load_module\n" APPUP_LINE
		"c', which is only in the new version (c.beam): add an instruction, add_module\n" APPUP_LINE
		"d', which has changed (d.beam): add an instruction, load_module or update\n"
		"app.appup:4:4: error: the way down forgets the module 'b', which has changed "
		"(b.beam): add an instruction, load_module\n"
		"app.appup:4:4: error: the way down forgets the module 'c', which is only in the "
		"new version (c.beam): add an instruction, delete_module\n"
		"app.appup:4:4: error: the way down forgets the module 'd', which has changed "
		"(d.beam): add an instruction, load_module or update\n"},
	{"object code is not code", "a=1", "a=2", "{load_object_code,{app,\"2\",[a]}},{purge,[a]}",
		"{load_module,a}",
		APPUP_LINE "a', which has changed (a.beam): add an instruction, load_module\n"},
	{"deleting is not loading", "a=1", "a=2", "{load_module,a}", "{delete_module,a}",
		"app.appup:4:4: error: the way down forgets the module 'a', which has changed "
		"(a.beam): add an instruction, load_module\n"
		"app.appup:4:17: note: 'delete_module' is here, and is not what the module needs\n"},
};

static void
run_check_with(const struct check *check, const char *version, const char *want)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fs fs = {.arena = &arena, .diag = &diag};
	struct buf text = {.arena = &arena}, messages = {.arena = &arena};
	struct appup_version old = make_version(&arena, "1", check->old);
	struct appup_version new = make_version(&arena, "2", check->new);
	struct appup appup;

	buf_printf(&text, "{\"2\",\n [{%s,[%s]}],\n\n [{%s,[%s]}]}.\n", version, check->up, version,
		check->down);
	/* The version of an entry stands in the second column after the brackets. */
	assert_true(appup_parse(&fs, buf_view(&text), "app.appup", OTP, &appup));
	assert_int_equal(appup_check(&fs, &appup, &old, &new, OTP), want[0] == '\0');
	put_messages(&messages, &diag);
	assert_text(&messages, want);
	arena_release(&arena);
}

static void
run_check(void **state)
{
	const struct check *check = *state;

	/* Blanks, so that both scripts begin in the same column. */
	run_check_with(check, "\"1\"        ", check->messages);
	run_check_with(check, "<<\"[0-9]\">>", check->messages);
	/* An entry for another version says nothing about this one. */
	run_check_with(check, "\"0\"", "");
	run_check_with(check, "<<\"0\">>", "");
}

/* --- inputs that are none --- */

static void
refuse(struct appup_version *old, struct appup_version *new, struct arena *arena, const char *want)
{
	struct diag diag = {.arena = arena};
	struct fs fs = {.arena = arena, .diag = &diag};
	struct appup appup = {0};
	struct buf messages = {.arena = arena};

	assert_false(appup_make(&fs, old, new, OTP, &appup));
	put_messages(&messages, &diag);
	assert_text(&messages, want);
}

static void
test_refusals(void **state)
{
	struct arena arena = {0};
	struct appup_version old = make_version(&arena, "1", "a=1 b=1");
	struct appup_version new = make_version(&arena, "2", "a=1 b=1");
	struct appup_version same = make_version(&arena, "1", "a=2");
	struct application other = *new.app;
	struct appup_version renamed = {&other, new.modules, new.modules_len};
	struct appup_module broken[2] = {new.modules[0], new.modules[1]};
	struct appup_version faulty = {new.app, broken, 2};

	(void)state;
	other.name = STR("other");
	broken[0].bytes = STR("no beam");
	broken[1].name = STR("a");
	broken[1].file = "b.beam";
	refuse(&old, &same, &arena,
		": error: has the version 1, as the old one: give it a later 'vsn'\n"
		": note: the old one is here\n");
	refuse(&old, &renamed, &arena,
		": error: is the application 'other', but the old one is 'app': an .appup is "
		"between versions of one application\n");
	refuse(&old, &faulty, &arena,
		"a.beam: error: is not a compiled module: at byte 0 it should have \"FOR1\", a size, "
		"\"BEAM\"\n"
		"b.beam: error: holds a module of another name; compile it from the right source\n");
	arena_release(&arena);
}

int
main(void)
{
	enum { ROWS = sizeof(rows) / sizeof(rows[0]), CHECKS = sizeof(checks) / sizeof(checks[0]) };
	struct CMUnitTest tests[ROWS + CHECKS + 1];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = run_row, .initial_state = &rows[i]};
	for (size_t i = 0; i < CHECKS; i++)
		tests[ROWS + i] = (struct CMUnitTest){.name = checks[i].name,
			.test_func = run_check,
			.initial_state = &checks[i]};
	tests[ROWS + CHECKS] = (struct CMUnitTest)cmocka_unit_test(test_refusals);
	return cmocka_run_group_tests_name("appup_make", tests, NULL, NULL);
}
