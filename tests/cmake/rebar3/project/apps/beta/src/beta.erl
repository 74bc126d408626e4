-module(beta).
-export([value/0]).

value() -> alpha:value().
