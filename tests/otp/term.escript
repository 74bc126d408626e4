#!/usr/bin/env escript
%% Random terms, and what this OTP makes of them; then a comparison with what term_tool made.
%%
%%     term.escript generate DIR SEED COUNT
%%     term.escript verify DIR
%%
%% Files in DIR hold frames: a 32-bit length and that many bytes. `generate` writes terms (external
%% format), variants (the same terms, encoded in other ways), broken (damaged encodings), printed,
%% written (~tp and ~tw) and texts (pieces of term files, many of them broken). `verify` reads what
%% term_tool answered: terms.etf, variants.etf, broken.etf, printed.etf, written.etf, texts.etf,
%% terms.print, terms.write.
-mode(compile).

main(["generate", Dir, Seed, Count]) ->
    rand:seed(exsss, list_to_integer(Seed)),
    Terms = fixed() ++ [term(4) || _ <- lists:seq(1, list_to_integer(Count))] ++
        [float() || _ <- lists:seq(1, list_to_integer(Count))] ++
        [near(rand:uniform(3)) || _ <- lists:seq(1, list_to_integer(Count))] ++
        [deep(rand:uniform(85)) || _ <- lists:seq(1, 200)] ++
        [[term(5) || _ <- lists:seq(1, 20)] || _ <- lists:seq(1, 100)],
    Printed = [unicode:characters_to_binary(io_lib:format("~tp.~n", [T])) || T <- Terms],
    Written = [unicode:characters_to_binary(io_lib:format("~tw.~n", [T])) || T <- Terms],
    Opaque = [self(), make_ref(), hd(erlang:ports()), fun(X) -> {X, Dir} end, fun erlang:abs/1,
              {self(), [make_ref()]}, #{self() => make_ref()}],
    write(Dir, "terms", [term_to_binary(T) || T <- Terms ++ Opaque]),
    write(Dir, "variants", [variant(T) || T <- Terms]),
    Broken = [damaged(B) || T <- Terms ++ lists:append(lists:duplicate(3, foreign())),
                            B <- [stable(T)], byte_size(B) < 300],
    write(Dir, "broken", [B || B <- Broken, not fatal(B)]),
    write(Dir, "printed", Printed),
    write(Dir, "written", Written),
    write(Dir, "texts", texts() ++ [mutate(P) || P <- Printed, byte_size(P) < 400]);
main(["verify", Dir]) ->
    Terms = [binary_to_term(B) || B <- read(Dir, "terms")],
    Opaque = 7,
    Plain = lists:sublist(Terms, length(Terms) - Opaque),
    Faults = lists:append([
        same_etf("decode, encode", Terms, read(Dir, "terms"), read(Dir, "terms.etf")),
        same_etf("decode a variant, encode", Plain, read(Dir, "terms"), read(Dir, "variants.etf")),
        same_etf("parse ~tp, encode", Plain, read(Dir, "terms"), read(Dir, "printed.etf")),
        same_etf("parse ~tw, encode", Plain, read(Dir, "terms"), read(Dir, "written.etf")),
        same_text("print as ~tp", Plain, read(Dir, "printed"), read(Dir, "terms.print")),
        same_text("print as ~tw", Plain, read(Dir, "written"), read(Dir, "terms.write")),
        same_decoding(read(Dir, "broken"), read(Dir, "broken.etf")),
        consulted(Dir, Plain, read(Dir, "terms.print")),
        same_reading(Dir, read(Dir, "texts"), read(Dir, "texts.etf"))]),
    [io:put_chars([F, $\n]) || F <- lists:sublist(Faults, 30)],
    io:format("~b terms, ~b faults~n", [length(Terms), length(Faults)]),
    halt(case Faults of [] -> 0; _ -> 1 end).

write(Dir, Name, Frames) ->
    ok = file:write_file(filename:join(Dir, Name),
                         [[<<(iolist_size(F)):32>>, F] || F <- Frames]).

read(Dir, Name) ->
    {ok, Bytes} = file:read_file(filename:join(Dir, Name)),
    [F || <<Size:32, F:Size/binary>> <= Bytes].

release() ->
    list_to_integer(erlang:system_info(otp_release)).

%% --- comparing ---

fault(What, Format, Args) ->
    unicode:characters_to_binary(io_lib:format("~ts: " ++ Format, [What | Args])).

same_etf(What, Terms, Wanted, Got) when length(Terms) =< length(Wanted),
                                        length(Terms) =:= length(Got) ->
    lists:append(lists:zipwith3(
        fun(T, W, G) ->
            case W =:= G orelse (not reproducible(T) andalso decoded(G) =:= {ok, T}) of
                true -> [];
                false -> [fault(What, "~w~n  wanted ~w~n  got    ~w", [T, W, G])]
            end
        end, Terms, lists:sublist(Wanted, length(Terms)), Got));
same_etf(What, _, _, _) ->
    [fault(What, "frames are missing", [])].

decoded(Bytes) ->
    try {ok, binary_to_term(Bytes)} catch error:badarg -> error end.

same_text(What, Terms, Wanted, Got) when length(Terms) =< length(Got) ->
    lists:append(lists:zipwith3(
        fun(T, W, G) ->
            case W =:= <<G/binary, ".\n">> orelse not reproducible(T) of
                true -> [];
                false -> [fault(What, "~w~n~ts~n~ts.", [T, W, G])]
            end
        end, Terms, Wanted, lists:sublist(Got, length(Terms))));
same_text(What, _, _, _) ->
    [fault(What, "frames are missing", [])].

%% What C printed is a file that Erlang reads back as the same terms.
consulted(Dir, Terms, Printed) ->
    File = filename:join(Dir, "consulted"),
    ok = file:write_file(File, ["%% coding: utf-8\n" |
        [[P, ".\n"] || P <- lists:sublist(Printed, length(Terms))]]),
    case file:consult(File) of
        {ok, Terms} -> [];
        {ok, Other} -> [fault("consult", "~w became ~w", [A, B])
                        || {A, B} <- lists:zip(Terms, Other), A =/= B];
        Error -> [fault("consult", "~p", [Error])]
    end.

%% Accepted by both, as the same terms, or refused by both.
same_reading(Dir, Texts, Answers) when length(Texts) =:= length(Answers) ->
    File = filename:join(Dir, "text"),
    lists:append(lists:zipwith(
        fun(Text, Answer) ->
            ok = file:write_file(File, Text),
            case {consult(File), Answer} of
                {{ok, Terms}, <<131, _/binary>>} ->
                    case decoded(Answer) of
                        {ok, Terms} -> [];
                        Other -> [fault("read", "~ts~n  wanted ~w~n  got    ~w",
                                        [latin(Text), Terms, Other])]
                    end;
                {{error, _}, <<0, _/binary>>} -> [];
                {Wanted, _} -> [fault("read", "~ts~n  wanted ~p~n  got    ~ts",
                                      [latin(Text), Wanted, latin(Answer)])]
            end
        end, Texts, Answers));
same_reading(_, _, _) ->
    [fault("read", "frames are missing", [])].

%% As same_reading/3, for damaged encodings. Trailing bytes are a fault, and so are the tags 73 and
%% 75: numbers of atoms in the tables of one VM, which binary_to_term/1 takes for its own use.
same_decoding(Frames, Answers) when length(Frames) =:= length(Answers) ->
    lists:append(lists:zipwith(
        fun(Frame, Answer) ->
            Internal = binary:match(Answer, [<<"73 is not the tag">>, <<"75 is not the tag">>]),
            NoBits = binary:match(Frame, <<77, 0:32, 0>>), % refused from OTP 27 on
            case {whole(Frame), decoded(Answer)} of
                {Same, Same} -> [];
                {error, {ok, _}} when NoBits =/= nomatch -> [];
                {{ok, _}, error} when Internal =/= nomatch -> [];
                {Wanted, Got} -> [fault("decode", "~w~n  wanted ~w~n  got    ~w ~ts",
                                        [Frame, Wanted, Got, latin(Answer)])]
            end
        end, Frames, Answers));
same_decoding(_, _) ->
    [fault("decode", "frames are missing", [])].

whole(Frame) ->
    try binary_to_term(Frame, [used]) of
        {T, Used} when Used =:= byte_size(Frame) -> {ok, T};
        _ -> error
    catch
        error:badarg -> error
    end.

%% Some texts make file:consult/1 itself crash; that counts as refusing.
consult(File) ->
    try file:consult(File) of
        {ok, Terms} -> {ok, Terms};
        {error, Reason} -> {error, Reason}
    catch
        _:Reason -> {error, Reason}
    end.

latin(Bytes) ->
    [C || <<C>> <= Bytes].

%% Small maps keep their keys in an order that depends on this very VM from OTP 26 on, large ones
%% in one that depends on the release.
reproducible(T) when is_map(T) ->
    Keys = maps:keys(T),
    map_size(T) =< 32 andalso
        (release() =< 25 orelse length([K || K <- Keys, is_atom(K)]) =< 1) andalso
        reproducible(Keys) andalso reproducible(maps:values(T));
reproducible([H | T]) -> reproducible(H) andalso reproducible(T);
reproducible(T) when is_tuple(T) -> reproducible(tuple_to_list(T));
reproducible(_) -> true.

%% --- making terms ---

pick(List) ->
    lists:nth(rand:uniform(length(List)), List).

many(Most, Make) ->
    [Make() || _ <- lists:seq(1, rand:uniform(Most + 1) - 1)].

term(0) ->
    leaf();
term(Depth) ->
    case rand:uniform(16) of
        N when N =< 3 -> list_to_tuple(many(6, fun() -> term(Depth - 1) end));
        N when N =< 6 -> many(8, fun() -> term(Depth - 1) end);
        N when N =< 9 -> list_to_tuple([atom() | many(5, fun() -> term(Depth - 1) end)]);
        10 -> maps:from_list(many(4, fun() -> {term(Depth - 2 + (Depth band 1)),
                                               term(Depth - 1)} end));
        11 -> maps:from_list(many(6, fun() -> {pick([atom(), integer()]), leaf()} end));
        12 -> improper([leaf() | many(6, fun() -> term(Depth - 1) end)]);
        13 -> many(12, fun atom/0);
        _ -> leaf()
    end.

%% About as long as a line.
near(0) ->
    case rand:uniform(4) of
        1 -> list_to_atom(lists:duplicate(rand:uniform(40), $n));
        2 -> lists:duplicate(rand:uniform(35), $s);
        3 -> lists:seq(200, 200 + rand:uniform(10));
        4 -> <<0, (bytes(rand:uniform(10)))/binary>>
    end;
near(Depth) ->
    Make = fun() -> near(Depth - rand:uniform(Depth)) end,
    case rand:uniform(6) of
        1 -> #{Make() => Make()};
        2 -> maps:from_list([{N, Make()} || N <- lists:seq(1, rand:uniform(3))]);
        3 -> {Make(), Make()};
        4 -> {list_to_atom(lists:duplicate(rand:uniform(9), $t)), Make(), Make()};
        5 -> [Make() || _ <- lists:seq(1, rand:uniform(3))];
        6 -> [Make(), Make() | list_to_atom(lists:duplicate(rand:uniform(20), $t))]
    end.

%% Where little of the line is left.
deep(0) ->
    near(1);
deep(Depth) ->
    case rand:uniform(20) of
        1 -> {deep(Depth - 1), x};
        2 -> [deep(Depth - 1) | x];
        3 -> #{1 => deep(Depth - 1)};
        _ -> [deep(Depth - 1)]
    end.

improper(List) ->
    case pick([atom(), integer(), {leaf(), leaf()}, binary(), many(3, fun atom/0)]) of
        Tail -> List ++ Tail
    end.

leaf() ->
    case rand:uniform(12) of
        N when N =< 3 -> atom();
        N when N =< 5 -> integer();
        6 -> float();
        N when N =< 8 -> binary();
        N when N =< 11 -> string();
        12 -> pick([[], {}, #{}, <<>>, fun lists:map/2, fun 'Odd':'a b'/3, ''])
    end.

atom() ->
    case rand:uniform(12) of
        1 -> pick([maybe_, 'maybe', 'else', 'end', 'fun', 'receive', 'Upper', '', '1a', '_', 'a@b_1',
                   'a b', 'a\nb', 'it\'s', 'back\\slash', 'ß', 'ÿx', '÷', 'é', 'Ä', 'aÖ', 'a×']);
        2 -> list_to_atom([pick(lists:seq(16#390, 16#3c9)) || _ <- lists:seq(1, rand:uniform(9))]);
        3 -> list_to_atom([16#1f600 + rand:uniform(60) || _ <- lists:seq(1, rand:uniform(90))]);
        4 -> list_to_atom([rand:uniform(256) - 1 || _ <- lists:seq(1, rand:uniform(9))]);
        6 -> list_to_atom([pick(clusters()) || _ <- lists:seq(1, rand:uniform(40))]);
        5 -> list_to_atom(lists:duplicate(rand:uniform(255), pick("aäz")));
        _ -> list_to_atom([pick("abcdefghijklmnopqrstuvwxyz") |
                           many(pick([3, 9, 25]), fun() -> pick("abcxyzABZ019_@") end)])
    end.

%% Characters that join others, one way or another.
clusters() ->
    [$a, 16#e9, 16#3b1, 16#301, 16#308, 16#483, 16#600, 16#605, 16#70f, 16#903, 16#915, 16#937,
     16#93e, 16#93c, 16#94d, 16#995, 16#9cd, 16#e33, 16#1100, 16#115f, 16#1160, 16#11a7, 16#11a8,
     16#11ff, 16#a960, 16#d7b0, 16#d7cb, 16#ac00, 16#ac01, 16#ac1c, 16#d7a3, 16#200b, 16#200c,
     16#200d, 16#200d, 16#2028, 16#2764, 16#fe0f, 16#1f1e6, 16#1f1ff, 16#1f468, 16#1f469, 16#1f3fb,
     16#1f600, 16#e0020, 16#e0100, 16#e0001, 16#a9, 16#ae, 16#231a, 16#ad, 16#110bd].

integer() ->
    case rand:uniform(8) of
        1 -> sign(1 bsl rand:uniform(3000) + rand:uniform(3) - 2);
        2 -> sign(1 bsl pick([7, 8, 15, 16, 26, 27, 28, 31, 32, 58, 59, 60, 63, 64, 128])
                  + rand:uniform(3) - 2);
        3 -> sign(rand:uniform(1 bsl rand:uniform(200)));
        4 -> rand:uniform(1 bsl 32) - (1 bsl 31);
        _ -> rand:uniform(300) - 20
    end.

sign(N) ->
    case rand:uniform(2) of 1 -> N; 2 -> -N end.

float() ->
    case rand:uniform(6) of
        1 -> sign(rand:uniform(1000000) / pick([1, 2, 3, 10, 100, 1000, 1024]));
        2 -> sign(math:pow(10, rand:uniform(600) - 300));
        3 -> sign(math:pow(2, rand:uniform(2000) - 1000));
        4 -> sign(float(rand:uniform(1 bsl (40 + rand:uniform(30)))) +
                  pick([0.0, 0.25, 0.5, 0.75]));
        5 -> bits_to_float(<<0:12, (rand:uniform(1 bsl 52) - 1):52>>);
        6 -> bits_to_float(<<(rand:uniform(1 bsl 64) - 1):64>>)
    end.

bits_to_float(<<F/float>>) -> F;
bits_to_float(_) -> 1.0.

binary() ->
    case rand:uniform(7) of
        1 -> <<(rand:uniform(1 bsl 64) - 1):(rand:uniform(64))>>;
        2 -> bytes(rand:uniform(12));
        3 -> bytes(rand:uniform(90));
        4 -> unicode:characters_to_binary(string());
        5 -> list_to_binary([C band 255 || C <- string()]);
        6 -> iolist_to_binary([unicode:characters_to_binary(string()), pick([[], 200, 7])]);
        7 -> list_to_binary(printable(80))
    end.

bytes(Count) ->
    list_to_binary([rand:uniform(256) - 1 || _ <- lists:seq(1, Count)]).

string() ->
    case rand:uniform(8) of
        1 -> many(20, fun() -> rand:uniform(256) - 1 end);
        2 -> many(20, fun() -> pick([16#e9, 16#3b1, 16#20ac, 16#1f600, $a, 16#301, 16#200d]) end);
        3 -> many(12, fun() -> pick("\n\r\t\v\b\f\e\"'\\ x") end);
        4 -> many(12, fun() -> pick([16#301, 16#1f468, 16#200d, 16#1f469, 16#1f1e9, 16#1f1ea, $x,
                                     16#fe0f, 16#1f3fd, 16#1100, 16#1161, 16#11a8, 16#ac00,
                                     16#0e33, 16#0600, 16#0915, 16#094d]) end);
        _ -> printable(pick([5, 20, 100]))
    end.

printable(Most) ->
    many(Most, fun() -> pick("abcdefghijklm nopqrstuvwxyz0123456789/.-äß") end).

%% Another encoding of the same term.
variant(T) ->
    case rand:uniform(4) of
        1 -> term_to_binary(T, [compressed]);
        2 -> term_to_binary(T, [{compressed, 9}]);
        3 -> term_to_binary(T, [{minor_version, 0}]);
        4 -> term_to_binary(T, [{minor_version, 1}])
    end.

%% What only a VM has a meaning for, with the same numbers in every run: what is damaged must not
%% depend on the run, since OTP itself crashes on some of it.
foreign() ->
    Pid = list_to_pid("<0.80.0>"),
    Ref = list_to_ref("#Ref<0.1.2.3>"),
    [Pid, Ref, list_to_port("#Port<0.5>"), fun erlang:abs/1, {Pid, [Ref]}, #{Pid => Ref}].

stable(T) ->
    try term_to_binary(T, [deterministic]) catch error:badarg -> term_to_binary(T) end.

%% A map that claims 2^31 pairs and more ends the VM of OTP 23.
fatal(Bytes) ->
    re:run(Bytes, <<"t[\\x80-\\xff]">>) =/= nomatch.

damaged(Bytes) ->
    damaged(rand:uniform(2), Bytes).

damaged(0, Bytes) ->
    Bytes;
damaged(N, Bytes) ->
    At = rand:uniform(byte_size(Bytes)) - 1,
    <<Front:At/binary, Byte, Back/binary>> = Bytes,
    damaged(N - 1, case rand:uniform(5) of
        1 -> <<Front/binary, (rand:uniform(256) - 1), Back/binary>>;
        2 -> <<Front/binary, (Byte bxor (1 bsl (rand:uniform(8) - 1))), Back/binary>>;
        3 -> <<Front/binary, (pick([0, 1, 70, 77, 82, 88, 89, 90] ++ lists:seq(97, 120))),
               Back/binary>>;
        4 -> <<Front/binary, Byte, Byte, Back/binary>>;
        5 -> <<Front/binary, Byte, (binary_part(Back, 0, byte_size(Back) div 2))/binary>>
    end).

fixed() ->
    Long = lists:duplicate(65535, $x),
    [Long, [$x | Long], [0, 1, 2], lists:seq(1, 300), list_to_tuple(lists:seq(1, 255)),
     list_to_tuple(lists:seq(1, 256)), [a, 1, 2, 3], [1, 2 | 3], [1 | <<"x">>], 1 bsl 2040, 1 bsl 2048,
     -(1 bsl 2040) + 1, -(1 bsl 63), (1 bsl 63) - 1, 1 bsl 63, -(1 bsl 63) - 1, 16#7fffffff,
     -16#80000000, 16#80000000, -16#80000001, 255, 256, -1, 1 bsl 40000,
     0.0, -0.0, 5.0e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 2.225073858507201e-308,
     0.1, 0.3, 1.0e22, 1.0e23, 123456.0, 1.0e15, 9007199254740991.0, 9007199254740992.0,
     9007199254740994.0, 1125899906842624.25, 1125899906842624.75, 9.5367431640625e-7,
     100000.0, 1.0e5, 123.0e10, 0.001, 0.0001, 1.0e-5, 12.0e-5,
     #{}, #{1 => a, 1.0 => b, 2 => c}, #{a => 1}, #{{} => [], [] => {}, <<>> => #{}},
     maps:from_list([{N, N} || N <- lists:seq(1, 40)]),
     {a}, {a, b}, {1, a}, "", "x", [$x | $y], <<"abc">>, <<"a\0">>, <<16#ff>>, <<"caf", 16#e9>>,
     <<"café"/utf8>>, <<"a", 16#20ac/utf8>>, <<7, 16#e9>>, <<16#e9, 7>>, <<1:1>>, <<1, 2:4>>,
     <<127>>, "\d", "\e", [27, 127], {application, x, [{vsn, "1"}, {modules, []}]}].

%% --- texts ---

mutate(Text) ->
    Chars = unicode:characters_to_list(Text),
    mutate(rand:uniform(3), Chars).

mutate(0, Chars) ->
    unicode:characters_to_binary(Chars);
mutate(N, Chars) ->
    {Front, Back} = lists:split(rand:uniform(length(Chars) + 1) - 1, Chars),
    New = pick(["'", "\"", ",", "{", "}", "[", "]", "|", " ", "\n", "%", ".", ". ", "-", "+", "#",
                "$", "\\", "1", "_", "e", "16#", "<<", ">>", "=>", ":", "/", "x", "X", "(", ")",
                "a", "é", "€", "~", "fun ", "\"a\"", [0], [16#a0], [16#2028]]),
    mutate(N - 1, case rand:uniform(3) of
        1 -> Front ++ New ++ Back;
        2 when Back =/= [] -> Front ++ tl(Back);
        2 -> Front;
        3 when Back =/= [] -> Front ++ New ++ tl(Back);
        3 -> Front ++ New
    end).

%% One text a line of term.texts; "\n" in it is a new line, "\\" a backslash, "\xHH" a byte.
texts() ->
    File = filename:join(filename:dirname(escript:script_name()), "term.texts"),
    {ok, Bytes} = file:read_file(File),
    [unescape(L, <<>>) || L <- binary:split(Bytes, <<"\n">>, [global]), L =/= <<>>,
                          binary:first(L) =/= $;].

unescape(<<"\\n", Rest/binary>>, Text) -> unescape(Rest, <<Text/binary, $\n>>);
unescape(<<"\\\\", Rest/binary>>, Text) -> unescape(Rest, <<Text/binary, $\\>>);
unescape(<<"\\x", Hex:2/binary, Rest/binary>>, Text) ->
    unescape(Rest, <<Text/binary, (binary_to_integer(Hex, 16))>>);
unescape(<<C, Rest/binary>>, Text) -> unescape(Rest, <<Text/binary, C>>);
unescape(<<>>, Text) -> Text.
