%% The application, and its supervisor.
-module(spell_web_app).
-behaviour(application).
-behaviour(supervisor).

-export([start/2, stop/1]).
-export([init/1]).

start(_Type, _Args) ->
    supervisor:start_link({local, spell_web_sup}, ?MODULE, []).

stop(_State) ->
    ok.

init([]) ->
    Web = #{id => spell_web, start => {spell_web, start_link, []}, type => supervisor},
    {ok, {#{intensity => 3, period => 10}, [Web]}}.
