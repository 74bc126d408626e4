%% The sums by name, in memory, each with how often something was added.
-module(tally_store).
-behaviour(gen_server).
-vsn(3).

-export([start_link/0, add/2, find/1, find_all/1]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

-type state() :: #{Name :: binary() => {Sum :: integer(), Count :: pos_integer()}}.

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec add(binary(), integer()) -> integer().
add(Name, Amount) ->
    gen_server:call(?MODULE, {add, Name, Amount}).

-spec find(binary()) -> {ok, integer()} | error.
find(Name) ->
    gen_server:call(?MODULE, {find, Name}).

-spec find_all(binary()) -> {ok, {integer(), pos_integer()}} | error.
find_all(Name) ->
    gen_server:call(?MODULE, {find_all, Name}).

-spec init([]) -> {ok, state()}.
init([]) ->
    {ok, #{}}.

handle_call({add, Name, Amount}, _From, State) ->
    {Sum, Count} = maps:get(Name, State, {0, 0}),
    ok = tally_journal:note(Name, Amount),
    {reply, Sum + Amount, State#{Name => {Sum + Amount, Count + 1}}};
handle_call({find, Name}, _From, State) ->
    case State of
        #{Name := {Sum, _Count}} -> {reply, {ok, Sum}, State};
        #{} -> {reply, error, State}
    end;
handle_call({find_all, Name}, _From, State) ->
    {reply, maps:find(Name, State), State}.

handle_cast(_Message, State) ->
    {noreply, State}.

%% What version 1 had kept counts as added at once. On the way back, the counts are forgotten.
code_change(1, State, _Extra) ->
    {ok, maps:map(fun(_Name, Sum) -> {Sum, 1} end, State)};
code_change({down, 1}, State, _Extra) ->
    {ok, maps:map(fun(_Name, {Sum, _Count}) -> Sum end, State)};
code_change(_Version2, State, _Extra) ->
    {ok, State}.
