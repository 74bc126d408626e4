%% A plugin that leaves a file in priv/ of alpha: beside the sources.
-module(rebar3_fixture).
-export([init/1, do/1, format_error/1]).

init(State) ->
    {ok, rebar_state:add_provider(State, providers:create([
        {name, fixture}, {module, ?MODULE}, {bare, true}, {deps, []}, {opts, []}, {short_desc, ""}, {desc, ""}]))}.

do(State) ->
    ok = file:write_file("apps/alpha/priv/by_plugin", "made\n"),
    {ok, State}.

format_error(Reason) ->
    io_lib:format("~tp", [Reason]).
