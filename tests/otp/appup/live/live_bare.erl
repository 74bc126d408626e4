%% A gen_server without code_change: to call it would end the process.
-module(live_bare).
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

init([]) -> {ok, 0}.
handle_call(add, _From, N) -> {reply, {?VSN, N + 1}, N + 1};
handle_call(get, _From, N) -> {reply, {?VSN, N}, N}.
handle_cast(_, N) -> {noreply, N}.
