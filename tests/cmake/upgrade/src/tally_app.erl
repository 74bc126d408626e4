-module(tally_app).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).

start(_, _) ->
    supervisor:start_link({local, tally_sup}, ?MODULE, []).

stop(_) ->
    ok.

init([]) ->
    {ok, {#{}, [#{id => tally_server, start => {tally_server, start_link, []}, modules => [tally_server]}]}}.
