%% Starts an assembled release by its launcher, asks it something, stops it. Arguments:
%% DIRECTORY NAME RESULTS KEY=VALUE..., with the keys
%%
%%   timeout SECONDS     for all of it
%%   rpc EXPRESSION      evaluated in the running release
%%   command WORD        the words of a command of the launcher, run while the release runs
%%   expect REGEX        what the answer must match
%%   env NAME=VALUE      in the environment of the release
%%
%% In values @FREE_PORT@ stands for a TCP port of the loopback interface that nobody uses. State and logs are
%% under RESULTS.
-module(beamrelease_boot).

-export([run/1]).

run([Directory, Name, Results | Arguments]) ->
    beamrelease_files:remove(Results),
    beamrelease_files:make_dir(filename:join(Results, "state")),
    ok = file:set_cwd(Results),
    Port = integer_to_list(free_port()),
    Options = [{list_to_atom(K), string:replace(V, "@FREE_PORT@", Port, all)}
        || A <- Arguments, [K, V] <- [string:split(A, "=")]],
    Seconds = list_to_integer(lists:flatten(proplists:get_value(timeout, Options))),
    Deadline = erlang:monotonic_time(millisecond) + Seconds * 1000,
    Launcher = only(filename:join([Directory, "bin", Name])),
    filelib:is_regular(Launcher) orelse fault("there is no launcher ~ts", [Launcher]),
    Node = #{
        launcher => Launcher,
        is_up => is_up(Directory),
        env => environment(Results, Options),
        deadline => Deadline,
        log => filename:join(Results, "release.log")
    },
    Server = start(Node),
    try
        wait_until_up(Server, Node),
        check(answer(Options, Node), Options),
        stop(Server, Node)
    catch
        Class:Reason:Stack ->
            kill(Server),
            {ok, Log} = file:read_file(maps:get(log, Node)),
            io:put_chars(standard_error, ["--- output of the release\n", Log, "---\n"]),
            erlang:raise(Class, Reason, Stack)
    end.

%% A project's default release is called what the project says: `*` is the only launcher there is.
only(Path) ->
    case filename:basename(Path) =:= "*" andalso filelib:wildcard("*", filename:dirname(Path)) of
        [Name] -> filename:join(filename:dirname(Path), Name);
        _ -> Path
    end.

free_port() ->
    {ok, Socket} = gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}]),
    {ok, Port} = inet:port(Socket),
    ok = gen_tcp:close(Socket),
    Port.

%% Whatever is set for other releases or VMs must not reach this one.
environment(Results, Options) ->
    Foreign = [{K, false} || V <- os:getenv(), [K, _] <- [string:split(V, "=")],
        lists:prefix("RELEASE_", K) orelse lists:prefix("ERL_", K)
            orelse lists:member(K, ["ROOTDIR", "BINDIR", "EMU", "PROGNAME"])],
    Given = [{K, V} || {env, Pair} <- Options, [K, V] <- [string:split(lists:flatten(Pair), "=")]],
    Foreign ++ [{"RELEASE_STATE_DIR", filename:join(Results, "state")}, {"RELEASE_TMP", filename:join(Results, "tmp")}] ++ Given.

%% A process that keeps the release's output and becomes its exit status.
start(Node) ->
    Self = self(),
    Pid = spawn_link(fun() ->
        {ok, Log} = file:open(maps:get(log, Node), [raw, write]),
        Port = open(Node, ["start"], [stderr_to_stdout]),
        {os_pid, Os} = erlang:port_info(Port, os_pid),
        Self ! {self(), Os},
        keep(Port, Log, Self)
    end),
    receive
        {Pid, Os} -> {Pid, Os}
    end.

keep(Port, Log, Owner) ->
    receive
        {Port, {data, Bytes}} ->
            ok = file:write(Log, Bytes),
            keep(Port, Log, Owner);
        {Port, {exit_status, Status}} ->
            Owner ! {self(), exited, Status}
    end.

open(Node, Arguments, More) ->
    open_port({spawn_executable, maps:get(launcher, Node)},
        [{args, Arguments}, {env, maps:get(env, Node)}, exit_status, binary, in, hide | More]).

%% ping answers before the applications are up; init knows when the boot script has ended.
wait_until_up({Pid, _} = Server, Node) ->
    receive
        {Pid, exited, Status} -> fault("the release ended while it started, with status ~w", [Status])
    after 100 -> ok
    end,
    case launcher(Node, ["ping"], [stderr_to_stdout]) of
        {0, _} ->
            {Question, Answer} = maps:get(is_up, Node),
            case launcher(Node, ["rpc", Question], [stderr_to_stdout]) of
                {0, Output} when Output =:= Answer -> ok;
                _ -> wait_until_up(Server, Node)
            end;
        _ ->
            wait_until_up(Server, Node)
    end.

%% `rpc` takes Elixir where the release has it.
is_up(Directory) ->
    case filelib:wildcard("releases/*/elixir", Directory) of
        [] -> {"init:get_status()", <<"{started,started}\n">>};
        _ -> {"IO.inspect(:init.get_status())", <<"{:started, :started}\n">>}
    end.

answer(Options, Node) ->
    Words =
        case proplists:get_all_values(command, Options) of
            [] -> ["rpc", proplists:get_value(rpc, Options)];
            Given -> Given
        end,
    case launcher(Node, [lists:flatten(W) || W <- Words]) of
        {0, Output} -> Output;
        {Status, Output} -> fault("'~ts' ended with status ~w and the output~n~ts", [lists:join(" ", Words), Status, Output])
    end.

check(Output, Options) ->
    io:put_chars(standard_error, ["answer: ", Output, "\n"]),
    case proplists:get_value(expect, Options) of
        undefined ->
            ok;
        Regex ->
            case re:run(Output, lists:flatten(Regex), [multiline, unicode, {capture, none}]) of
                match -> ok;
                nomatch -> fault("the answer~n~ts~ndoes not match ~ts", [Output, Regex])
            end
    end.

stop({Pid, _}, Node) ->
    {Status, Output} = launcher(Node, ["stop"]),
    Status =:= 0 orelse fault("'stop' ended with status ~w and the output~n~ts", [Status, Output]),
    receive
        {Pid, exited, 0} -> ok;
        {Pid, exited, Exit} -> fault("the release was stopped, and ended with status ~w instead of 0", [Exit])
    after remaining(Node) -> fault("the release runs on after 'stop'", [])
    end.

kill({Pid, Os}) ->
    receive
        {Pid, exited, _} -> ok
    after 0 ->
        _ = os:cmd(io_lib:format("kill ~w", [Os])),
        receive
            {Pid, exited, _} -> ok
        after 5000 -> os:cmd(io_lib:format("kill -KILL ~w", [Os]))
        end
    end.

%% {Status, standard output}; standard error goes to the log of the test.
launcher(Node, Arguments) ->
    launcher(Node, Arguments, []).

launcher(Node, Arguments, More) ->
    Port = open(Node, Arguments, More),
    collect(Port, [], Arguments, Node).

collect(Port, Output, Arguments, Node) ->
    receive
        {Port, {data, Bytes}} -> collect(Port, [Output, Bytes], Arguments, Node);
        {Port, {exit_status, Status}} -> {Status, iolist_to_binary(Output)}
    after remaining(Node) -> fault("time is up, in '~ts'", [lists:join(" ", Arguments)])
    end.

remaining(Node) ->
    max(0, maps:get(deadline, Node) - erlang:monotonic_time(millisecond)).

-spec fault(string(), list()) -> no_return().
fault(Format, Arguments) ->
    throw({faults, [["error: ", io_lib:format(Format, Arguments)]]}).
