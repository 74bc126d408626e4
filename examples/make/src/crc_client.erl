%% Asks the service on this machine, as others would.
-module(crc_client).

-export([ask/1]).

-spec ask(string()) -> string().
ask(Line) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, crc_listener:port(), [{packet, line}, {active, false}]),
    ok = gen_tcp:send(Socket, [Line, $\n]),
    {ok, Answer} = gen_tcp:recv(Socket, 0, 5000),
    ok = gen_tcp:close(Socket),
    string:trim(Answer).
