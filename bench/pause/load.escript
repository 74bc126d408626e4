#!/usr/bin/env escript
%%! +W w
%% usage: load.escript PORT STOP
%% Ten connections, each of which asks every ten milliseconds until the file STOP is there. How long an answer took is
%% counted from when the question was due, not from when it could be sent: one that had to wait for another, or for the
%% server to be there again, took that long, too. Prints: requests, median, 99th and 99.9th percentile and maximum in
%% microseconds, connections lost.
-define(EVERY, 10000).

-mode(compile).
main([PortText, Stop]) ->
	Port = list_to_integer(PortText),
	Self = self(),
	Workers = [spawn_link(fun() -> Self ! {self(), start(Port, Stop)} end) || _ <- lists:seq(1, 10)],
	Results = [receive {Worker, Result} -> Result end || Worker <- Workers],
	Times = list_to_tuple(lists:sort(lists:append([T || {T, _} <- Results]))),
	Size = tuple_size(Times),
	At = fun(Share) -> element(max(1, ceil(Size * Share)), Times) end,
	io:format("~b ~b ~b ~b ~b ~b~n",
		[Size, At(0.5), At(0.99), At(0.999), At(1.0), lists:sum([Lost || {_, Lost} <- Results])]).

start(Port, Stop) ->
	loop(Port, Stop, connect(Port), now_us(), [], 0).

loop(Port, Stop, Socket, Due, Times, Lost) ->
	case filelib:is_regular(Stop) of
		true ->
			{Times, Lost};
		false ->
			timer:sleep(max(0, (Due - now_us()) div 1000)),
			case gen_tcp:send(Socket, "?\n") =:= ok andalso gen_tcp:recv(Socket, 0, 60000) of
				{ok, _} ->
					loop(Port, Stop, Socket, Due + ?EVERY, [now_us() - Due | Times], Lost);
				_ ->
					gen_tcp:close(Socket),
					loop(Port, Stop, connect(Port), Due, Times, Lost + 1)
			end
	end.

connect(Port) ->
	case gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {packet, line}, {active, false}, {nodelay, true}]) of
		{ok, Socket} -> Socket;
		{error, _} -> timer:sleep(5), connect(Port)
	end.

now_us() ->
	erlang:monotonic_time(microsecond).
