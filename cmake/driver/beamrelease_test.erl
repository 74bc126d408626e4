%% Runs tests for CTest, which looks at the exit status only: eunit and Common Test themselves end
%% with 0 when tests fail. Arguments: eunit|ct NAME MANIFEST RESULTS ARGUMENT...; a JUnit report is left
%% in the folder RESULTS.
-module(beamrelease_test).

-export([main/0]).

main() ->
    halt(beamrelease_report:catching(fun() -> run(init:get_plain_arguments()) end)).

run(["release" | Arguments]) ->
    beamrelease_boot:run(Arguments);
run([Kind, Name, File, Results | Arguments]) ->
    Manifest = beamrelease_manifest:read(File),
    beamrelease_files:remove(Results),
    beamrelease_files:make_dir(Results),
    Output = beamrelease_manifest:one(output_dir, Manifest),
    Ebins = [filename:join(Dir, "ebin") || [_, Dir | _] <- beamrelease_manifest:fields(depend, Manifest)],
    code:add_pathsa(Ebins ++ [filename:join(Output, "test"), filename:join(Output, "ebin")]),
    %% What tests write by a relative name must not go to the sources.
    ok = file:set_cwd(Results),
    case Kind of
        "eunit" -> eunit(Name, Output, Arguments, Results);
        "ct" -> common_test(Name, Output, Arguments, Results)
    end.

%% ---- EUnit

eunit(Name, Output, Arguments, Results) ->
    Known = modules(Output, "ebin") ++ [M || M <- modules(Output, "test"), not lists:suffix("_SUITE", M)],
    Modules =
        case Arguments of
            [] -> Known;
            _ -> [known(M, Known) || M <- Arguments]
        end,
    Tested = [list_to_atom(M) || M <- Modules, has_tests(M, Known)],
    Tested =/= [] orelse fault("no module has tests: looked at ~ts", [lists:join(", ", Modules)]),
    %% eunit runs m_tests with m.
    Alone = [M || M <- Tested, not lists:member(M, [with_tests(T) || T <- Tested])],
    Report = {report, {eunit_surefire, [{dir, Results}]}},
    case eunit:test({Name, Alone}, [verbose, Report]) of
        ok -> ok;
        Failed -> fault("eunit: ~tp", [Failed])
    end.

modules(Output, Folder) ->
    [filename:basename(F, ".beam") || F <- lists:sort(element(1, beamrelease_files:walk(filename:join(Output, Folder)))),
        filename:extension(F) =:= ".beam"].

known(Module, Known) ->
    lists:member(Module, Known) orelse
        fault("MODULES names ~ts, which is no module of the application; there are ~ts", [Module, lists:join(", ", Known)]),
    Module.

with_tests(Module) ->
    list_to_atom(atom_to_list(Module) ++ "_tests").

has_tests(Module, Known) ->
    M = list_to_atom(Module),
    {module, M} = code:ensure_loaded(M),
    erlang:function_exported(M, test, 0) orelse lists:member(Module ++ "_tests", Known).

%% ---- Common Test

common_test(Name, Output, Arguments, Results) ->
    Dir = filename:join(Output, "test"),
    Suites =
        case [S || "suite=" ++ S <- Arguments] of
            [] -> [M || M <- modules(Output, "test"), lists:suffix("_SUITE", M)];
            Given -> Given
        end,
    Suites =/= [] orelse fault("there is no suite in ~ts", [Dir]),
    Options = [
        {dir, Dir},
        {suite, Suites},
        {auto_compile, false},
        {logdir, Results},
        {label, Name},
        {config, [C || "config=" ++ C <- Arguments]},
        {ct_hooks, [{cth_surefire, [{path, filename:join(Results, "junit.xml")}]}]}
    ],
    %% A case that its own init skips is no failure; one that cannot be run is.
    case ct:run_test(Options) of
        {Passed, 0, {_ByUser, 0}} when Passed > 0 -> ok;
        {Passed, Failed, {ByUser, Auto}} ->
            fault("Common Test: ~w passed, ~w failed, ~w skipped by the suite, ~w not run. See ~ts/index.html",
                [Passed, Failed, ByUser, Auto, Results]);
        {error, Reason} -> fault("Common Test: ~tp", [Reason])
    end.

-spec fault(string(), list()) -> no_return().
fault(Format, Arguments) ->
    throw({faults, [["error: ", io_lib:format(Format, Arguments)]]}).
