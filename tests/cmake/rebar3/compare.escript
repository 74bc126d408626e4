#!/usr/bin/env escript
%%! +fnu +pc unicode
%% usage: compare.escript OURS THEIRS NAME VSN
%% OURS is a release of BeamRelease, THEIRS the one that rebar3 has made of the same project. What must be equal, and each
%% difference that there is for a reason; anything else is printed, with exit status 1.
main([Ours, Theirs, Name, Vsn]) ->
    Dirs = [filename:join([D, "releases", Vsn]) || D <- [Ours, Theirs]],
    check("the .rel", [rel(D, Name) || D <- Dirs]),
    check("start.boot", [without_erlangrc(boot(D, "start.boot")) || D <- Dirs]),
    check("start.script", [without_erlangrc(hd(consult(D, "start.script"))) || D <- Dirs]),
    %% What the two others are called inside is of no use to anybody.
    check("no_dot_erlang.boot", [commands(boot(D, "no_dot_erlang.boot")) || D <- Dirs]),
    %% relx's start_clean has all applications, none of them loaded; this one has those that it starts.
    [Clean, TheirClean] = [commands(boot(D, "start_clean.boot")) || D <- Dirs],
    check("what start_clean starts", [started(Clean), started(TheirClean)]),
    check("RELEASES", [releases(D, Name, Vsn) || D <- [Ours, Theirs]]),
    check("the folders of applications", [names(filename:join(Ours, "lib")), theirs(Ours, filename:join(Theirs, "lib"))]),
    Applications = names(filename:join(Ours, "lib")),
    [check_application(filename:join([Ours, "lib", A]), filename:join([Theirs, "lib", A])) || A <- Applications],
    halt(case get(faults) of undefined -> 0; _ -> 1 end).

check(_, [Same, Same]) ->
    ok;
check(What, [Ours, Theirs]) ->
    put(faults, true),
    {A, B} = difference(Ours, Theirs),
    io:format("~ts differs~n  ours:   ~tP~n  theirs: ~tP~n", [What, A, 100, B, 100]).

%% What only one of them has, when they are lists that differ in that.
difference(Ours, Theirs) when is_list(Ours), is_list(Theirs) ->
    case {Ours -- Theirs, Theirs -- Ours} of
        {[], []} -> {Ours, Theirs};
        Differences -> Differences
    end;
difference(Ours, Theirs) ->
    {Ours, Theirs}.

consult(Dir, Name) ->
    {ok, Terms} = file:consult(filename:join(Dir, Name)),
    Terms.

%% relx leaves `permanent` out, which is what that means; and included applications that the .app file tells as well.
rel(Dir, Name) ->
    [{release, Release, Erts, Applications}] = consult(Dir, Name ++ ".rel"),
    {Release, Erts, [case A of
        {App, Vsn} -> {App, Vsn, permanent};
        {App, Vsn, Start, _} -> {App, Vsn, Start};
        _ -> A
    end || A <- Applications]}.

%% relx has the system read ~/.erlang of whoever starts it.
without_erlangrc({script, Name, Commands}) ->
    {script, Name, same_places(Commands -- [{apply, {c, erlangrc, []}}])}.

%% Without a runtime of its own, relx has $SYSTEM_LIB_DIR for OTP's applications and $ROOT/lib for the others, here it is
%% $ROOT/lib and $RELEASE_LIB.
same_places(Commands) ->
    [case C of
        {path, Paths} -> {path, [re:replace(P, "^\\$(SYSTEM_LIB_DIR|RELEASE_LIB|ROOT/lib)/", "", [{return, list}]) || P <- Paths]};
        _ -> C
    end || C <- Commands].

%% relx copies OTP's applications also when it leaves out the runtime.
theirs(Ours, Lib) ->
    case filelib:wildcard(filename:join(Ours, "erts-*")) of
        [] -> names(Lib) -- names(code:lib_dir());
        _ -> names(Lib)
    end.

boot(Dir, Name) ->
    {ok, Bytes} = file:read_file(filename:join(Dir, Name)),
    binary_to_term(Bytes).

commands({script, _, Commands}) -> same_places(Commands).

started(Commands) ->
    [C || {apply, {application, start_boot, _}} = C <- Commands].

%% relx names the folder in which it was built; release_handler takes both.
releases(Root, Name, Vsn) ->
    {ok, [[{release, Name, Vsn, Erts, Libraries, permanent}]]} = file:consult(filename:join([Root, "releases", "RELEASES"])),
    {Erts, lists:sort([{A, V} || {A, V, _} <- Libraries])}.

names(Dir) ->
    {ok, Names} = file:list_dir(Dir),
    lists:sort(Names).

%% The same modules, with the same code; the same resource file.
check_application(Ours, Theirs) ->
    check(filename:basename(Ours) ++ "/ebin", [names(filename:join(D, "ebin")) || D <- [Ours, Theirs]]),
    [App] = filelib:wildcard(filename:join([Ours, "ebin", "*.app"])),
    check(filename:basename(App), [consult(filename:join(D, "ebin"), filename:basename(App)) || D <- [Ours, Theirs]]),
    [check(filename:basename(B), [code(B), code(filename:join([Theirs, "ebin", filename:basename(B)]))])
     || B <- filelib:wildcard(filename:join([Ours, "ebin", "*.beam"]))],
    check(filename:basename(Ours) ++ "/priv", [files(filename:join(D, "priv")) || D <- [Ours, Theirs]]),
    check(filename:basename(Ours) ++ "/include", [files(filename:join(D, "include")) || D <- [Ours, Theirs]]).

files(Dir) ->
    lists:sort(filelib:fold_files(Dir, "", true, fun(F, L) -> [{string:prefix(F, Dir), element(2, file:read_file(F))} | L] end, [])).

%% beam_lib's md5 leaves out what says where it was compiled.
code(Beam) ->
    {ok, {_, Sum}} = beam_lib:md5(Beam),
    Sum.
