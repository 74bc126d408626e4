%% Compiles a rebar3 project, run by the build as one command with the manifest of _beam_project.cmake.
%%
%% rebar3 writes beside the sources (parsers, what hooks make, the lock file), so it works on a copy in the build tree:
%%
%%   <state>/source      the project, kept equal to the source folder; its _build has the dependencies that were fetched
%%                       into the source folder's
%%   <state>/rebar.config[.script]   REBAR_CONFIG: has beamrelease_rebar3_inside in rebar3's own virtual machine read the
%%                       project's configuration and tell, after compiling, what applications and releases there are
%%   <state>/result      what it told
%%
%% Applications are then copied to the library folder, and releases described by beamrelease_relx.
-module(beamrelease_rebar3).

-export([main/0]).

main() ->
    halt(beamrelease_report:catching(fun() -> run(init:get_plain_arguments()) end)).

run([Executable, File]) ->
    Manifest = beamrelease_manifest:read(File),
    State = beamrelease_manifest:one(state_dir, Manifest),
    Source = beamrelease_manifest:one(source_dir, Manifest),
    await_next_second(filename:join(State, "ran")),
    {_, Plugins, _} = Checkouts = checkouts(Source, State, Manifest),
    Mirrored = mirror(Source, State, Manifest),
    Fetched = bring_dependencies(Source, State, Checkouts, Manifest),
    write_config(State, Manifest),
    Output = rebar3(Executable, State, Manifest),
    beamrelease_files:write_anew(filename:join(State, "ran"), <<>>),
    Result = result(State, Output, Source, Plugins),
    Published = publish(Result, State, Source, Manifest),
    Releases = beamrelease_relx:write(Result, Manifest, Published, Source),
    show(Output, Source, State),
    Inputs = [Executable | Mirrored ++ Fetched ++ Releases ++ version_inputs(Source, Result)],
    beamrelease_files:write_depfile(
        beamrelease_manifest:one(depfile, Manifest),
        beamrelease_manifest:one(stamp, Manifest),
        lists:usort(Inputs)),
    beamrelease_files:write_anew(beamrelease_manifest:one(stamp, Manifest), <<"built\n">>).

profiles(Manifest) ->
    case beamrelease_manifest:all(rebar_profile, Manifest) of
        [] -> "prod";
        Profiles -> lists:flatten(lists:join(",", Profiles))
    end.

%% rebar3 compares times by their seconds: a source that changes in the second in which it was last compiled, it takes for
%% unchanged.
await_next_second(Ran) ->
    case filelib:last_modified(Ran) of
        0 ->
            ok;
        Time ->
            Now = calendar:local_time(),
            Time < Now orelse timer:sleep(1000)
    end.

%% ---- The copy

%% Not what builds have made: rebar3's, and this one's if it is inside.
mirror(Source, State, Manifest) ->
    Build = filename:dirname(beamrelease_manifest:one(stamp, Manifest)),
    Skip = fun(Name) ->
        lists:member(Name, ["_build", ".git", ".hg", ".rebar3", "rebar3.crashdump"]) orelse
            filename:basename(Name) =:= "CMakeFiles" orelse
            is_above(filename:join(Source, Name), Build) orelse
            filelib:is_regular(filename:join([Source, Name, "CMakeCache.txt"]))
    end,
    Mirror = filename:join(State, "source"),
    Read = beamrelease_mirror:sync(Source, Mirror, filename:join(State, "source.list"), Skip),
    link_git(Source, Mirror),
    Read.

is_above(Dir, File) ->
    string:prefix(File, Dir ++ "/") =/= nomatch.

%% Versions may come from git, which finds the repository of the source folder through this.
link_git(Source, Mirror) ->
    File = filename:join(Mirror, ".git"),
    case git_dir(Source) of
        none -> beamrelease_files:remove(File);
        Dir -> beamrelease_files:write(File, unicode:characters_to_binary(["gitdir: ", Dir, "\n"]))
    end.

git_dir(Dir) ->
    Git = filename:join(Dir, ".git"),
    case {filelib:is_dir(Git), file:read_file(Git), filename:dirname(Dir)} of
        {true, _, _} ->
            Git;
        {false, {ok, <<"gitdir: ", Path/binary>>}, _} ->
            filename:absname(string:trim(unicode:characters_to_list(Path)), Dir);
        {false, _, Dir} ->
            none;
        {false, _, Parent} ->
            git_dir(Parent)
    end.

