%% A client of the cluster: for each request it asks DNS where the nodes are, picks one, and opens a connection of its own, so
%% it is as blind as a client without any state can be. Every second request adds 1. Ends when there is a file `stop` beside
%% `result`, which it writes.
Folder = "/client/",
{ok, _} = application:ensure_all_started(inets),
Ask = fun(Method) ->
    case inet:getaddrs("tasks.web", inet) of
        {ok, Addresses} ->
            Address = lists:nth(rand:uniform(length(Addresses)), Addresses),
            Url = "http://" ++ inet:ntoa(Address) ++ ":8080/count",
            Head = [{"connection", "close"}],
            Request = case Method of get -> {Url, Head}; post -> {Url, Head, "text/plain", "1"} end,
            case httpc:request(Method, Request, [{connect_timeout, 3000}, {timeout, 5000}], []) of
                {ok, {{_, 200, _}, _, _}} -> ok;
                {ok, {{_, Status, _}, _, _}} -> {failed, Address, Status};
                {error, {failed_connect, Why}} -> {failed, Address, {not_connected, Why}};
                {error, Why} -> {failed, Address, Why}
            end;
        {error, Why} ->
            {failed, dns, Why}
    end
end,
%% Until a request is answered; the counts are of requests, of tries that failed, of requests that were given up, of
%% additions that were confirmed, and of those that may have been made.
Try = fun
    Try(Method, 0, Counts) ->
        file:write_file(Folder ++ "log", io_lib:format("given up: ~p~n", [Method]), [append]),
        maps:update_with(lost, fun(N) -> N + 1 end, Counts);
    Try(Method, Left, Counts) ->
        case Ask(Method) of
            ok when Method =:= post -> maps:update_with(added, fun(N) -> N + 1 end, Counts);
            ok -> Counts;
            Failed ->
                file:write_file(Folder ++ "log", io_lib:format("~s ~0p~n", [calendar:system_time_to_rfc3339(os:system_time(millisecond), [{unit, millisecond}]), Failed]), [append]),
                timer:sleep(100),
                Unsure = case {Method, Failed} of
                    {post, {failed, _, {not_connected, _}}} -> 0;
                    {post, {failed, dns, _}} -> 0;
                    {post, _} -> 1;
                    {get, _} -> 0
                end,
                Try(Method, Left - 1, Counts#{failed := maps:get(failed, Counts) + 1, unsure := maps:get(unsure, Counts) + Unsure})
        end
end,
Loop = fun
    Loop(Counts) ->
        case filelib:is_file(Folder ++ "stop") of
            true ->
                Counts;
            false ->
                Method = case maps:get(requests, Counts) rem 2 of 0 -> get; 1 -> post end,
                After = Try(Method, 20, Counts),
                timer:sleep(20),
                Loop(maps:update_with(requests, fun(N) -> N + 1 end, After))
        end
end,
Counts = Loop(#{requests => 0, failed => 0, lost => 0, added => 0, unsure => 0}),
ok = file:write_file(Folder ++ "result.new", [io_lib:format("~s=~b~n", [Key, Count]) || {Key, Count} <- maps:to_list(Counts)]),
ok = file:rename(Folder ++ "result.new", Folder ++ "result").
