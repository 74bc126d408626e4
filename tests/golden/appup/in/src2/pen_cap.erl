-module(pen_cap).
-behaviour(gen_server).
-export([start_link/0, width/0, init/1, handle_call/3, handle_cast/2]).

start_link() -> gen_server:start_link(?MODULE, [], []).
width() -> 2.
init(X) -> {ok, X}.
handle_call(_, _, X) -> {reply, X, X}.
handle_cast(_, X) -> {noreply, X}.
