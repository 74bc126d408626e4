%% A gen_statem whose data get another shape.
-module(live_machine).
-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, handle_event/4, code_change/4]).

start_link() -> gen_statem:start_link({local, ?MODULE}, ?MODULE, [], []).
callback_mode() -> handle_event_function.
init([]) -> {ok, on, {?VSN, 0}}.
handle_event({call, From}, add, on, {?VSN, N}) -> {next_state, on, {?VSN, N + 1}, {reply, From, {?VSN, N + 1}}};
handle_event({call, From}, get, on, {?VSN, N}) -> {keep_state, {?VSN, N}, {reply, From, {?VSN, N}}}.
-if(?VSN =:= 1).
code_change(_, State, Data, _) -> {ok, State, Data}.
-else.
code_change({down, _}, State, {2, N}, _) -> {ok, State, {1, N}};
code_change(_, State, {1, N}, _) -> {ok, State, {2, N}}.
-endif.
