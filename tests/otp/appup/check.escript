#!/usr/bin/env escript
%% Holds the .appup files of `beamrel appup`, which are in place, against beam_lib, systools and release_handler.
%%
%%     check.escript WORK
-mode(compile).

main([Work]) ->
    ok = file:set_cwd(Work),
    code:add_pathsz(filelib:wildcard("/usr/lib/elixir/lib/*/ebin")),
    %% What release_handler and the applications log is not the matter here.
    logger:set_primary_config(level, none),
    {ok, Text} = file:read_file("applications"),
    Apps = [list_to_atom(hd(string:lexemes(Line, " "))) || Line <- string:lexemes(binary_to_list(Text), "\n")],
    pairs(),
    [maze(App) || App <- Apps, lists:prefix("maze", atom_to_list(App))],
    live(live, [live_counter, live_handler, live_loop, live_machine, live_sup, live_switch], fun erlang_request/2,
         [counter, idle, machine, modes, bare, switch, loop, handler], fun erlang_settings/0),
    relup(live),
    [begin
         {ok, _} = application:ensure_all_started(elixir),
         live(App, ['Elixir.Live.Counter', 'Elixir.Live.Pool', 'Elixir.Live.Supervisor'], fun elixir_request/2,
              ['Elixir.Live.Counter', 'Elixir.Live.Idle', 'Elixir.Live.Store'], fun elixir_settings/0)
     end || elixir_live = App <- Apps],
    io:format("OTP ~s: ~p applications up and down again: as release_handler and the call graph want it~n",
              [erlang:system_info(otp_release), length(Apps)]).

equal(_What, Same, Same) -> ok;
equal(What, Want, Got) ->
    io:format("~tp:~n  wanted ~tp~n  got    ~tp~n", [What, Want, Got]),
    halt(1).

dir(App, Version) -> filename:absname(lists:concat(["lib/", App, "-", Version])).
ebin(App, Version) -> filename:join(dir(App, Version), "ebin").

appup(App) ->
    {ok, [{"2", [{"1", Up}], [{"1", Down}]}]} = file:consult(filename:join(ebin(App, 2), atom_to_list(App) ++ ".appup")),
    {Up, Down}.

%% --- which modules differ ---

pairs() ->
    {ok, Want} = file:consult("pairs.want"),
    {Up, Down} = appup(pairs),
    Other = lists:sort([M || {M, other} <- Want]),
    equal(pairs_up, Other, lists:sort([M || {load_module, M} <- Up])),
    equal(pairs_down, Other, lists:sort([M || {load_module, M} <- Down])),
    [equal(pairs_vary, true, lists:keymember(What, 2, Want)) || What <- [same, other]].

%% --- in which order ---

maze(App) ->
    code:add_patha(ebin(App, 1)),
    ok = application:start(App),
    Old = modules(App, 1),
    New = modules(App, 2),
    Added = New -- Old,
    Deleted = Old -- New,
    Changed = [M || M <- New -- Added, beam_lib:cmp(beam(App, 1, M), beam(App, 2, M)) =/= ok],
    Calls = edges(App, 2, New),
    OldCalls = edges(App, 1, Old),
    {ok, "2", UpScript} = release_handler:upgrade_script(App, dir(App, 2)),
    Up = steps(UpScript),
    equal({App, loaded_up}, lists:sort(Added ++ Changed), lists:sort([M || {load, M} <- Up])),
    equal({App, removed_up}, lists:sort(Deleted), lists:sort([M || {remove, M} <- Up])),
    {ok, _} = release_handler:upgrade_app(App, dir(App, 2)),
    {ok, DownScript} = release_handler:downgrade_script(App, "1", dir(App, 1)),
    Down = steps(DownScript),
    equal({App, loaded_down}, lists:sort(Deleted ++ Changed), lists:sort([M || {load, M} <- Down])),
    equal({App, removed_down}, lists:sort(Added), lists:sort([M || {remove, M} <- Down])),
    {ok, _} = release_handler:downgrade_app(App, "1", dir(App, 1)),
    %% The way down is the way up, backwards.
    [begin
         equal({App, Caller, Callee, up}, true, before(Callee, Caller, Up)),
         equal({App, Caller, Callee, down}, true, before(Caller, Callee, Down))
     end || {Caller, Callee} <- Calls, known(Caller, Up), known(Callee, Up), not reaches(Calls, Up, Callee, Caller)],
    [begin
         equal({App, Caller, Callee, deleted}, true, before(Caller, Callee, Up)),
         equal({App, Caller, Callee, back}, true, before(Callee, Caller, Down))
     end || {Caller, Callee} <- OldCalls, lists:member(Callee, Deleted), lists:member(Caller, Changed)],
    ok = application:stop(App).

modules(App, Version) ->
    lists:sort([list_to_atom(filename:basename(F, ".beam")) || F <- filelib:wildcard(ebin(App, Version) ++ "/*.beam")]).

