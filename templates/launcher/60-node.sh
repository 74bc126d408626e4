
# --- Asking a running node -------------------------------------------------------------------

# Fails unless it is known how to reach the node; sets `port` for a local one.
need_node() {
	_port=''
	check_node_name
	[ "$RELEASE_DISTRIBUTION" != none ] ||
		fail 1 "a node without distribution cannot be asked;" \
			"start it with RELEASE_DISTRIBUTION local, name or sname"
	find_cookie
	if [ "$RELEASE_DISTRIBUTION" = local ]; then
		read_processes
		if [ -r "$_node_dir/port" ]; then
			read -r _port <"$_node_dir/port" || :
		fi
		if [ -z "$_main" ] || [ -z "$_port" ]; then
			not_running
		fi
	fi
	[ -r "$_cookie_home/.erlang.cookie" ] ||
		fail 1 "cannot read $_cookie_home/.erlang.cookie; be the user who has started the node," \
			"or set RELEASE_COOKIE or RELEASE_COOKIE_FILE"
}

not_running() {
	for _folder in "$RELEASE_STATE_DIR" "$_node_dir"; do
		[ ! -d "$_folder" ] || [ -x "$_folder" ] ||
			fail 1 "cannot look into $_folder; be the user who has started the node"
	done
	[ -z "$_main" ] || fail 1 "$RELEASE_NODE is starting, as process $_main, and cannot be asked yet"
	find_other_node
	[ -z "$_other" ] || fail 1 "$RELEASE_NODE does not run$_other"
	[ -d "$_node_dir" ] ||
		fail 1 "$RELEASE_NODE does not run or left no trace in $RELEASE_STATE_DIR;" \
			"one that could not write there is stopped by SIGTERM to its process${_until_it_runs:-}"
	fail 1 "$RELEASE_NODE does not run (its state is in $_node_dir)${_until_it_runs:-}"
}

# Sets `other` to the end of a sentence when another node runs with this state.
find_other_node() {
	_other='' _own_dir=$_node_dir
	for _node_dir in "$RELEASE_STATE_DIR"/*; do
		[ "$_node_dir" != "$_own_dir" ] || continue
		read_processes
		[ -z "$_main" ] || _other=", but '${_node_dir##*/}' runs here, process $_main;"
	done
	[ -z "$_other" ] || _other="$_other was it started with another RELEASE_DISTRIBUTION or RELEASE_NODE?"
	_node_dir=$_own_dir _main='' _vm=''
}

# The node was found, but did not let us in or was gone.
no_answer() {
	read_processes
	_more=${_tls_file:+, and look at the certificates of $_tls_file}
	[ -z "$_main" ] ||
		fail 1 "$RELEASE_NODE runs, as process $_main, but does not answer; most likely it has another cookie:" \
			"set RELEASE_COOKIE or RELEASE_COOKIE_FILE as it was when the node was started$_more"
	find_other_node
	[ -z "$_other" ] || fail 1 "cannot connect to $RELEASE_NODE$_other"
	fail 1 "cannot connect to $RELEASE_NODE: it does not run, or has another cookie (RELEASE_COOKIE)"
}

# erl_call speaks neither TLS nor IPv6.
find_erl_call() {
	[ -z "$_protocol" ] || return 1
	_erl_call=$BINDIR/erl_call
	[ ! -x "$_erl_call" ] || return 0
	for _erl_call in "$ROOTDIR/lib/erl_interface-"*/bin/erl_call; do
		[ ! -x "$_erl_call" ] || return 0
	done
	return 1
}

# erl_call to the node. Status above 127: it crashed, as some do where a host has no name. Its own
# idea of a random name (-r) is the same for all within a second, and the node lets in only one of
# a name; nor may there be endless names, as the node keeps each.
call_node() {
	case $RELEASE_DISTRIBUTION in
	local) set -- -address "127.0.0.1:$_port" "$@" ;;
	*)
		find_node_host
		if [ -n "$_fixed_port" ]; then
			set -- -address "$_node_host:$_fixed_port" "$@"
		else
			set -- "-$RELEASE_DISTRIBUTION" "$RELEASE_NODE" "$@"
		fi
		;;
	esac
	(
		HOME=$_cookie_home
		export HOME
		exec "$_erl_call" -h "call$((($$ + ${_calls:-0}) % 1024))" "$@"
	)
}

