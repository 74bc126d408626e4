%% Runs in rebar3's own virtual machine: what the releases of a project are, as rebar3 and relx themselves understand the
%% configuration. beamrelease_relx makes specs of it.
-module(beamrelease_relx_read).

-export([releases/2]).

%% A map for each release that was asked for; `default-release` is the one that `rebar3 release` makes.
releases(_State, #{releases := []}) ->
    [];
releases(State, #{releases := Wanted, files := Files}) ->
    Config = config(State),
    Relx = relx_state(Config),
    Declared = newest(Relx),
    Chosen = lists:usort([choose(Name, Declared, Config) || Name <- Wanted]),
    [(release(Name, Config, Relx, State, Files))#{asked => [W || W <- Wanted, choose(W, Declared, Config) =:= Name]}
     || Name <- Chosen].

fault(Format, Arguments) ->
    {ok, Dir} = file:get_cwd(),
    throw({faults, [[Dir, "/rebar.config: error: ", io_lib:format(Format, Arguments)]]}).

%% As rebar3's command `release` puts it together.
config(State) ->
    {ok, Dir} = file:get_cwd(),
    File = filename:join(Dir, "relx.config"),
    Own =
        case {rebar_state:get(State, relx, []), file:consult(File)} of
            {[], {ok, Terms}} -> Terms;
            {Terms, _} -> Terms
        end,
    {Overlays, Others} = lists:partition(fun(T) -> element(1, T) =:= overlay end, Own),
    Mode = [{mode, prod} || lists:member(prod, rebar_state:current_profiles(State))],
    Base = rebar_dir:base_dir(State),
    Files =
        case proplists:get_value(overlay_vars, Own, []) of
            [] -> [];
            [C | _] = Name when is_integer(C) -> [Name];
            Several -> Several
        end,
    Mode ++ [
        {overlay_vars_values, [{profile_string, rebar_dir:profile_dir_name(State)}]},
        {overlay_vars, [{base_dir, Base} | Files]},
        {overlay, lists:append([O || {overlay, O} <- lists:reverse(Overlays)])}
        | [T || T <- Others, not lists:member(element(1, T), [overlay_vars, default_release, output_dir])]
    ] ++ [{default_release_, R} || {default_release, R} <- Own].

relx_state(Config) ->
    guarded(fun() ->
        {ok, Relx} = rlx_config:to_state([T || T <- Config, element(1, T) =/= default_release_]),
        Relx
    end).

%% What relx objects to, in its own words.
guarded(Fun) ->
    try
        Fun()
    catch
        error:{error, {Module, Reason}} when is_atom(Module) ->
            fault("~ts", [Module:format_error(Reason)]);
        %% relx has no message for a value that it does not know.
        error:{case_clause, What}:Stack ->
            case atom_to_list(element(1, hd(Stack))) of
                "rlx_" ++ _ -> fault("relx cannot read its section: it does not know ~tP", [What, 30]);
                _ -> erlang:raise(error, {case_clause, What}, Stack)
            end
    end.

%% {Name, Version}; of several versions of a name the highest.
newest(Relx) ->
    Order = fun({_, A}, {_, B}) -> rlx_util:parsed_vsn_lte(rlx_util:parse_vsn(B), rlx_util:parse_vsn(A)) end,
    All = lists:sort(Order, lists:sort(maps:keys(rlx_state:configured_releases(Relx)))),
    Names = lists:usort([N || {N, _} <- All]),
    [lists:keyfind(N, 1, All) || N <- Names].

choose("default-release", Declared, Config) ->
    case {proplists:get_value(default_release_, Config), Declared} of
        {{Name, _}, _} -> known(Name, Declared);
        {Name, _} when is_atom(Name), Name =/= undefined -> known(Name, Declared);
        {_, [Only]} -> Only;
        {_, []} -> fault("there is no release in this project: {relx, [{release, {name, \"1.0.0\"}, [application]}]}.", []);
        {_, Several} ->
            fault("there are several releases: ~ts; say with PROJECT_RELEASE which one is meant", [names(Several)])
    end;
choose(Name, Declared, _) ->
    known(list_to_atom(Name), Declared).

known(Name, Declared) ->
    case lists:keyfind(Name, 1, Declared) of
        false -> fault("there is no release '~ts'; there are: ~ts", [Name, names(Declared)]);
        Release -> Release
    end.

names(Declared) ->
    lists:join(", ", [atom_to_list(N) || {N, _} <- Declared]).

release({Name, Version0}, Config, Relx0, State, Files) ->
    Release0 = rlx_state:get_configured_release(Relx0, Name, Version0),
    {ok, Release, Relx} = guarded(fun() -> rlx_resolve:solve_release(Release0, rlx_state:available_apps(Relx0, applications(State))) end),
    {release, _, {erts, Erts}, Specs} = rlx_release:metadata(Release),
    Get = fun(Key) -> rlx_state:Key(Relx) end,
    Version = string:trim(unicode:characters_to_list(Version0)),
    Overlay = filename:join(Files, atom_to_list(Name) ++ ".overlay"),
    #{
        name => Name,
        version => Version,
        fallen_back => Version =:= "0.0.0" andalso not is_written(Name, Config),
        erts => Erts,
        applications => [{element(1, S), element(2, S), start(S), included(S)} || S <- Specs],
        places => [{N, to_list(D), is_system(to_list(D))} || #{name := N, dir := D} <- rlx_release:applications(Release)],
        own => [binary_to_atom(rebar_app_info:name(A), utf8) || A <- rebar_state:project_apps(State)],
        goals => maps:from_list([{N, maps:get(vsn, G, undefined)} || {N, G} <- rlx_release:goals(Release)]),
        root => to_list(Get(root_dir)),
        include_erts => Get(include_erts),
        system_libs => Get(system_libs),
        include_src => Get(include_src) =:= true,
        debug_info => Get(debug_info),
        exclude_apps => Get(exclude_apps),
        exclude_modules => Get(exclude_modules),
        vm_args => Get(vm_args),
        vm_args_src => Get(vm_args_src),
        sys_config => Get(sys_config),
        sys_config_src => Get(sys_config_src),
        hooks => Get(extended_start_script_hooks),
        extensions => Get(extended_start_script_extensions),
        start_scripts_for => Get(include_start_scripts_for),
        undefined_functions => Get(check_for_undefined_functions),
        exref => Get(exref),
        warnings_as_errors => Get(warnings_as_errors),
        overlay => overlay(Release, Relx, Overlay),
        modes => modes(Release, Relx)
    }.

%% Is the version that was found the one that somebody wrote?
is_written(Name, Config) ->
    lists:any(
        fun(Term) ->
            element(1, Term) =:= release andalso is_tuple(element(2, Term)) andalso
                element(1, element(2, Term)) =:= Name andalso element(2, element(2, Term)) =:= "0.0.0"
        end,
        Config).

start({_, _, Type}) when is_atom(Type) -> Type;
start({_, _, Type, _}) -> Type;
start(_) -> permanent.

%% What the release says is included, when it does.
included({_, _, [_ | _] = Included}) -> Included;
included({_, _, []}) -> [];
included({_, _, _, Included}) -> Included;
included(_) -> undefined.

%% In the way that rebar3 describes applications to relx.
applications(State) ->
    maps:from_list(
        [application(A, project) || A <- rebar_state:project_apps(State)] ++
            [application(A, dep) || A <- rebar_state:all_deps(State)]).

application(Info, Type) ->
    #{name := Name, dir := Dir} = Map = rebar_app_info:app_to_map(Info),
    File = filename:join([Dir, "ebin", atom_to_list(Name) ++ ".app"]),
    {ok, [{application, Name, Keys}]} = file:consult(File),
    {Name, Map#{vsn => proplists:get_value(vsn, Keys), app_type => Type}}.

to_list(undefined) -> "";
to_list(Text) -> unicode:characters_to_list(iolist_to_binary([unicode:characters_to_binary(Text)])).

is_system(Dir) ->
    lists:prefix(filename:split(to_list(code:lib_dir())), filename:split(Dir)).

%% ---- Overlays

%% relx lays them out, in a folder of its own; `none` when there is nothing.
overlay(Release, Relx, Folder) ->
    Parent = Folder ++ ".d",
    Items = rlx_state:overlay(Relx),
    remove(Parent),
    remove(Folder),
    leaks(Items, Relx),
    %% Modes are for whoever writes the release; so are links, which relx makes in mode dev only.
    Files = [I || I <- Items, element(1, I) =/= chmod],
    To = rlx_state:overlay(rlx_state:base_output_dir(rlx_state:mode(Relx, prod), Parent), Files),
    guarded(fun() -> laid_out(Files, Release, To) end),
    Made = filename:join(Parent, atom_to_list(rlx_release:name(Release))),
    case filelib:is_dir(Made) of
        true ->
            ok = file:rename(Made, Folder),
            remove(Parent),
            Folder;
        false ->
            remove(Parent),
            none
    end.

%% What {chmod, Mode, Path} says. The modes of the files that were laid out say more: how careful the user's umask is.
modes(Release, Relx) ->
    case [{Mode, Path} || {chmod, Mode, Path} <- rlx_state:overlay(Relx)] of
        [] ->
            [];
        Items ->
            Variables = rlx_overlay:generate_overlay_vars(Relx, Release),
            Text = fun(Template) -> to_list(rlx_overlay:render_string(Variables, Template)) end,
            [{Text(Path), mode(Mode, Text)} || {Mode, Path} <- Items]
    end.

mode(Mode, _) when is_integer(Mode) -> Mode;
mode(Mode, Text) -> list_to_integer(Text(Mode)).

laid_out([], _, _) ->
    ok;
laid_out(_, Release, Relx) ->
    case rlx_overlay:render(Release, Relx) of
        {ok, _} -> ok;
        {error, {Module, Reason}} -> fault("~ts", [Module:format_error(Reason)])
    end.

%% A template that asks for a folder of the machine that builds would take it into the release.
leaks(Items, Relx) ->
    Root = to_list(rlx_state:root_dir(Relx)),
    Faults = [
        io_lib:format("~ts: error: the template asks for '~ts', a folder of the machine that builds, "
            "which a release that runs elsewhere has not. Take it out, or use $RELEASE_ROOT at run time",
            [filename:join(Root, From), Variable])
     || {template, From0, _} <- Items,
        From <- [to_list(From0)],
        {ok, Text} <- [file:read_file(filename:join(Root, From))],
        Variable <- asked(Text)
    ],
    Faults =:= [] orelse throw({faults, Faults}).

asked(Text) ->
    Pattern = "\\{\\{[{&]?\\s*(output_dir|target_dir|root_dir|lib_dirs|erts_dir|base_dir|vm_args|sys_config)\\s*\\}?\\}\\}",
    case re:run(Text, Pattern, [global, {capture, all_but_first, list}]) of
        {match, Found} -> lists:usort([V || [V] <- Found]);
        nomatch -> []
    end.

remove(Path) ->
    beamrelease_files:remove(Path).
