#!/usr/bin/env escript
%% -*- erlang -*-
%%! +A 1
%% usage: oracle.escript WORK ERTS SEEDS
%% Writes one folder for each case into WORK/cases: the input of a release, the options of `beamrel boot` in `args`,
%% and in want/ what systools:make_script of this OTP makes of it:
%%   want/X.boot, want/X.script   when it succeeds
%%   want/class                   "ok", or the name of the error; all names of a list of errors
%%   want/words                   what a message must mention beside its class: CLASS TAB WORD
%%   want/warnings                the names of the warnings, sorted
%%   want/RELEASES                for some: what release_handler makes of the .rel
%% `--lib @OTP@` in args stands for the lib/ of this OTP. SEEDS is how many random releases are made.
-mode(compile).

-export([main/1]).

main([Work, Erts, Seeds]) ->
    ok = io:setopts([{encoding, unicode}]),
    put(erts, Erts),
    put(otp, list_to_integer(erlang:system_info(otp_release))),
    Cases = hand_made() ++ shipped() ++ [random(N) || N <- lists:seq(1, list_to_integer(Seeds))],
    Names = [Name || #{name := Name} <- Cases],
    [] = Names -- lists:usort(Names),
    [make(filename:join([Work, "cases", Name]), Case) || #{name := Name} = Case <- Cases],
    ok = file:write_file(filename:join(Work, "list"), [[Name, $\n] || Name <- Names]).

%%% --- making a case, and asking systools ---

make(Dir, Case = #{name := Name, files := Files}) ->
    [write(filename:join(Dir, Path), Content) || {Path, Content} <- Files],
    Rel = maps:get(rel, Case, "x"),
    Libs = maps:get(libs, Case, ["lib"]),
    Args = ["boot", "--rel", Rel ++ ".rel"] ++ [["--lib=", Lib] || Lib <- Libs]
        ++ ["--output", "out"] ++ maps:get(args, Case, []),
    write(filename:join(Dir, "args"), {text, [[Arg, $\n] || Arg <- Args]}),
    ok = filelib:ensure_dir(filename:join([Dir, "want", "x"])),
    ok = file:set_cwd(Dir),
    (maps:get(prepare, Case, fun() -> ok end))(),
    Result = case Case of
                 #{shipped := Boot} ->
                     {ok, _} = file:copy(Boot, filename:join("want", Rel ++ ".boot")),
                     {ok, systools_make, []};
                 _ ->
                     ask(Rel, Libs, maps:get(options, Case, []))
             end,
    {Class, Words, Warnings} = classify(Result),
    write("want/class", {text, [maps:get(class, Case, Class), $\n]}),
    write("want/words", {text, [Words || not is_map_key(class, Case)]}),
    write("want/warnings", {text, [[W, $\n] || W <- lists:sort(Warnings)]}),
    [create_releases(Rel ++ ".rel") || Class =:= "ok", string:prefix(Name, "random") =:= nomatch],
    ok = file:set_cwd("/").

ask(Rel, Libs, Options) ->
    Path = [filename:join([Lib, Folder, "ebin"]) || Lib <- Libs, Lib =/= "@OTP@", Folder <- folders(Lib)],
    Self = self(),
    {Pid, Ref} = spawn_monitor(
                   fun() -> Self ! {self(), systools:make_script(Rel, [silent, {outdir, "want"}, {path, Path}
                                                                       | Options])} end),
    receive
        {Pid, Result} -> demonitor(Ref, [flush]), Result;
        {'DOWN', Ref, process, Pid, Reason} -> {crash, Reason}
    after 20000 ->
            exit(Pid, kill), hang
    end.

%% OTP 23 makes absolute paths of them, "/lib/a-1"; without the root they are relative.
create_releases(Rel) ->
    ok = release_handler:create_RELEASES("", filename:absname("want"), filename:absname(Rel), []),
    {ok, [Releases]} = file:consult("want/RELEASES"),
    Relative = [setelement(5, R, [{A, V, string:trim(Dir, leading, "/")} || {A, V, Dir} <- element(5, R)])
                || R <- Releases],
    [write("want/RELEASES", Relative) || Relative =/= Releases].

folders(Lib) ->
    {ok, Names} = file:list_dir(Lib),
    lists:sort(Names).

write(File, Content) ->
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, case Content of
                                   {text, Text} -> unicode:characters_to_binary(Text);
                                   {bytes, Bytes} -> Bytes;
                                   Term -> unicode:characters_to_binary(
                                             io_lib:format("%% coding: utf-8~n~tp.~n", [Term]))
                               end).

%% The class of what systools returned, the words that a message must have, and the classes of warnings.
classify({ok, systools_make, Warnings}) ->
    {"ok", "", [atom_to_list(warning(W)) || {warning, W} <- Warnings]};
classify({error, systools_make, Errors}) when is_list(Errors) ->
    Each = [application_error(E) || E <- Errors],
    {lists:join(" ", lists:usort([C || {C, _} <- Each])), [words(C, Ws) || {C, Ws} <- Each], []};
classify({error, systools_make, {apps, [{circular_dependencies, _} = C | _]}}) ->
    classify({error, systools_make, C});
classify({error, systools_make, {modules, Es}}) ->
    {"module_not_found", [words("module_not_found", [M]) || {error, {_, {M, _, _}}} <- Es], []};
classify({error, systools_make, Error}) ->
    {Class, Words} = error_class(Error),
    {Class, words(Class, Words), []};
classify(Other) ->
    io:format(standard_error, "systools did not answer: ~tp~n", [Other]),
    {"crash", "", []}.

warning(W) when is_atom(W) -> W;
warning({W, _}) -> W.

error_class(E) when is_atom(E) -> {atom_to_list(E), []};
error_class({parse, _, {Line, _, _}}) -> {"parse", [Line]};
error_class({undefined_applications, As}) -> {"undefined_applications", As};
error_class({circular_dependencies, As}) -> {"circular_dependencies", [A || {A, _} <- As]};
error_class({missing_mandatory_app, A}) -> {"missing_mandatory_app", [A]};
error_class({mandatory_app, A, Type}) -> {"mandatory_app", [A, Type]};
error_class({warnings_treated_as_errors, Ws}) ->
    {"warnings_treated_as_errors", [["[", atom_to_list(warning(W)), "]"] || W <- Ws]};
error_class({duplicate_modules, Ds}) -> duplicates("duplicate_modules", Ds);
error_class({duplicate_register, Ds}) -> duplicates("duplicate_register", Ds);
error_class({duplicate_include, Ds}) -> duplicates("duplicate_include", Ds);
error_class(E) -> {atom_to_list(element(1, E)), []}.

duplicates(Class, Ds) ->
    {Class, lists:append([[element(1, A), element(2, A), element(2, B)] || {A, B} <- Ds])}.

application_error({bad_application_name, {Name, {Found, _}}}) -> {"bad_application_name", [atom_to_list(Name) ++ ".app", Found]};
application_error({error_reading, {Name, What}}) -> reading(Name, What).

reading(_, {not_found, File}) -> {"not_found", [filename:basename(File, ".app")]};
reading(Name, {no_valid_version, {{_, Vsn}, {_, _, Found}}}) -> {"no_valid_version", [Name, Vsn, Found]};
reading(_, {parse_error, {File, Line, _}}) -> {"parse_error", [[File, ":", integer_to_list(Line), ":"]]};
%% systools calls a malformed `mod` missing.
reading(_, {{missing_param, mod}, _}) -> {"bad_param", [mod]};
reading(_, {{Class, Key}, _}) -> {atom_to_list(Class), [Key]};
reading(_, {{dupl_entry, Key, Dups}, _}) -> {"dupl_entry", [Key | Dups]};
reading(_, {badly_formatted_application, _}) -> {"badly_formatted_application", []};
reading(Name, {override_include, As}) -> {"override_include", [Name | As]}.

words(Class, Words) ->
    [[Class, $\t, if is_list(W) -> W; true -> io_lib:format("~tw", [W]) end, $\n] || W <- Words].

%%% --- ingredients ---

rel(Apps) -> rel("x", "1", Apps).

rel(Name, Vsn, Apps) -> {Name ++ ".rel", {release, {Name, Vsn}, {erts, get(erts)}, Apps}}.

%% An .app below lib/; what is not given is empty.
app(Name, Vsn, Props) -> app("lib", Name, Vsn, Props).

app(Lib, Name, Vsn, Props) ->
    {app_file(Lib, Name, Vsn), {application, Name, with_defaults(Name, Vsn, Props)}}.

app_file(Lib, Name, Vsn) -> lists:flatten(io_lib:format("~ts/~ts-~ts/ebin/~ts.app", [Lib, Name, Vsn, Name])).

with_defaults(Name, Vsn, Props) ->
    Defaults = [{description, "the " ++ atom_to_list(Name)}, {vsn, Vsn}, {modules, [Name]}, {registered, []},
                {applications, [kernel, stdlib]}],
    Props ++ [Default || {Key, _} = Default <- Defaults, not lists:keymember(Key, 1, Props)].

core() ->
    [app(kernel, "1.0", [{modules, [kernel, application, heart, zz_kernel, aa_kernel]}, {applications, []},
                         {registered, [kernel_sup, code_server]}, {mod, {kernel, []}},
                         {env, [{logger_level, notice}]}]),
     app(stdlib, "1.0", [{modules, [stdlib, lists, gen, base64, 'Array']}, {applications, [kernel]}]),
     app(sasl, "1.0", [{mod, {sasl, []}}])].

core_apps() -> [{kernel, "1.0"}, {stdlib, "1.0"}, {sasl, "1.0"}].

%% kernel, stdlib, sasl and these.
simple(Name, Entries, Apps) ->
    #{name => Name, files => [rel(core_apps() ++ Entries) | core() ++ Apps]}.

%%% --- cases by hand: notes on systools, section 9 ---

hand_made() ->
    good() ++ options() ++ circles() ++ rel_faults() ++ app_faults() ++ clashes() ++ source_tests().

good() ->
    [#{name => "ok_min", files => [rel([{kernel, "1.0"}, {stdlib, "1.0"}]) | core()]},
     #{name => "ok_rev",
       files => [rel([{c, "1"}, {b, "1"}, {a, "1"}, {sasl, "1.0"}, {stdlib, "1.0"}, {kernel, "1.0"}]),
                 app(a, "1", []), app(b, "1", [{applications, [kernel, stdlib, a]}]),
                 app(c, "1", [{applications, [kernel, stdlib, sasl, a, b]}]) | core()]},
     simple("ok_types", [{a, "1", load}, {b, "1", none}, {c, "1", transient}, {d, "1", temporary}, {e, "1", permanent}],
            [app(N, "1", [{mod, {N, []}}]) || N <- [a, b, c, d, e]]),
     simple("ok_incl", [{alpha, "1"}, {beta, "1"}, {gamma, "1"}],
            [app(alpha, "1", [{included_applications, [gamma, beta]}]), app(beta, "1", []),
             app(gamma, "1", [{applications, [kernel, stdlib, alpha, beta]}])]),
     simple("ok_incl_load", [{gamma, "1", load}, {beta, "1", none}, {alpha, "1", temporary}],
            [app(alpha, "1", [{included_applications, [gamma, beta]}]), app(beta, "1", []), app(gamma, "1", [])]),
     simple("ok_incl_over", [{alpha, "1", []}, {gamma, "1"}],
            [app(alpha, "1", [{included_applications, [gamma]}]), app(gamma, "1", [])]),
     simple("ok_incl_over_type", [{alpha, "1", transient, [gamma]}, {gamma, "1", load}, {beta, "1"}],
            [app(alpha, "1", [{included_applications, [beta, gamma]}]), app(beta, "1", []), app(gamma, "1", [])]),
     simple("ok_used_incl", [{user, "1"}, {top, "1"}, {mid, "1"}, {low, "1"}],
            [app(user, "1", [{applications, [kernel, low, stdlib]}]), app(top, "1", [{included_applications, [mid]}]),
             app(mid, "1", [{included_applications, [low]}]), app(low, "1", [])]),
     simple("ok_two_incl", [{user, "1"}, {t1, "1"}, {t2, "1"}, {i1, "1"}, {i2, "1"}],
            [app(user, "1", [{applications, [kernel, stdlib, i1, i2, t1]}]),
             app(t1, "1", [{included_applications, [i1, i2]}]), app(t2, "1", [{applications, [i2]}]),
             app(i1, "1", [{applications, [i2]}]), app(i2, "1", [])]),
     simple("ok_opt_absent", [{a, "1"}],
            [app(a, "1", [{applications, [kernel, stdlib, nowhere]}, {optional_applications, [nowhere]}])]),
     simple("ok_opt_present", [{a, "1"}, {here, "1"}],
            [app(a, "1", [{applications, [kernel, stdlib, here]}, {optional_applications, [here, other]}]),
             app(here, "1", [])]),
     simple("ok_uni", [{'größe', "1"}, {'жук', "1"}],
            [app('größe', "1", [{description, "Größe ñ"}, {env, [{'ÿ', "ünï"}, {'', []}]}]),
             app('жук', "1", [{modules, ['жук_a', 'Ωmega', latin]}, {description, "жук 日本"},
                              {env, [{'日本', 'язык'}]}])]),
     #{name => "ok_uniname", rel => "x",
       files => [{"x.rel", {release, {"имя", "1-бета"}, {erts, get(erts)}, core_apps()}} | core()]},
     simple("ok_map", [{a, "1"}], [app(a, "1", [{env, [{m, #{1 => one, 2 => "two", 3 => #{k => <<"v">>}}},
                                                        {e, #{}}]}])]),
     simple("ok_order", [{a, "1"}],
            [{app_file("lib", a, "1"),
              {bytes, <<"%% -*- coding: latin-1 -*-\n{application,a,[{vsn,\"1\"},{vsn,\"2\"},junk,{1,2,3},{mod,[]},",
                        "{description,\"na\xefve\"},{description,x},{modules,[b,a]},{registered,[]},",
                        "{start_phases,undefined},{id,\"i\"},{maxT,5000},{maxP,infinity},{unknown,[x]},",
                        "{applications,[stdlib,kernel]}]}.\nand then <<< garbage">>}}]),
     simple("ok_full", [{a, "1"}],
            [app(a, "1", [{id, "id"}, {maxT, 100000000000000000000}, {maxP, 7}, {mod, {a, [x, {y, "z"}]}},
                          {start_phases, [{init, []}, {go, 1.5}]}, {registered, [a_sup, a_srv]},
                          {env, [{k, <<"bin">>}, {k, 'dup'}, {f, 1.0e100}, {neg, -1}, {i, 4294967296}]}])]),
     simple("ok_phases_empty", [{a, "1"}], [app(a, "1", [{start_phases, []}])]),
     simple("mandmod", [{a, "1"}], [app(a, "1", [{modules, [supervisor, x, proc_lib, aa]}])]),
     simple("premod", [{a, "1"}], [app(a, "1", [{modules, [init, erts_trace_cleaner, x, zlib, prim_file]}])]),
     simple("long", [{a, "1"}],
            [app(a, "1", [{env, [{s, lists:duplicate(70000, $x)}, {t, list_to_tuple(lists:seq(1, 300))},
                                 {big, 1 bsl 3000}, {b, -(1 bsl 64)}, {l, [0, 1, 2]}, {mixed, [a, 1, 2, 3]},
                                 {imp, [1 | 2]}, {at, list_to_atom(lists:duplicate(255, $y))},
                                 {at2, list_to_atom(lists:duplicate(200, $ÿ))}]}])]),
     simple("selfuse", [{c4, "1"}], [app(c4, "1", [{applications, [kernel, stdlib, c4]}])]),
     #{name => "sub_rel", rel => "sub/x", options => [], files => [setelement(1, rel(core_apps()), "sub/x.rel") | core()]},
     #{name => "two_libs", libs => ["one", "two"],
       files => [rel([{kernel, "1.0"}, {stdlib, "1.0"}, {a, "2"}, {b, "1"}]),
                 app("one", a, "1", []), app("two", a, "2", [{modules, [a, two]}]),
                 app("one", b, "1", [{modules, [b_first]}]), app("two", b, "1", [{modules, [b_second]}])
                 | [{"one/" ++ tl(string:prefix(P, "lib")), T} || {P, T} <- core()]]},
     simple("odd_folder", [{a, "1"}],
            [{"lib/whatever/ebin/a.app", {application, a, with_defaults(a, "1", [])}}]),
     %% The first a.app does not parse; the second does.
     simple("e_syn_then_ok", [{a, "1"}], [{"lib/a-0/ebin/a.app", {text, "{application, a, [}."}}, app(a, "1", [])]),
     simple("wrong_then_ok", [{a, "2"}], [app(a, "1", []), app(a, "2", [{modules, [second]}])])].

options() ->
    Base = fun(Name, Options, Args) ->
                   maps:merge(simple(Name, [{alpha, "1"}, {beta, "2"}],
                                     [app(alpha, "1", []), app("plain", beta, "2", [])]),
                              #{options => Options, args => Args, libs => ["lib", "plain"]})
           end,
    Variables = fun(Name, Pairs) ->
                        Base(Name, [{variables, Pairs}],
                             lists:append([["--variable", V ++ "=" ++ P] || {V, P} <- Pairs]))
                end,
    [Base("local", [local], ["--local"]),
     (Base("local_dots", [local], ["--local"]))#{libs => ["./lib/", "../local_dots//plain"]},
     Base("nodot", [no_dot_erlang], ["--no-dot-erlang"]),
     (Base("named", [{script_name, "start"}], ["--script-name", "start"]))#{boot => "start"},
     Variables("vars", [{"LIB", "lib"}]),
     Variables("vars2", [{"P", "plain/"}, {"L", "lib//"}]),
     Variables("vars_deep", [{"D", "plain/beta-2"}]),
     Variables("vars_deeper", [{"D", "plain/beta-2/ebin"}]),
     %% "pl" is a prefix of "plain" by characters, not by components.
     Variables("vars_prefix", [{"T", "pl"}, {"P", "plain"}]),
     Variables("vars_none", [{"T", "nowhere"}]),
     Variables("vars_root", [{"T", "/"}]),
     (Variables("vars_dots", [{"T", "./lib"}]))#{libs => ["./lib/.", "plain//"]},
     Variables("vars_first", [{"A", "lib"}, {"B", "lib/alpha-1"}]),
     (Base("vars_local", [local, {variables, [{"LIB", "lib"}]}], ["--local", "--variable", "LIB=lib"])),
     (simple("vars_unversioned", [{alpha, "1"}],
             [{"lib/alpha/ebin/alpha.app", {application, alpha, with_defaults(alpha, "1", [])}}]))
     #{options => [{variables, [{"LIB", "lib"}]}], args => ["--variable", "LIB=lib"]},
     #{name => "werror", options => [warnings_as_errors], args => ["--warnings-as-errors"],
       files => [rel([{kernel, "1.0"}, {stdlib, "1.0"}]) | core()]},
     #{name => "werror_sasl", options => [warnings_as_errors, no_warn_sasl],
       args => ["--warnings-as-errors", "--no-warn-sasl"],
       files => [rel([{kernel, "1.0"}, {stdlib, "1.0"}]) | core()]},
     #{name => "no_warn_sasl", options => [no_warn_sasl], args => ["--no-warn-sasl"],
       files => [rel([{kernel, "1.0"}, {stdlib, "1.0"}]) | core()]}].

circles() ->
    Uses = fun(Name, Us) -> app(Name, "1", [{applications, [kernel, stdlib | Us]}]) end,
    [simple("e_circ", [{c1, "1"}, {c2, "1"}], [Uses(c1, [c2]), Uses(c2, [c1])]),
     simple("circ3", [{c1, "1"}, {c2, "1"}, {c3, "1"}, {c4, "1"}],
            [Uses(c1, [c2]), Uses(c2, [c3]), Uses(c3, [c1]), Uses(c4, [c1])]),
     simple("circ_two", [{c1, "1"}, {c2, "1"}, {d1, "1"}, {d2, "1"}],
            [Uses(c1, [c2]), Uses(c2, [c1]), Uses(d1, [d2, c1]), Uses(d2, [d1])]),
     simple("circ_incl", [{c1, "1"}, {c2, "1"}, {c3, "1"}],
            [app(c1, "1", [{included_applications, [c2]}]), Uses(c2, [c3]), Uses(c3, [c1])]),
     simple("usedandincl", [{a, "1"}, {x, "1"}],
            [app(a, "1", [{applications, [kernel, stdlib, x]}, {included_applications, [x]}]), app(x, "1", [])]),
     simple("incl_before", [{x, "1"}, {r, "1"}, {t, "1"}],
            [app(t, "1", [{included_applications, [r]}]), app(r, "1", [{included_applications, [x]}]), Uses(x, [r])]),
     simple("incl_after", [{t, "1"}, {r, "1"}, {x, "1"}],
            [app(t, "1", [{included_applications, [r]}]), app(r, "1", [{included_applications, [x]}]), Uses(x, [r])]),
     simple("circ_and_missing", [{a, "1"}, {x, "1"}, {c1, "1"}, {c2, "1"}],
            [app(a, "1", [{applications, [x]}, {included_applications, [x]}]), app(x, "1", []),
             Uses(c1, [c2]), Uses(c2, [c1])])].

rel_faults() ->
    Bad = fun(Name, Term) -> #{name => Name, files => [{"x.rel", Term} | core()]} end,
    Entry = fun(Name, E) -> Bad(Name, element(2, rel(core_apps() ++ [E]))) end,
    E = {erts, get(erts)},
    [Bad("rel_shape", {release, {"x", "1"}, E}),
     Bad("rel_shape2", {release, "x", E, core_apps()}),
     Bad("rel_shape3", {release, {"x", "1"}, {ertz, get(erts)}, core_apps()}),
     Bad("rel_shape4", {release, {"x", "1"}, E, apps}),
     Bad("rel_shape5", [hello]),
     Bad("rel_name", {release, {["x", "y"], "1"}, E, core_apps()}),
     (Bad("rel_vsn", {release, {"x", ["1" | a]}, E, core_apps()}))#{class => "illegal_form"}, % systools crashes
     Bad("rel_vsn2", {release, {"x", <<"1">>}, E, core_apps()}),
     (Bad("rel_evsn", {release, {"x", "1"}, {erts, [a]}, core_apps()}))#{class => "illegal_form"}, % the same
     Bad("rel_parse", {text, "{release,\n {\"x\" \"1\"},\n {erts \"11\"}, []}.\n"}),
     Bad("rel_call", {text, "{release,{\"x\",\"1\" ++ \"2\"},{erts,\"11\"},[]}."}),
     (Bad("rel_empty", {text, ""}))#{class => "parse"}, % systools: cannot be read
     #{name => "rel_absent", rel => "y", files => [rel(core_apps()) | core()], class => "absent"},
     Entry("rel_app1", a), Entry("rel_app2", {a}), Entry("rel_app3", {"a", "1"}), Entry("rel_app4", {a, ["1", "2"]}),
     Entry("rel_app5", {a, "1", sometimes}), Entry("rel_app6", {a, "1", ["b"]}),
     Entry("rel_app7", {a, "1", [b], load}), Entry("rel_app8", {a, "1", load, [b], c}),
     Entry("rel_app9", {a, "1", load, "b"}),
     Bad("no_kernel", element(2, rel([{stdlib, "1.0"}]))),
     Bad("no_stdlib", element(2, rel([{kernel, "1.0"}]))),
     Bad("nothing", element(2, rel([]))),
     Bad("kernel_load", element(2, rel([{kernel, "1.0", load}, {stdlib, "1.0"}]))),
     Bad("stdlib_none", element(2, rel([{kernel, "1.0", permanent}, {stdlib, "1.0", none}]))),
     Bad("all_rel", element(2, rel([{kernel, "1.0", load}, {x, "1", y}])))].

app_faults() ->
    Fault = fun(Name, Props) -> simple("app_" ++ Name, [{a, "1"}], [app(a, "1", Props)]) end,
    Lacks = fun(Key) ->
                    Props = lists:keydelete(Key, 1, with_defaults(a, "1", [])),
                    simple("lacks_" ++ atom_to_list(Key), [{a, "1"}],
                           [{app_file("lib", a, "1"), {application, a, Props}}])
            end,
    Text = fun(Name, T) -> simple(Name, [{a, "1"}], [{app_file("lib", a, "1"), T}]) end,
    [Fault("vsn", [{vsn, [<<"1">>]}]), Fault("vsn3", [{vsn, "1", x}]), Fault("vsn3_first", [{vsn, "1", x}, {vsn, "1"}]),
     (Fault("id", [{id, [x]}]))#{class => "bad_param"}, % systools crashes
     Fault("description", [{description, ["a", "b"]}]),
     Fault("modules", [{modules, ["a"]}]), Fault("modules2", [{modules, a}]),
     Fault("registered", [{registered, [{x, y}]}]), Fault("applications", [{applications, [kernel, 1]}]),
     Fault("optional", [{optional_applications, none}]), Fault("included", [{included_applications, ["x"]}]),
     Fault("mod", [{mod, a}]), Fault("mod2", [{mod, {"a", []}}]), Fault("mod3", [{mod, {a, b, c}}]),
     Fault("phases", [{start_phases, [go]}]), Fault("env", [{env, [{1, 2}]}]), Fault("env2", [{env, [{a, b, c}]}]),
     Fault("maxt", [{maxT, 0}]), Fault("maxp", [{maxP, -100000000000000000000000}]), Fault("maxp2", [{maxP, lots}]),
     Fault("duplist", [{modules, [a, b, a]}]), Fault("duplist_env", [{env, [{a, 1}, {a, 2}]}]),
     Fault("duplist_incl", [{included_applications, [kernel, kernel]}]),
     Fault("dup_apps", [{applications, [kernel, stdlib, kernel]}]),
     Lacks(vsn), Lacks(description), Lacks(modules), Lacks(registered), Lacks(applications),
     Text("app_shape", {application, a}), Text("app_shape2", [application]),
     Text("app_shape3", {application, "a", []}), Text("app_shape4", {application, a, {vsn, "1"}}),
     Text("e_syn", {text, "{application, a,\n [{vsn, \"1\"]}.\n"}),
     (Text("e_empty", {text, "% nothing\n"}))#{class => "parse_error"}, % systools: not found
     simple("e_vsn", [{a, "3"}], [app(a, "1", []), app(a, "2", [])]),
     %% A malformed .app ends the search; an unparsable one does not.
     simple("e_badvsn", [{a, "2"}], [app(a, "1", [{id, <<1>>}]), app(a, "2", [])]),
     simple("e_bad_first", [{a, "2"}], [app(a, "1", [{modules, [1]}]), app(a, "2", [])]),
     simple("e_bad_second", [{a, "1"}], [app(a, "1", []), app(a, "2", [{modules, [1]}])]),
     simple("e_syn_then_wrong", [{a, "2"}], [{"lib/a-0/ebin/a.app", {text, "{}}."}}, app(a, "1", [])]),
     simple("e_wrong_then_syn", [{a, "2"}], [app(a, "1", []), {"lib/a-9/ebin/a.app", {text, "{}}."}}]),
     simple("e_absent", [{a, "1"}, {b, "1"}], [app(b, "1", [])]),
     simple("e_wrongname", [{a, "1"}], [{app_file("lib", a, "1"), {application, b, with_defaults(b, "1", [])}}]),
     simple("e_wrongname_vsn", [{a, "1"}], [{app_file("lib", a, "2"), {application, b, with_defaults(b, "2", [])}}]),
     simple("e_override", [{a, "1", [x, y, z]}], [app(a, "1", [{included_applications, [y]}])]),
     simple("e_multi", [{a, "1"}, {b, "1"}, {c, "1"}, {d, "1"}, {e, "1"}],
            [app(a, "2", []), app(b, "1", [{modules, 1}]), {app_file("lib", c, "1"), {application, d, []}},
             {app_file("lib", d, "1"), {text, "{{{."}}]),
     simple("e_undef", [{a, "1"}, {b, "1"}],
            [app(a, "1", [{applications, [kernel, nowhere, stdlib]}]),
             app(b, "1", [{included_applications, [nope]}, {applications, [nowhere]}])])].

clashes() ->
    Mods = fun(Name, Ms) -> app(Name, "1", [{modules, Ms}]) end,
    Regs = fun(Name, Rs) -> app(Name, "1", [{registered, Rs}]) end,
    Incl = fun(Name, Is) -> app(Name, "1", [{included_applications, Is}]) end,
    Three = [{a, "1"}, {b, "1"}, {c, "1"}],
    [simple("e_dupmod", Three, [Mods(a, [m1, m2]), Mods(b, [m2, m3]), Mods(c, [m3, m1, m2])]),
     simple("e_dupmod_kernel", [{a, "1"}], [Mods(a, [lists, m1])]),
     simple("e_dupreg", Three, [Regs(a, [r1, r2]), Regs(b, [r2]), Regs(c, [r1])]),
     simple("e_dupincl", Three ++ [{d, "1"}], [Incl(a, [c, d]), Incl(b, [d, c]), app(c, "1", []), app(d, "1", [])]),
     simple("e_all", Three, [app(a, "1", [{modules, [m]}, {registered, [r]}]),
                             app(b, "1", [{modules, [m]}, {registered, [r]}, {applications, [c]}]),
                             app(c, "1", [{applications, [b]}])]),
     simple("twice", [{a, "1"}, {b, "1"}, {a, "1", load}],
            [app(a, "1", [{modules, []}]), app(b, "1", [{applications, [kernel, stdlib, a]}])]),
     simple("twice_before", [{b, "1"}, {a, "1"}, {a, "1", load}],
            [app(a, "1", [{modules, []}]), app(b, "1", [{applications, [kernel, stdlib, a]}])]),
     simple("twice_modules", [{a, "1"}, {a, "1"}], [app(a, "1", [])]),
     simple("twice_included", [{a, "1"}, {a, "1", []}, {b, "1"}],
            [app(a, "1", [{modules, []}, {included_applications, [b]}]), app(b, "1", [])]),
     simple("twover_used", [{a, "1"}, {b, "1"}, {a, "2"}],
            [app(a, "1", [{modules, []}]), app(a, "2", [{modules, []}]), app(b, "1", [{applications, [a]}])]),
     simple("twover", [{a, "1"}, {a, "2"}], [app(a, "1", [{modules, []}]), app(a, "2", [{modules, []}])])].

source_tests() ->
    Files = fun(Beams, Sources) ->
                    [{"lib/a-1/ebin/" ++ atom_to_list(M) ++ ".beam", {text, ""}} || M <- Beams]
                        ++ [{"lib/a-1/" ++ F, {text, ""}} || F <- Sources]
            end,
    Case = fun(Name, Mods, Beams, Sources) ->
                   Times = fun() ->
                                   [ok = file:change_time(F, {{2020, 1, 1}, {0, 0, 0}})
                                    || F <- filelib:wildcard("lib/a-1/**/*.erl")],
                                   [ok = file:change_time(F, {{2020, 1, 2}, {0, 0, 0}})
                                    || F <- filelib:wildcard("lib/a-1/ebin/*.beam")]
                           end,
                   maps:merge(#{name => "src_" ++ Name, options => [src_tests], args => ["--src-tests"],
                                prepare => Times},
                              #{files => [rel([{N, V} || {N, V} <- core_apps()] ++ [{a, "1"}]),
                                          app(kernel, "1.0", [{modules, []}, {applications, []}]),
                                          app(stdlib, "1.0", [{modules, []}]), app(sasl, "1.0", [{modules, []}]),
                                          app(a, "1", [{modules, Mods}]) | Files(Beams, Sources)]})
           end,
    Late = Case("late", [m1, m2], [m1, m2], ["src/m1.erl", "src/m2.erl"]),
    [Case("ok", [m1, m2], [m1, m2], ["src/m1.erl", "src/e_src/m2.erl"]),
     Case("deep", [m1, m2, m3], [m1, m2, m3], ["src/x/y/m1.erl", "src/z/m2.erl", "src/e_src/w/m3.erl"]),
     Case("no_source", [m1, m2], [m1, m2], ["src/m1.erl"]),
     Case("no_src_dir", [m1, m2], [m1, m2], []),
     Case("no_beam", [m1, m2, m3], [m2], ["src/m1.erl", "src/m2.erl"]),
     Late#{prepare => fun() -> (maps:get(prepare, Late))(),
                               ok = file:change_time("lib/a-1/src/m2.erl", {{2020, 1, 3}, {0, 0, 0}}) end},
     (Case("werror", [m1], [m1], []))#{options => [src_tests, warnings_as_errors],
                                       args => ["--src-tests", "--warnings-as-errors"]}].

