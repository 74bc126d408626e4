-module(pen_ink).
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3]).
-record(state, {ink = 7, colour = blue}).

start_link() -> gen_server:start_link(?MODULE, [], []).
init([]) -> {ok, #state{}}.
handle_call(_, _, State) -> {reply, State#state.ink, State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> {ok, State}.
