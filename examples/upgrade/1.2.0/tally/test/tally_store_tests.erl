%% EUnit: the state of one version becomes that of another.
-module(tally_store_tests).

-include_lib("eunit/include/eunit.hrl").

code_change_test_() ->
    Before = #{<<"a">> => 3, <<"b">> => -1},
    {ok, After} = tally_store:code_change(1, Before, []),
    {reply, 5, Added} = tally_store:handle_call({add, <<"a">>, 2}, from, After),
    [?_assertEqual({reply, {ok, -1}, After}, tally_store:handle_call({find, <<"b">>}, from, After)),
     ?_assertEqual({reply, {ok, {5, 2}}, Added}, tally_store:handle_call({find_all, <<"a">>}, from, Added)),
     ?_assertEqual({ok, Added}, tally_store:code_change(2, Added, [])),
     ?_assertEqual({ok, Added}, tally_store:code_change({down, 2}, Added, [])),
     ?_assertEqual({ok, Before}, tally_store:code_change({down, 1}, After, [])),
     ?_assertEqual({ok, Before#{<<"a">> := 5}}, tally_store:code_change({down, 1}, Added, []))].
