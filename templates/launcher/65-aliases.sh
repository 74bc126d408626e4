
# --- Names that users of other tools type ----------------------------------------------------

# Sets `command` to what $command is called here, where that is all the difference. The shell of a
# release with Elixir is IEx.
real_name() {
	console=console
	[ -z "$elixir_version" ] || console=start_iex
	case $command in
	foreground | run) command=start ;;
	console) command=$console ;;
	daemon_console) [ -z "$elixir_version" ] || command=daemon_iex ;;
	remote_console | remote_shell | remsh) command=remote ;;
	daemon_attach) command=attach ;;
	start_boot) command=daemon_boot ;;
	getpid) command=pid ;;
	--version) command=version ;;
	-h | --help) command=help ;;
	esac
}

# set_boot_script [FILE]: a name in the folder of the version, or a path; .boot may be left out.
set_boot_script() {
	[ -n "${1:-}" ] || fail 2 "$command needs a boot script; see $RELEASE_PROG help $command"
	RELEASE_BOOT_SCRIPT=${1%.boot}
	case $RELEASE_BOOT_SCRIPT in
	*/*)
		absolute "$RELEASE_BOOT_SCRIPT"
		RELEASE_BOOT_SCRIPT=$path
		;;
	esac
	find_boot_file "$RELEASE_BOOT_SCRIPT"
	[ -r "$boot_file.boot" ] || fail 1 "cannot read $boot_file.boot, the boot script"
}

# Sets `boot_file` to the path of the boot script $1.
find_boot_file() {
	case $1 in
	/*) boot_file=$1 ;;
	*) boot_file=$version_dir/$1 ;;
	esac
}

# A shell, with the code and the configuration of the release, but nothing of it started.
console_clean() {
	set -- -extra "$@"
	if [ -n "$elixir_version" ]; then
		shift
		[ $# -eq 0 ] || set -- -- "$@"
		set -- -extra --no-halt +iex "$@"
	fi
	configure_eval
	set -- -mode interactive -args_file "$RELEASE_VM_ARGS" "$@"
	[ -z "$elixir_version" ] || exec_clean exec_iex "$@"
	exec_clean exec_vm "$@"
}

attach() {
	read_processes
	[ -n "$main" ] || not_running
	case $kind in
	daemon*) exec "$BINDIR/to_erl" "$RELEASE_TMP/pipe/" ;;
	esac
	fail 1 "$RELEASE_NODE has no terminal to attach to, as daemon or daemon_iex did not start it;" \
		"'remote' opens a shell in it"
}

# What was in the background goes there again; a node in the foreground is somebody else's.
reboot() {
	read_processes
	[ -n "$main" ] || not_running
	[ "$kind" != "${kind#daemon}" ] ||
		fail 1 "$RELEASE_NODE runs in the foreground, so only who has started it can start it again;" \
			"use 'stop', or 'restart' to start the applications again"
	(stop) || fail 1 "not started again"
	RELEASE_COMMAND=$kind
	command=$kind
	daemon "$@"
}

# The release's own runtime and code, and the flags in the line %%! of the file, as escript has it.
escript() {
	[ -n "${1:-}" ] || fail 2 "escript needs a file; see $RELEASE_PROG help escript"
	configure_eval
	file=$1
	[ -e "$file" ] || [ ! -e "$RELEASE_ROOT/$file" ] || file=$RELEASE_ROOT/$file
	[ -r "$file" ] || fail 1 "cannot read the file '$1'"
	shift
	find_escript_flags
	set -f
	# shellcheck disable=SC2086
	set -- $flags -extra "$file" "$@"
	set +f
	# Since OTP 27 scripts are compiled unless they are to be interpreted.
	has_application compiler || set -- i "$@"
	exec_clean exec_vm -noshell -run escript start "$@"
}

# Sets `flags` to those of the file, which stand in its second or third line.
find_escript_flags() {
	flags=''
	{
		IFS= read -r line && IFS= read -r second && IFS= read -r third
	} <"$file" 2>/dev/null || :
	for line in "${second:-}" "${third:-}"; do
		case $line in
		%%!*)
			flags=${line#%%!}
			return 0
			;;
		esac
	done
}

describe() {
	read_processes
	say "release       $RELEASE_NAME $RELEASE_VSN
folder        $RELEASE_ROOT
runtime       ERTS $erts_vsn${elixir_version:+, Elixir $elixir_version}
node          $RELEASE_NODE
distribution  $RELEASE_DISTRIBUTION${tls_file:+, TLS as in $tls_file}
state         $RELEASE_STATE_DIR
temporary     $RELEASE_TMP
sys.config    $RELEASE_SYS_CONFIG.config
vm.args       $RELEASE_VM_ARGS
boot script   $RELEASE_BOOT_SCRIPT
mode          $RELEASE_MODE
process       ${vm:-none}"
	for event in pre_configure pre_start post_start pre_stop post_stop; do
		for file in "$version_dir/hooks/$event.d/"*; do
			[ ! -e "$file" ] || say "hook          $event ${file##*/}"
		done
	done
	for file in "$version_dir/commands/"*; do
		! is_own_command "${file##*/}" || say "command       ${file##*/}"
	done
}

