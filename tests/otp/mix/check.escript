#!/usr/bin/env escript
%% -*- erlang -*-
%% usage: check.escript WORK BEAMREL OTP ELIXIR ERLANG
%% Makes each release of WORK/cases with BEAMREL, and compares it with what Mix made of it, term for term. ERLANG is the
%% version of OTP that Mix ran on. Prints what differs; the exit status is 1 then.
-mode(compile).
-export([main/1]).

main([Work, Beamrel, Otp, Elixir, Erlang]) ->
    ok = io:setopts([{encoding, unicode}]),
    put(erlang, list_to_integer(Erlang)),
    Dirs = filelib:wildcard(filename:join([Work, "cases", "*"])),
    Results = [check(Dir, Beamrel, Otp, Elixir) || Dir <- Dirs],
    Count = fun(What) -> length([R || R <- Results, R =:= What]) end,
    io:format("~b releases like those of mix, ~b refused by both, ~b by mix alone, ~b different~n",
              [Count(same), Count(refused), Count(lenient), Count(different)]),
    %% all three kinds must be there, or nothing has been tested
    halt(case {Count(different), Count(same) * 3 > length(Dirs), Count(refused) > 0} of
             {0, true, true} -> 0;
             _ -> 1
         end).

check(Dir, Beamrel, Otp, Elixir) ->
    {ok, Spec0} = file:read_file(filename:join(Dir, "spec.yaml")),
    Spec = lists:foldl(fun({From, To}, S) -> string:replace(S, From, To, all) end, Spec0,
                       [{"@OTP@", Otp}, {"@ELIXIR@", Elixir}]),
    ok = file:write_file(filename:join(Dir, "spec.yaml"), Spec),
    {Status, Said} = run(Beamrel, ["assemble", "--spec", "spec.yaml", "--output", "out", "--link"], Dir),
    Outcome = case file:read_file(filename:join([Dir, "want", "error"])) of
                  {ok, Error} -> refused(binary_to_list(Error), Status, Said);
                  {error, enoent} when Status =/= 0 -> [{"beamrel fails", Said}];
                  {error, enoent} -> compare(Dir)
              end,
    case Outcome of
        [_ | _] -> io:format("~ts:~n", [Dir]), [io:format("  ~ts: ~tp~n", [W, V]) || {W, V} <- Outcome], different;
        [] -> del(filename:join(Dir, "out")), same;
        Kind -> del(filename:join(Dir, "out")), Kind
    end.

del(Dir) -> file:del_dir_r(Dir).

run(Program, Args, Dir) ->
    Port = open_port({spawn_executable, Program}, [{args, Args}, {cd, Dir}, exit_status, stderr_to_stdout, binary]),
    collect(Port, []).

collect(Port, Said) ->
    receive
        {Port, {data, Data}} -> collect(Port, [Said, Data]);
        {Port, {exit_status, Status}} -> {Status, unicode:characters_to_list(iolist_to_binary(Said))}
    end.

%% What mix refuses and we take: an application that is included and needed by another, which systools takes too; and,
%% up to Elixir 1.14, optional applications that are not there.
refused(Error, Status, Said) ->
    Has = fun(Text, What) -> string:find(Text, What) =/= nomatch end,
    Both = [{"which is set to", "has start type"}, {"Could not find application :nowhere", "[not_found]"},
            {"Circular dependencies", "[circular_dependencies]"}],
    case {[Word || {Theirs, Word} <- Both, Has(Error, Theirs)], Status} of
        {[], _} ->
            case [K || K <- ["listed both as a regular", ", which isn't", ":ghost"], Has(Error, K)] of
                [_ | _] -> lenient;
                [] -> [{"mix refuses in a new way", Error}]
            end;
        {[Word | _], 1} -> case Has(Said, Word) of true -> refused; false -> [{Error, Said}] end;
        _ -> [{"mix alone refuses", Error}]
    end.

compare(Dir) ->
    Out = filename:join([Dir, "out", "releases", "1.2.3"]),
    Want = filename:join(Dir, "want"),
    Pairs = [{"r.rel", "start.rel"}] ++ [{F, F} || F <- ["start.script", "start_clean.script"]],
    [{File, first(A, B)}
     || {File, Wanted} <- Pairs,
        A <- [consult(filename:join(Out, File))], B <- [consult(filename:join(Want, Wanted))],
        as_root(A) =/= as_root(B)]
        ++ [{Boot, first(A, B)}
            || Boot <- ["start.boot", "start_clean.boot"],
               A <- [boot(filename:join(Out, Boot))], B <- [boot(filename:join(Want, Boot))],
               as_root(A) =/= as_root(B)]
        ++ compare_sys_config(filename:join(Out, "sys.config"), filename:join(Want, "sys.config")).

compare_sys_config(File, Wanted) ->
    A = consult(File), B = consult(Wanted),
    [{"sys.config", first(A, B)} || ordered(A) =/= ordered(B)]
        ++ [{"second line", {header(File), header(Wanted)}}
            || init(A) =/= none, header(File) =/= header(Wanted)].

init([Config]) ->
    proplists:get_value(config_provider_init, proplists:get_value(elixir, Config, []), none).

%% compile_env comes in the order of a map of applications, which from OTP 26 on is that of no name.
ordered([Config] = Terms) ->
    case {init(Terms), get(erlang)} of
        {#{validate_compile_env := [_ | _] = Env} = Init, Otp} when Otp >= 26 ->
            Elixir = proplists:get_value(elixir, Config),
            Sorted = Init#{validate_compile_env := lists:sort(Env)},
            lists:keyreplace(elixir, 1, Config,
                             {elixir, lists:keyreplace(config_provider_init, 1, Elixir,
                                                       {config_provider_init, Sorted})});
        _ -> Config
    end.

header(File) ->
    {ok, Text} = file:read_file(File),
    lists:sublist(binary:split(Text, <<"\n">>, [global]), 2).

consult(File) -> {ok, Terms} = file:consult(File), Terms.

boot(File) -> {ok, Bytes} = file:read_file(File), binary_to_term(Bytes).

%% $RELEASE_LIB read as $ROOT/lib.
as_root("$RELEASE_LIB" ++ Rest) -> "$ROOT/lib" ++ Rest;
as_root([H | T]) -> [as_root(H) | as_root(T)];
as_root(T) when is_tuple(T) -> list_to_tuple(as_root(tuple_to_list(T)));
as_root(T) -> T.

%% The first parts that differ.
first(A, B) ->
    case {as_root(A), as_root(B)} of
        {[H | T], [H | U]} -> first(T, U);
        {[H | _], [I | _]} when is_list(H), is_list(I); is_tuple(H), is_tuple(I) -> first(H, I);
        {T, U} when is_tuple(T), is_tuple(U), tuple_size(T) =:= tuple_size(U) ->
            first(tuple_to_list(T), tuple_to_list(U));
        Other -> {ours, element(1, Other), mix, element(2, Other)}
    end.
