-module(outside).
-export([value/0]).

value() -> outside.
