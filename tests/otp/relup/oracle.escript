#!/usr/bin/env escript
%% -*- erlang -*-
%%! +A 1
%% usage: oracle.escript WORK ERTS SEEDS
%% Writes one folder for each case into WORK/cases: releases with .appup files, the options of `beamrel relup` in `args`,
%% and in want/ what systools:make_relup of this OTP makes of it:
%%   want/relup      when it succeeds
%%   want/class      "ok", "crash" when systools falls over, or the name of the error
%%   want/words      what the message must mention
%%   want/warnings   the names of the warnings, sorted
%% SEEDS is how many random cases are made.
%%
%% Where dependencies leave the order of modules free, systools' answer changes from run to run. Then it is asked again
%% with more dependencies, so many that only one order is left: that of the .appup. The two answers must have the same
%% instructions, and the second one is what is wanted.
-mode(compile).

-export([main/1]).

main([Work, Erts, Seeds]) ->
    ok = io:setopts([{encoding, unicode}]),
    put(erts, Erts),
    Cases = hand_made() ++ faults(),
    Names = [Name || #{name := Name} <- Cases],
    [] = Names -- lists:usort(Names),
    [true = make(Work, Case) || Case <- Cases],
    Random = random_cases(Work, 1, list_to_integer(Seeds)),
    ok = file:write_file(filename:join(Work, "list"), [[Name, $\n] || Name <- Names ++ Random]).

%% As many as wanted of those that can be compared.
random_cases(_, _, 0) -> [];
random_cases(Work, Seed, Left) ->
    Case = #{name := Name} = random(Seed),
    case make(Work, Case) of
        true -> [Name | random_cases(Work, Seed + 1, Left - 1)];
        false -> random_cases(Work, Seed + 1, Left)
    end.

%%% --- making a case, and asking systools ---
%% A case: name; apps [{App, Vsn, [Module]} | {App, Vsn, [Module], [what it uses]}]; rels [{File, Vsn, [{App, Vsn} | {App, Vsn, Type}], Options}], the new one
%% first; appups [{App, {Vsn, Up, Down}}], of the version in the new release; up, down: [File | {File, Description}];
%% options of systools; files: more of them.

make(Work, Case = #{name := Name}) ->
    Dir = filename:join([Work, "cases", Name]),
    ok = filelib:ensure_dir(filename:join([Dir, "want", "x"])),
    ok = file:set_cwd(Dir),
    write_inputs(Case),
    Up = maps:get(up, Case, ["old"]),
    Down = maps:get(down, Case, ["old"]),
    Options = maps:get(options, Case, []),
    write("args", {text, [[A, $\n] || A <- ["relup", "--rel", "new.rel", "--lib=lib", "--output", "out"]
                                          ++ bases("--up-from=", Up) ++ bases("--down-to=", Down)
                                          ++ lists:map(fun option/1, Options)]}),
    Answer = ask(Up, Down, Options),
    {Class, Words, Warnings} = classify(Answer),
    write("want/class", {text, [Class, $\n]}),
    write("want/words", {text, [[W, $\n] || W <- Words]}),
    write("want/warnings", {text, [[W, $\n] || W <- lists:usort(Warnings)]}),
    settle(Case, Up, Down, Answer).

option(restart_emulator) -> "--restart-emulator";
option(warnings_as_errors) -> "--warnings-as-errors".

bases(Option, Bases) ->
    lists:append([case Base of
                      {File, Description} -> [[Option, File, ".rel"], ["--description=", Description]];
                      File -> [[Option, File, ".rel"]]
                  end || Base <- Bases]).

write_inputs(Case = #{apps := Apps, rels := [{_, _, TopApps, _} | _] = Rels}) ->
    [write_app(App) || App <- Apps ++ [{A, "1", []} || A <- [kernel, stdlib, sasl]]],
    [write(File ++ ".rel", {release, {"system", Vsn}, {erts, proplists:get_value(erts, Options, get(erts))},
                            [{A, "1"} || A <- [kernel, stdlib]] ++ proplists:get_value(sasl, Options, [{sasl, "1"}])
                            ++ RelApps})
     || {File, Vsn, RelApps, Options} <- Rels],
    [write(appup_file(App, TopApps), Appup) || {App, Appup} <- maps:get(appups, Case, [])],
    [write(File, Content) || {File, Content} <- maps:get(files, Case, [])].

write_app({App, Vsn, Modules}) -> write_app({App, Vsn, Modules, []});
write_app({App, Vsn, Modules, Uses}) ->
    write(filename:join(folder(App, Vsn), [App, ".app"]),
          {application, App, [{description, ""}, {vsn, Vsn}, {modules, Modules}, {registered, []},
                              {applications, [A || A <- [kernel, stdlib], App =/= kernel, App =/= A] ++ Uses}]}).

folder(App, Vsn) ->
    filename:join(["lib", atom_to_list(App) ++ "-" ++ Vsn, "ebin"]).

appup_file(App, RelApps) ->
    [Vsn] = [element(2, A) || A <- RelApps, element(1, A) =:= App],
    filename:join(folder(App, Vsn), atom_to_list(App) ++ ".appup").

write(File, Content) ->
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, case Content of
                                   {text, Text} -> unicode:characters_to_binary(Text);
                                   Term -> unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tp.~n", [Term]))
                               end).

ask(Up, Down, Options) ->
    try systools:make_relup("new", Up, Down, [silent, {outdir, "want"}, {path, ["lib/*/ebin"]} | Options])
    catch error:_ -> crash
    end.

classify({ok, _, systools_relup, Warnings}) ->
    {"ok", [], [name(W) || W <- Warnings]};
classify({error, systools_relup, {no_relup, File, _, Vsn}}) -> {"no_relup", [filename:basename(File), Vsn], []};
classify({error, systools_relup, {file_problem, {_, {ok, _}}}}) -> {"file_problem", [], []};
classify({error, systools_relup, {file_problem, {File, {error, {parse, _, _}}}}}) -> {"parse", [filename:basename(File)], []};
classify({error, systools_relup, {file_problem, {File, _}}}) -> {"file_problem", [filename:basename(File)], []};
classify({error, systools_relup, {missing_sasl, _}}) -> {"missing_sasl", [], []};
classify({error, systools_relup, {warnings_treated_as_errors, Ws}}) ->
    {"warnings_treated_as_errors", [["[", name(W), "]"] || W <- Ws], []};
classify({error, systools_make, [{error_reading, {App, {Class, _}}} | _]}) -> {atom_to_list(Class), [atom_to_list(App)], []};
classify({error, systools_rc, Reason}) ->
    case is_tuple(Reason) andalso lists:member(element(1, Reason), [function_clause, badarg, case_clause, if_clause, badmatch]) of
        true -> {"crash", [], []};
        false -> {name(Reason), words(Reason), []}
    end;
classify(crash) -> {"crash", [], []}.

name(Name) when is_atom(Name) -> atom_to_list(Name);
name(Tuple) -> atom_to_list(element(1, Tuple)).

words({Pair, Modules}) when Pair =:= suspended_not_resumed; Pair =:= resumed_not_suspended; Pair =:= start_not_stop;
                            Pair =:= stop_not_start ->
    [io_lib:format("~tw", [M]) || M <- Modules];
words({conflicting_versions, Lib, V1, V2}) -> [atom_to_list(Lib), V1, V2];
words({_, What}) -> [io_lib:format("~0tp", [What])];
words(_) -> [].

%%% --- one order out of many ---

settle(Case, Up, Down, {ok, {Vsn, Ups, Downs} = Relup, _, _}) ->
    try {Vsn, [settle_way(Case, up, Base, Way) || {Base, Way} <- lists:zip(lists:reverse(Up), Ups)],
         [settle_way(Case, down, Base, Way) || {Base, Way} <- lists:zip(lists:reverse(Down), Downs)]} of
        Relup -> true;
        Settled -> write("want/relup", Settled), true
    catch throw:no_single_order -> false
    end;
settle(_, _, _, _) -> true.

%% What systools says of one base when all dependencies are there that the order of the .appup asks for.
settle_way(Case = #{rels := [{_, _, TopApps, _} | _]}, Mode, Base, Way) ->
    File = case Base of {F, _} -> F; F -> F end,
    Scripts = scripts(Case, Mode, File),
    case more_edges(Scripts) of
        [] -> Way;
        Edges ->
            Changed = [{App, lists:foldl(fun({{A, N}, M}, S) when A =:= App -> depend(S, N, M); (_, S) -> S end, Script, Edges)}
                       || {{App, Script}, _} <- Scripts, is_atom(App)],
            [write(appup_file(App, TopApps), appup(Mode, old_version(Case, File, App), Script)) || {App, Script} <- Changed],
            Options = [noexec, {path, ["lib/*/ebin"]} | maps:get(options, Case, []) -- [warnings_as_errors]],
            {ok, {_, Ups, Downs}, _, _} = systools:make_relup("new", [Base || Mode =:= up], [Base || Mode =:= down], Options),
            [write(appup_file(App, TopApps), Appup) || {App, Appup} <- maps:get(appups, Case)],
            [Other] = Ups ++ Downs,
            true = same_instructions(Way, Other),
            write("want/several_orders", Edges),
            Other
    end.

appup(up, Vsn, Script) -> {"x", [{Vsn, Script}], []};
appup(down, Vsn, Script) -> {"x", [], [{Vsn, Script}]}.

same_instructions({Vsn, Description, A}, {Vsn, Description, B}) ->
    lists:sort([sorted(I) || I <- A]) =:= lists:sort([sorted(I) || I <- B]).

sorted({Name, List}) when is_list(List) -> {Name, lists:sort(List)};
sorted({Name, Mode, List}) when is_list(List) -> {Name, Mode, lists:sort(List)};
sorted({load_object_code, {Lib, Vsn, List}}) -> {load_object_code, Lib, Vsn, lists:sort(List)};
sorted(Other) -> Other.

old_version(#{rels := Rels}, File, App) ->
    {_, _, Apps, _} = lists:keyfind(File, 1, Rels),
    element(2, lists:keyfind(App, 1, Apps)).

%% [{{App | {add, App}, Script}, modules that instructions about applications bring}] in the order of systools.
scripts(Case = #{rels := [{_, _, TopApps, _} | _] = Rels, appups := Appups}, Mode, File) ->
    {_, _, BaseApps, _} = lists:keyfind(File, 1, Rels),
    {From, To} = case Mode of up -> {BaseApps, TopApps}; down -> {TopApps, BaseApps} end,
    Modules = fun(App) -> modules(Case, App, To) end,
    Added = [{{{add, element(1, A)}, [{add_application, element(1, A)}]}, Modules} || A <- To,
             not lists:keymember(element(1, A), 1, From)],
    Release = systools_make:get_release("new", ["lib/kernel-1/ebin" | filelib:wildcard("lib/*/ebin")]),
    Ordered = [App || {{App, _}, _} <- element(3, Release)],
    Added ++ [{{App, script(Mode, lists:keyfind(App, 1, Appups), Vsn)}, Modules}
              || App <- Ordered, A <- BaseApps, element(1, A) =:= App, Vsn <- [element(2, A)],
                 Vsn =/= element(2, lists:keyfind(App, 1, TopApps))].

script(Mode, {_, {_, Up, Down}}, Vsn) ->
    {ok, Script} = systools_relup:appup_search_for_version(Vsn, case Mode of up -> Up; down -> Down end),
    Script.

modules(#{apps := Apps}, App, RelApps) ->
    case lists:keyfind(App, 1, RelApps) of
        false -> [];
        Entry -> hd([element(3, A) || A <- Apps, element(1, A) =:= App, element(2, A) =:= element(2, Entry)])
    end.

%% [{{App, Place of the instruction}, Module}]: who must depend on what else, so that there is one order only.
more_edges(Scripts) ->
    Vertices = number(lists:append([lists:append([vertices(App, N, I, Modules) || {N, I} <- number(Script)])
                                    || {{App, Script}, Modules} <- Scripts])),
    G = digraph:new(),
    [digraph:add_vertex(G, M, {N, Place}) || {N, {M, _, Place}} <- Vertices],
    [digraph:add_edge(G, M, D) || {_, {M, Ds, _}} <- Vertices, D <- Ds],
    Edges = lists:append([chain(G, order(G, C)) || C <- digraph_utils:components(G)]),
    digraph:delete(G),
    Edges.

number(List) -> lists:zip(lists:seq(1, length(List)), List).

vertices(_, _, I, Modules) when element(1, I) =:= add_application; element(1, I) =:= restart_application ->
    [{M, [], made} || M <- Modules(element(2, I))];
vertices(App, N, I, _) when is_tuple(I) ->
    case lists:member(element(1, I), [update, load_module, add_module, delete_module]) of
        true -> [{element(2, I), dependencies(I), {App, N}}];
        false -> []
    end;
vertices(_, _, _, _) -> [].

dependencies(I) when tuple_size(I) =:= 2 -> [];
dependencies(I) ->
    case element(tuple_size(I), I) of
        L when is_list(L) -> L;
        _ -> []
    end.

%% The strong components of a weak one, dependents first, else in the order of the script.
order(G, Component) ->
    Strong = [lists:sort([{place(G, M), M} || M <- S])
              || S <- digraph_utils:strong_components(G), lists:member(hd(S), Component)],
    order(G, lists:sort(Strong), []).

order(_, [], Done) -> lists:reverse(Done);
order(G, Left, Done) ->
    [First | _] = [S || S <- Left, not lists:any(fun(O) -> O =/= S andalso edge(G, O, S) end, Left)],
    order(G, Left -- [First], [First | Done]).

place(G, M) -> element(1, element(2, digraph:vertex(G, M))).

edge(G, A, B) ->
    lists:any(fun({_, M}) -> lists:any(fun({_, D}) -> lists:member(D, digraph:out_neighbours(G, M)) end, B) end, A).

chain(G, [A, B | Rest]) ->
    case edge(G, A, B) of
        true -> chain(G, [B | Rest]);
        false -> [{source(G, A), element(2, hd(B))} | chain(G, [B | Rest])]
    end;
chain(_, _) -> [].

source(G, Strong) ->
    case [P || {_, M} <- Strong, P <- [element(2, element(2, digraph:vertex(G, M)))], is_tuple(P)] of
        [Place | _] -> Place;
        [] -> throw(no_single_order)
    end.

depend(Script, N, M) ->
    {Before, [I | After]} = lists:split(N - 1, Script),
    Before ++ [depend(I, M) | After].

depend({update, A, supervisor}, M) ->
    {update, A, static, default, {advanced, []}, brutal_purge, brutal_purge, [M]};
depend(I, M) ->
    case dependencies(I) of
        [] when tuple_size(I) =:= 2; element(tuple_size(I), I) =/= [] -> erlang:append_element(I, [M]);
        Ds -> setelement(tuple_size(I), I, Ds ++ [M])
    end.

%%% --- hand-made ---

%% One application, 1 to 2 and back.
one(Name, Up, Down) ->
    #{name => Name,
      apps => [{a, "1", [m1, m2, m3, m4, m5]}, {a, "2", [m1, m2, m3, m4, m6]}],
      rels => [{"new", "2", [{a, "2"}], []}, {"old", "1", [{a, "1"}], []}],
      appups => [{a, {"2", [{"1", Up}], [{"1", Down}]}}]}.

one(Name, Script) -> one(Name, Script, Script).

hand_made() ->
    Brutal = brutal_purge,
    Soft = soft_purge,
    [one("nothing", []),
     one("s_load1", [{load_module, m1}]),
     one("s_load2", [{load_module, m2}, {load_module, m1}]),
     one("s_chain", [{load_module, m1, [m2]}, {load_module, m2, [m3]}, {load_module, m3}]),
     one("s_chain_back", [{load_module, m3}, {load_module, m2, [m3]}, {load_module, m1, [m2]}]),
     one("s_sup", [{update, m1, supervisor}, {update, m2, {advanced, x}, [m1]},
                   {update, m3, static, 5000, {advanced, [y]}, Soft, Brutal, [m2]}]),
     one("s_upd", [{update, m1}, {update, m2, soft}, {update, m3, 3000, {advanced, e}, Soft, Brutal, []},
                   {update, m4, static, infinity, soft, Brutal, Soft, []}]),
     one("s_upd_deps", [{update, m1, [m2, m3]}, {update, m2, {advanced, "x"}, [m4]}, {update, m3, soft, Soft, Soft, [m4]},
                        {update, m4, dynamic, default, {advanced, #{}}, Soft, Soft, []}]),
     one("s_load_long", [{load_module, m1, Soft, Brutal, [m2]}, {load_module, m2, Brutal, Soft, []}]),
     one("s_addmod", [{add_module, m6}, {load_module, m1, [m6]}], [{delete_module, m6}, {load_module, m1, [m6]}]),
     one("s_delmod", [{load_module, m1}, {delete_module, m5, [m1]}], [{add_module, m5, [m1]}, {update, m1}]),
     one("s_restart", [{restart_application, a}, {apply, {m, f, [1]}}]),
     one("s_restart_dep", [{apply, {m, f, [1]}}, {restart_application, a}], [{update, m1, [m2]}, {delete_module, m6, [m1]},
                                                                              {load_module, m2}]),
     one("s_low", [{load_object_code, {a, "2", [m1, m2]}}, {apply, {x, before, []}}, point_of_no_return,
                   {suspend, [m1, {m2, 50}]}, {load, {m1, Brutal, Soft}}, {load, {m2, Soft, Soft}}, {code_change, up, [{m1, x}]},
                   {code_change, [{m2, y}]}, {resume, [m2, m1]}, {stop, [m3]}, {remove, {m5, Soft, Brutal}}, {purge, [m5]},
                   {start, [m3]}, {sync_nodes, id, [n@h]}, {sync_nodes, [1], {m, f, [[]]}}, {apply, {x, y, [a | b]}}],
         [{load_object_code, {a, "1", [m1]}}, {load, {m1, Brutal, Brutal}}]),
     one("s_late_code", [{apply, {a, b, []}}, point_of_no_return, {load, {m1, Soft, Soft}}, {load_object_code, {a, "2", [m1]}},
                         {load_module, m2}]),
     one("s_point_first", [point_of_no_return, {load_module, m1}]),
     one("s_point_last", [{apply, {a, b, []}}, {load_object_code, {a, "x", []}}, point_of_no_return]),
     one("s_merge", [{load_object_code, {b, "7", [x, y, x]}}, {load_object_code, {a, "2", [m1, z]}}, {load_object_code, {b, "7", [y, w]}},
                     {apply, {x, y, []}}, point_of_no_return, {load_module, m1}, {load_module, m2}, {load_object_code, {b, "7", [x]}}],
         [{load_object_code, {b, "7", [x, y, x]}}, {load_object_code, {b, "7", []}}]),
     one("s_mixorder", [{load_module, m1, [m3]}, {apply, {x, y, []}}, {load_module, m2}, {apply, {x, z, []}}, {update, m3}]),
     one("s_diamond", [{load_module, m4}, {update, m1, [m3, m2]}, {load_module, m3, [m4]}, {load_module, m2, [m4]}]),
     one("s_cycle", [{load_module, m1, [m2]}, {update, m2, [m1]}, {load_module, m4, [m1]}, {load_module, m3, [m3, m2]}]),
     one("s_twice", [{load_module, m1, [m2, m2]}, {load_module, m2}]),
     one("s_nested", [[{load_module, m1, Brutal, Brutal, []}, {apply, {a, b, []}}], [], {load_module, m2}]),
     one("s_rne", [{load_module, m1}, restart_new_emulator, {load_module, m2}]),
     one("s_re", [restart_emulator, {load_module, m1}, restart_emulator, {load_module, m2}]),
     one("s_both", [restart_emulator, restart_new_emulator, restart_new_emulator]),
     one("s_words", [restart, reboot]),
     one("s_unicode", [{apply, {'ö', 'Łódź', ["ä€", <<"ö"/utf8>>, 1.5, #{a => b}]}}, {update, m1, {advanced, 'nö'}}]),
     one("s_big", [{update, m1, 123456789012345678901234567890, soft, Brutal, Brutal, []}]),
     (one("s_option", [{load_module, m1}, restart_new_emulator]))#{options => [restart_emulator]},
     (one("s_bad_vsn", [{load_module, m1}]))#{appups => [{a, {"3", [{"1", []}], [{"1", []}]}}]},
     (one("s_bad_vsn_error", []))#{appups => [{a, {"3", [{"1", []}], [{"1", []}]}}], options => [warnings_as_errors]},
     (one("s_odd_entries", []))#{appups => [{a, {"2", [x, {y}, {"9", []}, {"1", [{load_module, m1}]}, {"1", []}], [{1, []}, {"1", []}]}}],
                                 warnings => ignore},
     (one("s_up_only", [{load_module, m1}], []))#{down => []},
     (one("s_nothing_asked", [{load_module, m1}], []))#{up => [], down => []},
     releases("r_addrem", [{b, "2"}, {c, "1"}], [{d, "1"}, {b, "1"}]),
     releases("r_addload", [{b, "2"}, {c, "1", load}, {a, "1", none}], [{d, "1", load}, {b, "1"}]),
     releases("r_types", [{c, "1", transient}, {a, "1", temporary}], [{b, "1", none}, {d, "1", load}]),
     releases("r_restart_type", [{a, "2", load}, {b, "2"}], [{a, "1"}, {b, "1", temporary}]),
     releases("r_same", [{a, "1"}], [{a, "1"}]),
     multi(), across("s_across", [{a, "2"}, {b, "2"}, {c, "2"}], [{b, "1"}, {a, "1"}, {c, "1"}]),
     across("s_across_back", [{c, "2"}, {b, "2"}, {a, "2"}], [{c, "1"}, {b, "1"}, {a, "1"}]),
     across("s_across_uses", [{d, "2"}, {c, "2"}, {b, "2"}, {a, "2"}], [{a, "1"}, {b, "1"}, {d, "1"}, {c, "1"}]),
     across("s_across_added", [{e, "2"}, {a, "2"}, {b, "2"}, {c, "2"}], [{a, "1"}, {b, "1"}, {c, "1"}, {e, "1"}]),
     (releases("r_erts", [{a, "2"}], [{a, "1"}]))#{rels => [{"new", "2", [{a, "2"}], []}, {"old", "1", [{a, "1"}], [{erts, "13.0"}]}]},
     (releases("r_erts_re", [{a, "2"}], [{a, "1"}]))#{rels => [{"new", "2", [{a, "2"}], []}, {"old", "1", [{a, "1"}], [{erts, "13.0"}]}],
                                                       options => [restart_emulator]},
     (releases("r_erts_warnings", [{a, "2"}], [{a, "1"}]))#{rels => [{"new", "2", [], []}, {"old", "1", [], [{erts, "13.0"}]}],
                                                             appups => [], options => [warnings_as_errors]},
     pre_r15("r_r15", "2.1", []),
     pre_r15("r_r15_option", "10.1", [restart_emulator]),
     pre_r15("r_r16", "2.2", [])].

releases(Name, New, Old) ->
    #{name => Name,
      apps => [{a, "1", [a1, a2]}, {a, "2", [a1, a3]}, {b, "1", [b1]}, {b, "2", [b1, b2]}, {c, "1", [c2, c1]}, {d, "1", [d1]}],
      rels => [{"new", "2", New, []}, {"old", "1", Old, []}],
      appups => [Appup || {App, _} = Appup <- [{a, {"2", [{<<".">>, [{restart_application, a}]}], [{<<"[0-9]">>, [{restart_application, a}]}]}},
                                               {b, {"2", [{"1", [{add_module, b2}, {update, b1}]}], [{"1", [{load_module, b1}, {delete_module, b2}]}]}}],
                          {A, "2"} <- [{element(1, R), element(2, R)} || R <- New], A =:= App]}.

%% Modules that depend on those of other applications, and applications that use later ones; e brings f.
across(Name, New, Old) ->
    Both = fun(Script) -> {"2", [{"1", Script}], [{"1", Script}]} end,
    Added = lists:keymember(e, 1, New),
    #{name => Name,
      apps => [{a, "1", [a1, a2]}, {a, "2", [a1, a2]}, {b, "1", [b1]}, {b, "2", [b1]}, {c, "1", [c1, c2]}, {c, "2", [c1, c2]},
               {d, "1", [d1], [c]}, {d, "2", [d1], [c, a]}, {e, "1", [e1]}, {e, "2", [e1], [f]}, {f, "1", [f1]}],
      rels => [{"new", "2", New ++ [{f, "1"} || Added], []}, {"old", "1", Old, []}],
      down => [Base || Base <- ["old"], not Added],
      appups => [Appup || {App, _} = Appup <- [{a, Both([{update, a1, [c1]}, {load_module, a2, [b1]}])}, {b, Both([{load_module, b1, [c2]}])},
                                               {c, Both([{apply, {x, y, []}}, {load_module, c2, [c1]}, {update, c1, {advanced, z}}])},
                                               {d, Both([{load_module, d1, [a2, c2]}])}, {e, Both([{load_module, e1, [f1]}])}],
                          lists:keymember(App, 1, New)]}.

multi() ->
    #{name => "r_multi",
      apps => [{a, V, [a1, a2]} || V <- ["1.0", "1.1", "1.1.5", "2.0rc1", "3"]],
      rels => [{"new", "3", [{a, "3"}], []} | [{"r" ++ V, V, [{a, V}], []} || V <- ["1.0", "1.1", "1.1.5", "2.0rc1"]]],
      up => [{"r1.0", "first ö€"}, "r1.1", {"r1.1.5", ""}, "r2.0rc1"],
      down => ["r2.0rc1", {"r1.0", "back"}],
      appups => [{a, {"3", [{<<"1|1\\.0">>, [{apply, {never, this, []}}]}, {<<"1\\.[0-9]+">>, [{load_module, a1}]},
                            {<<"^1\\.1(\\.\\d+)*$"/utf8>>, [{load_module, a2}]}, {"2.0rc1", [{update, a1}]}],
                      [{<<"2\\..*">>, [{load_module, a2}]}, {<<>>, []}, {<<"(?i)1.(?:0|ö)"/utf8>>, []}, {"1.0", [{load_module, a1}]}]}}]}.

pre_r15(Name, Sasl, Options) ->
    #{name => Name,
      apps => [{sasl, Sasl, [s1]}, {sasl, "9", [s1]}],
      rels => [{"new", "2", [], [{sasl, [{sasl, "9"}]}]}, {"old", "1", [], [{sasl, [{sasl, Sasl}]}, {erts, "13.0"}]}],
      files => [{"lib/sasl-9/ebin/sasl.appup", {"9", [{Sasl, [{load_module, s1}]}], [{Sasl, [{load_module, s1}]}]}}],
      appups => [], options => Options}.

%%% --- faults ---

faults() ->
    Bad = [{"module", {load_module, "m1"}}, {"module2", {load_module, m1, [m2, 7]}}, {"change", {update, m1, {hard, x}}},
           {"change2", {update, m1, hard, brutal_purge, brutal_purge, []}}, {"purge", {load, {m1, soft, brutal_purge}}},
           {"purge2", {load_module, m1, brutal_purge, x, []}}, {"kind", {update, m1, moving, 1, soft, brutal_purge, brutal_purge, []}},
           {"timeout", {update, m1, 0, soft, brutal_purge, brutal_purge, []}}, {"timeout2", {suspend, [{m1, never}]}},
           {"list", {purge, m1}}, {"list2", {delete_module, m1, m2}}, {"args", {apply, {m, f, a}}}, {"func", {apply, {m, "f", []}}},
           {"node", {sync_nodes, x, ["n@h"]}}, {"nodes", {sync_nodes, x, n@h}}, {"call", {sync_nodes, x, {m, 1, []}}},
           {"lib", {load_object_code, {"a", "2", []}}}, {"lib_vsn", {load_object_code, {a, '2', []}}}, {"mode", {code_change, across, []}},
           {"code_change", {code_change, [m1]}}, {"application", {restart_application, "a"}}, {"start_type", {add_application, a, sometimes}},
           {"short", {load_module, m1, m2}}, {"word", restart_everything}, {"number", 17}, {"tuple", {}}, {"tuple1", {load_module}},
           {"update5", {update, m1, soft, brutal_purge, brutal_purge}}, {"apply1", {apply, m}}, {"mnesia", mnesia_backup},
           {"improper", {load_module, m1, [m2 | m3]}}, {"nested", [{load_module, m1}]}, {"nested_improper", [{load_module, m1} | x]},
           {"binary", <<"load">>}, {"suspend3", {suspend, [{m1, 1, 2}]}}],
    [one("e_" ++ Name, [{load_module, m4}, I]) || {Name, I} <- Bad]
        ++ [one("e_op", [{load_module, m1}, point_of_no_return]), one("e_op2", [restart_new_emulator, point_of_no_return]),
            one("e_points", [point_of_no_return, {load_module, m1}, point_of_no_return]),
            one("e_no_code", [{load, {m1, soft_purge, soft_purge}}]),
            one("e_suspend", [{suspend, [m1, {m2, 5}]}, {resume, [m1]}]), one("e_resume", [{resume, [m1]}]),
            one("e_stop", [{stop, [m1]}]), one("e_start", [{stop, [m1]}, {start, [m1, m2, m3]}]),
            one("e_no_app", [{add_application, nix}]), one("e_no_app2", [{restart_application, nix}]),
            one("e_no_app3", [{remove_application, nix}]), one("e_present", [{remove_application, a}]),
            one("e_versions", [{load_object_code, {a, "1", [m1]}}, {load_module, m1}]),
            one("e_versions2", [{load_object_code, {x, "1", [m1]}}, {load_object_code, {x, "2", [m1]}}]),
            one("e_no_module", [{load_module, nix}]), one("e_gone", [{load_module, m5}], [{load_module, m6}]),
            one("e_undef", [{load_module, m1, [m2]}]), one("e_muldef", [{load_module, m1}, {update, m1}]),
            one("e_muldef2", [{load_module, m1}, {restart_application, a}]),
            one("e_cc", [{code_change, [{m1, x}]}]),
            (one("e_no_appup", []))#{appups => []},
            (one("e_no_relup", []))#{appups => [{a, {"2", [{<<"1.">>, []}, {"2", []}], []}}]},
            (one("e_no_relup_down", []))#{appups => [{a, {"2", [{"1", []}], []}}]},
            (one("e_shape", []))#{appups => [{a, {"2", [{"1", []}]}}]},
            (one("e_shape2", []))#{appups => [{a, {"2", nix, [{"1", []}]}}]},
            (one("e_shape3", []))#{appups => [{a, {"2", [{"1", nix}], [{"1", []}]}}]},
            (one("e_regex", []))#{appups => [{a, {"2", [{<<"(">>, []}, {"1", []}], [{"1", []}]}}]},
            (one("e_parse", []))#{appups => [], files => [{"lib/a-2/ebin/a.appup", {text, "{\"2\", [,"}}]},
            (one("e_sasl", []))#{rels => [{"new", "2", [{a, "2"}], [{sasl, []}]}, {"old", "1", [{a, "1"}], []}]},
            (one("e_sasl_old", []))#{rels => [{"new", "2", [{a, "2"}], []}, {"old", "1", [{a, "1"}], [{sasl, []}]}]},
            (one("e_no_version", []))#{rels => [{"new", "2", [{a, "2"}], []}, {"old", "1", [{a, "0"}], []}]}].

%%% --- random ---

random(Seed) ->
    _ = rand:seed(exsss, Seed),
    Apps = [{App, Vsn, some_modules(App)} || App <- [a, b, c, d], Vsn <- ["1.0", "1.1", "2.0"]],
    Bases = lists:sublist(["one", "two"], 1 + pick(2)),
    Rels = [{"new", "2", random_release(["2.0", "2.0", "2.0", "1.1"]), []}
            | [{Base, Base, random_release(["1.0", "1.1", "1.1", "2.0"]), random_erts(6)} || Base <- Bases]],
    Case = #{name => "random" ++ integer_to_list(Seed), apps => Apps, rels => Rels, up => Bases,
             down => lists:reverse(Bases), appups => [],
             options => [restart_emulator || one_in(8)] ++ [warnings_as_errors || one_in(25)]},
    spoil_release(Case#{appups => random_appups(Case)}).

pick(N) -> rand:uniform(N) - 1.

one_in(N) -> rand:uniform(N) =:= 1.

choose(List) -> lists:nth(rand:uniform(length(List)), List).

shuffle(List) -> [X || {_, X} <- lists:sort([{rand:uniform(), X} || X <- List])].

some_modules(App) ->
    [list_to_atom(atom_to_list(App) ++ integer_to_list(N)) || N <- shuffle(lists:seq(1, 7)), not one_in(5)].

random_erts(N) -> [{erts, choose(["13.0", "11.1"])} || one_in(N)].

random_release(Vsns) ->
    [case pick(6) of
         0 -> {App, choose(Vsns), choose([transient, temporary, load, none])};
         _ -> {App, choose(Vsns)}
     end || App <- shuffle([a, b, c, d]), not one_in(6)].

spoil_release(Case = #{rels := Rels, appups := Appups}) ->
    case pick(60) of
        0 -> Case#{rels => [setelement(4, R, [{sasl, []}]) || R <- Rels]};
        1 -> Case#{appups => tl(Appups ++ [x]) -- [x]};
        2 -> Case#{appups => [{A, {V, Up, Down} } || {A, {_, Up, Down}} <- Appups, V <- ["7"]]};
        3 -> Case#{appups => [{A, {V, tl(Up), Down} } || {A, {V, Up, Down}} <- Appups]};
        _ -> Case
    end.

%% For each application of the new release entries for all versions, whether they are asked for or not.
random_appups(#{apps := Apps, rels := [{_, _, TopApps, _} | _]}) ->
    [begin
         [New] = [Ms || {A, V, Ms} <- Apps, A =:= App, V =:= Vsn],
         Others = [{V, Ms} || {A, V, Ms} <- Apps, A =:= App, V =/= Vsn],
         {App, {Vsn, [{random_version(V), random_script(App, Vsn, Ms, New)} || {V, Ms} <- Others],
                [{random_version(V), random_script(App, V, New, Ms)} || {V, Ms} <- Others]}}
     end || Entry <- TopApps, {App, Vsn} <- [{element(1, Entry), element(2, Entry)}]].

random_version([Major, $., Minor] = Vsn) ->
    choose([Vsn, Vsn, <<Major, "\\.", Minor>>, <<Major, "(?:\\.(", Minor, "))+">>, <<"^[", Major, "x]..">>]).

random_script(App, Vsn, Old, New) ->
    Both = [M || M <- shuffle(New), lists:member(M, Old)],
    {Loaded, Rest} = lists:split(min(length(Both), pick(7)), Both),
    Dependent = Loaded ++ lists:filter(fun(_) -> one_in(2) end, (New -- Old) ++ (Old -- New)),
    Script0 = [random_instruction(M, Old, New, Dependent) || M <- Dependent],
    Script1 = shuffle(Script0 ++ random_low(Vsn, App, Rest)),
    Script2 = case pick(12) of
                  0 -> [{restart_application, App}];
                  1 -> Script1 ++ [restart_new_emulator];
                  2 -> [restart_emulator | Script1];
                  3 -> [{apply, {x, early, [App]}}, {load_object_code, {App, Vsn, lists:sublist(Rest, 1)}}, point_of_no_return | Script1];
                  4 -> [[{apply, {x, nested, [App]}}, {delete_module, nested, []}], [] | Script1];
                  _ -> Script1
              end,
    spoil(Script2).

random_instruction(M, Old, New, All) ->
    Deps = [choose(All) || _ <- lists:seq(1, choose([0, 0, 0, 1, 1, 2]))],
    Pre = choose([soft_purge, brutal_purge]),
    Post = choose([soft_purge, brutal_purge]),
    Change = choose([soft, {advanced, []}, {advanced, {x, "y"}}]),
    Timeout = choose([default, infinity, 100]),
    case {lists:member(M, Old), lists:member(M, New)} of
        {false, true} -> choose([{add_module, M}, {add_module, M, Deps}, {load_module, M, Deps}]);
        {true, false} -> choose([{delete_module, M}, {delete_module, M, Deps}]);
        _ -> choose([{load_module, M}, {load_module, M, Deps}, {load_module, M, Deps}, {load_module, M, Pre, Post, Deps}, {update, M},
                     {update, M, supervisor}, {update, M, Change}, {update, M, Deps}, {update, M, Change, Deps},
                     {update, M, Change, Pre, Post, Deps}, {update, M, Timeout, Change, Pre, Post, Deps},
                     {update, M, choose([static, dynamic]), Timeout, Change, Pre, Post, Deps}])
    end.

random_low(_, _, []) -> [{apply, {x, y, []}} || one_in(3)];
random_low(Vsn, App, [M | _]) ->
    lists:append([Is || Is <- [[{load_object_code, {App, Vsn, [M]}}, {load, {M, soft_purge, brutal_purge}}],
                               [{suspend, [M]}, {resume, [M]}], [{stop, [M]}, {start, [M]}], [{code_change, [{M, x}]}],
                               [{apply, {x, y, [App]}}], [{purge, [M]}], [{remove, {M, brutal_purge, soft_purge}}],
                               [{sync_nodes, 1, [App]}], [{load_object_code, {App, Vsn, [M, M]}}], [{apply, {x, z, []}}]], one_in(5)]).

%% One fault in some thirty scripts.
spoil(Script) ->
    case pick(150) of
        0 -> Script ++ Script;
        1 -> Script ++ [choose([point_of_no_return, {resume, [nix]}, {start, [a]}, {load, {nix, soft_purge, soft_purge}}])];
        2 -> [{load_module, nix} | Script];
        3 -> [{update, xx, [nix]} | Script];
        4 -> [choose([{add_application, a}, {remove_application, b}, {remove_application, nix}, nix, {nix, 1}, mnesia_backup]) | Script];
        5 when Script =/= [] -> spoil_one(Script);
        6 -> [{load_object_code, {a, "0", []}} | Script];
        _ -> Script
    end.

spoil_one(Script) ->
    N = rand:uniform(length(Script)),
    {Before, [I | After]} = lists:split(N - 1, Script),
    Spoilt = case I of
                 _ when is_tuple(I) -> setelement(rand:uniform(tuple_size(I)), I, choose([nix, 0, "x", {x, y}, [], <<>>]));
                 _ -> {I}
             end,
    Before ++ [Spoilt | After].
