%% Its state is a number.
-module(tally).
-behaviour(gen_server).
-export([start_link/0, add/0, state/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

add() -> gen_server:call(?MODULE, add).

state() -> gen_server:call(?MODULE, state).

init([]) -> {ok, 0}.

handle_call(add, _From, N) -> {reply, N + tally_step:size(), N + tally_step:size()};
handle_call(state, _From, N) -> {reply, N, N}.

handle_cast(_Request, N) -> {noreply, N}.

code_change(_From, N, _Extra) -> {ok, N}.
