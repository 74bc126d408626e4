#!/usr/bin/env escript
%% usage: get.escript PORT PATH: the body of the answer.
main([Port, Path]) ->
	{ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, list_to_integer(Port), [binary, {active, false}], 20000),
	ok = gen_tcp:send(Socket, ["GET ", Path, " HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n"]),
	[<<"HTTP/1.1 200", _/binary>>, Body] = binary:split(read(Socket, <<>>), <<"\r\n\r\n">>),
	io:put_chars(Body).

read(Socket, Text) ->
	case gen_tcp:recv(Socket, 0, 120000) of
		{ok, More} -> read(Socket, <<Text/binary, More/binary>>);
		{error, closed} -> Text
	end.