%% What a version that comes from git depends on.
version_inputs(Source, #{uses_git := true}) ->
    case git_dir(Source) of
        none ->
            [];
        Dir ->
            Head = filename:join(Dir, "HEAD"),
            Shared = shared(Dir),
            Branch =
                case file:read_file(Head) of
                    {ok, <<"ref: ", Ref/binary>>} -> [filename:join(Shared, string:trim(unicode:characters_to_list(Ref)))];
                    _ -> []
                end,
            Tags = filename:join([Shared, "refs", "tags"]),
            [F || F <- [Head, Tags, filename:join(Shared, "packed-refs") | Branch], filelib:is_file(F)]
    end;
version_inputs(_, _) ->
    [].

%% Where branches and tags are: several working trees may have them in common.
shared(Dir) ->
    case file:read_file(filename:join(Dir, "commondir")) of
        {ok, Path} -> filename:absname(string:trim(unicode:characters_to_list(Path)), Dir);
        {error, _} -> Dir
    end.

%% ---- Dependencies

%% What rebar3 has fetched for the source folder becomes checkouts of the copy: those it takes as they are, without asking
%% the registry about them. Compiled modules stay behind, as they hold the paths of that folder. Gives what was read.
bring_dependencies(Source, State, {Deps, Tools, Built}, Manifest) ->
    Folder = filename:join([Source, "_build", "default"]),
    Read = [bring(filename:join(Folder, Kind), Names, State, Kind) || {Kind, Names} <- [{"lib", Deps}, {"plugins", Tools}]],
    [bring_built(Fields, State) || [Name | _] = Fields <- beamrelease_manifest:fields(depend, Manifest), lists:member(Name, Built)],
    lists:append(Read).

%% {dependencies, plugins, applications of this build} that become checkouts. What the project has as a checkout wins. When
%% they are others than before, all are copied anew: what one brings must not be taken away with another.
checkouts(Source, State, Manifest) ->
    Own = names(filename:join(Source, "_checkouts")),
    Built = [Name || [Name | _] <- beamrelease_manifest:fields(depend, Manifest)] -- Own,
    Deps = fetched(filename:join([Source, "_build", "default", "lib"])) -- (Own ++ Built),
    Tools = fetched(filename:join([Source, "_build", "default", "plugins"])) -- (Own ++ Built ++ Deps),
    Now = unicode:characters_to_binary(io_lib:format("~tp.~n", [{Own, Built, Deps, Tools}])),
    File = filename:join(State, "checkouts"),
    case file:read_file(File) of
        {ok, Now} ->
            ok;
        _ ->
            [beamrelease_files:remove(filename:join(State, F)) || F <- ["source/_checkouts", "lib.list", "plugins.list"]],
            beamrelease_files:write(File, Now)
    end,
    {Deps, Tools, Built}.

names(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} -> lists:sort(Names);
        {error, _} -> []
    end.

fetched(Dir) ->
    [N || N <- names(Dir), is_fetched(filename:join(Dir, N))].

bring(From, Names, State, Kind) ->
    Skip = fun(Path) -> is_unwanted(From, Path, Names) end,
    case filelib:is_dir(From) of
        true ->
            beamrelease_mirror:sync(From, filename:join([State, "source", "_checkouts"]),
                filename:join(State, Kind ++ ".list"), Skip);
        false ->
            []
    end.

%% Not an application of the project: there rebar3 has links to the sources.
is_fetched(Dir) ->
    case {file:read_link(Dir), filelib:is_dir(Dir)} of
        {{error, _}, true} ->
            {ok, Names} = file:list_dir(Dir),
            not lists:any(fun(N) -> is_link(filename:join(Dir, N)) end, Names -- (Names -- ["src", "include", "priv"]));
        _ ->
            false
    end.

is_link(Path) ->
    case file:read_link_all(Path) of
        {ok, _} -> true;
        {error, _} -> false
    end.

is_unwanted(From, Path, Names) ->
    case filename:split(Path) of
        [Name] -> not lists:member(Name, Names);
        [_, ".rebar3"] -> true;
        [Name, "ebin", File] ->
            filename:extension(File) =:= ".beam" andalso filelib:wildcard("*.erl", filename:join([From, Name, "src"])) =/= [];
        _ -> false
    end.

%% An application of this build takes the place of a dependency of that name.
bring_built([Name, Dir, _Source, _Stamp], State) ->
    To = filename:join([State, "source", "_checkouts", Name]),
    [beamrelease_files:copy_tree(filename:join(Dir, Sub), filename:join(To, Sub), []) || Sub <- ["ebin", "include"]],
    ok.

%% ---- rebar3

write_config(State, Manifest) ->
    Driver = filename:dirname(code:which(?MODULE)),
    Request = #{
        result => filename:join(State, "result"),
        lib => filename:join(State, "lib"),
        releases => beamrelease_manifest:all(release, Manifest),
        files => beamrelease_manifest:one(releases_dir, Manifest)
    },
    file:delete(filename:join(State, "result")),
    beamrelease_files:write(filename:join(State, "rebar.config"), <<>>),
    beamrelease_files:write(filename:join(State, "rebar.config.script"),
        unicode:characters_to_binary(io_lib:format(
            "true = code:add_pathz(~tp),~nbeamrelease_rebar3_inside:config(~tp).~n", [Driver, Request]))).

