%% A gen_server whose state gets another shape.
-module(live_counter).
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-if(?VSN =:= 1).
init([]) -> {ok, 0}.
handle_call(add, _From, N) -> {reply, {1, N + 1}, N + 1};
handle_call(get, _From, N) -> {reply, {live_numbers:version(), N}, N}.
code_change(_Vsn, N, _Extra) -> {ok, N}.
-else.
init([]) -> {ok, {count, 0}}.
handle_call(add, _From, {count, N}) -> {reply, {2, N + 1}, {count, N + 1}};
handle_call(get, _From, {count, N}) -> {reply, {live_numbers:version(), N}, {count, N}}.
code_change({down, _Vsn}, {count, N}, _Extra) -> {ok, N};
code_change(_Vsn, N, _Extra) -> {ok, {count, N}}.
-endif.

handle_cast(_, State) -> {noreply, State}.
