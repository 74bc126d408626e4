%% Supervises a process for each connection.
-module(tally_tcp_connections).
-behaviour(supervisor).

-export([start_link/0, start_connection/1, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% Hands a socket of the caller's to a new process.
start_connection(Socket) ->
    {ok, Pid} = supervisor:start_child(?MODULE, [Socket]),
    case gen_tcp:controlling_process(Socket, Pid) of
        ok -> tally_tcp_connection:begin_serving(Pid);
        {error, _} -> supervisor:terminate_child(?MODULE, Pid)
    end.

init([]) ->
    Connection = #{id => tally_tcp_connection,
                   start => {tally_tcp_connection, start_link, []},
                   restart => temporary},
    {ok, {#{strategy => simple_one_for_one}, [Connection]}}.
