%% Makes specs of the releases that beamrelease_relx_read has found in a rebar3 project: for each NAME.yaml and, beside
%% it, what the spec names and nobody has written.
-module(beamrelease_relx).

-export([write/4]).

%% Gives more inputs. `Lib` holds the project's applications.
write(#{releases := Releases}, Manifest, Lib, Source) ->
    Folder = beamrelease_manifest:one(releases_dir, Manifest),
    Mirror = filename:join(beamrelease_manifest:one(state_dir, Manifest), "source"),
    beamrelease_files:make_dir(Folder),
    Where = #{folder => Folder, lib => Lib, source => Source, mirror => Mirror},
    case [text_of(F, Source) || R <- Releases, F <- faults(R)] of
        [] -> ok;
        Faults -> throw({faults, lists:usort(Faults)})
    end,
    Texts = [{Asked, spec(R, Where)} || #{asked := Asked} = R <- Releases],
    [beamrelease_files:write(filename:join(Folder, Name ++ ".yaml"), unicode:characters_to_binary(Text))
     || {Asked, Text} <- Texts, Name <- Asked],
    [].

file(#{name := Name}, #{folder := Folder}, Ending) ->
    filename:join(Folder, atom_to_list(Name) ++ Ending).

-spec fault(map(), string(), [term()]) -> no_return().
fault(#{source := Source}, Format, Arguments) ->
    throw({faults, [text_of({Format, Arguments}, Source)]}).

text_of({Format, Arguments}, Source) ->
    [Source, "/rebar.config: error: ", io_lib:format(Format, Arguments)].

notice(#{source := Source}, Format, Arguments) ->
    beamrelease_report:print([[Source, "/", io_lib:format(Format, Arguments)]]).

spec(Release, Where) ->
    #{name := Name, version := Version, overlay := Overlay, hooks := Hooks, extensions := Extensions} = Release,
    {Config, Notes} = config(Release, Where),
    Scripts = file(Release, Where, ".scripts"),
    beamrelease_files:remove(Scripts),
    Events = in_config(fun() -> beamrelease_relx_hooks:hooks(Hooks, Overlay, Scripts) end, Where),
    Commands = in_config(fun() -> beamrelease_relx_hooks:commands(Hooks, Extensions, Overlay, Scripts) end, Where),
    [notice(Where, F, A) || {F, A} <- Notes],
    [
        "release:\n",
        line(2, "name", atom_to_list(Name)),
        line(2, "version", Version),
        line(2, "otp", otp(Release)),
        ["  erts: ", case Release of #{include_erts := false} -> "exclude"; _ -> "include" end, "\n"],
        ["  strip: ", case Release of #{debug_info := strip} -> "true"; _ -> "false" end, "\n"],
        ["  include_src: ", atom_to_list(maps:get(include_src, Release)), "\n"],
        "  include_headers: true\n",
        "  applications:\n", [application(A, Release, Where) || A <- maps:get(applications, Release)],
        "  paths: [", lists:join(", ", [text(P) || P <- paths(Release, Where)]), "]\n",
        section("config", [line(4, K, F) || {K, F} <- Config]),
        section("hooks", [hook_lines(E, [F || {E1, F} <- Events, E1 =:= E]) || E <- lists:usort([E || {E, _} <- Events])]),
        section("commands", [line(4, C, F) || {C, F} <- Commands]),
        section("overlays", overlays(Release, Where)),
        section("checks", [["    undefined_calls: ", calls(Release), "\n"]]),
        image(Release)
    ].

%% In an image the project's own applications are in a layer of their own, as they change most often.
image(#{own := Own, applications := Applications}) ->
    case lists:sort([text(atom_to_list(Name)) || {Name, _, _, _} <- Applications, lists:member(Name, Own)]) of
        [] -> [];
        Names -> ["image:\n  own: [", lists:join(", ", Names), "]\n"]
    end.

in_config(Fun, Where) ->
    try
        Fun()
    catch
        throw:{fault, Format, Arguments} -> fault(Where, Format, Arguments)
    end.

section(_, []) -> [];
section(Key, Lines) -> ["  ", Key, ":\n", Lines].

line(Indent, Key, Value) ->
    [lists:duplicate(Indent, $\s), Key, ": ", text(Value), "\n"].

text(Value) ->
    [$", [case lists:member(C, "\"\\") of true -> [$\\, C]; false -> C end || C <- Value], $"].

hook_lines(Event, Files) ->
    ["    ", Event, ": [", lists:join(", ", [text(F) || F <- Files]), "]\n"].

%% ---- What cannot be had

%% [{Format, Arguments}], all there are.
faults(Release) ->
    #{version := Version, erts := Erts, include_erts := Include, system_libs := Libraries,
        start_scripts_for := Systems, fallen_back := FallenBack, applications := Applications} = Release,
    Others = lists:append([Systems || is_list(Systems)]) -- [unix],
    [{F, A} || {true, F, A} <- [
        {FallenBack, "the version of the release could not be found out: relx would call it 0.0.0. "
            "Is there a git repository with a tag, is the file there, does the command work?", []},
        {re:run(Version, "^[0-9A-Za-z][0-9A-Za-z._+~-]*$") =:= nomatch,
            "the version of the release is '~ts': use digits, letters and . _ + ~~ -", [Version]},
        {is_boolean(Include) andalso Erts =/= erlang:system_info(version),
            "the release asks for ERTS ~ts, and the OTP of this build has ~ts. Take {erts, ...} out, "
            "or build with that OTP (Erlang_ROOT)", [Erts, erlang:system_info(version)]},
        {Libraries =:= false andalso Include =/= false,
            "system_libs is false, but include_erts is not: a runtime needs its libraries. Say {include_erts, false}, too", []},
        {is_list(Libraries) andalso filename:absname(Libraries) =/= code:lib_dir(),
            "system_libs is ~tp; take it out, and say beam_add_release(... OTP <root>), the root of that OTP", [Libraries]},
        {Others =/= [], "include_start_scripts_for has ~tw: there is one launcher, for POSIX systems", [Others]}
    ]] ++ lists:append([included_faults(A, Release) || A <- Applications]).

%% {app, [Included]}: a release may say other than the .app file, which start scripts here go by.
included_faults({_, _, _, undefined}, _) ->
    [];
included_faults({Name, _, _, Included}, Release) ->
    Said = proplists:get_value(included_applications, app(Name, Release), []),
    [{"the release says that ~ts includes ~tw, and its .app file says ~tw; the .app file holds here. Make the two equal",
        [Name, Included, Said]} || lists:sort(Said) =/= lists:sort(Included)].

app(Name, #{places := Places}) ->
    {_, Dir, _} = lists:keyfind(Name, 1, Places),
    {ok, [{application, _, Keys}]} = file:consult(filename:join([Dir, "ebin", atom_to_list(Name) ++ ".app"])),
    Keys.

otp(#{include_erts := Root}) when is_list(Root) -> filename:absname(Root);
otp(_) -> code:root_dir().

calls(#{exref := Exref, warnings_as_errors := true}) when Exref =/= false -> "error";
calls(#{undefined_functions := false, exref := false}) -> "off";
calls(_) -> "warn".

%% ---- Applications

application({Name, Version, Start, _}, #{places := Places, goals := Goals}, _) ->
    {_, _, IsSystem} = lists:keyfind(Name, 1, Places),
    Exact = not IsSystem orelse maps:get(Name, Goals, undefined) =/= undefined,
    [
        "    - {name: ", text(atom_to_list(Name)),
        [[", version: ", text(Version)] || Exact],
        [[", start: ", atom_to_list(Start)] || Start =/= permanent],
        "}\n"
    ].

paths(#{places := Places} = Release, #{lib := Lib, mirror := Mirror} = Where) ->
    Changed = changed(Release, Where),
    Elsewhere = [filename:dirname(Dir) || {_, Dir, false} <- Places, string:prefix(Dir, Mirror ++ "/_build/") =:= nomatch],
    Changed ++ [Lib] ++ [P || P <- lists:usort(Elsewhere), P =/= Lib].

%% Applications without what exclude_apps and exclude_modules take out of them: copies, found first.
changed(#{places := Places, exclude_apps := Apps, exclude_modules := Modules} = Release, #{lib := Lib} = Where) ->
    Folder = file(Release, Where, ".lib"),
    beamrelease_files:remove(Folder),
    Done = [change(Name, published(Name, Dir, Lib), New, proplists:get_value(Name, Modules, []), Folder)
     || {Name, Dir, _} <- Places, Keys <- [app(Name, Release)],
        New <- [without(Keys, Apps, proplists:get_value(Name, Modules, []))], New =/= Keys],
    [Folder || Done =/= []].

without(Keys, Apps, Modules) ->
    [case Key of
        _ when Key =:= applications; Key =:= included_applications; Key =:= optional_applications -> {Key, Value -- Apps};
        modules -> {Key, Value -- Modules};
        _ -> {Key, Value}
    end || {Key, Value} <- Keys].

published(Name, Dir, Lib) ->
    Published = filename:join(Lib, atom_to_list(Name)),
    case filelib:is_dir(Published) of
        true -> Published;
        false -> Dir
    end.

change(Name, Dir, New, Modules, Folder) ->
    To = filename:join(Folder, atom_to_list(Name)),
    beamrelease_files:make_dir(To),
    [beamrelease_files:copy_tree(filename:join(Dir, Sub), filename:join(To, Sub), []) || Sub <- ["ebin", "include", "priv", "src"]],
    beamrelease_files:write(filename:join([To, "ebin", atom_to_list(Name) ++ ".app"]),
        unicode:characters_to_binary(io_lib:format("~tp.~n", [{application, Name, New}]))),
    [beamrelease_files:remove(filename:join([To, "ebin", atom_to_list(M) ++ ".beam"])) || M <- Modules].

%% ---- Configuration

%% {[{key of the spec, file}], notices}
config(Release, Where) ->
    Sys = sys(overlaid("sys.config", Release, Where), Release, Where),
    {Vm, Env, Notes} = vm(overlaid("vm.args", Release, Where), Release, Where),
    {Sys ++ Vm ++ Env, Notes}.

%% An overlay that puts the file where relx has it is not an overlay here.
overlaid(_, #{overlay := none}, _) ->
    none;
overlaid(Name, #{overlay := Overlay, version := Version} = Release, Where) ->
    Found = [{Kind, F} || {Kind, Ending} <- [{src, ".src"}, {plain, ""}],
        F <- [filename:join([Overlay, "releases", Version, Name ++ Ending])], filelib:is_regular(F)],
    case Found of
        [] ->
            none;
        [{Kind, File} | _] ->
            To = file(Release, Where, ".overlaid." ++ filename:basename(File)),
            {ok, Bytes} = file:read_file(File),
            beamrelease_files:write(To, Bytes),
            [file:delete(F) || {_, F} <- Found],
            file:del_dir(filename:dirname(File)),
            file:del_dir(filename:dirname(filename:dirname(File))),
            {Kind, To}
    end.

sys(Overlaid, #{sys_config := Plain, sys_config_src := Src} = Release, Where) ->
    Chosen =
        case {Overlaid, Src, Plain} of
            {{_, _}, _, _} -> Overlaid;
            {none, File, _} when is_list(File) -> {src, File};
            {none, _, File} when is_list(File) -> {plain, File};
            {none, _, false} -> none;
            {none, undefined, undefined} -> default("sys.config", [src, plain], Release);
            {none, false, undefined} -> default("sys.config", [plain], Release)
        end,
    [{"sys", named(Chosen, "sys.config", Release, Where)} || Chosen =/= none].

vm(Overlaid, #{vm_args := Plain, vm_args_src := Src} = Release, Where) ->
    Chosen =
        case {Overlaid, Src, Plain} of
            {{_, _}, _, _} -> Overlaid;
            {none, File, _} when is_list(File) -> {src, File};
            {none, _, File} when is_list(File) -> {plain, File};
            {none, _, false} -> none;
            _ -> default("vm.args", [src, plain], Release)
        end,
    case Chosen of
        none ->
            %% The one flag that relx's own vm.args sets for all.
            Own = file(Release, Where, ".vm.args"),
            beamrelease_files:write(Own, <<"+C multi_time_warp\n">>),
            {[{"vm_args", Own} || Plain =/= false], [], []};
        _ ->
            vm_args(Chosen, Release, Where)
    end.

default(Name, Kinds, #{root := Root}) ->
    Files = [{K, filename:join([Root, "config", Name ++ ending(K)])} || K <- Kinds],
    case [{K, F} || {K, F} <- Files, filelib:is_regular(F)] of
        [] -> none;
        [First | _] -> First
    end.

ending(src) -> ".src";
ending(plain) -> "".

%% By its own name in the source folder, if that tells what kind it is.
named({Kind, File}, Name, Release, Where) ->
    Origin = origin(File, Where),
    filelib:is_regular(Origin) orelse
        fault(Where, "there is no file ~ts, which is to become ~ts", [Origin, Name]),
    case {Kind, filename:extension(Origin)} of
        {src, ".src"} -> Origin;
        {plain, Other} when Other =/= ".src" -> Origin;
        _ ->
            To = file(Release, Where, "." ++ Name ++ ending(Kind)),
            {ok, Bytes} = file:read_file(Origin),
            beamrelease_files:write(To, Bytes),
            To
    end.

%% The file in the source folder that a file of the copy is one of.
origin(File, #{source := Source, mirror := Mirror}) ->
    case string:prefix(File, Mirror ++ "/") of
        nomatch ->
            File;
        Name ->
            %% What hooks have made is in the copy only.
            Origin = filename:join(Source, Name),
            case filelib:is_regular(File) andalso not filelib:is_regular(Origin) of
                true -> File;
                false -> Origin
            end
    end.

vm_args({Kind, _} = Chosen, Release, #{source := Source} = Where) ->
    File = named(Chosen, "vm.args", Release, Where),
    {ok, Bytes} = file:read_file(File),
    case beamrelease_vm_args:split(unicode:characters_to_list(Bytes)) of
        {_, []} ->
            {[{"vm_args", File}], [], []};
        {Left, Found} ->
            To = file(Release, Where, ".vm.args" ++ ending(Kind)),
            beamrelease_files:write(To, unicode:characters_to_binary(Left)),
            Env = file(Release, Where, ".env.sh"),
            Text = beamrelease_vm_args:environment(Found, File),
            Text =:= "" orelse beamrelease_files:write(Env, unicode:characters_to_binary(Text)),
            {[{"vm_args", To}], [{"env", Env} || Text =/= ""], notes(Found, beamrelease_files:relative(File, Source))}
    end.

notes(Found, File) ->
    [{"~ts:~w: note: this cookie is left out, as everybody who has a release could read it. The release makes its own; "
        "nodes that shall connect get one from RELEASE_COOKIE or RELEASE_COOKIE_FILE", [File, Line]}
     || {"-setcookie", [C | _], Line} <- Found, C =/= $$].

%% ---- Overlays

overlays(#{overlay := none}, _) ->
    [];
overlays(#{overlay := Overlay, modes := Modes} = Release, Where) ->
    Apart = file(Release, Where, ".modes"),
    beamrelease_files:remove(Apart),
    Lines = [mode_line(Overlay, Apart, Path, Mode, Where) || {Path, Mode} <- Modes],
    [["    - {from: ", text(Overlay), ", to: .}\n"] || has_something(Overlay)] ++ Lines.

has_something(Dir) ->
    {ok, Names} = file:list_dir(Dir),
    Names =/= [].

%% A file with a mode of its own is an overlay of its own. Folders are always 0755.
mode_line(Overlay, Apart, Path, Mode, Where) ->
    File = filename:join(Overlay, Path),
    To = filename:join(Apart, Path),
    case {filelib:is_dir(File), filelib:is_regular(File)} of
        {true, _} ->
            [];
        {false, true} ->
            beamrelease_files:make_dir(filename:dirname(To)),
            ok = file:rename(File, To),
            ["    - {from: ", text(To), ", to: ", text(Path), ", mode: \"0", integer_to_list(Mode band 8#777, 8), "\"}\n"];
        _ ->
            fault(Where, "overlay: {chmod, 8#~.8B, \"~ts\"} is not about a file that an overlay brings", [Mode, Path])
    end.
