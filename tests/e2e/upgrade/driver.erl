%% Upgrades and downgrades the node that it runs in, as somebody at its shell would.
-module(driver).
-export([systools/0, chain/0, far/0]).

%% The relups in the packages against those of systools, from the same .rel, .app and .appup.
systools() ->
    same("1.1", ["1.0"]),
    same("2.0", ["1.0", "1.1"]),
    halt().

same(Top, Bases) ->
    Rel = fun(Vsn) -> filename:join(["tree-" ++ Vsn, "releases", Vsn, "tally"]) end,
    Path = [filename:join(["tree-" ++ Vsn, "lib", "*", "ebin"]) || Vsn <- [Top | Bases]],
    Out = "systools-" ++ Top,
    ok = file:make_dir(Out),
    {ok, _, _, Warnings} = systools:make_relup(Rel(Top), [Rel(B) || B <- Bases], [Rel(B) || B <- Bases],
                                               [silent, {path, Path}, {outdir, Out}]),
    [] = Warnings,
    {ok, Wanted} = file:read_file(filename:join(Out, "relup")),
    {ok, Wanted} = file:read_file(filename:join(["tree-" ++ Top, "releases", Top, "relup"])),
    {ok, [{Top, [_ | _] = Up, [_ | _] = Down}]} = file:consult(filename:join(Out, "relup")),
    Bases = lists:sort([V || {V, _, _} <- Up]),
    Bases = lists:sort([V || {V, _, _} <- Down]).

%% 1.0 -> 1.1 -> 2.0 -> 1.1 -> 2.0 -> 1.0
chain() ->
    "1.0" = running(),
    add(1, 0),
    unpack("1.1"),
    "1.0" = install("1.1"),
    add(10, 1),
    here = tally_gone:hello(),
    unpack("2.0"),
    "1.1" = install("2.0"),
    add_map(100, 11),
    false = code:is_loaded(tally_gone),
    "1.1" = install("1.1"),
    add(10, 111),
    here = tally_gone:hello(),
    false = code:is_loaded(tally_new),
    "1.1" = install("2.0"),
    add_map(100, 121),
    "1.0" = install("1.0"),
    add(1, 221),
    [ok = release_handler:remove_release(V) || V <- ["1.1", "2.0"]],
    [{"tally", "1.0", _, permanent}] = release_handler:which_releases(),
    [] = [F || F <- filelib:wildcard(root("lib/tally-*")), filename:basename(F) =/= "tally-1.0"],
    halt().

%% 1.0 -> 2.0 -> 1.0
far() ->
    add(1, 0),
    unpack("2.0"),
    "1.0" = install("2.0"),
    add_map(100, 1),
    {ok, <<"2.0\n">>} = file:read_file(filename:join(code:priv_dir(tally), "data/link")),
    "1.0" = install("1.0"),
    add(1, 101),
    halt().

root(Path) -> filename:join(code:root_dir(), Path).

running() ->
    [Vsn] = [V || {_, V, _, permanent} <- release_handler:which_releases()],
    Vsn.

unpack(Vsn) ->
    Name = "tally-" ++ Vsn,
    {ok, _} = file:copy(filename:join(os:getenv("PACKAGES"), Name ++ ".tar.gz"), root("releases/" ++ Name ++ ".tar.gz")),
    {ok, Vsn} = release_handler:unpack_release(Name),
    %% the launcher of this version, which can be executed
    {ok, Info} = file:read_file_info(root("releases/" ++ Vsn ++ "/launcher")),
    8#755 = element(8, Info) band 8#777.

install(Vsn) ->
    {ok, _, []} = release_handler:check_install_release(Vsn),
    {ok, Other, []} = release_handler:install_release(Vsn),
    ok = release_handler:make_permanent(Vsn),
    Vsn = running(),
    {ok, Vsn} = application:get_key(tally, vsn),
    Other.

add(Step, Before) ->
    Before = tally:state(),
    After = Before + Step,
    After = tally:add(),
    After.

add_map(Step, Before) ->
    #{count := Before} = tally:state(),
    After = Before + Step,
    After = tally:add(),
    After.