%% Gives its exit status and what it said.
rebar3(Executable, State, Manifest) ->
    Names = beamrelease_manifest:fields(depend, Manifest),
    Home = filename:join(State, "home"),
    beamrelease_files:make_dir(Home),
    Environment = [
        {"REBAR_BASE_DIR", filename:join([State, "source", "_build"])},
        {"REBAR_CONFIG", filename:join(State, "rebar.config")},
        {"REBAR_CACHE_DIR", filename:join(Home, "cache")},
        {"REBAR_GLOBAL_CONFIG_DIR", Home},
        {"REBAR_OFFLINE", "1"},
        {"REBAR_COLOR", "none"},
        {"REBAR_PROFILE", false},
        {"DEBUG", false}, {"DIAGNOSTIC", false}, {"QUIET", false},
        {"TERM", "dumb"},
        {"HOME", Home},
        {"PATH", filename:join(code:root_dir(), "bin") ++ ":" ++ os:getenv("PATH", "/usr/bin:/bin")},
        {"ERL_COMPILER_OPTIONS", "[deterministic]"},
        {"ERL_LIBS", lists:flatten(lists:join(":", lists:usort([filename:dirname(D) || [_, D | _] <- Names])))},
        {"GIT_OPTIONAL_LOCKS", "0"},
        {"GIT_CONFIG_COUNT", "1"}, {"GIT_CONFIG_KEY_0", "safe.directory"}, {"GIT_CONFIG_VALUE_0", "*"}
        | [environment(V) || V <- beamrelease_manifest:all(environment, Manifest)]
    ],
    Port = open_port({spawn_executable, Executable}, [
        {args, ["as", profiles(Manifest), "beamrelease"]},
        {cd, filename:join(State, "source")},
        {env, Environment},
        exit_status, stderr_to_stdout, binary, hide
    ]),
    output(Port, []).

environment(Text) ->
    [Name, Value] = string:split(Text, "="),
    {Name, Value}.

output(Port, Said) ->
    receive
        {Port, {data, Bytes}} -> output(Port, [Said, Bytes]);
        {Port, {exit_status, Status}} -> {Status, iolist_to_binary(Said)}
    end.

result(State, {Status, _} = Output, Source, Plugins) ->
    case file:consult(filename:join(State, "result")) of
        {ok, [{ok, Result}]} when Status =:= 0 ->
            Result;
        {ok, [{faults, Faults}]} ->
            show(Output, Source, State),
            throw({faults, [in_source(F, Source, State) || F <- Faults]});
        _ ->
            throw({faults, [failed(Output, Source, State, Plugins)]})
    end.

%% What rebar3 said about it, and more where that is not enough to go on.
failed({Status, Said} = Output, Source, State, Plugins) ->
    Missing = missing(Said),
    [
        lists:join("\n", worth_saying(Output, Source, State)), "\n",
        [[Source, "/rebar.config: error: the dependency '", Name, "' is not there, and nothing is fetched during a build.\n",
            "  Fetch it first: cd ", Source, " && rebar3 get-deps\n",
            "  or put it into _checkouts/, or make it an application of this build and name it in DEPENDS.\n"]
         || Name <- Missing],
        [[Source, "/rebar.config: note: the plugin '", Name, "' was not fetched; cd ", Source, " && rebar3 compile\n"]
         || Name <- missing_plugins(Said), not lists:member(Name, Plugins)],
        io_lib:format("~ts: error: rebar3 ended with status ~w", [Source, Status])
    ].