%%% --- what this OTP ships ---

shipped() ->
    {Apps, []} = lists:mapfoldl(fun(Ebin, Acc) ->
                                        [File] = filelib:wildcard(filename:join(Ebin, "*.app")),
                                        {ok, [{application, Name, Props}]} = file:consult(File),
                                        {{Name, proplists:get_value(vsn, Props)}, Acc}
                                end, [], applications()),
    Core = [A || {N, _} = A <- Apps, N =:= kernel orelse N =:= stdlib],
    Libs = ["@OTP@"],
    Reversed = lists:reverse(Apps),
    [#{name => "otp_all", files => [rel(Core ++ (Apps -- Core))], libs => Libs},
     #{name => "otp_reversed", files => [rel([{N, V, type(N)} || {N, V} <- Reversed])], libs => Libs}]
        ++ [shipped_boot(Name, Apps, Args) || {Name, Args} <- [{"start_clean", []}, {"start_sasl", []},
                                                               {"no_dot_erlang", ["--no-dot-erlang"]}]].

applications() ->
    [Ebin || Ebin <- lists:sort(filelib:wildcard(filename:join(code:lib_dir(), "*/ebin"))),
             filelib:wildcard(filename:join(Ebin, "*.app")) =/= []].

type(kernel) -> permanent;
type(stdlib) -> permanent;
type(Name) -> element(1 + erlang:phash2(Name, 5), {permanent, transient, temporary, load, none}).

%% The boot file that OTP ships must come out of a .rel with its name and its applications.
shipped_boot(Name, Apps, Args) ->
    Boot = filename:join([code:root_dir(), "bin", Name ++ ".boot"]),
    {ok, Bytes} = file:read_file(Boot),
    {script, {RelName, RelVsn}, Instructions} = binary_to_term(Bytes),
    Started = [A || {apply, {application, start_boot, [A, permanent]}} <- Instructions],
    #{name => "shipped_" ++ Name, rel => Name, shipped => Boot, libs => ["@OTP@"], args => ["--no-warn-sasl" | Args],
      files => [{Name ++ ".rel", {release, {RelName, RelVsn}, {erts, get(erts)},
                                  [{A, proplists:get_value(A, Apps)} || A <- Started]}}]}.

