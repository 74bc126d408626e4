%% EUnit: what the nodes rely on when they tell each other their counts, and one node by itself.
-module(cluster_tests).

-include_lib("eunit/include/eunit.hrl").

merge_test_() ->
    A = #{{a, 1} => 3, {b, 1} => 5},
    B = #{{b, 1} => 4, {c, 9} => 7},
    Both = #{{a, 1} => 3, {b, 1} => 5, {c, 9} => 7},
    Merge = fun cluster_counter:merge/2,
    [?_assertEqual(Both, Merge(A, B)),
     ?_assertEqual(Both, Merge(B, A)),
     ?_assertEqual(Both, Merge(Both, A)),
     ?_assertEqual(A, Merge(A, #{}))].

one_node_test() ->
    true = os:putenv("CLUSTER_PORT", "0"),
    true = os:putenv("CLUSTER_DRAIN", "0"),
    {ok, Started} = application:ensure_all_started(cluster),
    ?assertEqual(0, cluster_counter:value()),
    ?assertEqual(5, cluster_counter:add(5)),
    ?assertEqual(6, cluster_counter:add(1)),
    ?assert(ready(100)),
    ?assertEqual(ok, application:stop(cluster)),
    ?assertNot(cluster_nodes:ready()),
    [ok = application:stop(Application) || Application <- lists:reverse(Started), Application =/= cluster].

ready(0) -> false;
ready(Tries) -> cluster_nodes:ready() orelse (timer:sleep(20) =:= ok andalso ready(Tries - 1)).
