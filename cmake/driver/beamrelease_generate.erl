%% Modules from grammars (.yrl), scanners (.xrl) and ASN.1 specifications (.asn1).
-module(beamrelease_generate).

-export([modules/2]).

%% The .erl files made in `Dir`, and what was read beside the sources themselves.
modules(Files, Dir) ->
    clean(Files, Dir),
    Results = [generate(filename:extension(File), File, Dir) || File <- Files],
    case lists:append([Faults || {error, Faults} <- Results]) of
        [] -> {[Erl || {ok, Erl} <- Results], Files};
        Faults -> throw({faults, Faults})
    end.

%% Headers of specifications that are gone would still be found.
clean(Files, Dir) ->
    Bases = [filename:rootname(filename:basename(F)) || F <- Files],
    [beamrelease_files:remove(File)
     || Pattern <- ["*.erl", "*.hrl", "*.asn1db"],
        File <- filelib:wildcard(filename:join(escape(Dir), Pattern)),
        not lists:member(filename:rootname(filename:basename(File)), Bases)].

%% filelib:wildcard/1 takes some characters of a folder's name for patterns.
escape(Path) ->
    lists:append([case lists:member(C, "*?[]{}\\") of true -> [$\\, C]; false -> [C] end || C <- Path]).

generate(".yrl", File, Dir) ->
    Erl = target(File, Dir),
    result(Erl, yecc:file(File, [{parserfile, Erl}, return]));
generate(".xrl", File, Dir) ->
    Erl = target(File, Dir),
    result(Erl, leex:file(File, [{scannerfile, Erl}, return]));
generate(".asn1", File, Dir) ->
    case asn1ct:compile(File, [noobj, {outdir, Dir}, {i, filename:dirname(File)}]) of
        ok -> {ok, target(File, Dir)};
        {error, _} -> {error, [io_lib:format("~ts: error: asn1ct failed, see above", [File])]}
    end.

target(File, Dir) ->
    filename:join(Dir, filename:rootname(filename:basename(File)) ++ ".erl").

result(Erl, {ok, _, Warnings}) ->
    beamrelease_report:messages(warning, Warnings),
    {ok, Erl};
result(_, {error, Errors, Warnings}) ->
    beamrelease_report:messages(warning, Warnings),
    {error, beamrelease_report:format(error, Errors)}.
