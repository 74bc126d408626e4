#!/usr/bin/env escript
%% usage: terms.escript MIX OURS
%% Are the terms of two files equal, with $RELEASE_LIB read as $ROOT/lib? The order of the applications of a sys.config is
%% that of a keyword list, which means nothing. Prints what differs first.
main([Mix, Ours]) ->
    case {read(Mix), read(Ours)} of
        {Same, Same} -> ok;
        {A, B} -> io:format(standard_error, "mix:  ~tp~nours: ~tp~n", first(A, B)), halt(1)
    end.

read(File) ->
    case filename:extension(File) of
        ".boot" -> {ok, Bytes} = file:read_file(File), as_root(binary_to_term(Bytes));
        ".config" -> {ok, [Config]} = file:consult(File), lists:sort(Config);
        _ -> {ok, Terms} = file:consult(File), as_root(Terms)
    end.

as_root("$RELEASE_LIB" ++ Rest) -> "$ROOT/lib" ++ Rest;
as_root([H | T]) -> [as_root(H) | as_root(T)];
as_root(T) when is_tuple(T) -> list_to_tuple(as_root(tuple_to_list(T)));
as_root(T) -> T.

first([H | T], [H | U]) -> first(T, U);
first([H | _], [I | _]) when is_list(H), is_list(I); is_tuple(H), is_tuple(I) -> first(H, I);
first(T, U) when is_tuple(T), is_tuple(U), tuple_size(T) =:= tuple_size(U) ->
    first(tuple_to_list(T), tuple_to_list(U));
first(A, B) -> [A, B].
