%% Arithmetic.
-module(tally_stats).

-export([mean/3]).

-spec mean(integer(), pos_integer(), non_neg_integer()) -> binary().
mean(Sum, Count, Decimals) ->
    float_to_binary(Sum / Count, [{decimals, Decimals}]).
