-module(pen_sup).
-behaviour(supervisor).
-export([start_link/1, init/1]).

start_link(X) -> supervisor:start_link(?MODULE, X).
init(_) -> {ok, {{one_for_one, 1, 1}, [child(pen_ink), child(pen_cap)]}}.
child(M) -> {M, {M, start_link, []}, permanent, 100, worker, [M]}.
