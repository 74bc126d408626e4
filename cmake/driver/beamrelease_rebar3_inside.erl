%% Runs in rebar3's own virtual machine, so that rebar3 itself says what its configuration means: profiles, scripts,
%% dependencies, overrides. beamrelease_rebar3 has rebar3 read a configuration that begins here.
-module(beamrelease_rebar3_inside).

-export([config/1, init/1, do/1, format_error/1]).

%% The project's configuration, once this module is one of rebar3's commands.
config(Request) ->
    application:load(rebar),
    {ok, Providers} = application:get_env(rebar, providers),
    application:set_env(rebar, providers, (Providers -- [?MODULE]) ++ [?MODULE]),
    persistent_term:put(?MODULE, Request),
    {ok, Dir} = file:get_cwd(),
    rebar_config:consult(Dir).

init(State) ->
    Provider = providers:create([
        {name, beamrelease},
        {module, ?MODULE},
        {bare, true},
        {deps, [compile]},
        {opts, []},
        {short_desc, "Tells what there is"},
        {desc, "Tells what there is"}
    ]),
    {ok, rebar_state:add_provider(State, Provider)}.

do(State) ->
    #{result := File} = Request = persistent_term:get(?MODULE),
    Answer =
        try
            {ok, answer(State, Request)}
        catch
            throw:{faults, Faults} -> {faults, [lists:flatten(F) || F <- Faults]}
        end,
    ok = file:write_file(File, unicode:characters_to_binary(io_lib:format("~tp.~n", [Answer]))),
    {ok, State}.

format_error(Reason) ->
    io_lib:format("~tp", [Reason]).

answer(State, Request) ->
    Applications = [application(A) || A <- rebar_state:project_apps(State) ++ rebar_state:all_deps(State)],
    link_dependencies(State, Applications),
    #{
        applications => lists:usort(Applications),
        uses_git => uses_git(State),
        releases => beamrelease_relx_read:releases(State, Request)
    }.

application(Info) ->
    #{
        name => binary_to_atom(iolist_to_binary(rebar_app_info:name(Info)), utf8),
        dir => unicode:characters_to_list(rebar_app_info:out_dir(Info)),
        source => unicode:characters_to_list(rebar_app_info:dir(Info))
    }.

%% Dependencies are compiled as checkouts here; what names them in _build, such as an overlay, finds them all the same.
link_dependencies(State, Applications) ->
    Base = unicode:characters_to_list(rebar_dir:base_dir(State)),
    Folders = [filename:join([filename:dirname(Base), Profile, "lib"]) || Profile <- ["default", filename:basename(Base)]],
    [
        begin
            ok = filelib:ensure_dir(filename:join(Folder, "x")),
            beamrelease_files:link(Dir, filename:join(Folder, atom_to_list(Name)))
        end
     || #{name := Name, dir := Dir} <- Applications, Folder <- lists:usort(Folders),
        filename:basename(filename:dirname(Dir)) =/= "lib"
    ].

%% Whether a version may come from git.
uses_git(State) ->
    Releases = [element(2, R) || R <- rebar_state:get(State, relx, []), is_tuple(R), element(1, R) =:= release],
    lists:any(fun is_git/1, [element(2, V) || V <- Releases, tuple_size(V) >= 2]) orelse
        lists:any(fun(A) -> is_git(rebar_app_info:original_vsn(A)) end, rebar_state:project_apps(State)).

is_git({Kind, _}) -> is_git(Kind);
is_git({Kind, _, _}) -> is_git(Kind);
is_git(Kind) -> lists:member(Kind, [git, semver, "git", "semver", cmd]).
