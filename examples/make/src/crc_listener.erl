%% Accepts connections; each has a process that answers lines until the other side closes.
-module(crc_listener).
-behaviour(gen_server).

-export([start_link/0, port/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% The TCP port that is listened on.
port() ->
    gen_server:call(?MODULE, port).

init([]) ->
    Options = [binary, {packet, line}, {active, false}, {reuseaddr, true}, {ip, {127, 0, 0, 1}}],
    case gen_tcp:listen(chosen_port(), Options) of
        {ok, Listen} ->
            spawn_link(fun() -> accept(Listen) end),
            {ok, Listen};
        {error, Reason} ->
            {stop, {listen, Reason}}
    end.

handle_call(port, _From, Listen) ->
    {ok, Port} = inet:port(Listen),
    {reply, Port, Listen}.

handle_cast(_, Listen) ->
    {noreply, Listen}.

%% The machine's wish, from rel/env.sh, goes before the configuration.
chosen_port() ->
    case os:getenv("CRC_PORT", "") of
        "" -> application:get_env(crc, port, 7032);
        Text -> list_to_integer(Text)
    end.

accept(Listen) ->
    {ok, Socket} = gen_tcp:accept(Listen),
    Pid = spawn(fun() -> receive go -> answer(Socket) end end),
    ok = gen_tcp:controlling_process(Socket, Pid),
    Pid ! go,
    accept(Listen).

answer(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Line} ->
            ok = gen_tcp:send(Socket, [crc:hex(string:trim(Line, trailing, "\r\n")), $\n]),
            answer(Socket);
        {error, _} ->
            gen_tcp:close(Socket)
    end.
