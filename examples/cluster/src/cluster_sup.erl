%% The number first, then who finds the other nodes, then the HTTP server.
-module(cluster_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Flags = #{strategy => rest_for_one, intensity => 3, period => 10},
    Counter = #{id => cluster_counter,
                start => {cluster_counter, start_link, []}},
    Nodes = #{id => cluster_nodes,
              start => {cluster_nodes, start_link, []}},
    Web = #{id => cluster_web,
            start => {cluster_web, start_link, []},
            type => supervisor},
    {ok, {Flags, [Counter, Nodes, Web]}}.
