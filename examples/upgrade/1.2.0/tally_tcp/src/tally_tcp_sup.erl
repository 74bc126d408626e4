%% The connections first, then who listens, then who accepts.
-module(tally_tcp_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Connections = #{id => tally_tcp_connections,
                    start => {tally_tcp_connections, start_link, []},
                    type => supervisor},
    Listener = #{id => tally_tcp_listener,
                 start => {tally_tcp_listener, start_link, []}},
    Acceptor = #{id => tally_tcp_acceptor,
                 start => {tally_tcp_acceptor, start_link, []},
                 shutdown => brutal_kill},
    {ok, {#{strategy => rest_for_one}, [Connections, Listener, Acceptor]}}.
