-module(tally_gone).
-export([hello/0]).

hello() -> here.
