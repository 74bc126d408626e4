-module(erl_half).
-export([half/1]).
half(N) -> N div 2.
