%% Common Test: the running application, over HTTP.
-module(counter_SUITE).

-include_lib("common_test/include/ct.hrl").

-export([all/0, init_per_testcase/2, end_per_testcase/2]).
-export([counts/1, refuses/1, survives_a_crash/1, keeps_its_value/1]).

all() ->
    [counts, refuses, survives_a_crash, keeps_its_value].

init_per_testcase(_Case, Config) ->
    true = os:putenv("RELEASE_STATE_DIR", ?config(priv_dir, Config)),
    _ = file:delete(filename:join(?config(priv_dir, Config), "count")),
    true = os:putenv("COUNTER_PORT", integer_to_list(free_port())),
    {ok, _} = application:ensure_all_started(counter),
    Config.

end_per_testcase(_Case, _Config) ->
    ok = application:stop(counter),
    true = os:unsetenv("RELEASE_STATE_DIR"),
    true = os:unsetenv("COUNTER_PORT"),
    ok.

counts(_Config) ->
    {200, "ok\n"} = http_get("/health"),
    {200, "0\n"} = http_get("/count"),
    {200, "1\n"} = http_post("/count", ""),
    {200, "42\n"} = http_post("/count", "41"),
    {200, "40\n"} = http_post("/count", "-2\n"),
    {200, "40\n"} = http_get("/count?x=1").

refuses(_Config) ->
    {400, _} = http_post("/count", "many"),
    {400, _} = http_post("/count", "9223372036854775808"),
    {200, "9223372036854775807\n"} = http_post("/count", "9223372036854775807"),
    {409, _} = http_post("/count", "1"),
    {405, _} = http_post("/health", ""),
    {404, _} = http_get("/").

survives_a_crash(_Config) ->
    {200, "7\n"} = http_post("/count", "7"),
    Old = whereis(counter_server),
    Monitor = monitor(process, Old),
    exit(Old, kill),
    receive {'DOWN', Monitor, process, Old, killed} -> ok end,
    ok = wait_for_other(Old, 100),
    {200, "8\n"} = http_post("/count", "1").

keeps_its_value(_Config) ->
    {200, "5\n"} = http_post("/count", "5"),
    ok = application:stop(counter),
    ok = application:start(counter),
    {200, "5\n"} = http_get("/count").

%% Until the whole supervisor is back, the HTTP server with it.
wait_for_other(_Old, 0) ->
    timeout;
wait_for_other(Old, Tries) ->
    case [Pid || {_, Pid, _, _} <- supervisor:which_children(counter_sup), is_pid(Pid), Pid =/= Old] of
        [_, _] ->
            ok;
        _ ->
            timer:sleep(20),
            wait_for_other(Old, Tries - 1)
    end.

http_get(Path) ->
    answer(httpc:request(get, {url(Path), []}, [], [])).

http_post(Path, Body) ->
    answer(httpc:request(post, {url(Path), [], "text/plain", Body}, [], [])).

url(Path) ->
    "http://127.0.0.1:" ++ os:getenv("COUNTER_PORT") ++ Path.

free_port() ->
    {ok, Socket} = gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}]),
    {ok, Port} = inet:port(Socket),
    ok = gen_tcp:close(Socket),
    Port.

answer({ok, {{_, Status, _}, _Headers, Body}}) ->
    {Status, Body}.
