%% An application that does what it is told over HTTP, for what is to be seen from inside a container: POST an
%% Erlang expression, and get its value; GET / answers with "ok".
-module(probe).
-behaviour(application).

-export([start/2, stop/1]).
-export([accept/1, rss/0, tls_serve/3, tls_ask/3]).

start(_Type, _Arguments) ->
    {ok, Listen} = gen_tcp:listen(8080, [binary, {active, false}, {packet, http_bin}, {reuseaddr, true}]),
    {ok, proc_lib:spawn_link(?MODULE, accept, [Listen])}.

stop(_State) ->
    ok.

accept(Listen) ->
    {ok, Socket} = gen_tcp:accept(Listen),
    Pid = proc_lib:spawn(fun() -> receive go -> serve(Socket) end end),
    ok = gen_tcp:controlling_process(Socket, Pid),
    Pid ! go,
    accept(Listen).

serve(Socket) ->
    {ok, {http_request, Method, _Path, _Version}} = gen_tcp:recv(Socket, 0),
    Length = head(Socket, 0),
    ok = inet:setopts(Socket, [{packet, raw}]),
    Answer = case Method of
                 'POST' ->
                     {ok, Body} = gen_tcp:recv(Socket, Length),
                     io_lib:format("~tp", [value(Body)]);
                 _ ->
                     "ok"
             end,
    Bytes = unicode:characters_to_binary([Answer, $\n]),
    gen_tcp:send(Socket, ["HTTP/1.0 200 OK\r\nContent-Length: ", integer_to_list(byte_size(Bytes)), "\r\n\r\n", Bytes]),
    gen_tcp:close(Socket).

head(Socket, Length) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, {http_header, _, 'Content-Length', _, Value}} -> head(Socket, binary_to_integer(Value));
        {ok, {http_header, _, _, _, _}} -> head(Socket, Length);
        {ok, http_eoh} -> Length
    end.

value(Text) ->
    try
        {ok, Tokens, _} = erl_scan:string(binary_to_list(Text) ++ "."),
        {ok, Expressions} = erl_parse:parse_exprs(Tokens),
        {value, Value, _} = erl_eval:exprs(Expressions, []),
        Value
    catch
        Class:Reason -> {Class, Reason}
    end.

%% Memory of this VM, in KiB.
rss() ->
    {ok, Status} = file:read_file("/proc/self/status"),
    {match, [Number]} = re:run(Status, "VmRSS:\\s*(\\d+)", [{capture, all_but_first, binary}]),
    binary_to_integer(Number).

%% Answers over TLS, with a certificate and its key, until the VM ends.
tls_serve(Port, Certificate, Key) ->
    Self = self(),
    Options = [{certfile, Certificate}, {keyfile, Key}, {reuseaddr, true}, {active, false}],
    spawn(fun() ->
                  {ok, Listen} = ssl:listen(Port, Options),
                  Self ! listens,
                  tls_accept(Listen)
          end),
    receive listens -> ok end.

tls_accept(Listen) ->
    {ok, Transport} = ssl:transport_accept(Listen),
    case ssl:handshake(Transport) of
        {ok, Socket} ->
            ssl:send(Socket, "hello over TLS"),
            ssl:close(Socket);
        _ ->
            refused
    end,
    tls_accept(Listen).

%% What a host says over TLS; `Roots` are certificates as public_key has them.
tls_ask(Host, Port, Roots) ->
    case ssl:connect(Host, Port, [{verify, verify_peer}, {cacerts, Roots}, {active, false}, {mode, list}], 10000) of
        {ok, Socket} ->
            Answer = ssl:recv(Socket, 0, 10000),
            ssl:close(Socket),
            Answer;
        {error, {tls_alert, {Alert, _}}} ->
            {error, Alert};
        Error ->
            Error
    end.