%%% --- random releases ---

random(Seed) ->
    rand:seed(exsss, {Seed, 20, 29}),
    Names = lists:sublist(shuffle([list_to_atom("app" ++ integer_to_list(I)) || I <- lists:seq(1, 14)]),
                          1 + rand:uniform(11)),
    Cyclic = chance(15),
    Included = included(Names, chance(60)),
    Apps = [random_app(Name, Before, Names, Cyclic, Included) || {Name, Before} <- with_before(Names)],
    Entries = [random_entry(Name, Included) || Name <- Names, not chance(1)],
    Core = case chance(70) of true -> core_apps(); false -> lists:sublist(core_apps(), 2) end,
    All = case chance(50) of true -> shuffle(Core ++ Entries); false -> Core ++ shuffle(Entries) end,
    #{name => "random_" ++ integer_to_list(Seed), files => [rel("x", "1", All) | core() ++ Apps]}.

chance(Percent) -> rand:uniform(100) =< Percent.

pick(List) -> lists:nth(rand:uniform(length(List)), List).

some(Percent, List) -> [X || X <- List, chance(Percent)].

shuffle(List) -> [X || {_, X} <- lists:sort([{rand:uniform(1 bsl 40), X} || X <- List])].

with_before(Names) -> [{N, lists:sublist(Names, I - 1)} || {I, N} <- lists:zip(lists:seq(1, length(Names)), Names)].

