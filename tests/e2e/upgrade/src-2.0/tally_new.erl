-module(tally_new).
-export([sum/1]).

sum(N) -> N + tally_step:size().
