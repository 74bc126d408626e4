#!/usr/bin/env escript
%% Compiles what check.escript upgrades: WORK/lib/APP-{1,2}/ebin, and a line "APP OLD NEW" for each in WORK/applications.
%%
%%     make.escript WORK
-mode(compile).

-define(PAIRS, 90).
-define(MAZES, 12).

main([Work]) ->
    ok = file:set_cwd(Work),
    rand:seed(exsss, {1, 2, 3}),
    live(),
    pairs(),
    [maze(I) || I <- lists:seq(1, ?MAZES)],
    Elixir = elixir(),
    Apps = ["live", "pairs"] ++ ["maze" ++ integer_to_list(I) || I <- lists:seq(1, ?MAZES)] ++ Elixir,
    ok = file:write_file("applications",
        [[A, " lib/", A, "-1 lib/", A, "-2\n"] || A <- Apps]).

ebin(App, Version) ->
    Ebin = filename:join(["lib", App ++ "-" ++ integer_to_list(Version), "ebin"]),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    Ebin.

app(App, Version, Modules, Mod) ->
    Name = list_to_atom(App),
    Needs = [kernel, stdlib] ++ [elixir || lists:prefix("elixir", App)],
    Keys = [{description, App}, {vsn, integer_to_list(Version)}, {modules, Modules}, {registered, []},
            {applications, Needs}] ++ Mod,
    File = filename:join(ebin(App, Version), App ++ ".app"),
    ok = file:write_file(File, io_lib:format("~tp.~n", [{application, Name, Keys}])).

%% The modules in live/: one source for both versions, which the macro VSN tells apart.
live() ->
    [begin
         Files = lists:sort(filelib:wildcard("live/*.erl")),
         Modules = lists:append([compile_live(File, Version) || File <- Files]),
         app("live", Version, Modules, [{mod, {live_app, []}}])
     end || Version <- [1, 2]].

compile_live(File, Version) ->
    Only = case filename:basename(File, ".erl") of "live_gone" -> 1; "live_fresh" -> 2; _ -> Version end,
    Options = [{d, 'VSN', Version}, {outdir, ebin("live", Version)}, nowarn_deprecated_function]
        ++ [debug_info || Version =:= 2],
    [begin {ok, Module} = compile:file(File, Options), Module end || Only =:= Version].

%% --- pairs of modules that are the same, or not ---

pairs() ->
    Rows = [{I, pick(sources()), pick(options()), pick(treatments()), pick(options()), pick(treatments())}
            || I <- lists:seq(1, ?PAIRS)],
    Want = [pair(Row) || Row <- Rows],
    Modules = [M || {M, _} <- Want],
    app("pairs", 1, Modules, []),
    app("pairs", 2, Modules, []),
    ok = file:write_file("pairs.want", [io_lib:format("~p.~n", [W]) || W <- Want]).

pick(List) -> lists:nth(rand:uniform(length(List)), List).

pair({I, Source, OldOptions, OldTreatment, NewOptions, NewTreatment}) ->
    Module = list_to_atom("pair" ++ integer_to_list(I)),
    Old = OldTreatment(compile_text(Module, base(), OldOptions)),
    New = NewTreatment(compile_text(Module, Source, NewOptions)),
    ok = file:write_file(filename:join(ebin("pairs", 1), [Module, ".beam"]), Old),
    ok = file:write_file(filename:join(ebin("pairs", 2), [Module, ".beam"]), New),
    Keep = case has_attributes(Old) andalso has_attributes(New) of true -> ["Attr"]; false -> [] end,
    {ok, {_, A}} = beam_lib:strip(Old, Keep),
    {ok, {_, B}} = beam_lib:strip(New, Keep),
    {Module, try beam_lib:cmp(A, B) of ok -> same; _ -> other catch _:_ -> other end}.

has_attributes(Beam) ->
    {ok, _, Chunks} = beam_lib:all_chunks(Beam),
    lists:keymember("Attr", 1, Chunks).

compile_text(Module, Text, Options) ->
    File = atom_to_list(Module) ++ ".erl",
    ok = file:write_file(File, ["-module(", atom_to_list(Module), ").\n", Text]),
    {ok, Module, Beam} = compile:file(File, [binary, nowarn_unused_record | Options]),
    Beam.