# For programs that ask: the exit status says it, too.
status() {
	read_processes
	[ -n "$main" ] || fail 1 "$RELEASE_NODE does not run"
	[ -s "$node_dir/port" ] || fail 1 "$RELEASE_NODE is starting, as process $main"
	# The release may know more to say, as with relx's hook of this name.
	if is_own_command status; then
		find_runtime
		export_context
		run_own_command
	fi
	say "$RELEASE_NODE runs, as process ${vm:-$main}"
}

# The versions that lie here; the one that starts is marked.
versions() {
	for file in "$RELEASE_ROOT/releases/"*/; do
		file=${file%/}
		[ -r "$file/start.boot" ] || continue
		mark=''
		[ "${file##*/}" != "$current_vsn" ] || mark=' permanent'
		say "${file##*/}$mark"
	done
}

# Run in the node: reads its sys.config again (with what config providers add), sets what differs,
# and tells the applications as an upgrade would.
reload_code='
	Read = fun Read(Name) ->
		Terms = case file:consult(Name) of
			{ok, [Ts]} -> Ts;
			{ok, _} -> error({Name, "is not one list"});
			{error, E0} -> error({Name, lists:flatten(file:format_error(E0))})
		end,
		lists:append([case T of
			{_, _} -> [T];
			_ -> Read(filename:absname(case filename:extension(T) of
				".config" -> T; _ -> T ++ ".config" end, filename:dirname(Name)))
		end || T <- Terms])
	end,
	Base = Read(File),
	Elixir = proplists:get_value(elixir, Base, []),
	{Terms, Extra} = case proplists:get_value(config_provider_init, Elixir) of
		#{providers := Providers, extra_config := E1} ->
			{lists:foldl(fun({M, State}, Config) -> M:load(Config, State) end, Base, Providers), E1};
		_ -> {Base, []}
	end,
	Loaded = [A || {A, _, _} <- application:loaded_applications()],
	Changes = [{A, K, V} || {A, KVs} <- Terms, lists:member(A, Loaded), {K, V} <- KVs,
		A =/= elixir orelse not lists:member(K, [config_provider_init, config_provider_booted]),
		not lists:keymember(K, 1, proplists:get_value(A, Extra, [])),
		application:get_env(A, K) =/= {ok, V}],
	Old = application_controller:prep_config_change(),
	[application:set_env(A, K, V) || {A, K, V} <- Changes],
	[io:format("~ts: ~tp~n", [A, K]) || {A, K, _} <- Changes],
	case application_controller:config_change(Old) of
		ok -> ok;
		{error, E} -> error({config_change, E})
	end'

# From a template it is filled in again, with the environment of this command.
reload_config() {
	need_node
	remove_leftovers
	look_at_process $$
	status=0 filled_file=$node_dir/eval.$$.$begun
	fill_in "$filled_file" sys
	absolute "${RELEASE_SYS_CONFIG%.config}.config"
	erlang_string "$path"
	rpc_erlang "File = $string, $reload_code" || status=$?
	[ "$RELEASE_SYS_CONFIG" != "$filled_file" ] || rm -f "$filled_file.config"
	return "$status"
}

# Sets `string` to $1 as an Erlang string.
erlang_string() {
	replace "$1" \\ \\\\
	replace "$replaced" '"' '\"'
	string="\"$replaced\""
}