%% Packages that rebar3 looked for in vain; git repositories that it wanted to clone.
missing(Said) ->
    Patterns = [
        "Package not found in any repo: ([a-zA-Z0-9_]+)",
        "Failed to fetch and copy dep: \\{[a-z_]+,\\s*\"?[^,]*?([a-zA-Z0-9_]+)(?:\\.git)?\"",
        "Failed to fetch and copy dep: \\{pkg,<<\"([a-zA-Z0-9_]+)\">>",
        "Fetching ([a-zA-Z0-9_]+) "
    ],
    lists:usort(lists:append([captured(Said, P) || P <- Patterns])) -- missing_plugins(Said).

missing_plugins(Said) ->
    lists:usort(captured(Said, "Errors loading plugin \\{?([a-zA-Z0-9_]+)")).

captured(Said, Pattern) ->
    case re:run(Said, Pattern, [global, {capture, all_but_first, list}, unicode]) of
        {match, Found} -> [Name || [Name] <- Found];
        nomatch -> []
    end.

%% Warnings, once all is done.
show(Output, Source, State) ->
    beamrelease_report:print(worth_saying(Output, Source, State)).

%% Without the steps of a run in which nothing is wrong.
worth_saying({_, Said}, Source, State) ->
    Lines = string:split(string:trim(in_source(Said, Source, State), trailing, "\n"), "\n", all),
    {ok, [Names]} = file:consult(filename:join(State, "source.list")),
    [whole_name(L, Names, Source) || L <- Lines, L =/= "", not is_progress(L)].

%% The compiler, told to be deterministic, names files without their folders; editors want whole names.
whole_name(Line, Names, Source) ->
    case re:run(Line, "^(\\W*)([A-Za-z0-9_.@-]+\\.[a-z]+)(:.*)$", [{capture, all_but_first, list}, unicode]) of
        {match, [Before, Name, After]} ->
            case [N || N <- Names, filename:basename(N) =:= Name] of
                [One] -> [Before, filename:join(Source, One), After];
                _ -> Line
            end;
        nomatch ->
            Line
    end.

is_progress(Line) ->
    re:run(Line, "^(===> )?(Verifying dependencies|Analyzing applications|Compiling [^ ]+$|Fetching |Loading |Offline|No entry for profile prod in config)",
        [unicode]) =/= nomatch.

%% Names of the copy become those of the source.
in_source(Text, Source, State) ->
    unicode:characters_to_list(
        string:replace(unicode:characters_to_list(iolist_to_binary([unicode:characters_to_binary(Text)])),
            filename:join(State, "source"), Source, all)).

%% ---- What comes out

%% Every application as a folder of its own in the library; what is no more vanishes.
publish(#{applications := Applications}, _State, Source, Manifest) ->
    Lib = beamrelease_manifest:one(lib_dir, Manifest),
    beamrelease_files:make_dir(Lib),
    Names = [atom_to_list(Name) || #{name := Name} <- Applications],
    Provides = beamrelease_manifest:all(provides, Manifest),
    %% The default of PROVIDES, the name of the target, need not be true of a project whose releases are wanted.
    Assumed = beamrelease_manifest:all(release, Manifest) =/= [] andalso
        Provides =:= [beamrelease_manifest:one(project, Manifest)],
    case Provides -- Names of
        [] -> ok;
        _ when Assumed -> ok;
        Lacking -> throw({faults, [lacking(Name, Names, Source) || Name <- Lacking]})
    end,
    {ok, There} = file:list_dir(Lib),
    [beamrelease_files:remove(filename:join(Lib, N)) || N <- There -- Names],
    [publish_one(A, filename:join(Lib, atom_to_list(Name))) || #{name := Name} = A <- Applications],
    Lib.

lacking(Name, Names, Source) ->
    io_lib:format("~ts/rebar.config: error: PROVIDES names '~ts', which is not among the applications of this project: ~ts",
        [Source, Name, lists:join(", ", lists:sort(Names))]).

publish_one(#{dir := Out, source := Dir}, To) ->
    beamrelease_files:make_dir(To),
    [beamrelease_files:copy_tree(filename:join(From, Sub), filename:join(To, Sub), [])
     || {From, Sub} <- [{Out, "ebin"}, {Dir, "include"}, {Dir, "priv"}, {Dir, "src"}, {Dir, "c_src"}]],
    ok.
