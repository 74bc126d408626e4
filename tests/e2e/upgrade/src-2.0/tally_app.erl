-module(tally_app).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).

start(_Type, _Arguments) -> supervisor:start_link(?MODULE, []).

stop(_State) -> ok.

init([]) ->
    {ok, {{one_for_one, 1, 5}, [{tally, {tally, start_link, []}, permanent, 1000, worker, [tally]}]}}.
