%% The .app file, from the .app.src if there is one and from what was compiled.
-module(beamrelease_app).

-export([write/4]).

%% Writes ebin/NAME.app (and NAME.appup); gives the files that were read.
write(Manifest, Ebin, Modules, Applications) ->
    Source = beamrelease_manifest:one(source_dir, Manifest),
    Text = beamrelease_manifest:one(application, Manifest),
    Name = list_to_atom(Text),
    File = filename:join([Source, "src", Text ++ ".app.src"]),
    {Keys, Read} =
        case filelib:is_regular(File) of
            true -> {consult(File, Name), [File]};
            false -> {generated(Name, Manifest, Applications), []}
        end,
    Complete = keys(
        [
            {vsn, version(Keys, Manifest, File)},
            {modules, Modules},
            {applications, applications(Keys, Manifest)}
        ],
        Keys),
    check_start(Complete, Modules, Name, Read, Source),
    beamrelease_files:write(
        filename:join(Ebin, Text ++ ".app"),
        unicode:characters_to_binary(io_lib:format("~tp.~n", [{application, Name, Complete}]))),
    Read ++ appup(filename:join([Source, "src", Text ++ ".appup"]), Ebin).

consult(File, Name) ->
    case file:consult(File) of
        {ok, [{application, Name, Keys}]} when is_list(Keys) ->
            Keys;
        {ok, [{application, Other, _}]} ->
            fault(File,
                "describes the application ~tp, not ~tp. Give beam_add_application NAME ~tp, or rename the file.",
                [Other, Name, Other]);
        {ok, _} ->
            fault(File, "must hold one term, {application, ~tp, [...]}", [Name]);
        {error, {Line, Module, Reason}} ->
            throw({faults, beamrelease_report:format(error, [{File, [{Line, Module, Reason}]}])});
        {error, Reason} ->
            fault(File, "~ts", [file:format_error(Reason)])
    end.

%% Convention: NAME_app starts the application NAME.
generated(Name, Manifest, Applications) ->
    Start =
        case beamrelease_manifest:one(start_module, Manifest, none) of
            none ->
                Conventional = list_to_atom(atom_to_list(Name) ++ "_app"),
                [Conventional || lists:member(Conventional, Applications)];
            Given ->
                [list_to_atom(Given)]
        end,
    [
        {description, beamrelease_manifest:one(description, Manifest, "")},
        {vsn, ""},
        {modules, []},
        {registered, []},
        {applications, []},
        {env, []}
    ] ++ [{mod, {Module, []}} || Module <- Start].

keys(New, Keys) ->
    lists:foldl(fun({Key, Value}, Acc) -> lists:keystore(Key, 1, Acc, {Key, Value}) end, Keys, New).

%% VERSION of the call; else the one in the .app.src; else the project's.
version(Keys, Manifest, File) ->
    Written = proplists:get_value(vsn, Keys, ""),
    case [V || V <- [beamrelease_manifest:one(version, Manifest, ""), Written,
                     beamrelease_manifest:one(project_version, Manifest, "")],
               is_list(V), V =/= ""] of
        [Version | _] -> Version;
        [] -> fault(File, "says no version (vsn is ~tp). Give beam_add_application VERSION, or project() one.", [Written])
    end.

applications(Keys, Manifest) ->
    Included = proplists:get_value(included_applications, Keys, []),
    Wanted = [list_to_atom(A) || A <- beamrelease_manifest:all(requires, Manifest)],
    unique([kernel, stdlib] ++ proplists:get_value(applications, Keys, []) ++ (Wanted -- Included), []).

unique([A | Rest], Seen) ->
    case lists:member(A, Seen) of
        true -> unique(Rest, Seen);
        false -> unique(Rest, [A | Seen])
    end;
unique([], Seen) ->
    lists:reverse(Seen).

check_start(Keys, Modules, Name, Read, Source) ->
    case proplists:get_value(mod, Keys) of
        {Module, _} when is_atom(Module), Module =/= [] ->
            lists:member(Module, Modules) orelse
                fault(hd(Read ++ [Source]), "~tp starts with the module ~tp (key mod), which has no source", [Name, Module]);
        _ ->
            ok
    end.

%% A hand-written upgrade belongs beside the .app.
appup(File, Ebin) ->
    To = filename:join(Ebin, filename:basename(File)),
    case file:read_file(File) of
        {ok, Bytes} ->
            beamrelease_files:write(To, Bytes),
            [File];
        {error, enoent} ->
            beamrelease_files:remove(To),
            [];
        {error, Reason} ->
            fault(File, "~ts", [file:format_error(Reason)])
    end.

-spec fault(file:filename(), string(), list()) -> no_return().
fault(File, Format, Arguments) ->
    throw({faults, [[File, ": error: ", io_lib:format(Format, Arguments)]]}).