%% [{Included, Includer}]: a forest, for systools does not come back from a circle of inclusions.
included(_, false) -> [];
included(Names, true) ->
    [{N, pick(Before)} || {N, Before} <- with_before(Names), Before =/= [], chance(25)].

random_app(Name, Before, Names, Cyclic, Included) ->
    Uses = some(30, case Cyclic of true -> Names; false -> Before end)
        ++ [absent || chance(2)],
    Own = [I || {I, By} <- Included, By =:= Name] ++ [I || chance(1), I <- [pick(Names)], I =/= Name, not Cyclic,
                                                           lists:member(I, Names -- [Name | Before])],
    %% What is included is rarely used by its includer too.
    Used = case chance(95) of true -> Uses -- Own; false -> Uses end,
    Optional = some(10, Used) ++ [gone || chance(8)],
    Vsn = pick(["1", "1.2", "0.9-rc1"]),
    put({vsn, Name}, Vsn),
    app(Name, Vsn, [{modules, [list_to_atom(atom_to_list(Name) ++ "_" ++ M) || M <- some(60, ["b", "a", "sup", "Z"])]
                     ++ [shared || chance(1)]},
                    {registered, [list_to_atom(atom_to_list(Name) ++ "_srv") || chance(40)] ++ [taken || chance(1)]},
                    {applications, [kernel, stdlib] ++ shuffle(lists:usort(Used ++ [gone || lists:member(gone, Optional)]))},
                    {optional_applications, Optional},
                    {included_applications, shuffle(lists:usort(Own))}
                    | [{mod, {Name, []}} || chance(70)] ++ [{env, [{key, Vsn}]} || chance(30)]
                    ++ [{start_phases, [{init, []}]} || chance(10)]]).

random_entry(Name, Included) ->
    Vsn = case chance(1) of true -> "7"; false -> get({vsn, Name}) end,
    Own = [I || {I, By} <- Included, By =:= Name],
    Type = pick([permanent, permanent, permanent, transient, temporary, load, none]),
    case rand:uniform(10) of
        1 -> {Name, Vsn, some(70, Own)};
        2 -> {Name, Vsn, Type, some(70, Own)};
        N when N < 7 -> {Name, Vsn};
        _ -> {Name, Vsn, Type}
    end.
