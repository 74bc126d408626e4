%% The application. When it is told to stop it first says that it is not ready, and goes on serving for a while, so that
%% who sends it requests can notice.
-module(cluster_app).
-behaviour(application).

-export([start/2, prep_stop/1, stop/1]).
-export([setting/3]).

start(_Type, _Args) ->
    cluster_sup:start_link().

prep_stop(State) ->
    cluster_nodes:leave(),
    timer:sleep(1000 * setting("CLUSTER_DRAIN", drain, 5)),
    State.

stop(_State) ->
    ok.

%% A number: of the environment, else of sys.config.
-spec setting(string(), atom(), integer()) -> integer().
setting(Variable, Key, Default) ->
    case os:getenv(Variable, "") of
        "" -> application:get_env(cluster, Key, Default);
        Text -> list_to_integer(Text)
    end.
