%% Files: written only when they change, copied with their links, walked in a fixed order.
-module(beamrelease_files).

-export([make_dir/1, write/2, write_anew/2, remove/1, link/2, walk/1, copy_tree/3, copy_file/3, leads_out/2, relative/2,
    write_depfile/3]).

-include_lib("kernel/include/file.hrl").

fault(File, Reason) ->
    throw({faults, [io_lib:format("~ts: error: ~ts", [File, file:format_error(Reason)])]}).

check(ok, _) -> ok;
check({error, Reason}, File) -> fault(File, Reason).

make_dir(Dir) ->
    check(filelib:ensure_dir(filename:join(Dir, "x")), Dir).

%% Untouched when it holds these bytes already.
write(File, Content) ->
    Bytes = iolist_to_binary(Content),
    case file:read_file(File) of
        {ok, Bytes} -> ok;
        _ -> write_anew(File, Bytes)
    end.

%% Complete by rename, or not at all.
write_anew(File, Content) ->
    New = File ++ ".new",
    check(file:write_file(New, Content), New),
    check(file:rename(New, File), File).

remove(File) ->
    case file:read_link_info(File) of
        {ok, #file_info{type = directory}} ->
            {ok, Names} = file:list_dir_all(File),
            lists:foreach(fun(Name) -> remove(filename:join(File, Name)) end, Names),
            check(file:del_dir(File), File);
        {ok, _} ->
            check(file:delete(File), File);
        {error, enoent} ->
            ok
    end.

%% `Link` shall lead to `Target`, or be absent when that is.
link(Target, Link) ->
    case {file:read_link_all(Link), filelib:is_dir(Target)} of
        {{ok, Target}, true} ->
            ok;
        {_, Exists} ->
            remove(Link),
            Exists andalso check(file:make_symlink(Target, Link), Link),
            ok
    end.

%% Files and folders under `Dir`, sorted; both empty when there is no such folder.
walk(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} ->
            Paths = [filename:join(Dir, N) || N <- lists:sort(Names), hd(N) =/= $.],
            {Dirs, Files} = lists:partition(fun filelib:is_dir/1, Paths),
            Below = [walk(D) || D <- Dirs],
            {Files ++ lists:append([F || {F, _} <- Below]), [Dir | lists:append([D || {_, D} <- Below])]};
        {error, enoent} ->
            {[], []};
        {error, Reason} ->
            fault(Dir, Reason)
    end.

%% Makes `To` a copy of `From`, but for the names in `Keep`, which others put there. A link that
%% stays inside stays a link; one that leads out is replaced by what it leads to, because outside
%% means another place for the copy. Gives all that was read.
copy_tree(From, To, Keep) ->
    case {file:read_link_info(From), Keep} of
        {{error, enoent}, []} ->
            remove(To),
            [];
        {{error, enoent}, _} ->
            make_dir(To),
            clean(To, Keep),
            [];
        {{ok, _}, _} ->
            copy_dir(From, To, From, Keep, 0)
    end.

clean(Dir, Keep) ->
    {ok, Names} = file:list_dir_all(Dir),
    [remove(filename:join(Dir, N)) || N <- Names, not lists:member(N, Keep)].

copy_dir(From, _To, Root, _Keep, Depth) when Depth > 64 ->
    throw({faults, [io_lib:format(
        "~ts: error: folders nest too deep below ~ts; is there a circle of links?", [From, Root])]});
copy_dir(From, To, Root, Keep, Depth) ->
    Names =
        case file:list_dir_all(From) of
            {ok, Listed} -> lists:sort(Listed);
            {error, Reason} -> fault(From, Reason)
        end,
    make_dir(To),
    clean(To, Names ++ Keep),
    [From | lists:append([
        copy(filename:join(From, N), filename:join(To, N), Root, Depth) || N <- Names, not lists:member(N, Keep)
    ])].

copy(From, To, Root, Depth) ->
    case file:read_link_info(From) of
        {ok, #file_info{type = symlink}} -> copy_link(From, To, Root, Depth);
        {ok, #file_info{type = directory}} -> copy_real_dir(From, To, Root, Depth);
        {ok, #file_info{type = regular, mode = Mode}} -> copy_file(From, To, Mode);
        {ok, #file_info{type = Type}} ->
            throw({faults, [io_lib:format("~ts: error: is a ~tp, which no application can hold", [From, Type])]});
        {error, Reason} -> fault(From, Reason)
    end.

copy_link(From, To, Root, Depth) ->
    {ok, Target} = file:read_link_all(From),
    Below = length(filename:split(relative(filename:dirname(From), filename:dirname(Root)))) - 1,
    case leads_out(Target, Below) of
        false ->
            case file:read_link_all(To) of
                {ok, Target} -> ok;
                _ -> remove(To), check(file:make_symlink(Target, To), To)
            end,
            [];
        true ->
            case file:read_file_info(From) of
                {ok, #file_info{type = directory}} -> copy_real_dir(From, To, Root, Depth);
                {ok, #file_info{mode = Mode}} -> copy_file(From, To, Mode);
                {error, Reason} -> fault(From, Reason)
            end
    end.

%% Does a link lead out of the folder that it is so many folders below?
leads_out(Target, Depth) ->
    filename:pathtype(Target) =/= relative orelse climbs(filename:split(Target), Depth).

climbs([".." | _], 0) -> true;
climbs([".." | Rest], Depth) -> climbs(Rest, Depth - 1);
climbs(["." | Rest], Depth) -> climbs(Rest, Depth);
climbs([_ | Rest], Depth) -> climbs(Rest, Depth + 1);
climbs([], _) -> false.

copy_real_dir(From, To, Root, Depth) ->
    case file:read_link_info(To) of
        {ok, #file_info{type = directory}} -> ok;
        _ -> remove(To)
    end,
    copy_dir(From, To, Root, [], Depth + 1).

%% Of the mode only x is kept, for whoever has it. Gives what was read.
copy_file(From, To, Mode) ->
    {ok, Bytes} =
        case file:read_file(From) of
            {error, Reason} -> fault(From, Reason);
            Read -> Read
        end,
    case file:read_link_info(To) of
        {ok, #file_info{type = regular}} -> ok;
        _ -> remove(To)
    end,
    write(To, Bytes),
    Wanted = case Mode band 8#111 of 0 -> 8#644; _ -> 8#755 end,
    {ok, Info} = file:read_file_info(To),
    case Info#file_info.mode band 8#777 of
        Wanted -> ok;
        _ -> check(file:change_mode(To, Wanted), To)
    end,
    [From].

%% `File` without the folder `Dir`, or its last part when it is elsewhere.
relative(File, Dir) ->
    case string:prefix(File, Dir ++ "/") of
        nomatch -> filename:basename(File);
        Name -> Name
    end.

%% In the quoting that gcc uses, and Ninja and CMake read. Always written: CMake goes by its time, and after a `make
%% clean` would not read one that is older.
write_depfile(File, Target, Inputs) ->
    Lines = [[" \\\n  ", quote(Input)] || Input <- Inputs],
    write_anew(File, unicode:characters_to_binary([quote(Target), ":", Lines, "\n"])).

quote([$\s | Rest]) -> [$\\, $\s | quote(Rest)];
quote([$# | Rest]) -> [$\\, $# | quote(Rest)];
quote([$$ | Rest]) -> [$$, $$ | quote(Rest)];
quote([C | Rest]) -> [C | quote(Rest)];
quote([]) -> [].
