#!/usr/bin/env escript
%%! +W w
%% usage: load.escript PLUGINS PORT STOP
%% Asks until the file STOP is there: over connections of their own, over kept ones, and over one of HTTP/2. As clients do,
%% it asks once more, over a new connection, when a kept one was closed, and says so at once. Prints how many requests of
%% each kind were answered, and which were not; fails when one was lost.
-mode(compile).
main([Plugins, PortText, Stop]) ->
	[true = code:add_patha(filename:join(D, "ebin")) || A <- ["gun-", "cowlib-"],
		D <- filelib:wildcard(Plugins ++ "/" ++ A ++ "*")],
	{ok, _} = application:ensure_all_started(gun),
	Port = list_to_integer(PortText),
	Self = self(),
	Kinds = [fresh, fresh, fresh, fresh, kept, kept, http2],
	Workers = [spawn_link(fun() -> Self ! {self(), Kind, loop(Kind, Port, Stop, none, 0, 0, 0, [])} end) || Kind <- Kinds],
	Results = [receive {Worker, Kind, Result} -> {Kind, Result} end || Worker <- Workers],
	[report(Kind, [Result || {K, Result} <- Results, K =:= Kind]) || Kind <- lists:usort(Kinds)],
	halt(case [Fault || {_, {_, _, Faults}} <- Results, Fault <- Faults] of [] -> 0; _ -> 1 end).

report(Kind, Results) ->
	Sum = fun(At) -> lists:sum([element(At, R) || R <- Results]) end,
	Faults = lists:append([F || {_, _, F} <- Results]),
	io:format("~s: ~b answered, ~b of them over another connection than the last, ~b lost~n",
		[Kind, Sum(1), Sum(2), length(Faults)]),
	[io:format("  ~0p~n", [Fault]) || Fault <- lists:sublist(Faults, 10)].

%% How many were answered, how many of them over a new connection as the kept one was closed, and what went wrong with
%% the others.
loop(Kind, Port, Stop, Connection, Last, Number, Again, Faults) ->
	case filelib:is_regular(Stop) of
		true ->
			{Number, Again, Faults};
		false ->
			Path = lists:nth((Number + length(Faults)) rem 4 + 1, ["/count", "/token", "/secret", "/metrics"]),
			timer:sleep(5),
			case attempt(Kind, Port, Connection, Path, Last) of
				{ok, Kept, Next} ->
					loop(Kind, Port, Stop, Kept, Next, Number + 1, Again, Faults);
				{fault, Reason} when Connection =:= none ->
					loop(Kind, Port, Stop, none, Last, Number, Again, [{Path, Reason} | Faults]);
				{fault, Reason} ->
					io:format("~s: connected again: ~0P~n", [Kind, Reason, 9]),
					case again(Kind, Port, Path, Last, 5) of
						{ok, Kept, Next} -> loop(Kind, Port, Stop, Kept, Next, Number + 1, Again + 1, Faults);
						{fault, Other} -> loop(Kind, Port, Stop, none, Last, Number, Again, [{Path, Other} | Faults])
					end
			end
	end.

%% A connection that is opened while modules are exchanged may meet some of either version.
again(Kind, Port, Path, Last, Tries) ->
	case attempt(Kind, Port, none, Path, Last) of
		{fault, _} when Tries > 1 -> timer:sleep(200), again(Kind, Port, Path, Last, Tries - 1);
		Result -> Result
	end.

attempt(Kind, Port, Connection, Path, Last) ->
	try
		Open = connect(Kind, Port, Connection),
		Next = check(Path, ask(Kind, Open, Path), Last),
		{ok, left(Kind, Open), Next}
	catch
		_:Reason -> {fault, Reason}
	end.

check("/count", Text, Last) -> % state that is kept: it never counts from the beginning again
	Count = binary_to_integer(Text),
	case Count > Last of true -> Count; false -> error({counted, Last, Count}) end;
check("/token", <<"gate">>, Last) ->
	Last;
check("/secret", <<"open sesame">>, Last) ->
	Last;
check("/metrics", Text, Last) ->
	{match, _} = re:run(Text, "^gate_requests [0-9]+$", [multiline]),
	Last.

connect(http2, Port, none) ->
	{ok, Gun} = gun:open({127, 0, 0, 1}, Port, #{protocols => [http2], retry => 0}),
	{ok, http2} = gun:await_up(Gun, 20000),
	Gun;
connect(_, Port, none) ->
	{ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}, {packet, http_bin}], 20000),
	Socket;
connect(_, _, Connection) ->
	Connection.

left(fresh, Socket) ->
	ok = gen_tcp:close(Socket),
	none;
left(_, Connection) ->
	Connection.

ask(http2, Gun, Path) ->
	Stream = gun:get(Gun, Path),
	{response, nofin, 200, _} = gun:await(Gun, Stream, 20000),
	{ok, Body} = gun:await_body(Gun, Stream, 20000),
	Body;
ask(Kind, Socket, Path) ->
	Close = case Kind of fresh -> "Connection: close\r\n"; kept -> "" end,
	ok = inet:setopts(Socket, [{packet, http_bin}]),
	ok = gen_tcp:send(Socket, ["GET ", Path, " HTTP/1.1\r\nHost: gate\r\n", Close, "\r\n"]),
	{ok, {http_response, _, 200, _}} = gen_tcp:recv(Socket, 0, 20000),
	Length = head(Socket, 0),
	ok = inet:setopts(Socket, [{packet, raw}]),
	{ok, Body} = gen_tcp:recv(Socket, Length, 20000),
	Body.

head(Socket, Length) ->
	case gen_tcp:recv(Socket, 0, 20000) of
		{ok, http_eoh} -> Length;
		{ok, {http_header, _, 'Content-Length', _, Text}} -> head(Socket, binary_to_integer(Text));
		{ok, {http_header, _, _, _, _}} -> head(Socket, Length)
	end.
