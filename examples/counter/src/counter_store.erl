%% The number on disk: the file `count` in $RELEASE_STATE_DIR, which the launcher of a release sets.
%% Without that variable nothing is kept; where that folder cannot be written (a read-only release)
%% there is a warning, and counting goes on.
-module(counter_store).

-export([load/0, save/1, migrate/0]).

-spec load() -> integer().
load() ->
    case file() of
        none ->
            0;
        File ->
            case file:read_file(File) of
                {ok, Text} -> binary_to_integer(string:trim(Text));
                {error, _} -> 0
            end
    end.

-spec save(integer()) -> ok | {error, file:posix()}.
save(Value) ->
    case file() of
        none -> ok;
        File -> write(File, [integer_to_list(Value), $\n])
    end.

write(File, Text) ->
    New = File ++ ".new",
    case file:write_file(New, Text) of
        ok ->
            file:rename(New, File);
        {error, Reason} ->
            logger:warning("cannot write ~ts: ~ts", [New, file:format_error(Reason)]),
            {error, Reason}
    end.

%% What `bin/counter migrate` runs before the first start: makes the file if there is none.
-spec migrate() -> ok | {error, file:posix()}.
migrate() ->
    save(load()).

file() ->
    case os:getenv("RELEASE_STATE_DIR", "") of
        "" -> none;
        Dir -> filename:join(Dir, "count")
    end.
