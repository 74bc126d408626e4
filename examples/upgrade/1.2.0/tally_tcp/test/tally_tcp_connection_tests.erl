%% EUnit: the state of one version becomes that of another.
-module(tally_tcp_connection_tests).

-include_lib("eunit/include/eunit.hrl").

code_change_test_() ->
    {ok, After} = tally_tcp_connection:code_change(1, socket, []),
    [?_assertEqual(#{socket => socket, requests => 0}, After),
     ?_assertEqual({ok, socket}, tally_tcp_connection:code_change({down, 1}, After, []))].
