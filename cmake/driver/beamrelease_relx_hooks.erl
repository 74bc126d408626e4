%% Scripts of relx's extended start script: hooks, status and extensions. relx's launcher reads them with its own shell,
%% so each becomes a small program that does the same.
-module(beamrelease_relx_hooks).

-export([hooks/3, commands/4]).

%% [{Event, File}] in order. `Folder` is where the programs go.
hooks(Hooks, Overlay, Folder) ->
    Numbered = lists:zip(lists:seq(1, length(all(Hooks))), all(Hooks)),
    [{event(Phase), written(Folder, [integer_to_list(N), "-", atom_to_list(Phase)], program(Hook, Overlay))}
     || {N, {Phase, Hook}} <- Numbered, Phase =/= status, Hook =/= wait_for_vm_start].

all(Hooks) ->
    [{Phase, Hook} || {Phase, List} <- Hooks, Hook <- List].

event(pre_start) -> "pre_start";
event(post_start) -> "post_start";
event(pre_stop) -> "pre_stop";
event(post_stop) -> "post_stop";
event(pre_install_upgrade) -> "pre_upgrade";
event(post_install_upgrade) -> "post_upgrade";
event(Phase) -> fault("extended_start_script_hooks has '~tp', which relx does not know either", [Phase]).

%% [{Name, File}]: the extensions, and `status` when there is a hook for it, which wins over an extension of that name.
commands(Hooks, Extensions, Overlay, Folder) ->
    Status = lists:sublist([H || {status, H} <- all(Hooks)], 1),
    [{"status", written(Folder, "status", program(H, Overlay))} || H <- Status] ++
        [{name(Name), written(Folder, ["command-", name(Name)], sourced(Path, [], Overlay))}
         || {Name, Path} <- Extensions, Path =/= undefined, Name =/= status orelse Status =:= []].

name(Name) when is_atom(Name) ->
    name(atom_to_list(Name));
name(Name) ->
    re:run(Name, "^[a-z][a-z0-9_-]*$") =/= nomatch orelse
        fault("extended_start_script_extensions has '~ts': use small letters, digits, _ and -", [Name]),
    Name.

program({custom, Path}, Overlay) ->
    [Script | Arguments] = string:split(Path, "|", all),
    sourced(Script, Arguments, Overlay);
program(pid, _) ->
    [prelude(), "relx_get_pid >\"/var/run/$REL_NAME.pid\"\n"];
program({pid, File}, _) ->
    [prelude(), "relx_get_pid >\"", File, "\"\n"];
program({wait_for_process, Name}, _) ->
    [prelude(), "while [ \"$(erl_eval \"whereis(", io_lib:format("~tw", [Name]), ") =/= undefined.\")\" != true ]; do\n\tsleep 1\ndone\n"];
program(builtin_status, _) ->
    [prelude(), "erl_eval 'application:which_applications().'\n"];
program(Hook, _) ->
    fault("extended_start_script_hooks has ~tp, which relx does not know either", [Hook]).

%% Paths are below bin/, where an overlay has put the script.
sourced(Path, Arguments, Overlay) ->
    Overlay =/= none andalso filelib:is_regular(filename:join([Overlay, "bin", Path])) orelse
        fault("no overlay puts anything at bin/~ts, which the start script is to run; "
            "add {copy, \"scripts/~ts\", \"bin/~ts\"} to `overlay`", [Path, filename:basename(Path), Path]),
    [
        prelude(),
        [["set --", [[" '", quoted(A), "'"] || A <- Arguments], "\n"] || Arguments =/= []],
        "# shellcheck source=/dev/null\n"
        ". \"$SCRIPT_DIR/", Path, "\"\n"
    ].

quoted(Text) ->
    [case C of $' -> "'\\''"; _ -> C end || C <- Text].

%% What scripts that relx reads may use.
prelude() ->
    "#!/bin/sh\n"
    "# Runs a script of the project with the names that relx's start script has for it.\n"
    "# shellcheck disable=SC2034\n"
    "set -e\n"
    "SCRIPT_DIR=$RELEASE_ROOT/bin\n"
    "RELEASE_ROOT_DIR=$RELEASE_ROOT\n"
    "REL_NAME=$RELEASE_NAME\n"
    "REL_VSN=$RELEASE_VSN\n"
    "REL_DIR=$RELEASE_ROOT/releases/$RELEASE_VSN\n"
    "NAME=${RELEASE_NODE:-}\n"
    "VMARGS_PATH=${RELEASE_VM_ARGS:-}\n"
    "RELX_CONFIG_PATH=${RELEASE_SYS_CONFIG:-}\n"
    "export REL_NAME RELEASE_ROOT_DIR\n"
    "erl_eval() {\n"
    "\t\"$SCRIPT_DIR/$REL_NAME\" rpc \"$1\"\n"
    "}\n"
    "erl_rpc() {\n"
    "\t\"$SCRIPT_DIR/$REL_NAME\" rpc \"apply($1, ${2:-start}, ${3:-[]})\"\n"
    "}\n"
    "relx_get_pid() {\n"
    "\t\"$SCRIPT_DIR/$REL_NAME\" pid\n"
    "}\n".

written(Folder, Name, Program) ->
    beamrelease_files:make_dir(Folder),
    File = filename:join(Folder, lists:flatten([Name, ".sh"])),
    beamrelease_files:write(File, unicode:characters_to_binary(Program)),
    ok = file:change_mode(File, 8#755),
    File.

-spec fault(string(), [term()]) -> no_return().
fault(Format, Arguments) ->
    throw({fault, Format, Arguments}).
