-module(checked).
-export([value/0]).

value() -> checked.
