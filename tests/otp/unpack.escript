#!/usr/bin/env escript
%% unpack.escript ARCHIVE DIR: all of it, by erl_tar.
-mode(compile).

main([Archive, Dir]) ->
    Options = [compressed || filename:extension(Archive) =:= ".gz"],
    {ok, Names} = erl_tar:table(Archive, Options),
    true = length(Names) > 1,
    ok = erl_tar:extract(Archive, [{cwd, Dir} | Options]).
