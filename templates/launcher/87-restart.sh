
# --- Upgrades that restart the emulator: the command -----------------------------------------

# The node ends, and who started it starts it again, in `vsn`. Returns when it answers.
await_new_emulator() {
	case " $_main $_vm " in
	*' 1 '*)
		# All that runs in a container ends with its first process, this command, too.
		warn "$RELEASE_NODE ends, and this container and this command with it; when the engine has started it again," \
			"'$RELEASE_PROG install $_vsn' once more checks $_vsn and makes it permanent"
		;;
	esac
	read_limit RELEASE_STOP_TIMEOUT "${RELEASE_STOP_TIMEOUT:-60}"
	_tenths=$((_seconds * 10)) _process=$_vm _process_begun=$_vm_begun
	while is_running "$_process" "$_process_begun"; do
		[ "$_tenths" -gt 0 ] ||
			fail 1 "$RELEASE_NODE should restart in $_vsn, but process $_process still runs after $_seconds s (RELEASE_STOP_TIMEOUT);" \
				"when it has ended and was started again, '$RELEASE_PROG install $_vsn' does the rest"
		_tenths=$((_tenths - 1))
		pause
	done
	read_limit RELEASE_START_TIMEOUT "${RELEASE_START_TIMEOUT:-60}"
	_tenths=$((_seconds * 10))
	until find_running_version; do
		[ "$_tenths" -gt 0 ] || never_back
		_tenths=$((_tenths - 1))
		pause
	done
	need_node
	read_processes
	read_limit RELEASE_UPGRADE_TIMEOUT "${RELEASE_UPGRADE_TIMEOUT:-600}"
	[ "$_running" = "$_vsn" ] ||
		fail 1 "$_vsn did not come up, so $RELEASE_NODE runs in $_running again; its log says why"
	# What stood there for the time of the restart has served.
	[ ! -e "$RELEASE_ROOT/releases/upgrade.journal" ] || recover ''
}

# Sets `running` to the version of a node that answers.
find_running_version() {
	_running=$( (need_node && rpc_erlang '
		Of = fun(S) -> [V || {_, V, _, S1} <- release_handler:which_releases(), S1 =:= S] end,
		io:put_chars(hd(Of(current) ++ Of(permanent)))') 2>/dev/null) && [ -n "$_running" ]
}

# Nobody has started the node, or it does not get on. What nobody has taken is withdrawn, so that what starts next is
# the permanent version.
never_back() {
	read_processes
	[ -z "$_main" ] ||
		fail 1 "$RELEASE_NODE still starts after $_seconds s (RELEASE_START_TIMEOUT), as process $_main; when it is up," \
			"'$RELEASE_PROG install $_vsn' does the rest, or says that it came up as $_permanent"
	[ ! -e "$RELEASE_ROOT/releases/upgrade.journal" ] || recover ''
	fail 1 "$RELEASE_NODE has ended to restart in $_vsn, and nobody has started it again within $_seconds s (RELEASE_START_TIMEOUT):" \
		"run it as a daemon, or under a supervisor that starts again what ends. What starts next is $_permanent"
}

# What is not permanent yet does not start again.
restart_permanent() {
	in_node "$_upgrade_restart, $_upgrade_leave" ||
		fail 1 "$_vsn did not pass its checks, and the node cannot be restarted; '$RELEASE_PROG stop' it, what starts next is $_permanent"
	_failed=$_vsn _vsn=$_permanent
	await_new_emulator
	fail 1 "$_failed did not pass its checks, so the node is back in $_permanent"
}

# Is all there that the next start needs to take what an install has prepared? The journal then says that this goes on.
is_prepared() {
	_next=''
	[ -r "$RELEASE_ROOT/releases/new_start_erl.data" ] || return 1
	read -r _ _next <"$RELEASE_ROOT/releases/new_start_erl.data" || :
	case $_next in
	'') return 1 ;;
	__new_emulator__*) [ -r "$RELEASE_ROOT/releases/$_next/version" ] ;;
	*) [ -r "$RELEASE_ROOT/releases/$_next/start.boot" ] ;;
	esac
}
