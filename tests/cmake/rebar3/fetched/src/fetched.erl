-module(fetched).
-export([value/0]).

value() -> fetched.
