%% The last things that were added, for who wants to know.
-module(tally_journal).
-behaviour(gen_server).

-export([start_link/0, note/2, last/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(KEPT, 1000).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec note(binary(), integer()) -> ok.
note(Name, Amount) ->
    gen_server:cast(?MODULE, {note, Name, Amount}).

%% The last amounts that were added to one name, the newest first.
-spec last(binary()) -> [integer()].
last(Name) ->
    gen_server:call(?MODULE, {last, Name}).

init([]) ->
    {ok, queue:new()}.

handle_call({last, Name}, _From, Notes) ->
    Amounts = [Amount || {Noted, Amount} <- lists:reverse(queue:to_list(Notes)), Noted =:= Name],
    {reply, lists:sublist(Amounts, 10), Notes}.

handle_cast({note, Name, Amount}, Notes) ->
    More = queue:in({Name, Amount}, Notes),
    case queue:len(More) > ?KEPT of
        true -> {noreply, queue:drop(More)};
        false -> {noreply, More}
    end.
