
# --- Stopping --------------------------------------------------------------------------------

ping() {
	need_node
	node_answers || no_answer
	say pong
}

# The record did not tell.
pid() {
	[ "$RELEASE_DISTRIBUTION" != none ] || not_running
	need_node
	_vm=$(ask os getpid) || not_running
	_vm=${_vm#\"}
	_vm=${_vm%\"}
	say "$_vm"
}

# Has the node removed the file that it would need to boot again?
has_pruned() {
	[ -n "$_elixir_version" ] && find_erl_call || return 1
	case $(call_node -a "application get_env [elixir,config_provider_booted]" 2>/dev/null || :) in
	*booted*nil* | *undefined*) return 1 ;;
	*booted*) ;;
	*) return 1 ;;
	esac
}

# A local node publishes its port again when all is up. Another one is told, and that is all.
restart() {
	need_node
	read_limit RELEASE_STOP_TIMEOUT "${RELEASE_STOP_TIMEOUT:-60}"
	! has_pruned ||
		fail 1 "$RELEASE_NODE has removed its configuration after boot (prune_runtime_sys_config_after_boot)" \
			"and cannot restart inside; use '$RELEASE_PROG stop' and start it again"
	ask init restart >/dev/null || no_answer
	[ "$RELEASE_DISTRIBUTION" = local ] || return 0
	: >"$_node_dir/port"
	_tenths=$((_seconds * 10))
	until [ -s "$_node_dir/port" ]; do
		main_runs || fail 1 "$RELEASE_NODE has ended while it was starting again"
		[ "$_tenths" -gt 0 ] || fail 1 "$RELEASE_NODE is not up again after $_seconds s"
		_tenths=$((_tenths - 1))
		pause
	done
}

stop() {
	read_limit RELEASE_STOP_TIMEOUT "${RELEASE_STOP_TIMEOUT:-60}"
	read_processes
	if [ -n "$_main" ]; then
		stop_process
		forget_filled
	else
		[ "$RELEASE_DISTRIBUTION" != none ] || not_running
		need_node
		ask init stop >/dev/null || no_answer
		wait_until_gone node_answers
	fi
}

# A launcher that stays with its VM runs the hooks, so it is told; else the node is asked, or gets
# the signal when it cannot be asked.
stop_process() {
	if [ "$_main" != "$_vm" ] || [ "$RELEASE_DISTRIBUTION" = none ] ||
		! (need_node && ask init stop) >/dev/null 2>&1; then
		kill -TERM "$_main" || fail 1 "cannot stop process $_main; be the user who has started it"
	fi
	wait_until_gone main_runs
}

node_answers() {
	ask erlang node >/dev/null
}

# wait_until_gone TEST: until the function TEST says no.
wait_until_gone() {
	_tenths=$((_seconds * 10))
	while "$1"; do
		# What begins to start or to restart may have missed the first wish.
		case $_tenths in
		*[05]0) [ -z "$_main" ] || [ "$_tenths" -eq $((_seconds * 10)) ] || kill -TERM "$_main" 2>/dev/null || : ;;
		esac
		[ "$_tenths" -gt 0 ] ||
			fail 1 "$RELEASE_NODE${_main:+, process $_main,} still runs after $_seconds s;" \
				"give it more time (RELEASE_STOP_TIMEOUT) or end it${_main:+: kill -KILL ${_vm:-$_main}}"
		_tenths=$((_tenths - 1))
		pause
	done
}

case $_command in
ping | pid | restart | stop)
	"$_command"
	exit
	;;
esac
