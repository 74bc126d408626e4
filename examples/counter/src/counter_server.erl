%% The number, kept by one process and saved after every change.
-module(counter_server).
-behaviour(gen_server).

-export([start_link/0, value/0, add/1]).
-export([init/1, handle_call/3, handle_cast/2, terminate/2, code_change/3]).

-spec value() -> integer().
value() ->
    gen_server:call(?MODULE, value).

%% What it is after adding; `overflow` leaves it as it was.
-spec add(integer()) -> integer() | overflow.
add(Amount) ->
    gen_server:call(?MODULE, {add, Amount}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

init([]) ->
    {ok, #{value => counter_store:load()}}.

handle_call(value, _From, #{value := Value} = State) ->
    {reply, Value, State};
handle_call({add, Amount}, _From, #{value := Value} = State) ->
    case counter_nif:add(Value, Amount) of
        overflow ->
            {reply, overflow, State};
        Sum ->
            _ = counter_store:save(Sum),
            {reply, Sum, State#{value := Sum}}
    end.

handle_cast(_Message, State) ->
    {noreply, State}.

terminate(_Reason, _State) ->
    ok.

code_change(_OldVersion, State, _Extra) ->
    {ok, State}.
