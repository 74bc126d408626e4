%% What others call; also a module without a process, which every version has in another code.
-module(tally).
-export([add/1, value/0, version/0]).

add(N) ->
    gen_server:call(tally_server, {add, N}).

value() ->
    gen_server:call(tally_server, value).

version() ->
    ?MAJOR.
