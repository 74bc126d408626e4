%% A gen_statem that keeps state, data and callback mode, which is a list.
-module(live_modes).
-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, on/3, code_change/4]).

start_link() -> gen_statem:start_link({local, ?MODULE}, ?MODULE, [], []).
callback_mode() -> [state_functions, state_enter].
init([]) -> {ok, on, 0}.
on(enter, _, _) -> keep_state_and_data;
on({call, From}, add, N) -> {keep_state, N + 1, {reply, From, {?VSN, N + 1}}};
on({call, From}, get, N) -> {keep_state, N, {reply, From, {?VSN, N}}}.
code_change(_, State, Data, _) -> {ok, State, Data}.
