%% A state that changes its shape from version 1 to version 2 and back.
-module(pause_server).
-behaviour(gen_server).
-export([start_link/0, count/0, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() ->
	gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

count() ->
	gen_server:call(?MODULE, count).

-if(?VERSION =:= 1).
init([]) ->
	{ok, 0}.

handle_call(count, _From, Count) ->
	{reply, Count + 1, Count + 1}.

code_change({down, _}, {Count, _}, _Extra) ->
	{ok, Count};
code_change(_, Count, _Extra) ->
	{ok, Count}.
-else.
init([]) ->
	{ok, {0, 0}}.

handle_call(count, _From, {Count, Since}) ->
	{reply, Count + 1, {Count + 1, Since + 1}}.

code_change({down, _}, {Count, _}, _Extra) ->
	{ok, Count};
code_change(_, Count, _Extra) ->
	{ok, {Count, 0}}.
-endif.

handle_cast(_, State) ->
	{noreply, State}.
