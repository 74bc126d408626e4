-module(tally_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Store = #{id => tally_store, start => {tally_store, start_link, []}},
    {ok, {#{strategy => one_for_one}, [Store]}}.
