%% The HTTP endpoint, a callback module of the server in OTP's inets.
%%
%%     GET  /count      the number
%%     POST /count      adds the number in the body, or 1; answers with the sum that this node knows
%%     GET  /nodes      the nodes of the cluster, this one first
%%     GET  /version    the version that this node runs
%%     GET  /health     "ok" while the node can work at all: else it is better started anew
%%     GET  /ready      "ok" once it has met the others, and until it is about to stop
-module(cluster_web).

-include_lib("inets/include/httpd.hrl").

-export([start_link/0]).
-export([do/1]).

start_link() ->
    Dir = code:lib_dir(cluster),
    inets:start(httpd,
                [{port, cluster_app:setting("CLUSTER_PORT", port, 8080)},
                 {bind_address, any},
                 {server_name, "cluster"},
                 {server_root, Dir},
                 {document_root, Dir},
                 {modules, [?MODULE]}],
                stand_alone).

do(#mod{method = Method, request_uri = Uri, entity_body = Body}) ->
    [Path | _] = string:split(Uri, "?"),
    {Status, Text} = answer(Method, Path, Body),
    Head = [{code, Status},
            {content_type, "text/plain"},
            {content_length, integer_to_list(length(Text))}],
    {proceed, [{response, {response, Head, Text}}]}.

answer("GET", "/count", _Body) ->
    {200, line(cluster_counter:value())};
answer("POST", "/count", Body) ->
    case amount(string:trim(Body)) of
        error -> {400, "the body is not a natural number\n"};
        Amount -> {200, line(cluster_counter:add(Amount))}
    end;
answer("GET", "/nodes", _Body) ->
    {200, lists:flatten([[atom_to_list(Node), $\n] || Node <- [node() | lists:sort(nodes())]])};
answer("GET", "/version", _Body) ->
    {ok, Version} = application:get_key(cluster, vsn),
    {200, Version ++ "\n"};
answer("GET", "/health", _Body) ->
    true = is_integer(cluster_counter:value()),
    {200, "ok\n"};
answer("GET", "/ready", _Body) ->
    case cluster_nodes:ready() of
        true -> {200, "ok\n"};
        false -> {503, "not ready\n"}
    end;
answer(_Method, _Path, _Body) ->
    {404, "there are GET /count, /nodes, /version, /health, /ready, and POST /count\n"}.

amount("") ->
    1;
amount(Text) ->
    case string:to_integer(Text) of
        {Amount, ""} when Amount >= 0 -> Amount;
        _ -> error
    end.

line(Integer) ->
    integer_to_list(Integer) ++ "\n".