pingpeer() {
	[ $# -eq 1 ] || fail 2 "pingpeer takes one argument, the name of a node; see $RELEASE_PROG help pingpeer"
	case $1 in
	*[\'\\]* | '') fail 2 "'$1' cannot be the name of a node" ;;
	esac
	rpc_erlang "case net_adm:ping('$1') of pong -> io:put_chars(\"pong\\n\"); _ -> error(no_answer) end"
}

# read_call COMMAND WORD...: sets `code` to Erlang for what users of Distillery and relx write: --mfa
# M.F/N ARGUMENT..., --file FILE, and for rpc M F [ARGUMENTS]. False when it is an expression.
read_call() {
	caller=$1
	shift
	case ${1:-} in
	--mfa)
		shift
		code_of_mfa "$@"
		return 0
		;;
	esac
	[ "$caller" = rpc ] || return 1
	[ $# -eq 2 ] || [ $# -eq 3 ] || return 1
	code_of_terms "$@"
}

code_of_terms() {
	atom "$1"
	code="apply($quoted"
	atom "$2"
	code="$code, $quoted, ${3:-[]})"
}

rpc_terms() {
	[ $# -eq 2 ] || [ $# -eq 3 ] ||
		fail 2 "rpcterms takes a module, a function and a list of arguments; see $RELEASE_PROG help rpcterms"
	code_of_terms "$@"
	rpc_erlang "$code"
}

# Distillery's: the function gets the list of the arguments.
evaluate_command() {
	[ $# -ge 2 ] || fail 2 "command needs a module and a function; see $RELEASE_PROG help command"
	mfa=$1.$2/1
	shift 2
	evaluate --mfa "$mfa" --argv "$@"
}

# code_of_mfa M.F/N [--argv] ARGUMENT...: with --argv the function gets one list of all arguments.
code_of_mfa() {
	case ${1:-} in
	?*[.:]?*/[0-9] | ?*[.:]?*/[0-9][0-9]) ;;
	*) fail 2 "--mfa takes a function such as Module.function/1; see $RELEASE_PROG help $caller" ;;
	esac
	arity=${1##*/} name=${1%/*}
	shift
	atom "${name%[.:]*}"
	code="apply($quoted"
	atom "${name##*[.:]}"
	code="$code, $quoted, ["
	whole=''
	if [ "${1:-}" = --argv ]; then
		whole=yes
		shift
		[ "${1:-}" != -- ] || shift
		[ "$arity" -eq 1 ] || fail 2 "--argv is for a function of one argument, not for $name/$arity"
	else
		[ "$#" -eq "$arity" ] || fail 2 "$name/$arity takes $arity arguments, not $#"
	fi
	list='' open='' close=''
	[ -z "$elixir_version" ] || open='unicode:characters_to_binary(' close=')'
	for word in "$@"; do
		erlang_string "$word"
		list=$list${list:+, }$open$string$close
	done
	[ -z "$whole" ] || list="[$list]"
	code="$code$list])"
}

# Sets `quoted` to $1 as an Erlang atom; a name like My.Module is one of Elixir.
atom() {
	case $1 in
	*[\'\\]* | *"$newline"*) fail 2 "'$1' cannot be the name of a module or a function" ;;
	Elixir.*) quoted="'$1'" ;;
	[ABCDEFGHIJKLMNOPQRSTUVWXYZ]*) quoted="'Elixir.$1'" ;;
	*) quoted="'${1#:}'" ;;
	esac
}

# For commands of other tools that are not here: sets `hint` to what to use.
find_use() {
	case $1 in
	install | upgrade | downgrade | unpack | uninstall | remove)
		hint="a running system is not upgraded by its launcher; unpack the other version beside it, stop this one, start that one"
		;;
	info) hint="use 'describe', or 'rpc' with what you want to know" ;;
	esac
}

# Sets `text` to what is in the file $1.
read_text() {
	[ -r "$1" ] || fail 1 "cannot read the file '$1'"
	text=''
	while IFS= read -r line || [ -n "$line" ]; do
		text=$text$line$newline
	done <"$1"
}

# What authors of commands and hooks need, beside the variables of the release.
export_context() {
	RELEASE_LIB=$RELEASE_ROOT/lib
	RELEASE_VERSION_DIR=$version_dir
	RELEASE_LAUNCHER=$launcher
	export RELEASE_LIB RELEASE_VERSION_DIR RELEASE_LAUNCHER
}

is_known() {
	for name in $commands --hooks --run-daemon --run-daemon_iex --run-daemon_console; do
		[ "$name" != "$1" ] || return 0
	done
	is_own_command "$1"
}

run_own_command() {
	exec "$version_dir/commands/$command" "$@"
}
