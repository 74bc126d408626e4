-module(live_gone).
-export([version/0]).

version() -> 1.
