%% A special process (sys(3)) whose state gets another shape.
-module(live_loop).
-export([start_link/0, init/1, call/1, loop/2]).
-export([system_continue/3, system_terminate/4, system_code_change/4, system_get_state/1]).

start_link() -> proc_lib:start_link(?MODULE, init, [self()]).

init(Parent) ->
    register(?MODULE, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    loop(Parent, {?VSN, 0}).

call(Request) ->
    Ref = make_ref(),
    ?MODULE ! {Request, self(), Ref},
    receive {Ref, Answer} -> Answer after 5000 -> exit(timeout) end.

loop(Parent, {?VSN, N} = State) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ?MODULE, [], State);
        {add, From, Ref} -> From ! {Ref, {?VSN, N + 1}}, ?MODULE:loop(Parent, {?VSN, N + 1});
        {get, From, Ref} -> From ! {Ref, {?VSN, N}}, ?MODULE:loop(Parent, State)
    end.

system_continue(Parent, _Debug, State) -> ?MODULE:loop(Parent, State).
system_terminate(Reason, _Parent, _Debug, _State) -> exit(Reason).
system_get_state(State) -> {ok, State}.
-if(?VSN =:= 1).
system_code_change(Misc, _Module, _Vsn, _Extra) -> {ok, Misc}.
-else.
system_code_change({2, N}, _Module, {down, _}, _Extra) -> {ok, {1, N}};
system_code_change({1, N}, _Module, _Vsn, _Extra) -> {ok, {2, N}}.
-endif.
