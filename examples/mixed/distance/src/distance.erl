%% How far words are from each other: what must be added, removed or changed.
-module(distance).

-export([between/2]).

-spec between(unicode:chardata(), unicode:chardata()) -> non_neg_integer().
between(A, B) ->
    distance_nif:levenshtein(utf32(A), utf32(B)).

%% The byte order does not matter for comparing.
utf32(Text) ->
    Binary = unicode:characters_to_binary(Text, utf8, utf32),
    true = is_binary(Binary),
    Binary.
