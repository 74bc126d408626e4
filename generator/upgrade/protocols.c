/*
 * Consolidated protocols of Elixir. They are in no application, so systools knows nothing of them;
 * their folder comes first in the code path. One instruction of a script puts the folder of the
 * other version there and loads what differs from what runs.
 *
 * While a script runs, the protocols must be those of the later version: they know what the earlier
 * one has, too, and not the other way round. So they are exchanged before all modules on the way
 * up, and after them on the way down.
 *
 * The paths are found when it runs: the code is Erlang in abstract form, which erl_eval takes, for
 * a script is a term and knows no funs.
 */
#include "support/arena.h"
#include "upgrade/internal.h"

/*
 * The folder of the old version leaves the code path, in whatever words it is there:
 *
 *	[code:del_path(D) || D <- code:get_path(), lists:suffix(Old, D) orelse lists:suffix(New, D)]
 */
#define LEAVE                                                                                \
	"{lc,0,{call,0,{remote,0,{atom,0,code},{atom,0,del_path}},[{var,0,'D'}]},"           \
	"[{generate,0,{var,0,'D'},{call,0,{remote,0,{atom,0,code},{atom,0,get_path}},[]}},"  \
	"{op,0,'orelse',"                                                                    \
	"{call,0,{remote,0,{atom,0,lists},{atom,0,suffix}},[{string,0,'OLD'},{var,0,'D'}]}," \
	"{call,0,{remote,0,{atom,0,lists},{atom,0,suffix}},[{string,0,'NEW'},{var,0,'D'}]}}]}"

/*
 *	Dir = code:root_dir() ++ "/lib/.." ++ New,
 *	true = code:add_patha(Dir),
 *	{ok, Names} = file:list_dir(Dir),
 *	[begin code:purge(M), {module, M} = code:load_abs(filename:rootname(F)) end
 *	 || N <- Names, filename:extension(N) =:= ".beam", F <- [filename:join(Dir, N)],
 *	    {ok, {M, Md5}} <- [beam_lib:md5(F)],
 *	    case code:is_loaded(M) of
 *		false -> code:get_mode() =:= embedded;
 *		_ -> M:module_info(md5) =/= Md5
 *	    end]
 */
#define ENTER                                                                                 \
	"{match,0,{var,0,'Dir'},"                                                             \
	"{op,0,'++',{call,0,{remote,0,{atom,0,code},{atom,0,root_dir}},[]},"                  \
	"{op,0,'++',{string,0,\"/lib/..\"},{string,0,'NEW'}}}},"                              \
	"{match,0,{atom,0,true},"                                                             \
	"{call,0,{remote,0,{atom,0,code},{atom,0,add_patha}},[{var,0,'Dir'}]}},"              \
	"{match,0,{tuple,0,[{atom,0,ok},{var,0,'Names'}]},"                                   \
	"{call,0,{remote,0,{atom,0,file},{atom,0,list_dir}},[{var,0,'Dir'}]}},"               \
	"{lc,0,{block,0,[{call,0,{remote,0,{atom,0,code},{atom,0,purge}},[{var,0,'M'}]},"     \
	"{match,0,{tuple,0,[{atom,0,module},{var,0,'M'}]},"                                   \
	"{call,0,{remote,0,{atom,0,code},{atom,0,load_abs}},"                                 \
	"[{call,0,{remote,0,{atom,0,filename},{atom,0,rootname}},[{var,0,'F'}]}]}}]},"        \
	"[{generate,0,{var,0,'N'},{var,0,'Names'}},"                                          \
	"{op,0,'=:=',{call,0,{remote,0,{atom,0,filename},{atom,0,extension}},[{var,0,'N'}]}," \
	"{string,0,\".beam\"}},"                                                              \
	"{generate,0,{var,0,'F'},{cons,0,{call,0,{remote,0,{atom,0,filename},{atom,0,join}}," \
	"[{var,0,'Dir'},{var,0,'N'}]},{nil,0}}},"                                             \
	"{generate,0,{tuple,0,[{atom,0,ok},{tuple,0,[{var,0,'M'},{var,0,'Md5'}]}]},"          \
	"{cons,0,{call,0,{remote,0,{atom,0,beam_lib},{atom,0,md5}},[{var,0,'F'}]},{nil,0}}}," \
	"{'case',0,{call,0,{remote,0,{atom,0,code},{atom,0,is_loaded}},[{var,0,'M'}]},"       \
	"[{clause,0,[{atom,0,false}],[],[{op,0,'=:=',"                                        \
	"{call,0,{remote,0,{atom,0,code},{atom,0,get_mode}},[]},{atom,0,embedded}}]},"        \
	"{clause,0,[{var,0,'_'}],[],[{op,0,'=/=',"                                            \
	"{call,0,{remote,0,{var,0,'M'},{atom,0,module_info}},[{atom,0,md5}]},"                \
	"{var,0,'Md5'}}]}]}]}"

