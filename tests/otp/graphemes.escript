#!/usr/bin/env escript
%% Writes the table in generator/term/grapheme_table.inc, as this OTP's unicode_util:gc/1 treats each
%% code point:
%%
%%     tests/otp/run 29 tests/otp escript graphemes.escript >generator/term/grapheme_table.inc
-mode(compile).

main([]) ->
    Classes = [{C, class(C)} || C <- lists:seq(16#100, 16#10ffff),
                                C < 16#ac00 orelse C > 16#d7a3, % Hangul syllables
                                C < 16#d800 orelse C > 16#dfff], % surrogates
    io:put_chars(["/* Made by tests/otp/graphemes.escript from OTP ", erlang:system_info(otp_release),
                  ". */\n"]),
    [io:format("{0x~.16b, 0x~.16b, ~s},~n", [First, Last, Class])
     || {First, Last, Class} <- ranges(Classes)].

ranges([{C, Class} | Rest]) -> ranges(Rest, C, C, Class).

ranges([{C, Class} | Rest], First, Last, Class) when C =:= Last + 1 -> ranges(Rest, First, C, Class);
ranges(Rest, _, _, other) when Rest =/= [] -> ranges(Rest);
ranges([], _, _, other) -> [];
ranges([], First, Last, Class) -> [{First, Last, name(Class)}];
ranges(Rest, First, Last, Class) -> [{First, Last, name(Class)} | ranges(Rest)].

name(Class) -> string:uppercase(atom_to_list(Class)).

%% Plain characters to stand beside.
-define(PLAIN, 16#100).
-define(MARK, 16#301).
-define(VIRAMA, 16#94d).
-define(KA, 16#915).
-define(ZWJ, 16#200d).
-define(SMILE, 16#1f600).

class(C) ->
    Tests = [
        {zwj, fun() -> C =:= ?ZWJ end},
        {linker, fun() -> joined([?KA, C, ?KA]) =:= 3 end},
        {extend, fun() -> joined([?PLAIN, C]) =:= 2 end},
        {regional, fun() -> joined([C, 16#1f1e6]) =:= 2 andalso joined([C, ?PLAIN]) =:= 1 end},
        {prepend, fun() -> joined([C, ?PLAIN]) =:= 2 end},
        {control, fun() -> joined([C, ?MARK]) =:= 1 end},
        {picture, fun() -> joined([C, ?ZWJ, ?SMILE]) =:= 3 end},
        {consonant, fun() -> joined([C, ?VIRAMA, ?KA]) =:= 3 end},
        {hangul_l, fun() -> joined([C, 16#1100]) =:= 2 end},
        {hangul_v, fun() -> joined([C, 16#1160]) =:= 2 end},
        {hangul_t, fun() -> joined([16#1160, C]) =:= 2 end}],
    class(Tests, other).

class([{Class, Test} | Tests], Default) ->
    case Test() of true -> Class; false -> class(Tests, Default) end;
class([], Default) ->
    Default.

%% How many of these are the first cluster.
joined(Chars) ->
    case unicode_util:gc(Chars) of
        [Cluster | _] when is_list(Cluster) -> length(Cluster);
        _ -> 1
    end.
