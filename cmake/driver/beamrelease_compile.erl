%% Compiles one application, run by the build as one command with a manifest that CMake wrote.
%%
%% What comes out: OUTPUT/ebin with exactly the modules that have a source and the .app file,
%% OUTPUT/include and OUTPUT/priv as copies, a depfile, and last the stamp. A file is written only
%% when its bytes change, so that what is unchanged stays unchanged for whoever looks at times.
%%
%% The manifest has a line per fact, "key value"; the fields of a value are separated by tabs. See
%% beamrelease_manifest for the keys.
-module(beamrelease_compile).

-export([main/0]).

%% A source, and what has been found in it.
-record(source, {
    module :: module(),
    file :: file:filename(),
    %% As beams name it: relative to the application, the same on every machine.
    name :: string(),
    %% Where its beam goes.
    ebin :: file:filename(),
    %% Files it includes.
    includes = [] :: [file:filename()],
    transforms = [] :: [module()],
    %% Behaviours and imports: to be compiled first, if they are of this application.
    uses = [] :: [module()],
    is_application = false :: boolean()
}).

main() ->
    halt(beamrelease_report:catching(fun() -> run(init:get_plain_arguments()) end)).

run([File]) ->
    Manifest = beamrelease_manifest:read(File),
    Output = beamrelease_manifest:one(output_dir, Manifest),
    Ebin = filename:join(Output, "ebin"),
    State = beamrelease_manifest:one(state_dir, Manifest),
    beamrelease_files:make_dir(Ebin),
    beamrelease_files:make_dir(State),
    code:add_pathsa([filename:join(Dir, "ebin") || [_, Dir | _] <- depends(Manifest)]),
    true = code:add_patha(Ebin),
    CopiedFiles = copy_folders(Manifest, Output),
    {Found, Watched} = find_sources(Manifest, Ebin),
    {Generated, GeneratedFrom} = beamrelease_generate:modules(generators(Found), State),
    Sources = scan(sources(Found, Generated, Manifest), Manifest, State),
    %% Before compiling: a behaviour whose source is gone must not be seen.
    prune(Sources, Manifest, Ebin),
    compile(Sources, Manifest, State),
    Application = beamrelease_app:write(Manifest, Ebin, own(Sources, Ebin),
        [S#source.module || S <- Sources, S#source.is_application]),
    Inputs = lists:append([
        CopiedFiles, Watched, GeneratedFrom, Application,
        [S#source.file || S <- Sources, not lists:member(S#source.file, Generated)],
        lists:append([included(S#source.includes, Manifest, State) || S <- Sources]),
        lists:append([transform_inputs(S, Manifest, Sources) || S <- Sources]),
        compiler_inputs()
    ]),
    beamrelease_files:write_depfile(
        beamrelease_manifest:one(depfile, Manifest),
        beamrelease_manifest:one(stamp, Manifest),
        lists:usort(Inputs)),
    beamrelease_files:write_anew(beamrelease_manifest:one(stamp, Manifest), <<"built\n">>),
    ok.

depends(Manifest) ->
    beamrelease_manifest:fields(depend, Manifest).

own(Sources, Ebin) ->
    lists:sort([S#source.module || S <- Sources, S#source.ebin =:= Ebin]).

%% ---- Folders

%% Copies include/ and priv/; gives what was read, for the depfile.
copy_folders(Manifest, Output) ->
    Source = beamrelease_manifest:one(source_dir, Manifest),
    Keep = beamrelease_manifest:all(keep_priv, Manifest),
    Include = beamrelease_files:copy_tree(
        filename:join(Source, "include"), filename:join(Output, "include"), []),
    Priv =
        case beamrelease_manifest:one(priv_link, Manifest, none) of
            none ->
                beamrelease_files:copy_tree(
                    filename:join(Source, "priv"), filename:join(Output, "priv"), Keep);
            Target ->
                beamrelease_files:link(Target, filename:join(Output, "priv")),
                []
        end,
    Include ++ Priv.

%% Folders of sources, and where the beams of each go.
source_folders(Manifest, Ebin) ->
    Source = beamrelease_manifest:one(source_dir, Manifest),
    Test = filename:join(beamrelease_manifest:one(output_dir, Manifest), "test"),
    [{filename:join(Source, "src"), Ebin}, {filename:join(Source, "asn1"), Ebin}] ++
        [{filename:join(Source, "test"), Test} || is_test(Manifest)].

is_test(Manifest) ->
    beamrelease_manifest:one(variant, Manifest, "main") =:= "test".

%% All files under the source folders as {File, Ebin}, and the folders that must be watched for new
%% files. Should one of the source folders appear, CMake writes another manifest.
find_sources(Manifest, Ebin) ->
    Source = beamrelease_manifest:one(source_dir, Manifest),
    Folders = source_folders(Manifest, Ebin),
    Walked = [{beamrelease_files:walk(Dir), To} || {Dir, To} <- Folders],
    Files = [{F, To} || {{Fs, _}, To} <- Walked, F <- Fs],
    Extra = [{F, Ebin} || F <- beamrelease_manifest:all(source, Manifest)],
    Watched = lists:append([Dirs || {{_, Dirs}, _} <- Walked]),
    case is_test(Manifest) of
        true -> link_data(filename:join(Source, "test"), Manifest);
        false -> ok
    end,
    {Files ++ Extra, Watched}.

%% Common Test looks for X_SUITE_data beside the beam of X_SUITE.
link_data(Test, Manifest) ->
    Output = filename:join(beamrelease_manifest:one(output_dir, Manifest), "test"),
    beamrelease_files:make_dir(Output),
    Names = [N || Dir <- [Test, Output], N <- list_dir(Dir), lists:suffix("_SUITE_data", N)],
    [beamrelease_files:link(filename:join(Test, N), filename:join(Output, N)) || N <- lists:usort(Names)],
    ok.

list_dir(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} -> Names;
        {error, _} -> []
    end.

generators(Found) ->
    [File || {File, _} <- Found, lists:member(filename:extension(File), [".yrl", ".xrl", ".asn1"])].

%% One record per module; two sources of one name are a fault.
sources(Found, Generated, Manifest) ->
    Root = beamrelease_manifest:one(source_dir, Manifest),
    Ebin = filename:join(beamrelease_manifest:one(output_dir, Manifest), "ebin"),
    Data = fun(F) -> string:find(F, "_SUITE_data/") =/= nomatch end,
    All = [{F, To} || {F, To} <- Found, filename:extension(F) =:= ".erl", not Data(F)] ++
        [{F, Ebin} || F <- Generated],
    Sources = [
        #source{
            module = list_to_atom(filename:basename(F, ".erl")),
            file = F,
            name = beamrelease_files:relative(F, Root),
            ebin = To
        }
     || {F, To} <- All
    ],
    Sorted = lists:keysort(#source.module, Sources),
    case duplicates(Sorted) of
        [] -> Sorted;
        Twice -> throw({faults, Twice})
    end.

duplicates([A, B | Rest]) when A#source.module =:= B#source.module ->
    Fault = io_lib:format(
        "~ts: error: module ~tp has two sources; the other is ~ts. Rename one of them.",
        [B#source.file, B#source.module, A#source.file]),
    [Fault | duplicates([B | Rest])];
duplicates([_ | Rest]) ->
    duplicates(Rest);
duplicates([]) ->
    [].

%% Beams without a source vanish, and whatever else is in ebin.
prune(Sources, Manifest, Ebin) ->
    App = beamrelease_manifest:one(application, Manifest),
    Dirs = lists:usort([Ebin | [S#source.ebin || S <- Sources]]),
    Keep = [App ++ ".app", App ++ ".appup"],
    lists:foreach(
        fun(Dir) ->
            Beams = [atom_to_list(S#source.module) ++ ".beam" || S <- Sources, S#source.ebin =:= Dir],
            beamrelease_files:make_dir(Dir),
            {ok, Names} = file:list_dir(Dir),
            [beamrelease_files:remove(filename:join(Dir, N))
             || N <- Names, not lists:member(N, Beams ++ Keep), not lists:suffix("_SUITE_data", N)],
            Dir =:= Ebin orelse code:add_patha(Dir)
        end,
        Dirs).

%% ---- Scanning

%% The preprocessor says which headers are read and which attributes there are, those in headers
%% and behind -ifdef included. Faults are left to the compiler to report.
scan(Sources, Manifest, State) ->
    Options = beamrelease_manifest:options(Manifest, State),
    Given = [M || {parse_transform, M} <- Options],
    beamrelease_parallel:map(
        fun(S) ->
            case epp:parse_file(S#source.file, epp_options(S#source.file, Options)) of
                {ok, Forms} -> check_name(scan_forms(Forms, S#source{transforms = Given}), Forms);
                {error, _} -> S
            end
        end,
        Sources).

is_macro({d, _}) -> true;
is_macro({d, _, _}) -> true;
is_macro(_) -> false.

macro({d, Name}) -> Name;
macro({d, Name, Value}) -> {Name, Value}.

scan_forms(Forms, Source) ->
    lists:foldl(fun scan_form/2, Source, Forms).

scan_form({attribute, _, file, {File, _}}, S) ->
    case filename:pathtype(File) =:= absolute andalso File =/= S#source.file of
        true -> S#source{includes = [File | S#source.includes]};
        false -> S
    end;
scan_form({attribute, _, Name, application}, S) when Name =:= behaviour; Name =:= behavior ->
    S#source{is_application = true};
scan_form({attribute, _, Name, Module}, S) when Name =:= behaviour; Name =:= behavior ->
    S#source{uses = [Module | S#source.uses]};
scan_form({attribute, _, import, {Module, _}}, S) ->
    S#source{uses = [Module | S#source.uses]};
scan_form({attribute, _, compile, Options}, S) ->
    New = [M || {Key, M} <- lists:flatten([Options]), Key =:= parse_transform orelse Key =:= core_transform],
    S#source{transforms = New ++ S#source.transforms};
scan_form(_, S) ->
    S.

%% Given a binary to make, the compiler does not look at this.
check_name(S, Forms) ->
    case [{At, M} || {attribute, At, module, M} <- Forms] of
        [{At, Module}] when Module =/= S#source.module ->
            throw({faults, [io_lib:format(
                "~ts:~w: error: module ~tp is in a file named '~ts'. Rename one of them.",
                [S#source.file, erl_anno:line(At), Module, filename:basename(S#source.file)])]});
        _ ->
            S
    end.

%% ---- Compiling

%% In waves: what is used at compile time first. All faults of all modules are reported.
compile(Sources, Manifest, State) ->
    Options = beamrelease_manifest:options(Manifest, State),
    Own = [S#source.module || S <- Sources],
    Graph = [{S#source.module, needs(S, Own)} || S <- Sources],
    case waves(Graph, [], Sources, Options, []) of
        [] -> ok;
        Faults -> throw({faults, Faults})
    end.

needs(S, Own) ->
    [M || M <- lists:usort(S#source.transforms ++ S#source.uses), M =/= S#source.module, lists:member(M, Own)].

waves([], _Done, _Sources, _Options, Faults) ->
    Faults;
waves(Graph, Done, Sources, Options, Faults) ->
    case [M || {M, Needs} <- Graph, Needs -- Done =:= []] of
        [] ->
            waves(loosen(Graph, Done, Sources), Done, Sources, Options, Faults);
        Ready ->
            Now = [S || S <- Sources, lists:member(S#source.module, Ready)],
            Results = beamrelease_parallel:map(fun(S) -> compile_one(S, Options) end, Now),
            Rest = [{M, N} || {M, N} <- Graph, not lists:member(M, Ready)],
            waves(follow_calls(Rest, Now, Sources), Ready ++ Done, Sources, Options,
                Faults ++ lists:append(Results))
    end.

%% A circle. Behaviours and imports only decide the order, so they may be forgotten; a transform
%% must be there.
loosen(Graph, Done, Sources) ->
    Transforms = fun(M) -> (lists:keyfind(M, #source.module, Sources))#source.transforms end,
    Loose = [{M, [N || N <- Needs, lists:member(N, Transforms(M))]} || {M, Needs} <- Graph],
    case Loose =/= Graph andalso [M || {M, Needs} <- Loose, Needs -- Done =:= []] of
        [_ | _] ->
            Loose;
        _ ->
            Names = lists:join(", ", [atom_to_list(M) || {M, _} <- Graph]),
            File = (lists:keyfind(element(1, hd(Graph)), #source.module, Sources))#source.file,
            throw({faults, [io_lib:format(
                "~ts: error: parse transforms need each other to be compiled: ~ts. "
                "Move the transform to an application of its own.", [File, Names])]})
    end.

%% A transform calls other modules of the application: they too must be there before it is used.
follow_calls(Graph, Compiled, Sources) ->
    Used = lists:append([S#source.transforms || S <- Sources]),
    Calls = [{S#source.module, imports(S)} || S <- Compiled, lists:member(S#source.module, Used)],
    Left = [M || {M, _} <- Graph],
    [{M, lists:usort(Needs ++ [C || {T, Cs} <- Calls, lists:member(T, Needs), C <- Cs, C =/= M, lists:member(C, Left)])}
     || {M, Needs} <- Graph].

imports(S) ->
    case beam_lib:chunks(beam_file(S), [imports]) of
        {ok, {_, [{imports, Functions}]}} -> lists:usort([M || {M, _, _} <- Functions]);
        {error, beam_lib, _} -> []
    end.

beam_file(S) ->
    filename:join(S#source.ebin, atom_to_list(S#source.module) ++ ".beam").

%% The path goes into no beam: `deterministic` takes it away, and compile_info gives a stable one.
compile_one(S, Options) ->
    Own = [binary, return, deterministic, {compile_info, [{source, S#source.name}]}],
    Format = fun(Kind, Infos) -> beamrelease_report:format(Kind, [{full_name(F, S), Es} || {F, Es} <- Infos]) end,
    case compiled(S#source.file, Own ++ Options, list_to_integer(erlang:system_info(otp_release))) of
        {ok, _Module, Beam, Warnings} ->
            beamrelease_report:print(Format(warning, Warnings)),
            beamrelease_files:write(beam_file(S), Beam),
            [];
        {error, [], Warnings} ->
            Format(error, Warnings);
        {error, Errors, Warnings} ->
            beamrelease_report:print(Format(warning, Warnings)),
            Format(error, Errors)
    end.

%% Before OTP 24 `deterministic` leaves the paths of headers and generated sources in the beam.
compiled(File, Options, Release) when Release >= 24 ->
    compile:noenv_file(filename:rootname(File), Options);
compiled(File, Options, _) ->
    case epp:parse_file(File, epp_options(File, Options)) of
        {ok, Forms} -> compile:noenv_forms([short_name(F) || F <- Forms], Options);
        {error, Reason} -> {error, [{File, [{none, file, Reason}]}], []}
    end.

short_name({attribute, At, file, {File, Line}}) -> {attribute, At, file, {filename:basename(File), Line}};
short_name(Form) -> Form.

epp_options(File, Options) ->
    Macros = [macro(O) || O <- Options, is_macro(O)],
    [{includes, [filename:dirname(File) | [Dir || {i, Dir} <- Options]]}, {macros, Macros}].

%% `deterministic` shortens the names in messages, too; editors want whole ones.
full_name(File, S) ->
    Same = [F || F <- [S#source.file | S#source.includes], filename:basename(F) =:= filename:basename(File)],
    hd(Same ++ [File]).

%% ---- Inputs

%% A copy in the build tree stands for the file it was made from; what was generated there, for the
%% stamp of the application that did so.
included(Files, Manifest, State) ->
    Output = beamrelease_manifest:one(output_dir, Manifest),
    Source = beamrelease_manifest:one(source_dir, Manifest),
    Known = [{Dir, From, Stamp} || [_, Dir, From, Stamp] <- depends(Manifest)],
    [Input || File <- Files, filelib:is_regular(File),
        Input <- original(File, [{Output, Source, none}, {State, State, none} | Known])].

original(File, []) ->
    [File];
original(File, [{Dir, From, Stamp} | Rest]) ->
    case string:prefix(File, Dir ++ "/") of
        nomatch ->
            original(File, Rest);
        Name ->
            Origin = filename:join(From, Name),
            case {From =/= Dir andalso filelib:is_regular(Origin), Stamp} of
                {true, _} -> [Origin];
                {false, none} -> [];
                {false, _} -> [Stamp]
            end
    end.

%% The code of a transform decides what comes out: its application's stamp, or OTP's beam.
transform_inputs(S, Manifest, Sources) ->
    Own = [O#source.module || O <- Sources],
    Known = [{Dir, Dir, Stamp} || [_, Dir, _, Stamp] <- depends(Manifest)],
    [Input || M <- S#source.transforms, not lists:member(M, Own), is_list(code:which(M)),
        Input <- original(code:which(M), Known)].

%% Another compiler gives other beams.
compiler_inputs() ->
    [F || App <- [compiler, stdlib], Dir <- [code:lib_dir(App)], is_list(Dir),
        F <- [filename:join([Dir, "ebin", atom_to_list(App) ++ ".app"])], filelib:is_regular(F)].
