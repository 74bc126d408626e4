#!/usr/bin/env escript
%% make_upgrades.escript BEAMREL OUTPUT: packages of a release `tiny` in the versions 1.0.0, 1.1.0 and 1.2.0, for the
%% tests of upgrades; OUTPUT/VSN.tar.gz. 1.1.0 and 1.2.0 hold a relup from and to the one before.
%%
%% Its server tiny_server has a counter: an integer in 1.0.0, {counter, N} in 1.1.0, {counter, N, Previous} in 1.2.0.
%% The application remembers what config_change has told it.
main([Beamrel, Out]) ->
    Versions = ["1.0.0", "1.1.0", "1.2.0"],
    ok = filelib:ensure_dir(filename:join(Out, "x")),
    [write_application(Out, V) || V <- Versions],
    [pack(Beamrel, Out, V, Before) || {V, Before} <- lists:zip(Versions, [none | lists:droplast(Versions)])].

write_application(Out, Vsn) ->
    Ebin = filename:join([Out, "apps", Vsn, "tiny-" ++ Vsn, "ebin"]),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    [begin
         {ok, Module, Beam} = compile:forms(forms(Source), []),
         ok = file:write_file(filename:join(Ebin, atom_to_list(Module) ++ ".beam"), Beam)
     end || Source <- [application(), server(Vsn)]],
    write_term(filename:join(Ebin, "tiny.app"),
               {application, tiny, [{description, "for tests"}, {vsn, Vsn}, {modules, [tiny, tiny_server]},
                                    {registered, [tiny_server]}, {applications, [kernel, stdlib, sasl]},
                                    {env, [{greeting, "of the application"}, {since, Vsn}]}, {mod, {tiny, []}}]}),
    case before(Vsn) of
        none -> ok;
        Before ->
            Update = [{update, tiny_server, {advanced, []}}, {load_module, tiny}],
            write_term(filename:join(Ebin, "tiny.appup"), {Vsn, [{Before, Update}], [{Before, Update}]})
    end.

before("1.0.0") -> none;
before("1.1.0") -> "1.0.0";
before("1.2.0") -> "1.1.0".

application() ->
    "-module(tiny).\n-behaviour(application).\n-behaviour(supervisor).\n"
    "-export([start/2, stop/1, config_change/3, init/1, changes/0]).\n"
    "start(_, _) -> supervisor:start_link(tiny, []).\n"
    "stop(_) -> ok.\n"
    "config_change(Changed, New, Removed) -> persistent_term:put(tiny_changes, {Changed, New, Removed}).\n"
    "changes() -> persistent_term:get(tiny_changes, none).\n"
    "init([]) -> {ok, {{one_for_one, 1, 5}, [{tiny_server, {tiny_server, start_link, []}, permanent, 5000, worker, [tiny_server]}]}}.\n".

%% TINY_CRASH in the environment lets code_change fail, TINY_SLOW makes it take that many milliseconds.
server(Vsn) ->
    "-module(tiny_server).\n-behaviour(gen_server).\n-vsn(\"" ++ Vsn ++ "\").\n"
    "-export([start_link/0, next/0, init/1, handle_call/3, handle_cast/2, code_change/3]).\n"
    "start_link() -> gen_server:start_link({local, tiny_server}, tiny_server, [], []).\n"
    "next() -> gen_server:call(tiny_server, next).\n"
    "handle_cast(_, S) -> {noreply, S}.\n"
    "code_change(Old, S, _) ->\n"
    "    os:getenv(\"TINY_CRASH\") =:= false orelse error(asked_to_crash),\n"
    "    timer:sleep(list_to_integer(os:getenv(\"TINY_SLOW\", \"0\"))),\n"
    "    {ok, change(Old, S)}.\n" ++ server_of(Vsn).

server_of("1.0.0") ->
    "init([]) -> {ok, 0}.\n"
    "handle_call(next, _, N) -> {reply, N + 1, N + 1}.\n"
    "change({down, _}, {counter, N}) -> N.\n";
server_of("1.1.0") ->
    "init([]) -> {ok, {counter, 0}}.\n"
    "handle_call(next, _, {counter, N}) -> {reply, {v1, N + 1}, {counter, N + 1}}.\n"
    "change({down, _}, {counter, N, _}) -> {counter, N};\n"
    "change({down, _}, {counter, N}) -> N;\n"
    "change(_, N) -> {counter, N}.\n";
server_of("1.2.0") ->
    "init([]) -> {ok, {counter, 0, none}}.\n"
    "handle_call(next, _, {counter, N, _}) -> {reply, {v2, N + 1}, {counter, N + 1, N}}.\n"
    "change({down, _}, {counter, N, _}) -> {counter, N};\n"
    "change(_, {counter, N}) -> {counter, N, none}.\n".

forms(Source) ->
    {ok, Tokens, _} = erl_scan:string(Source),
    forms(Tokens, []).

forms([], Forms) ->
    lists:reverse(Forms);
forms(Tokens, Forms) ->
    {Form, [Dot | Rest]} = lists:splitwith(fun(T) -> element(1, T) =/= dot end, Tokens),
    {ok, Parsed} = erl_parse:parse_form(Form ++ [Dot]),
    forms(Rest, [Parsed | Forms]).

pack(Beamrel, Out, Vsn, Before) ->
    Folder = filename:join(Out, Vsn),
    Spec = Folder ++ ".yaml",
    Yaml = ["release:\n  name: tiny\n  version: ", Vsn, "\n  applications: [sasl, tiny]\n  paths: [apps/", Vsn, "]\n  otp: ",
            code:root_dir(), "\n  config: {sys: ", Vsn, ".config}\n"],
    write_term(Folder ++ ".config", [{tiny, [{greeting, "hello of " ++ Vsn}, {list_to_atom("only_" ++ Vsn), true}]}]),
    ok = file:write_file(Spec, Yaml),
    run(Beamrel, ["assemble", "--spec", Spec, "--output", Folder]),
    {Command, From} = case Before of
        none -> {"pack", []};
        _ -> {"upgrade", ["--from", filename:join(Out, Before) ++ ".tar.gz"]}
    end,
    run(Beamrel, [Command, "--spec", Spec, "--output", Folder ++ ".tar.gz" | From]).

run(Program, Arguments) ->
    Port = open_port({spawn_executable, Program}, [{args, Arguments}, exit_status]),
    receive {Port, {exit_status, 0}} -> ok end.

write_term(File, Term) ->
    ok = file:write_file(File, io_lib:format("~tp.~n", [Term])).
