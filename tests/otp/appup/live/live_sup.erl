%% A supervisor; the new version has another intensity.
-module(live_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, {{one_for_one, live_numbers:intensity(?VSN), 1},
          [child(live_counter), child(live_idle), child(live_machine), child(live_modes), child(live_bare), child(live_switch), child(live_loop),
           {live_events, {gen_event, start_link, [{local, live_events}]}, permanent, 100, worker, dynamic}]}}.

child(Module) -> {Module, {Module, start_link, []}, permanent, 100, worker, [Module]}.
