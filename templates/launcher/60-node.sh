
# --- Asking a running node -------------------------------------------------------------------

# Fails unless it is known how to reach the node; sets `port` for a local one.
need_node() {
	port=''
	[ "$RELEASE_DISTRIBUTION" != none ] ||
		fail 1 "a node without distribution cannot be asked;" \
			"start it with RELEASE_DISTRIBUTION local, name or sname"
	find_cookie
	if [ "$RELEASE_DISTRIBUTION" = local ]; then
		read_processes
		if [ -r "$node_dir/port" ]; then
			read -r port <"$node_dir/port" || :
		fi
		if [ -z "$main" ] || [ -z "$port" ]; then
			not_running
		fi
	fi
	[ -r "$cookie_home/.erlang.cookie" ] ||
		fail 1 "cannot read $cookie_home/.erlang.cookie; be the user who has started the node," \
			"or set RELEASE_COOKIE or RELEASE_COOKIE_FILE"
}

not_running() {
	for folder in "$RELEASE_STATE_DIR" "$node_dir"; do
		[ ! -d "$folder" ] || [ -x "$folder" ] ||
			fail 1 "cannot look into $folder; be the user who has started the node"
	done
	[ -z "$main" ] || fail 1 "$RELEASE_NODE is starting, as process $main, and cannot be asked yet"
	[ -d "$node_dir" ] ||
		fail 1 "$RELEASE_NODE does not run or left no trace in $RELEASE_STATE_DIR;" \
			"one that could not write there is stopped by SIGTERM to its process"
	fail 1 "$RELEASE_NODE does not run (its state is in $node_dir)"
}

find_erl_call() {
	erl_call=$BINDIR/erl_call
	[ ! -x "$erl_call" ] || return 0
	for erl_call in "$ROOTDIR/lib/erl_interface-"*/bin/erl_call; do
		[ ! -x "$erl_call" ] || return 0
	done
	return 1
}

# erl_call to the node. Status above 127: it crashed, as some do where a host has no name.
call_node() {
	case $RELEASE_DISTRIBUTION in
	local) set -- -address "127.0.0.1:$port" "$@" ;;
	*) set -- "-$RELEASE_DISTRIBUTION" "$RELEASE_NODE" "$@" ;;
	esac
	(
		HOME=$cookie_home
		export HOME
		exec "$erl_call" -r "$@"
	)
}

# visit_node CODE ARGUMENT...: runs CODE in a second, hidden VM, with the name of the node and
# the arguments as plain arguments.
visit_node() {
	code=$1
	shift
	(exec_visitor -noinput -eval "$code" -extra "$RELEASE_NODE" "$@")
}

# A visitor gets its name from the node that it visits; only the host's part may have to be told.
exec_visitor() {
	case $RELEASE_DISTRIBUTION/$RELEASE_NODE in
	local/*) set -- -name undefined@127.0.0.1 -start_epmd false -erl_epmd_port "$port" "$@" ;;
	name/*@*) set -- -name "undefined@${RELEASE_NODE#*@}" "$@" ;;
	*) set -- "-$RELEASE_DISTRIBUTION" undefined "$@" ;;
	esac
	exec_clean_vm -hidden -dist_listen false -args_file "$RELEASE_REMOTE_VM_ARGS" "$@"
}

connect='
	[io:setopts(D, [{encoding, unicode}]) || D <- [standard_io, standard_error]],
	[Name | Rest] = init:get_plain_arguments(),
	Node = case lists:member($@, Name) of
		true -> list_to_atom(Name);
		false ->
			Host = case {init:get_argument(name), inet_db:res_option(domain)} of
				{{ok, _}, D} when D =/= "" -> inet_db:gethostname() ++ "." ++ D;
				_ -> inet_db:gethostname()
			end,
			list_to_atom(Name ++ "@" ++ Host)
	end,
	net_kernel:connect_node(Node) =:= true orelse halt(3),'
visit_apply="$connect"'
	[M, F] = Rest,
	case rpc:call(Node, list_to_atom(M), list_to_atom(F), []) of
		{badrpc, _} -> halt(3);
		V -> io:format("~0p", [V]), halt(0)
	end.'
visit_run="$connect"'
	[Code, S] = Rest,
	{ok, Ts, _} = erl_scan:string(Code),
	{ok, Es} = erl_parse:parse_exprs(Ts),
	case rpc:call(Node, erl_eval, exprs, [Es, [{list_to_atom("S"), S}]]) of
		{value, ok, _} -> halt(0);
		{value, {error, E}, _} -> io:format(standard_error, "~ts~n", [E]), halt(1);
		{badrpc, E} -> io:format(standard_error, "~tp~n", [E]), halt(1)
	end.'

# ask MODULE FUNCTION: prints what the node returns. False if it could not be asked.
ask() {
	if find_erl_call; then
		call_node -a "$1 $2 []" 2>/dev/null && return 0 || status=$?
		# A node with another protocol than erl_call's is reached by a VM.
		if [ "$status" -le 127 ] && [ "$RELEASE_DISTRIBUTION" = local ]; then
			return 1
		fi
	fi
	visit_node "$visit_apply" "$1" "$2" 2>/dev/null
}