/*
 * Without a folder to enter, protocols are again what their applications have. Those that did not
 * change for a while are from an older folder.
 *
 *	[begin code:purge(M), code:load_file(M) end
 *	 || {M, F} <- code:all_loaded(), is_list(F),
 *	    filename:basename(filename:dirname(F)) =:= "consolidated"]
 */
#define FORGET                                                                            \
	"{lc,0,{block,0,[{call,0,{remote,0,{atom,0,code},{atom,0,purge}},[{var,0,'M'}]}," \
	"{call,0,{remote,0,{atom,0,code},{atom,0,load_file}},[{var,0,'M'}]}]},"           \
	"[{generate,0,{tuple,0,[{var,0,'M'},{var,0,'F'}]},"                               \
	"{call,0,{remote,0,{atom,0,code},{atom,0,all_loaded}},[]}},"                      \
	"{call,0,{atom,0,is_list},[{var,0,'F'}]},"                                        \
	"{op,0,'=:=',{call,0,{remote,0,{atom,0,filename},{atom,0,basename}},"             \
	"[{call,0,{remote,0,{atom,0,filename},{atom,0,dirname}},[{var,0,'F'}]}]},"        \
	"{string,0,\"consolidated\"}}]}"

bool
protocols_in_new(const struct package *package)
{
	struct str dir = fs_join(package->fs->arena, package->dir, STR("consolidated"));

	return package_find(package, dir);
}

bool
protocols_in_old(const struct old *old)
{
	struct str last = STR("/consolidated/");

	for (size_t i = 0; i < old->artifact.entries.len; i++) {
		struct str path = old->artifact.entries.at[i].path;
		if (path.len > old->dir.len + last.len &&
			str_eq(str_head(path, old->dir.len), old->dir) &&
			str_eq((struct str){path.at + old->dir.len, last.len}, last))
			return true;
	}
	return false;
}

/* `form` with strings for OLD and NEW. It is one of the above, so it is not deep. */
static struct term
fill(struct arena *arena, const struct term *form, struct term old, struct term new)
{
	if (term_is_atom(form, STR("OLD")))
		return old;
	if (term_is_atom(form, STR("NEW")))
		return new;
	if ((form->kind != TERM_TUPLE && form->kind != TERM_LIST) || form->len == 0)
		return *form;

	struct term *items = arena_array(arena, struct term, form->len);
	for (size_t i = 0; i < form->len; i++)
		items[i] = fill(arena, &form->items[i], old, new);
	return form->kind == TERM_TUPLE ? term_tuple(arena, items, form->len)
					: term_list(arena, items, form->len);
}

/* "/releases/1.0.0/consolidated" */
static struct term
folder(struct arena *arena, struct str version)
{
	struct buf path = {.arena = arena};

	buf_printf(&path, "/releases/" STR_FMT "/consolidated", STR_ARG(version));
	return term_string(arena, buf_view(&path));
}

/* {apply, {erl_eval, exprs, [Forms, []]}} */
static struct term
instruction(struct fs *fs, struct str from, struct str to, bool enters)
{
	struct arena *arena = fs->arena;
	struct str text = enters ? STR("[" LEAVE "," ENTER "].") : STR("[" LEAVE "," FORGET "].");
	struct term forms = {0}, none = term_list(arena, NULL, 0);

	term_parse(arena, text, "protocols", OTP_OLDEST, &forms, fs->diag);
	forms = fill(arena, &forms, folder(arena, from), folder(arena, to));
	struct term arguments[] = {forms, none};
	return TERM_TUPLE(arena, term_atom(STR("apply")),
		TERM_TUPLE(arena, term_atom(STR("erl_eval")), term_atom(STR("exprs")),
			term_list(arena, arguments, 2)));
}

/*
 * Up: behind point_of_no_return, where code paths have changed. Down: at the end; nothing but the
 * end of the VM comes after it.
 */
