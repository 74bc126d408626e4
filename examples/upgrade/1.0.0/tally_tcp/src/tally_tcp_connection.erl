%% One connection.
-module(tally_tcp_connection).
-behaviour(gen_server).
-vsn(1).

-export([start_link/1, begin_serving/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-type state() :: gen_tcp:socket().

start_link(Socket) ->
    gen_server:start_link(?MODULE, Socket, []).

%% Once the socket is its own.
begin_serving(Pid) ->
    gen_server:cast(Pid, serve).

-spec init(gen_tcp:socket()) -> {ok, state()}.
init(Socket) ->
    {ok, Socket}.

handle_call(_Request, _From, Socket) ->
    {reply, error, Socket}.

handle_cast(serve, Socket) ->
    continue(Socket).

handle_info({tcp, Socket, Line}, Socket) ->
    _ = gen_tcp:send(Socket, [tally_tcp_line:answer(Line), $\n]),
    continue(Socket);
handle_info({tcp_closed, Socket}, Socket) ->
    {stop, normal, Socket};
handle_info({tcp_error, Socket, _Reason}, Socket) ->
    {stop, normal, Socket}.

continue(Socket) ->
    case inet:setopts(Socket, [{active, once}]) of
        ok -> {noreply, Socket};
        {error, _} -> {stop, normal, Socket}
    end.
