-module(gamma).
-export([value/0]).

value() -> fetched:value().
