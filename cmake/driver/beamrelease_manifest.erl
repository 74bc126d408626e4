%% What CMake tells the driver: a file with a line per fact.
%%
%%   application NAME     version VSN         project_version VSN  description TEXT
%%   start_module MODULE
%%   source_dir DIR       output_dir DIR      state_dir DIR
%%   stamp FILE           depfile FILE        variant main|test    priv_link DIR
%%   option ERLC_OPTION   source FILE         keep_priv NAME
%%   requires APPLICATION                     goes into `applications` of the .app file
%%   folder NAME                              is in the source folder. Not read: it is here so that this file changes when
%%                                            a folder comes or goes
%%   depend NAME DIR SOURCE_DIR STAMP         an application to be seen while compiling (tabs between)
%%
%% A key may come several times; a line without a value says nothing.
-module(beamrelease_manifest).

-export([read/1, one/2, one/3, all/2, fields/2, options/2]).

-define(KEYS, [
    "application", "version", "project_version", "description", "start_module", "source_dir", "output_dir", "state_dir",
    "stamp", "depfile", "variant", "priv_link", "option", "source", "keep_priv",
    "folder", "requires", "depend",
    "project", "lib_dir", "releases_dir", "provides", "environment", "release", "rebar_profile"
]).

read(File) ->
    {ok, Bytes} = file:read_file(File),
    Lines = string:split(unicode:characters_to_list(Bytes), "\n", all),
    [Fact || Line <- Lines, Fact <- fact(string:split(Line, " "), File)].

fact([Key, Value], File) ->
    lists:member(Key, ?KEYS) orelse
        throw({faults, [io_lib:format("~ts: error: unknown key '~ts'", [File, Key])]}),
    [{list_to_atom(Key), Value} || Value =/= ""];
fact([_], _) ->
    [].

all(Key, Manifest) ->
    [Value || {K, Value} <- Manifest, K =:= Key].

one(Key, Manifest) ->
    [Value] = all(Key, Manifest),
    Value.

one(Key, Manifest, Default) ->
    case all(Key, Manifest) of
        [] -> Default;
        [Value] -> Value
    end.

fields(Key, Manifest) ->
    [string:split(Value, "\t", all) || Value <- all(Key, Manifest)].

%% Options for the compiler; `State` holds generated headers.
options(Manifest, State) ->
    Source = one(source_dir, Manifest),
    Folders = [filename:join(Source, "include"), filename:join(Source, "src"), State],
    Test = [{d, 'TEST'} || one(variant, Manifest, "main") =:= "test"],
    Given = erlc(all(option, Manifest), Source),
    Debug = [debug_info || not lists:member(no_debug_info, Given)],
    [{i, Dir} || Dir <- Folders] ++ Test ++ Debug ++ Given.

%% As erlc reads its command line.
erlc(["-I", Dir | Rest], Source) ->
    [{i, filename:absname(Dir, Source)} | erlc(Rest, Source)];
erlc(["-I" ++ Dir | Rest], Source) ->
    [{i, filename:absname(Dir, Source)} | erlc(Rest, Source)];
erlc(["-D", Macro | Rest], Source) ->
    erlc(["-D" ++ Macro | Rest], Source);
erlc(["-D" ++ Macro | Rest], Source) ->
    [define(string:split(Macro, "=")) | erlc(Rest, Source)];
erlc(["-U" ++ _ = Option | _], _) ->
    refuse(Option);
erlc(["-Werror" | Rest], Source) ->
    [warnings_as_errors | erlc(Rest, Source)];
erlc(["-W0" | Rest], Source) ->
    [nowarn | erlc(Rest, Source)];
erlc(["-W" ++ _ | Rest], Source) ->
    erlc(Rest, Source);
erlc(["+" ++ Text | Rest], Source) ->
    [term(Text, "+" ++ Text) | erlc(Rest, Source)];
erlc([Option | _], _) ->
    refuse(Option);
erlc([], _) ->
    [].

define([Name]) -> {d, list_to_atom(Name)};
define([Name, Value]) -> {d, list_to_atom(Name), term(Value, "-D" ++ Name ++ "=" ++ Value)}.

term(Text, Option) ->
    case erl_scan:string(Text ++ ".") of
        {ok, Tokens, _} ->
            case erl_parse:parse_term(Tokens) of
                {ok, Term} -> Term;
                {error, _} -> refuse(Option)
            end;
        {error, _, _} ->
            refuse(Option)
    end.

-spec refuse(string()) -> no_return().
refuse(Option) ->
    throw({faults, [io_lib:format(
        "error: ERLC_OPTIONS: '~ts' is not understood. Known: -DNAME[=TERM], -IDIR, -W, -W0, -Werror, +TERM.",
        [Option])]}).
