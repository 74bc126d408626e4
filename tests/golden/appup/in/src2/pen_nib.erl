-module(pen_nib).
-behaviour(gen_server).
-export([width/0, init/1, handle_call/3, handle_cast/2]).

width() -> pen_cap:width().
init(X) -> {ok, X}.
handle_call(_, _, X) -> {reply, X, X}.
handle_cast(_, X) -> {noreply, X}.
