%% Owns the socket that listens, at $TALLY_PORT, else where sys.config says.
-module(tally_tcp_listener).
-behaviour(gen_server).

-export([start_link/0, socket/0, port/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec socket() -> gen_tcp:socket().
socket() ->
    gen_server:call(?MODULE, socket).

%% The port that it is, also when any was wanted (0).
-spec port() -> inet:port_number().
port() ->
    {ok, Port} = inet:port(socket()),
    Port.

init([]) ->
    Options = [binary, {packet, line}, {active, false}, {reuseaddr, true}, {nodelay, true},
               {backlog, 128}, {ip, {127, 0, 0, 1}}],
    Port = wanted_port(),
    case gen_tcp:listen(Port, Options) of
        {ok, Socket} -> {ok, Socket};
        {error, Reason} -> {stop, {cannot_listen, Port, inet:format_error(Reason)}}
    end.

handle_call(socket, _From, Socket) ->
    {reply, Socket, Socket}.

handle_cast(_Message, Socket) ->
    {noreply, Socket}.

wanted_port() ->
    case os:getenv("TALLY_PORT", "") of
        "" -> application:get_env(tally_tcp, port, 4040);
        Text -> list_to_integer(Text)
    end.
