%% Waits for connections. Who waits inside gen_tcp:accept/1 stands in the code of this module, and is ended when that code
%% has become old and is purged. Therefore as little as possible is in it, so that it need not change.
-module(tally_tcp_acceptor).

-export([start_link/0, init/0]).

start_link() ->
    {ok, proc_lib:spawn_link(?MODULE, init, [])}.

init() ->
    accept(tally_tcp_listener:socket()).

accept(Listener) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    _ = tally_tcp_connections:start_connection(Socket),
    accept(Listener).
