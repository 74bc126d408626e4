%% The HTTP endpoint, a callback module of the server in OTP's inets.
%%
%%     GET  /count      the number
%%     POST /count      adds the number in the body, or 1; answers with the sum
%%     GET  /health     "ok" once the counter answers
-module(counter_web).

-include_lib("inets/include/httpd.hrl").

-export([start_link/0]).
-export([do/1]).

start_link() ->
    Dir = code:priv_dir(counter),
    inets:start(httpd,
                [{port, wanted_port()},
                 {bind_address, application:get_env(counter, address, any)},
                 {server_name, "counter"},
                 {server_root, Dir},
                 {document_root, Dir},
                 {modules, [?MODULE]}],
                stand_alone).

%% $COUNTER_PORT, else what sys.config says.
wanted_port() ->
    case os:getenv("COUNTER_PORT", "") of
        "" -> application:get_env(counter, port, 8080);
        Text -> list_to_integer(Text)
    end.

do(#mod{method = Method, request_uri = Uri, entity_body = Body}) ->
    [Path | _] = string:split(Uri, "?"),
    {Status, Text} = answer(Method, Path, Body),
    Head = [{code, Status},
            {content_type, "text/plain"},
            {content_length, integer_to_list(length(Text))}],
    {proceed, [{response, {response, Head, Text}}]}.

answer("GET", "/count", _Body) ->
    {200, line(counter_server:value())};
answer("POST", "/count", Body) ->
    case amount(string:trim(Body)) of
        error -> {400, "the body is not a number\n"};
        Amount -> added(counter_server:add(Amount))
    end;
answer("GET", "/health", _Body) ->
    true = is_integer(counter_server:value()),
    {200, "ok\n"};
answer(_Method, Path, _Body) when Path =:= "/count"; Path =:= "/health" ->
    {405, "use GET, or POST for /count\n"};
answer(_Method, _Path, _Body) ->
    {404, "there are /count and /health\n"}.

added(overflow) -> {409, "the sum would not fit in 64 bits\n"};
added(Sum) -> {200, line(Sum)}.

amount("") ->
    1;
amount(Text) ->
    case string:to_integer(Text) of
        {Amount, ""} when Amount >= -(1 bsl 63), Amount < 1 bsl 63 -> Amount;
        _ -> error
    end.

line(Integer) ->
    integer_to_list(Integer) ++ "\n".
