-module(crc_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Listener = #{id => crc_listener, start => {crc_listener, start_link, []}},
    {ok, {#{strategy => one_for_one}, [Listener]}}.
