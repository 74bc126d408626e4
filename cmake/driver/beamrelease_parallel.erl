%% lists:map/2 on all schedulers. Results are in the order of the list; what a call throws is thrown.
-module(beamrelease_parallel).

-export([map/2]).

map(Fun, List) ->
    Jobs = lists:zip(lists:seq(1, length(List)), List),
    Results = run(Fun, Jobs, #{}, #{}, erlang:system_info(schedulers_online)),
    [unwrap(maps:get(N, Results)) || {N, _} <- Jobs].

run(_Fun, [], Running, Results, _Free) when map_size(Running) =:= 0 ->
    Results;
run(Fun, [{N, Item} | Jobs], Running, Results, Free) when Free > 0 ->
    {_, Monitor} = spawn_monitor(fun() ->
        exit(
            try
                {ok, Fun(Item)}
            catch
                Class:Reason:Stack -> {Class, Reason, Stack}
            end)
    end),
    run(Fun, Jobs, Running#{Monitor => N}, Results, Free - 1);
run(Fun, Jobs, Running, Results, Free) ->
    receive
        {'DOWN', Monitor, process, _, Result} when is_map_key(Monitor, Running) ->
            {N, Rest} = maps:take(Monitor, Running),
            run(Fun, Jobs, Rest, Results#{N => Result}, Free + 1)
    end.

unwrap({ok, Result}) -> Result;
unwrap({Class, Reason, Stack}) -> erlang:raise(Class, Reason, Stack);
unwrap(Other) -> exit(Other).
