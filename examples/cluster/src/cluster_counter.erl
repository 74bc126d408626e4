%% A number that all nodes share, and that only grows.
%%
%% Each start of a node counts for itself; every node knows the counts of all, also of those that are gone, and the
%% number is their sum. Two nodes that meet tell each other what they know and keep the larger count of each, so order,
%% repetition and time do no harm. add/1 returns when all connected nodes know: what was answered is lost only when all of
%% them are lost.
-module(cluster_counter).
-behaviour(gen_server).

-export([start_link/0, value/0, add/1, learn/1, merge/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% How long a node may take to hear of a change before it is asked no more, in milliseconds.
-define(PATIENCE, 2000).

-type counts() :: #{{node(), integer()} => non_neg_integer()}.

-spec value() -> non_neg_integer().
value() ->
    gen_server:call(?MODULE, value).

-spec add(non_neg_integer()) -> non_neg_integer().
add(Amount) ->
    {Change, Sum} = gen_server:call(?MODULE, {add, Amount}),
    _ = gen_server:multi_call(nodes(), ?MODULE, {merge, Change}, ?PATIENCE),
    Sum.

%% Takes over what another node knows.
-spec learn(node()) -> ok.
learn(Node) ->
    Counts = gen_server:call({?MODULE, Node}, counts, ?PATIENCE),
    gen_server:call(?MODULE, {merge, Counts}).

-spec merge(counts(), counts()) -> counts().
merge(Mine, Theirs) ->
    maps:fold(fun(Key, Count, Counts) ->
                  Counts#{Key => max(Count, maps:get(Key, Counts, 0))}
              end,
              Mine, Theirs).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% A node that starts again is another one: what it has counted before is known to the others.
init([]) ->
    ok = net_kernel:monitor_nodes(true),
    {ok, #{me => {node(), erlang:system_time()}, counts => #{}}}.

handle_call(value, _From, #{counts := Counts} = State) ->
    {reply, sum(Counts), State};
handle_call(counts, _From, #{counts := Counts} = State) ->
    {reply, Counts, State};
handle_call({add, Amount}, _From, #{me := Me, counts := Counts} = State) ->
    Mine = maps:get(Me, Counts, 0) + Amount,
    New = Counts#{Me => Mine},
    {reply, {#{Me => Mine}, sum(New)}, State#{counts := New}};
handle_call({merge, Theirs}, _From, #{counts := Counts} = State) ->
    {reply, ok, State#{counts := merge(Counts, Theirs)}}.

handle_cast({merge, Theirs}, #{counts := Counts} = State) ->
    {noreply, State#{counts := merge(Counts, Theirs)}}.

%% Both ends of a new connection are told so.
handle_info({nodeup, Node}, #{counts := Counts} = State) ->
    gen_server:cast({?MODULE, Node}, {merge, Counts}),
    {noreply, State};
handle_info(_Other, State) ->
    {noreply, State}.

sum(Counts) ->
    lists:sum(maps:values(Counts)).
