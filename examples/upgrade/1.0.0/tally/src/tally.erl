%% What others call.
-module(tally).

-export([add/2, sum/1]).

%% The sum after adding.
-spec add(binary(), integer()) -> integer().
add(Name, Amount) ->
    tally_store:add(Name, Amount).

-spec sum(binary()) -> {ok, integer()} | error.
sum(Name) ->
    tally_store:find(Name).
