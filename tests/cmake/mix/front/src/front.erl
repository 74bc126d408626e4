-module(front).
-export([run/0]).
run() -> 'Elixir.Calc':run().
