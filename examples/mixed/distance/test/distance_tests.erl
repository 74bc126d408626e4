-module(distance_tests).

-include_lib("eunit/include/eunit.hrl").

between_test_() ->
    [?_assertEqual(0, distance:between("", "")),
     ?_assertEqual(3, distance:between("", "abc")),
     ?_assertEqual(2, distance:between(<<"apple">>, <<"appel">>)),
     ?_assertEqual(3, distance:between("kitten", "sitting")),
     ?_assertEqual(1, distance:between(<<"häuser"/utf8>>, "hauser")),
     ?_assertError(badarg, distance:between(lists:duplicate(256, $a), "a"))].
