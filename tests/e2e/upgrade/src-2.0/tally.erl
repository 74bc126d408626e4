%% Its state has become a map.
-module(tally).
-behaviour(gen_server).
-export([start_link/0, add/0, state/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

add() -> gen_server:call(?MODULE, add).

state() -> gen_server:call(?MODULE, state).

init([]) -> {ok, #{count => 0}}.

handle_call(add, _From, State = #{count := N}) ->
    {reply, tally_new:sum(N), State#{count := tally_new:sum(N)}};
handle_call(state, _From, State) ->
    {reply, State, State}.

handle_cast(_Request, State) -> {noreply, State}.

code_change({down, _To}, #{count := N}, _Extra) -> {ok, N};
code_change(_From, N, _Extra) -> {ok, #{count => N}}.
