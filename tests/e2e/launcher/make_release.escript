#!/usr/bin/env escript
%% make_release.escript LAUNCHER_TEMPLATE OUTPUT [exclude|ssl]: a small release `tiny`, made with
%% systools, for the tests of the launcher; with ssl it has what TLS needs. The application `tiny` does what its tests ask for by
%% environment variables:
%%   TINY_FAIL     its start fails
%%   TINY_SLOW     milliseconds that its start takes
%%   TINY_STOP_SLOW  milliseconds that its stop takes
%%   TINY_STOPPED  a file that gets a line when it has been stopped
main([Templates, Out | Options]) ->
    Included = not lists:member("exclude", Options),
    Lib = filename:join(Out, "lib"),
    Otp = [kernel, stdlib] ++ [App || lists:member("ssl", Options), App <- [crypto, asn1, public_key, ssl]],
    Vsn = "1.0.0",
    Releases = filename:join([Out, "releases", Vsn]),
    Ebin = filename:join([Lib, "tiny-" ++ Vsn, "ebin"]),
    ok = filelib:ensure_dir(filename:join(Releases, "x")),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    ok = filelib:ensure_dir(filename:join([Out, "bin", "x"])),
    write_application(Ebin, Vsn),
    Erts = erlang:system_info(version),
    write_boot(Releases, Lib, Vsn, Erts, Otp),
    [copy_otp(Lib, App) || Included, App <- Otp],
    [copy_erts(Out, Erts) || Included],
    write_launcher(Templates, Out, Included),
    [{ok, _} = file:copy(filename:join(Templates, F), filename:join(Releases, F))
     || F <- ["vm.args", "remote.vm.args", "env.sh"]],
    ok = file:write_file(filename:join(Releases, "sys.config"),
                         "[{tiny, [{greeting, \"hello\"}]}].\n"),
    ok = file:write_file(filename:join([Out, "releases", "start_erl.data"]), [Erts, " ", Vsn]).

write_application(Ebin, Vsn) ->
    Source =
        "-module(tiny).\n-behaviour(application).\n-behaviour(supervisor).\n"
        "-export([start/2, stop/1, config_change/3, init/1, greet/0]).\n"
        "start(_, _) ->\n"
        "    timer:sleep(list_to_integer(os:getenv(\"TINY_SLOW\", \"0\"))),\n"
        "    case os:getenv(\"TINY_FAIL\") of\n"
        "        false -> supervisor:start_link(tiny, []);\n"
        "        _ -> {error, asked_to_fail}\n"
        "    end.\n"
        "stop(_) ->\n"
        "    timer:sleep(list_to_integer(os:getenv(\"TINY_STOP_SLOW\", \"0\"))),\n"
        "    case os:getenv(\"TINY_STOPPED\") of\n"
        "        false -> ok; F -> file:write_file(F, \"app stopped\\n\", [append]) end.\n"
        "config_change(Changed, New, Removed) -> persistent_term:put(tiny_changes, {Changed, New, Removed}).\n"
        "init([]) -> {ok, {{one_for_one, 1, 5}, []}}.\n"
        "greet() -> {ok, G} = application:get_env(tiny, greeting), io:put_chars([G, $\\n]).\n",
    {ok, Tokens, _} = erl_scan:string(Source),
    {ok, tiny, Beam} = compile:forms(forms(Tokens, []), []),
    ok = file:write_file(filename:join(Ebin, "tiny.beam"), Beam),
    App = {application, tiny, [{description, "for tests"}, {vsn, Vsn}, {modules, [tiny]}, {registered, []},
                               {applications, [kernel, stdlib]}, {mod, {tiny, []}}]},
    write_term(filename:join(Ebin, "tiny.app"), App).

forms([], Forms) ->
    lists:reverse(Forms);
forms(Tokens, Forms) ->
    {Form, [Dot | Rest]} = lists:splitwith(fun(T) -> element(1, T) =/= dot end, Tokens),
    {ok, Parsed} = erl_parse:parse_form(Form ++ [Dot]),
    forms(Rest, [Parsed | Forms]).

write_boot(Releases, Lib, Vsn, Erts, [kernel, stdlib | More]) ->
    Base = [{App, version(App)} || App <- [kernel, stdlib]],
    Rel = {release, {"tiny", Vsn}, {erts, Erts}, Base ++ [{App, version(App)} || App <- More] ++ [{tiny, Vsn}]},
    Clean = {release, {"tiny", Vsn}, {erts, Erts}, Base ++ [{App, version(App), load} || App <- More] ++ [{tiny, Vsn, load}]},
    [begin
         write_term(filename:join(Releases, Name ++ ".rel"), Term),
         {ok, _, _} = systools:make_script(Name, [silent, {outdir, Releases}, no_warn_sasl,
             no_dot_erlang, {variables, [{"RELEASE_LIB", Lib}]},
             {path, [Releases, filename:join([Lib, "*", "ebin"])]}])
     end || {Name, Term} <- [{"start", Rel}, {"start_clean", Clean}]].

version(App) ->
    _ = application:load(App),
    {ok, Vsn} = application:get_key(App, vsn),
    Vsn.

copy_otp(Lib, App) ->
    Target = filename:join(Lib, atom_to_list(App) ++ "-" ++ version(App)),
    [begin
         To = filename:join(Target, F),
         ok = filelib:ensure_dir(To),
         {ok, _} = file:copy(filename:join(code:lib_dir(App), F), To)
     end || Pattern <- ["ebin/*", "priv/lib/*.so"],
            F <- filelib:wildcard(Pattern, code:lib_dir(App))].

copy_erts(Out, Erts) ->
    Name = "erts-" ++ Erts,
    From = filename:join([code:root_dir(), Name, "bin"]),
    [copy_program(filename:join(From, F), filename:join([Out, Name, "bin", F]))
     || F <- ["beam.smp", "erl_child_setup", "erlexec", "inet_gethost", "heart", "epmd", "run_erl",
              "to_erl", "erl_call"], filelib:is_file(filename:join(From, F))].

copy_program(From, To) ->
    ok = filelib:ensure_dir(To),
    {ok, _} = file:copy(From, To),
    ok = file:change_mode(To, 8#755).

write_launcher(Templates, Out, Included) ->
    Parts = lists:sort(filelib:wildcard(filename:join([Templates, "launcher", "*.sh"]))),
    Text = list_to_binary([begin {ok, Part} = file:read_file(F), Part end || F <- Parts]),
    Values = [{"release_name", "tiny"}, {"erts_included", atom_to_list(Included)},
              {"elixir_version", ""}],
    Full = lists:foldl(fun({Name, Value}, T) ->
                               binary:replace(T, list_to_binary("${" ++ Name ++ "}"),
                                              list_to_binary(Value), [global])
                       end, Text, Values),
    File = filename:join([Out, "bin", "tiny"]),
    ok = file:write_file(File, Full),
    ok = file:change_mode(File, 8#755).

write_term(File, Term) ->
    ok = file:write_file(File, io_lib:format("~tp.~n", [Term])).
