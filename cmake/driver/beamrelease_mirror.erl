%% A copy of a source tree in the build tree, for tools that write beside their sources.
%%
%% Only what has been copied before and is gone from the source is removed: what a tool has put into the copy stays there
%% for its next run. A file is written only when its bytes change, so that its time tells the tool what to compile.
-module(beamrelease_mirror).

-export([sync/4]).

-include_lib("kernel/include/file.hrl").

-define(DEPTH, 64).

%% Makes `To` hold what `From` holds, but for paths for which `Skip` (given the path below `From`) is true; `List` is a
%% file that remembers what was copied. Gives the files and folders that were read.
sync(From, To, List, Skip) ->
    {Entries, Read} = walk(From, "", Skip, 0),
    Before = remembered(List),
    Now = lists:sort([Name || {Name, _} <- Entries]),
    %% What is in a folder goes before the folder.
    lists:foreach(fun(Name) -> forget(filename:join(To, Name)) end,
        lists:reverse(ordsets:subtract(Before, Now))),
    beamrelease_files:make_dir(To),
    lists:foreach(fun({Name, Entry}) -> copy(filename:join(To, Name), Entry) end, Entries),
    beamrelease_files:write(List, unicode:characters_to_binary(io_lib:format("~tp.~n", [Now]))),
    Read.

remembered(List) ->
    case file:consult(List) of
        {ok, [Names]} -> Names;
        _ -> []
    end.

walk(Root, Below, _Skip, Depth) when Depth > ?DEPTH ->
    throw({faults, [io_lib:format("~ts: error: folders nest too deep; is there a circle of links?",
        [filename:join(Root, Below)])]});
walk(Root, Below, Skip, Depth) ->
    Dir = filename:join(Root, Below),
    case file:list_dir_all(Dir) of
        {ok, Listed} ->
            Names = [join(Below, N) || N <- lists:sort(Listed), is_list(N)],
            Found = [entry(Root, N, Skip, Depth) || N <- Names, not Skip(N)],
            {lists:append([E || {E, _} <- Found]), [Dir | lists:append([R || {_, R} <- Found])]};
        {error, Reason} ->
            throw({faults, [io_lib:format("~ts: error: ~ts", [Dir, file:format_error(Reason)])]})
    end.

join("", Name) -> Name;
join(Below, Name) -> Below ++ "/" ++ Name.

entry(Root, Name, Skip, Depth) ->
    File = filename:join(Root, Name),
    case file:read_link_info(File) of
        {ok, #file_info{type = symlink}} ->
            {ok, Target} = file:read_link_all(File),
            case beamrelease_files:leads_out(Target, length(filename:split(Name)) - 1) of
                false -> {[{Name, {link, Target}}], []};
                true -> followed(Root, Name, Skip, Depth)
            end;
        {ok, _} ->
            followed(Root, Name, Skip, Depth);
        {error, _} ->
            {[], []}
    end.

%% A link that leads to nothing is left out, as are sockets and the like.
followed(Root, Name, Skip, Depth) ->
    File = filename:join(Root, Name),
    case file:read_file_info(File) of
        {ok, #file_info{type = directory}} ->
            {Entries, Read} = walk(Root, Name, Skip, Depth + 1),
            {[{Name, folder} | Entries], Read};
        {ok, #file_info{type = regular, mode = Mode}} ->
            {[{Name, {file, File, Mode}}], [File]};
        _ ->
            {[], []}
    end.

%% A folder goes only when nobody else has put something there.
forget(Path) ->
    case file:read_link_info(Path) of
        {ok, #file_info{type = directory}} -> file:del_dir(Path);
        {ok, _} -> file:delete(Path);
        {error, _} -> ok
    end.

copy(To, folder) ->
    case file:read_link_info(To) of
        {ok, #file_info{type = directory}} -> ok;
        _ -> beamrelease_files:remove(To)
    end,
    beamrelease_files:make_dir(To);
copy(To, {link, Target}) ->
    case file:read_link_all(To) of
        {ok, Target} ->
            ok;
        _ ->
            beamrelease_files:remove(To),
            ok = file:make_symlink(Target, To)
    end;
copy(To, {file, From, Mode}) ->
    beamrelease_files:copy_file(From, To, Mode).
