-module(gauge_stats).
-export([summary/1]).

-spec summary([number(), ...]) -> {Lowest :: number(), Mean :: float(), Highest :: number()}.
summary(Values) ->
    {lists:min(Values), lists:sum(Values) / length(Values), lists:max(Values)}.
