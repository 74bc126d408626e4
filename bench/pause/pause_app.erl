%% Answers each line over TCP with what pause_server counted. In two versions: -DVERSION=1, -DVERSION=2.
-module(pause_app).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1, listen/0, accept/1, serve/1]).

start(_Type, _Arguments) ->
	supervisor:start_link(?MODULE, []).

stop(_State) ->
	ok.

init([]) ->
	Child = fun(Id, Start) -> #{id => Id, start => Start, modules => [Id]} end,
	{ok, {#{}, [Child(pause_server, {pause_server, start_link, []}), Child(pause_app, {?MODULE, listen, []})]}}.

listen() ->
	{ok, Port} = application:get_env(pause, port),
	{ok, Socket} = gen_tcp:listen(Port, [binary, {packet, line}, {active, false}, {reuseaddr, true}, {backlog, 100}]),
	Pid = spawn_link(?MODULE, accept, [Socket]),
	ok = gen_tcp:controlling_process(Socket, Pid),
	{ok, Pid}.

accept(Listen) ->
	case gen_tcp:accept(Listen, 500) of
		{ok, Socket} -> gen_tcp:controlling_process(Socket, spawn(?MODULE, serve, [Socket]));
		{error, timeout} -> ok
	end,
	?MODULE:accept(Listen).

serve(Socket) ->
	case gen_tcp:recv(Socket, 0, 200) of
		{ok, _} ->
			ok = gen_tcp:send(Socket, [integer_to_list(pause_server:count()), $\n]),
			?MODULE:serve(Socket);
		{error, timeout} ->
			?MODULE:serve(Socket);
		{error, _} ->
			gen_tcp:close(Socket)
	end.