beam(App, Version, Module) -> filename:join(ebin(App, Version), atom_to_list(Module) ++ ".beam").

edges(App, Version, Modules) ->
    [{M, Callee}
     || M <- Modules,
        {ok, {_, [{imports, Imports}]}} <- [beam_lib:chunks(beam(App, Version, M), [imports])],
        Callee <- lists:usort([C || {C, _, _} <- Imports]), Callee =/= M, lists:member(Callee, Modules)].

steps(Script) ->
    lists:flatmap(fun({load, {M, _, _}}) -> [{load, M}]; ({remove, {M, _, _}}) -> [{remove, M}]; (_) -> [] end, Script).

known(Module, Steps) -> lists:keymember(Module, 2, Steps).

before(A, B, Steps) ->
    Names = [M || {_, M} <- Steps],
    length(lists:takewhile(fun(M) -> M =/= A end, Names)) < length(lists:takewhile(fun(M) -> M =/= B end, Names)).

%% By calls among what is loaded.
reaches(Calls, Steps, From, To) ->
    G = digraph:new(),
    [begin digraph:add_vertex(G, A), digraph:add_vertex(G, B), digraph:add_edge(G, A, B) end
     || {A, B} <- Calls, known(A, Steps), known(B, Steps)],
    Path = digraph:get_path(G, From, To),
    digraph:delete(G),
    Path =/= false.

%% --- with processes that are alive ---

live(App, Suspended, Request, Names, Settings) ->
    code:add_patha(ebin(App, 1)),
    ok = application:start(App),
    App =:= live andalso (ok = gen_event:add_handler(live_events, live_handler, [])),
    Pids = pids(App),
    [equal({App, Name, start}, {1, 1}, Request(Name, add)) || Name <- Names],
    equal({App, settings, start}, [1, 1], lists:sort(Settings())),
    {ok, "2", Up} = release_handler:upgrade_script(App, dir(App, 2)),
    equal({App, suspended, up}, Suspended, suspended(Up)),
    {ok, _} = release_handler:upgrade_app(App, dir(App, 2)),
    [equal({App, Name, up}, {2, 2}, Request(Name, add)) || Name <- Names],
    equal({App, settings, up}, [2, 2], lists:sort(Settings())),
    {ok, Down} = release_handler:downgrade_script(App, "1", dir(App, 1)),
    equal({App, suspended, down}, Suspended, suspended(Down)),
    {ok, _} = release_handler:downgrade_app(App, "1", dir(App, 1)),
    [equal({App, Name, down}, {1, 2}, Request(Name, get)) || Name <- Names],
    equal({App, settings, down}, [1, 1], lists:sort(Settings())),
    {ok, _} = release_handler:upgrade_app(App, dir(App, 2)),
    [equal({App, Name, again}, {2, 2}, Request(Name, get)) || Name <- Names],
    equal({App, processes}, Pids, pids(App)),
    ok = application:stop(App).

pids(App) ->
    Top = case App of live -> live_sup; elixir_live -> 'Elixir.Live.Supervisor' end,
    lists:sort([{Id, Pid} || {Id, Pid, _, _} <- supervisor:which_children(Top)]).

suspended(Script) ->
    lists:sort(lists:append([[case M of {Name, _} -> Name; Name -> Name end || M <- Ms] || {suspend, Ms} <- Script])).

erlang_request(loop, What) -> live_loop:call(What);
erlang_request(handler, What) -> gen_event:call(live_events, live_handler, What);
erlang_request(Name, What) -> gen_server:call(list_to_atom("live_" ++ atom_to_list(Name)), What).

elixir_request('Elixir.Live.Store', What) -> apply('Elixir.Live.Store', What, []);
elixir_request(Name, What) -> gen_server:call(Name, What).

%% The intensity of a supervisor stands before its period.
intensity(Supervisor) -> element(6, sys:get_state(Supervisor)).

erlang_settings() -> [intensity(live_sup), live_numbers:version()].
elixir_settings() ->
    [intensity('Elixir.Live.Supervisor'), maps:get(max_children, sys:get_state('Elixir.Live.Pool'))].

%% --- and systools takes it, without a warning ---

relup(App) ->
    [ok = application:load(A) || A <- [sasl]],
    Versions = [{A, element(2, application:get_key(A, vsn))} || A <- [kernel, stdlib, sasl]],
    [ok = file:write_file("release" ++ V ++ ".rel",
        io_lib:format("~p.~n", [{release, {"release", V}, {erts, erlang:system_info(version)}, Versions ++ [{App, V}]}]))
     || V <- ["1", "2"]],
    Options = [{path, [ebin(App, 1), ebin(App, 2)]}, {outdir, "."}, silent],
    Made = systools:make_relup("release2", ["release1"], ["release1"], Options),
    equal(make_relup, {ok, []}, {element(1, Made), element(size(Made), Made)}).
