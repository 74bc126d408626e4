%% A handler of the gen_event live_events, whose state gets another shape.
-module(live_handler).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2, code_change/3]).

init([]) -> {ok, {?VSN, 0}}.
handle_event(_, State) -> {ok, State}.
handle_call(add, {?VSN, N}) -> {ok, {?VSN, N + 1}, {?VSN, N + 1}};
handle_call(get, {?VSN, N}) -> {ok, {?VSN, N}, {?VSN, N}}.
-if(?VSN =:= 1).
code_change(_, State, _) -> {ok, State}.
-else.
code_change({down, _}, {2, N}, _) -> {ok, {1, N}};
code_change(_, {1, N}, _) -> {ok, {2, N}}.
-endif.
