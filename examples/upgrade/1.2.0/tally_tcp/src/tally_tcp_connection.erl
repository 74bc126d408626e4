%% One connection.
-module(tally_tcp_connection).
-behaviour(gen_server).
-vsn(3).

-export([start_link/1, begin_serving/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, code_change/3]).

-type state() :: #{socket := gen_tcp:socket(), requests := non_neg_integer()}.

start_link(Socket) ->
    gen_server:start_link(?MODULE, Socket, []).

%% Once the socket is its own.
begin_serving(Pid) ->
    gen_server:cast(Pid, serve).

-spec init(gen_tcp:socket()) -> {ok, state()}.
init(Socket) ->
    {ok, #{socket => Socket, requests => 0}}.

handle_call(_Request, _From, State) ->
    {reply, error, State}.

handle_cast(serve, State) ->
    continue(State).

handle_info({tcp, Socket, Line}, #{socket := Socket, requests := Requests} = State) ->
    _ = gen_tcp:send(Socket, [tally_tcp_line:answer(Line, Requests + 1), $\n]),
    continue(State#{requests := Requests + 1});
handle_info({tcp_closed, Socket}, #{socket := Socket} = State) ->
    {stop, normal, State};
handle_info({tcp_error, Socket, _Reason}, #{socket := Socket} = State) ->
    {stop, normal, State}.

%% Versions 1 and 2 kept the socket alone.
code_change({down, _}, #{socket := Socket}, _Extra) ->
    {ok, Socket};
code_change(_Version, Socket, _Extra) ->
    {ok, #{socket => Socket, requests => 0}}.

continue(#{socket := Socket} = State) ->
    case inet:setopts(Socket, [{active, once}]) of
        ok -> {noreply, State};
        {error, _} -> {stop, normal, State}
    end.
