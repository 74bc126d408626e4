%% The number on disk: the file `count` in $RELEASE_STATE_DIR, which the launcher of a release sets.
%% Without that variable (tests, a read-only release) nothing is kept.
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
                {error, enoent} -> 0
            end
    end.

-spec save(integer()) -> ok.
save(Value) ->
    case file() of
        none ->
            ok;
        File ->
            New = File ++ ".new",
            ok = file:write_file(New, [integer_to_list(Value), $\n]),
            ok = file:rename(New, File)
    end.

%% What `bin/counter migrate` runs before the first start: makes the file if there is none.
-spec migrate() -> ok.
migrate() ->
    save(load()).

file() ->
    case os:getenv("RELEASE_STATE_DIR", "") of
        "" -> none;
        Dir -> filename:join(Dir, "count")
    end.
