%% A gen_server that other code reaches without a pause: its code_change does nothing.
-module(live_idle).
-behavior(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

init([]) -> {ok, 0}.
handle_call(add, _From, N) -> {reply, {?VSN, N + 1}, N + 1};
handle_call(get, _From, N) -> {reply, {?VSN, N}, N}.
handle_cast(_, N) -> {noreply, N}.
code_change(_Vsn, State, _Extra) -> {ok, State}.
