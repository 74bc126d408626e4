%% What is on the shelf: counts of items.
-module(stock).
-behaviour(gen_server).

-export([start_link/0, count/1, take/1, all/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% How many there are.
count(Item) ->
    gen_server:call(?MODULE, {count, Item}).

%% Takes one; `none` when there is none.
take(Item) ->
    gen_server:call(?MODULE, {take, Item}).

%% [{Item, Count}], sorted.
all() ->
    gen_server:call(?MODULE, all).

init([]) ->
    {ok, Shelf} = application:get_env(stock, shelf),
    {ok, maps:from_list(Shelf)}.

handle_call({count, Item}, _From, Shelf) ->
    {reply, maps:get(Item, Shelf, 0), Shelf};
handle_call({take, Item}, _From, Shelf) ->
    case Shelf of
        #{Item := Count} when Count > 0 -> {reply, ok, Shelf#{Item := Count - 1}};
        _ -> {reply, none, Shelf}
    end;
handle_call(all, _From, Shelf) ->
    {reply, lists:sort(maps:to_list(Shelf)), Shelf}.

handle_cast(_, Shelf) ->
    {noreply, Shelf}.
