-module(pen_app).
-behaviour(application).
-export([start/2, stop/1]).

start(_, _) -> pen_sup:start_link(2).
stop(_) -> ok.
