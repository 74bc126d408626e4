%% The counter first, then the HTTP server that asks it.
-module(counter_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Flags = #{strategy => rest_for_one, intensity => 3, period => 10},
    Counter = #{id => counter_server,
                start => {counter_server, start_link, []}},
    Web = #{id => counter_web,
            start => {counter_web, start_link, []},
            type => supervisor},
    {ok, {Flags, [Counter, Web]}}.