static size_t
place(const struct term *script, enum appup_direction direction)
{
	if (direction == APPUP_UP)
		for (size_t i = 0; i < script->len; i++)
			if (term_is_atom(&script->items[i], STR("point_of_no_return")))
				return i + 1;
	if (script->len > 0 &&
		term_is_atom(&script->items[script->len - 1], STR("restart_emulator")))
		return script->len - 1;
	return script->len;
}

static struct term
insert(struct arena *arena, const struct term *script, size_t at, struct term instruction)
{
	struct term *items = arena_array(arena, struct term, script->len + 1);

	for (size_t i = 0; i < script->len; i++)
		items[i < at ? i : i + 1] = script->items[i];
	items[at] = instruction;
	return term_list(arena, items, script->len + 1);
}

/* Has the version that a script leads to consolidated this module? */
static bool
is_consolidated(const struct package *package, const struct old *to, struct str module)
{
	struct buf path = {.arena = package->fs->arena};

	buf_printf(&path, STR_FMT "/consolidated/" STR_FMT ".beam",
		STR_ARG(to ? to->dir : package->dir), STR_ARG(module));
	return to ? old_file(to, buf_view(&path)) != NULL
		  : package_find(package, buf_view(&path)) != NULL;
}

/* {load_object_code, {Lib, Vsn, Modules}} without those modules. */
static struct term
fewer_objects(const struct package *package, const struct old *to, const struct term *instruction)
{
	struct arena *arena = package->fs->arena;
	const struct term *object = &instruction->items[1];
	VEC(struct term) modules = {0};

	for (size_t i = 0; i < object->items[2].len; i++)
		if (!is_consolidated(package, to, object->items[2].items[i].atom))
			vec_push(arena, &modules, object->items[2].items[i]);
	struct term list = term_list(arena, modules.at, modules.len);
	return TERM_TUPLE(arena, instruction->items[0],
		TERM_TUPLE(arena, object->items[0], object->items[1], list));
}

/* What the applications have of consolidated protocols is not loaded: it would take the place of
 * what has been exchanged. */
static struct term
without_protocols(const struct package *package, const struct old *to, const struct term *script)
{
	struct arena *arena = package->fs->arena;
	VEC(struct term) kept = {0};

	for (size_t i = 0; i < script->len; i++) {
		struct term item = script->items[i];
		bool pair = term_is_tuple(&item, 2);
		if (pair && term_is_atom(&item.items[0], STR("load")) &&
			is_consolidated(package, to, item.items[1].items[0].atom))
			continue;
		if (pair && term_is_atom(&item.items[0], STR("load_object_code"))) {
			item = fewer_objects(package, to, &item);
			if (item.items[1].items[2].len == 0)
				continue;
		}
		vec_push(arena, &kept, item);
	}
	return term_list(arena, kept.at, kept.len);
}

static const struct old *
old_of(const struct package *package, struct str version)
{
	for (size_t i = 0; i < package->olds.len; i++)
		if (str_eq(package->olds.at[i].release.version, version))
			return &package->olds.at[i];
	return NULL;
}

/* [{Vsn, Description, Script}] */
static struct term
add_to_scripts(struct package *package, const struct term *scripts, enum appup_direction direction)
{
	struct arena *arena = package->fs->arena;
	struct str new = package->assembly->release.version;
	struct term *items = arena_array(arena, struct term, scripts->len + 1);
	bool in_new = protocols_in_new(package);

	for (size_t i = 0; i < scripts->len; i++) {
		const struct term *entry = &scripts->items[i];
		struct str version = {0};
		items[i] = *entry;
		term_text(arena, &entry->items[0], &version);
		const struct old *old = old_of(package, version);
		bool in_old = old && protocols_in_old(old);
		if (!old || (!in_old && !in_new))
			continue;
		struct term exchange = direction == APPUP_UP
					       ? instruction(package->fs, version, new, in_new)
					       : instruction(package->fs, new, version, in_old);
		struct term script = without_protocols(
			package, direction == APPUP_UP ? NULL : old, &entry->items[2]);
		items[i] = TERM_TUPLE(arena, entry->items[0], entry->items[1],
			insert(arena, &script, place(&script, direction), exchange));
	}
	return term_list(arena, items, scripts->len);
}

struct term
protocols_add(struct package *package, struct term relup)
{
	return TERM_TUPLE(package->fs->arena, relup.items[0],
		add_to_scripts(package, &relup.items[1], APPUP_UP),
		add_to_scripts(package, &relup.items[2], APPUP_DOWN));
}
