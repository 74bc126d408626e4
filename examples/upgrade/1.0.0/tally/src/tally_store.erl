%% The sums by name, in memory.
-module(tally_store).
-behaviour(gen_server).
-vsn(1).

-export([start_link/0, add/2, find/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-type state() :: #{Name :: binary() => Sum :: integer()}.

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec add(binary(), integer()) -> integer().
add(Name, Amount) ->
    gen_server:call(?MODULE, {add, Name, Amount}).

-spec find(binary()) -> {ok, integer()} | error.
find(Name) ->
    gen_server:call(?MODULE, {find, Name}).

-spec init([]) -> {ok, state()}.
init([]) ->
    {ok, #{}}.

handle_call({add, Name, Amount}, _From, State) ->
    Sum = maps:get(Name, State, 0) + Amount,
    {reply, Sum, State#{Name => Sum}};
handle_call({find, Name}, _From, State) ->
    {reply, maps:find(Name, State), State}.

handle_cast(_Message, State) ->
    {noreply, State}.
