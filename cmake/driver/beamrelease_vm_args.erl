%% What relx's users have in vm.args and a BeamRelease release has elsewhere: the name of the node, which the launcher
%% gives to the VM, and the cookie, which is in no artifact.
-module(beamrelease_vm_args).

-export([split/1, environment/2]).

%% Takes -name, -sname and -setcookie out of the text. Gives what is left, and {Flag, Value, Line} for each.
split(Text) ->
    Lines = string:split(Text, "\n", all),
    {Left, Found, _} = lists:foldl(fun line/2, {[], [], {1, none}}, Lines),
    {lists:flatten(lists:join("\n", lists:reverse(Left))), lists:reverse(Found)}.

line(Line, {Left, Found, {Number, Waiting}}) ->
    {Code, Comment} = lists:splitwith(fun(C) -> C =/= $# end, Line),
    {Kept, New, Open} = words(string:lexemes(Code, " \t\r\f"), Waiting, Number),
    %% A line that has nothing to do with these stays as it is.
    Result =
        case New =:= [] andalso Waiting =:= none andalso Open =:= none of
            true -> [Line];
            false when Kept =:= [], Comment =:= "" -> [];
            false -> [lists:flatten([lists:join(" ", Kept), [" " || Kept =/= [], Comment =/= ""], Comment])]
        end,
    {Result ++ Left, lists:reverse(New) ++ Found, {Number + 1, Open}}.

words([Word | Rest], {Flag, At}, Number) ->
    {Kept, New, Open} = words(Rest, none, Number),
    {Kept, [{Flag, Word, At} | New], Open};
words([Flag | Rest], none, Number) when Flag =:= "-name"; Flag =:= "-sname"; Flag =:= "-setcookie" ->
    words(Rest, {Flag, Number}, Number);
words([Word | Rest], none, Number) ->
    {Kept, New, Open} = words(Rest, none, Number),
    {[Word | Kept], New, Open};
words([], Waiting, _) ->
    {[], [], Waiting}.

%% The part of env.sh that says the same; "" when there is nothing to say. `File` is where it was found.
environment(Found, File) ->
    Names = [{Kind, Value} || {"-" ++ Kind, Value, _} <- Found, Kind =/= "setcookie"],
    Cookies = [V || {"-setcookie", "$" ++ _ = Value, _} <- Found, {ok, V} <- [variable(Value)]],
    case {Names, Cookies} of
        {[], []} ->
            "";
        _ ->
            [
                "# shellcheck shell=sh\n# What ", filename:basename(File), " of the project says about the node; "
                "the environment wins.\n",
                [name(N) || N <- lists:sublist(lists:reverse(Names), 1)],
                [cookie(V) || V <- lists:sublist(lists:reverse(Cookies), 1)]
            ]
    end.

name({Kind, Value}) ->
    [
        "if [ -z \"${RELEASE_DISTRIBUTION:-}\" ]; then\n"
        "\texport RELEASE_DISTRIBUTION=", Kind, "\n"
        "fi\n"
        "if [ \"$RELEASE_DISTRIBUTION\" = ", Kind, " ] && [ -z \"${RELEASE_NODE:-}\" ]; then\n",
        [needs(V) || V <- needed(Value)],
        "\texport RELEASE_NODE=\"", in_quotes(whole(Kind, Value)), "\"\n"
        "fi\n"
    ].

%% relx asks a VM for the host.
whole("name", Value) ->
    case lists:member($@, Value) of
        true -> Value;
        false -> {host, Value}
    end;
whole("sname", Value) ->
    Value.

%% The launcher tells what is missing, together with what else the templates need.
needs(Variable) ->
    [
        "\t# shellcheck disable=SC2034 # for the launcher\n"
        "\t[ -n \"${", Variable, ":-}\" ] || _node_needs=\"${_node_needs:-} ", Variable, "\"\n"
    ].

%% A cookie of the environment stays there: not exported, not in a file.
cookie(Variable) ->
    [
        "if [ -z \"${RELEASE_COOKIE:-}${RELEASE_COOKIE_FILE:-}\" ]; then\n"
        "\tRELEASE_COOKIE=${", Variable, ":-}\n"
        "fi\n"
    ].

%% ${V}, or ${V:-default}, and nothing else.
variable(Value) ->
    case re:run(Value, "^\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\\}$", [{capture, [1], list}]) of
        {match, [Variable]} -> {ok, Variable};
        nomatch -> error
    end.

%% Variables without a default.
needed(Value) ->
    case re:run(Value, "\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}", [global, {capture, [1], list}]) of
        {match, Found} -> lists:usort([V || [V] <- Found]);
        nomatch -> []
    end.

%% ${V} and ${V:-default} mean the same in a shell; all else is text.
in_quotes({host, Value}) ->
    [in_quotes(Value), "@$(hostname -f)"];
in_quotes(Value) ->
    case re:run(Value, "^(.*?)(\\$\\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}\"`$\\\\]*)?\\})(.*)$", [{capture, [1, 2, 3], list}]) of
        {match, [Before, Variable, After]} -> [escaped(Before), Variable, in_quotes(After)];
        nomatch -> escaped(Value)
    end.

escaped(Text) ->
    [case lists:member(C, "\"\\$`") of true -> [$\\, C]; false -> C end || C <- Text].