# Sets `node_host` to where a node with a fixed port listens.
find_node_host() {
	_node_host=${RELEASE_DIST_INTERFACE:-127.0.0.1}
	case $RELEASE_NODE in
	*@*) _node_host=${RELEASE_NODE#*@} ;;
	esac
}

# visit_node CODE ARGUMENT...: runs CODE in a second, hidden VM, with the name of the node and
# the arguments as plain arguments.
visit_node() {
	_code=$1
	shift
	_visitor=undefined
	(exec_visitor exec_vm -noinput +Bd -eval "$_code" -extra "$RELEASE_NODE" "$@")
}

# exec_visitor HOW ARGUMENT...: HOW is a function that becomes a VM. A `visitor` without a name gets
# one from the node that it visits; only the host's part may have to be told.
exec_visitor() {
	_how=$1
	shift
	# One that fails shall not leave a file where the user happens to be.
	ERL_CRASH_DUMP=${ERL_CRASH_DUMP:-/dev/null}
	export ERL_CRASH_DUMP
	case $RELEASE_DISTRIBUTION/$RELEASE_NODE in
	local/*) set -- -name "$_visitor@127.0.0.1" -start_epmd false -erl_epmd_port "$_port" "$@" ;;
	name/*@*) set -- -name "$_visitor@${RELEASE_NODE#*@}" "$@" ;;
	*) set -- "-$RELEASE_DISTRIBUTION" "$_visitor" "$@" ;;
	esac
	[ "$RELEASE_DISTRIBUTION" = local ] || [ -z "$_fixed_port" ] ||
		set -- -start_epmd false -erl_epmd_port "$_fixed_port" "$@"
	configure_visitor
	[ -z "$_filled" ] || set -- -eval 'file:delete(os:getenv("RELEASE_REMOTE_VM_ARGS")).' "$@"
	"$_how" -boot "$_version_dir/$RELEASE_BOOT_SCRIPT_CLEAN" -boot_var RELEASE_LIB "$RELEASE_ROOT/lib" \
		-hidden -dist_listen false -args_file "$RELEASE_REMOTE_VM_ARGS" "$@"
}

_connect='
	[io:setopts(D, [{encoding, unicode}]) || D <- [standard_io, standard_error]],
	[Name | Rest] = init:get_plain_arguments(),
	Node = case lists:member($@, Name) of
		true -> list_to_atom(Name);
		false -> list_to_atom(Name ++ "@" ++ inet_db:gethostname())
	end,
	net_kernel:connect_node(Node) =:= true orelse halt(253),'
_visit_apply="$_connect"'
	[M, F] = Rest,
	case rpc:call(Node, list_to_atom(M), list_to_atom(F), []) of
		{badrpc, _} -> halt(253);
		V -> io:format("~0p", [V]), halt(0)
	end.'
_visit_run="$_connect"'
	[Code, S] = Rest,
	{ok, Ts, _} = erl_scan:string(Code),
	{ok, Es} = erl_parse:parse_exprs(Ts),
	case rpc:call(Node, erl_eval, exprs, [Es, [{list_to_atom("S"), S}]]) of
		{value, ok, _} -> halt(0);
		{value, {exit, N, E}, _} -> io:put_chars(standard_error, E), halt(N);
		{value, {error, E}, _} -> io:format(standard_error, "${release_name}: ~ts~n", [E]), halt(1);
		{badrpc, nodedown} -> halt(254);
		{badrpc, E} -> io:format(standard_error, "${release_name}: ~tp~n", [E]), halt(1)
	end.'

# ask MODULE FUNCTION: prints what the node returns. False if it could not be asked.
ask() {
	if find_erl_call; then
		call_node -a "$1 $2 []" 2>/dev/null && return 0 || _status=$?
		# A node with another protocol than erl_call's is reached by a VM.
		if [ "$_status" -le 127 ] && [ "$RELEASE_DISTRIBUTION" = local ]; then
			return 1
		fi
	fi
	visit_node "$_visit_apply" "$1" "$2" 2>/dev/null
}
