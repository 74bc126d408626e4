#!/usr/bin/env escript
%% What beam_lib of this OTP says of the modules that are listed in a file, one path per line.
%%
%%     beam.escript LIST OUTPUT
-mode(compile).

main([List, Output]) ->
    {ok, Text} = file:read_file(List),
    Paths = string:lexemes(unicode:characters_to_list(Text), "\n"),
    ok = file:write_file(Output, [describe(Path) || Path <- Paths]).

describe(Path) ->
    {ok, {Module, Chunks}} = beam_lib:chunks(Path, [imports, exports, "Attr"]),
    {Module, Imports, Exports, Attributes} =
        {Module, proplists:get_value(imports, Chunks), proplists:get_value(exports, Chunks),
         binary_to_term(proplists:get_value("Attr", Chunks))},
    {ok, {Module, MD5}} = beam_lib:md5(Path),
    {ok, Bytes} = file:read_file(Path),
    Functions = lists:sort(
        [function($I, M, F, A) || {M, F, A} <- Imports] ++
        [function($E, Module, F, A) || {F, A} <- Exports]),
    [["file ", unicode:characters_to_binary(Path), $\n],
     ["module ", atom_to_binary(Module, utf8), $\n],
     ["md5 ", hex(MD5), $\n],
     strip(Bytes, ["Attr"]),
     strip(Bytes, ["Attr", "CInf", "Dbgi", "Nope"]),
     Functions,
     ["A ", unicode:characters_to_binary(io_lib:format("~tw", [Attributes])), $\n]].

function(Type, M, F, A) ->
    iolist_to_binary([Type, $\s, atom_to_binary(M, utf8), $\s, atom_to_binary(F, utf8), $\s,
                      integer_to_list(A), $\n]).

strip(Bytes, Keep) ->
    {ok, {_, Stripped}} = beam_lib:strip(Bytes, Keep),
    ["strip ", hex(erlang:md5(zlib:gunzip(Stripped))), $\n].

hex(Bytes) ->
    [io_lib:format("~2.16.0b", [B]) || <<B>> <= Bytes].
