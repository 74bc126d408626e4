%% What is answered to a line.
%%
%%     ADD NAME AMOUNT      OK and the sum
%%     GET NAME             OK and the sum, or NONE
%%     MEAN NAME            OK and the mean of what was added, or NONE
%%     VERSION              OK and the version
-module(tally_tcp_line).

-export([answer/1]).

-spec answer(binary()) -> iodata().
answer(Line) ->
    answer_words(string:lexemes(Line, [$\s, $\t, "\r\n", $\r, $\n])).

answer_words([<<"ADD">>, Name, Amount]) ->
    try binary_to_integer(Amount) of
        Integer -> ok(tally:add(Name, Integer))
    catch
        error:badarg -> <<"ERROR the amount is not a number">>
    end;
answer_words([<<"GET">>, Name]) ->
    case tally:sum(Name) of
        {ok, Sum} -> ok(Sum);
        error -> <<"NONE">>
    end;
answer_words([<<"MEAN">>, Name]) ->
    case tally:mean(Name) of
        {ok, Mean} -> ["OK ", Mean];
        error -> <<"NONE">>
    end;
answer_words([<<"VERSION">>]) ->
    {ok, Version} = application:get_key(tally_tcp, vsn),
    ["OK ", Version];
answer_words(_) ->
    <<"ERROR there are ADD NAME AMOUNT, GET NAME, MEAN NAME and VERSION">>.

ok(Integer) ->
    ["OK ", integer_to_binary(Integer)].
