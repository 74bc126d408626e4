%% What others call.
-module(tally).

-export([add/2, sum/1, mean/1, last/1]).

%% The sum after adding.
-spec add(binary(), integer()) -> integer().
add(Name, Amount) ->
    tally_store:add(Name, Amount).

-spec sum(binary()) -> {ok, integer()} | error.
sum(Name) ->
    tally_store:find(Name).

%% The mean of all that was added, with as many decimals as sys.config says.
-spec mean(binary()) -> {ok, binary()} | error.
mean(Name) ->
    case tally_store:find_all(Name) of
        {ok, {Sum, Count}} -> {ok, tally_stats:mean(Sum, Count, application:get_env(tally, decimals, 0))};
        error -> error
    end.

%% The last amounts that were added, the newest first.
-spec last(binary()) -> [integer()].
last(Name) ->
    tally_journal:last(Name).
