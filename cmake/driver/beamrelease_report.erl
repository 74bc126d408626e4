%% Messages as file:line:column: kind: text, and the exit status.
-module(beamrelease_report).

-export([catching/1, print/1, messages/2, format/2]).

%% The exit status of `Fun`; what it throws is printed.
catching(Fun) ->
    ok = io:setopts(standard_error, [{encoding, unicode}]),
    try Fun() of
        _ -> 0
    catch
        throw:{faults, Faults} ->
            print(Faults),
            1;
        Class:Reason:Stack ->
            print([io_lib:format("error: ~tp~n~tp", [{Class, Reason}, Stack])]),
            1
    end.

messages(Kind, Infos) ->
    print(format(Kind, Infos)).

print([]) ->
    ok;
print(Lines) ->
    io:put_chars(standard_error, [[Line, $\n] || Line <- Lines]).

%% What compile, yecc, leex and epp call error infos.
format(Kind, Infos) ->
    [io_lib:format("~ts:~ts~ts: ~ts", [File, position(Info), Kind, text(Info)]) || {File, Es} <- Infos, Info <- Es].

position({{Line, Column}, _, _}) -> io_lib:format("~w:~w: ", [Line, Column]);
position({Line, _, _}) when is_integer(Line) -> io_lib:format("~w: ", [Line]);
position(_) -> " ".

text({_, Module, Reason}) -> Module:format_error(Reason);
text({Module, Reason}) -> Module:format_error(Reason).
