-module(crc_tests).

-include_lib("eunit/include/eunit.hrl").

known_sums_test_() ->
    [?_assertEqual(Sum, crc:hex(Data)) || {Data, Sum} <- [
        {"", "00000000"},
        {"123456789", "e3069283"},
        {binary:copy(<<0>>, 32), "8a9136aa"}
    ]].

no_data_test() ->
    ?assertError(badarg, crc_nif:crc32c(1)).
