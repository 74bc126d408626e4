%% Answers every request on the port with the greeting and the shelf.
-module(stock_web).

-export([start_link/0, init/1]).

start_link() ->
    proc_lib:start_link(?MODULE, init, [self()]).

init(Parent) ->
    {ok, Port} = application:get_env(stock_web, port),
    {ok, Socket} = gen_tcp:listen(Port, [binary, {active, false}, {packet, http_bin}, {reuseaddr, true}]),
    proc_lib:init_ack(Parent, {ok, self()}),
    serve(Socket).

serve(Socket) ->
    {ok, Client} = gen_tcp:accept(Socket),
    _ = gen_tcp:recv(Client, 0, 5000),
    _ = gen_tcp:send(Client, answer()),
    gen_tcp:close(Client),
    serve(Socket).

answer() ->
    {ok, Greeting} = application:get_env(stock_web, greeting),
    Body = [Greeting, $\n, [io_lib:format("~s ~b~n", [Item, Count]) || {Item, Count} <- stock:all()]],
    ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ",
        integer_to_list(iolist_size(unicode:characters_to_binary(Body))), "\r\n\r\n", unicode:characters_to_binary(Body)].
