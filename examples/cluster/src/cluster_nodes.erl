%% Finds the other nodes by DNS: all addresses of the name in $CLUSTER_DNS are nodes, named as this one is, up to the
%% address. In a Docker Swarm that name is tasks.SERVICE, in Kubernetes that of a headless service.
%%
%% The node is ready once it has met another one and knows what that one knows, or when there is none to meet; and no
%% longer when it is about to stop.
-module(cluster_nodes).
-behaviour(gen_server).

-export([start_link/0, ready/0, leave/0]).
-export([init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2]).

%% Between two looks at DNS, and for one connection, in milliseconds.
-define(PERIOD, 1000).
-define(PATIENCE, 3000).

-spec ready() -> boolean().
ready() ->
    is(met) andalso not is(leaving).

-spec leave() -> ok.
leave() ->
    become(leaving, true).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

init([]) ->
    become(met, false),
    become(leaving, false),
    {ok, os:getenv("CLUSTER_DNS", ""), {continue, look}}.

handle_continue(look, Name) ->
    Others = others(Name),
    Met = [Node || Node <- Others, meet(Node)],
    _ = is(met) orelse become(met, settled(Others, Met)),
    _ = erlang:send_after(?PERIOD, self(), look),
    {noreply, Name}.

handle_call(_Request, _From, State) ->
    {noreply, State}.

handle_cast(_Message, State) ->
    {noreply, State}.

handle_info(look, Name) ->
    {noreply, Name, {continue, look}};
handle_info(_Other, State) ->
    {noreply, State}.

%% The nodes that DNS tells of. A name that is not known yet has none.
others(_Name) when node() =:= nonode@nohost ->
    [];
others("") ->
    [];
others(Name) ->
    case inet:getaddrs(Name, inet) of
        {ok, Addresses} -> lists:usort([node_at(Address) || Address <- Addresses]) -- [node()];
        {error, _} -> []
    end.

node_at(Address) ->
    [Name, _Host] = string:split(atom_to_list(node()), "@"),
    list_to_atom(Name ++ "@" ++ inet:ntoa(Address)).

%% Whether the node is connected now. One that is gone must not keep this one from meeting the others.
meet(Node) ->
    lists:member(Node, nodes()) orelse try_to_meet(Node).

try_to_meet(Node) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({met, net_kernel:connect_node(Node) =:= true}) end),
    receive
        {'DOWN', Monitor, process, Pid, Reason} -> Reason =:= {met, true}
    after ?PATIENCE ->
        demonitor(Monitor, [flush]),
        exit(Pid, kill),
        false
    end.

%% When there is nobody else, or when one of the others has told what it knows.
settled([], []) ->
    logger:notice("~ts is alone", [node()]),
    true;
settled(Others, Met) ->
    Learnt = lists:any(fun learn/1, Met),
    logger:notice("~ts knows of ~tp and has met ~tp", [node(), Others, Met]),
    Learnt.

learn(Node) ->
    try
        ok =:= cluster_counter:learn(Node)
    catch
        exit:_ -> false
    end.

%% Also read by those who cannot wait for this process, which waits for the network.
is(What) ->
    persistent_term:get({?MODULE, What}, false).

become(What, Truth) ->
    persistent_term:put({?MODULE, What}, Truth).
