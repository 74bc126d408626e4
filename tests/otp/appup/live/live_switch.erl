%% A gen_statem that keeps state and data, and changes its callback mode.
-module(live_switch).
-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, on/3, handle_event/4, code_change/4]).

start_link() -> gen_statem:start_link({local, ?MODULE}, ?MODULE, [], []).
-if(?VSN =:= 1).
callback_mode() -> state_functions.
on({call, From}, add, N) -> {keep_state, N + 1, {reply, From, {1, N + 1}}};
on({call, From}, get, N) -> {keep_state, N, {reply, From, {1, N}}}.
handle_event(_, _, _, _) -> exit(wrong_mode).
-else.
callback_mode() -> handle_event_function.
handle_event({call, From}, add, on, N) -> {keep_state, N + 1, {reply, From, {2, N + 1}}};
handle_event({call, From}, get, on, N) -> {keep_state, N, {reply, From, {2, N}}}.
on(_, _, _) -> exit(wrong_mode).
-endif.
init([]) -> {ok, on, 0}.
code_change(_, State, Data, _) -> {ok, State, Data}.