base() -> text("", "", "{ok, [1, 2, {three, \"3\"}]}", "X + 1").

sources() ->
    [base(), base(), base(),
     text("", "\n\n", "{ok, [1, 2, {three, \"3\"}]}", "X + 1"),
     text("-author(someone).\n", "", "{ok, [1, 2, {three, \"3\"}]}", "X + 1"),
     text("-vsn(\"7\").\n", "", "{ok, [1, 2, {three, \"3\"}]}", "X + 1"),
     text("-record(unused, {field}).\n", "", "{ok, [1, 2, {three, \"3\"}]}", "X + 1"),
     text("", "", "{ok, [1, 2, {three, \"4\"}]}", "X + 1"),
     text("", "", "{ok, [1, 2, {three, \"3\"}]}", "X + 2"),
     text("", "", "{ko, [1, 2, {three, \"3\"}]}", "X + 1")].

text(Attributes, Gap, Literal, Expression) ->
    ["-export([f/1, g/1]).\n", Attributes, Gap,
     "f(Y) -> fun(X) -> ", Expression, " + Y end.\n",
     "g(L) -> [", Literal, ", lists:map(fun(X) -> {X, lists:reverse(X)} end, L)].\n"].

options() -> [[], [debug_info], [deterministic], [compressed, debug_info], [debug_info, {d, 'X'}]].

treatments() ->
    Strip = fun(Keep) -> fun(Beam) -> {ok, {_, Stripped}} = beam_lib:strip(Beam, Keep), Stripped end end,
    [fun(Beam) -> Beam end, fun(Beam) -> Beam end, Strip([]), Strip(["Attr"]),
     fun(Beam) -> {ok, {_, S}} = beam_lib:strip(Beam, ["Attr"]), zlib:gunzip(S) end].

%% --- modules that call each other as chance will have it ---

maze(I) ->
    App = "maze" ++ integer_to_list(I),
    Names = [list_to_atom(lists:concat([App, "_", J])) || J <- lists:seq(1, 4 + rand:uniform(8))],
    [First | Rest] = Names,
    %% Of each version some are not there; the first one always is.
    There = [[First | [N || N <- Rest, rand:uniform(5) > 1]] || _ <- [1, 2]],
    [begin
         [maze_module(App, Version, Name, Modules) || Name <- Modules],
         app(App, Version, Modules, [])
     end || {Version, Modules} <- lists:zip([1, 2], There)].

maze_module(App, Version, Name, Modules) ->
    Calls = [[", ", atom_to_list(M), ":f()"] || M <- Modules, M =/= Name, rand:uniform(4) =:= 1],
    %% Some do not change.
    Value = case erlang:phash2(Name, 4) of 0 -> 0; _ -> Version end,
    Beam = compile_text(Name, ["-export([f/0]).\nf() -> {", integer_to_list(Value), Calls, "}.\n"], []),
    ok = file:write_file(filename:join(ebin(App, Version), [Name, ".beam"]), Beam).

%% --- Elixir, where it is installed ---

elixir() ->
    code:add_pathsz(filelib:wildcard("/usr/lib/elixir/lib/*/ebin")),
    case application:ensure_all_started(elixir) of
        {ok, _} ->
            elixir_apply('Elixir.Code', put_compiler_option, [ignore_module_conflict, true]),
            [elixir_version(Version) || Version <- [1, 2]],
            ["elixir_live"];
        {error, _} ->
            []
    end.

elixir_version(Version) ->
    {ok, Text} = file:read_file("live.exs"),
    Source = binary:replace(Text, <<"VSN">>, integer_to_binary(Version), [global]),
    Compiled = elixir_apply('Elixir.Code', compile_string, [Source, <<"live.exs">>]),
    [ok = file:write_file(filename:join(ebin("elixir_live", Version), [Module, ".beam"]), Beam)
     || {Module, Beam} <- Compiled],
    app("elixir_live", Version, [M || {M, _} <- Compiled], [{mod, {'Elixir.Live.Application', []}}]).

elixir_apply(M, F, A) -> apply(M, F, A).
