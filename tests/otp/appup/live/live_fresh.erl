-module(live_fresh).
-export([version/0]).

version() -> 2.
