%% Upgrades and downgrades the node that it runs in.
-module(driver).
-export([run/0]).

run() ->
    old(),
    unpack("2.0"),
    install("2.0"),
    new(),
    install("1.0"),
    old(),
    install("2.0"),
    new(),
    unpack("3.0"),
    install("3.0"),
    false = 'Elixir.Shape':'__protocol__'('consolidated?'),
    [] = [D || D <- code:get_path(), filename:basename(D) =:= "consolidated"],
    9 = area(square()),
    install("2.0"),
    new(),
    halt().

unpack(Vsn) ->
    Name = "shapes-" ++ Vsn,
    {ok, _} = file:copy(filename:join(os:getenv("PACKAGES"), Name ++ ".tar.gz"),
                        filename:join([code:root_dir(), "releases", Name ++ ".tar.gz"])),
    {ok, Vsn} = release_handler:unpack_release(Name).

install(Vsn) ->
    {ok, _, []} = release_handler:check_install_release(Vsn),
    {ok, _, []} = release_handler:install_release(Vsn),
    ok = release_handler:make_permanent(Vsn).

area(Struct) -> 'Elixir.Shapes':area(Struct).

circle() -> #{'__struct__' => 'Elixir.Circle', r => 2}.

square() -> #{'__struct__' => 'Elixir.Square', a => 3}.

old() ->
    12 = area(circle()),
    error = area(square()),
    consolidated("1.0"),
    false = erlang:function_exported('Elixir.Shape', sides, 1),
    false = code:is_loaded('Elixir.Named').

new() ->
    12 = area(circle()),
    9 = area(square()),
    4 = 'Elixir.Shape':sides(square()),
    square = 'Elixir.Named':name(square()),
    true = 'Elixir.Named':'__protocol__'('consolidated?'),
    consolidated("2.0").

%% This version's folder comes first in the code path; no other one is in it. What is loaded is what is there.
consolidated(Vsn) ->
    Dir = "/releases/" ++ Vsn ++ "/consolidated",
    [First] = [D || D <- code:get_path(), filename:basename(D) =:= "consolidated"],
    true = lists:suffix(Dir, First),
    [_ | Rest] = lists:dropwhile(fun(D) -> D =/= First end, code:get_path()),
    [_ | _] = [D || D <- Rest, lists:suffix("/ebin", D)],
    true = 'Elixir.Shape':'__protocol__'('consolidated?'),
    First = filename:dirname(code:which('Elixir.Shape')),
    [begin
         {ok, {M, Md5}} = beam_lib:md5(F),
         Md5 = M:module_info(md5)
     end
     || F <- filelib:wildcard(First ++ "/*.beam"),
        M <- [list_to_atom(filename:basename(F, ".beam"))],
        code:is_loaded(M) =/= false].
