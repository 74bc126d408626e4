%% The state of version 1 is the number; later ones have a map. fault_*: what is wrong with an upgrade.
-module(tally_server).
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3]).
-export([die/0, forget/0, unload/0]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

handle_cast(_, State) ->
    {noreply, State}.

%% For hand-written instructions that are wrong.
die() ->
    exit(whereis(?MODULE), kill).

forget() ->
    {ok, Old} = file:read_file(filename:join(code:root_dir(), "lib/tally-1.0.0/ebin/tally.beam")),
    {module, tally} = code:load_binary(tally, code:which(tally), Old).

unload() ->
    code:purge(tally),
    true = code:delete(tally).

-if(?MAJOR =:= 1).

init([]) ->
    {ok, 0}.

handle_call({add, N}, _, Count) ->
    {reply, Count + N, Count + N};
handle_call(value, _, Count) ->
    {reply, Count, Count}.

code_change(_, Count, _) ->
    {ok, Count}.

-else.

init([]) ->
    {ok, #{count => 0}}.

handle_call({add, _}, _, #{dropped := false} = State) ->
    {reply, busy, State#{dropped := true}};
handle_call({add, N}, _, #{count := Count} = State) ->
    {reply, Count + N, State#{count := Count + N}};
handle_call(value, _, #{count := Count} = State) ->
    {reply, Count, State}.

code_change({down, _}, State, _) ->
    {ok, back(State)};
code_change(_, Count, _) ->
    {ok, onward(Count)}.

-ifdef(fault_stuck).
back(_) -> error(no_way_back).
-else.
back(#{count := Count}) -> Count.
-endif.

-ifdef(fault_loses).
onward(_) -> #{count => 0}.
-else.
-ifdef(fault_drops).
onward(Count) -> #{count => Count, dropped => false}.
-else.
onward(Count) -> #{count => Count}.
-endif.
-endif.

-endif.
