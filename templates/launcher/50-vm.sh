
# --- Running a VM ----------------------------------------------------------------------------

# Becomes the VM. With a cookie, HOME is the folder of the cookie while erlexec runs, which
# passes it to the VM as -home; the environment of the VM has the user's HOME again.
exec_vm() {
	: "${HOME:=/}"
	export HOME
	if [ -n "$cookie_home" ]; then
		set -- -env HOME "$HOME" "$@"
		[ -z "$protocol" ] || set -- -proto_dist "$protocol" "$@"
		[ -z "$tls_file" ] || set -- -ssl_dist_optfile "$tls_file" "$@"
		HOME=$cookie_home
	fi
	exec "$BINDIR/erlexec" "$@"
}

# The VM writes the port that it got, and runs the hooks once all applications are up: -eval
# comes after the boot script, which goes on, though, while the VM dies of one that did not start.
all_up='is_list((catch application:which_applications())) orelse timer:sleep(infinity),'
publish_port="$all_up"'
	F = os:getenv("RELEASE_STATE_DIR") ++ "/" ++ os:getenv("RELEASE_NODE") ++ "/port",
	{links, L} = process_info(whereis(net_kernel), links),
	[P | _] = [N || S <- L, is_port(S), {ok, N} <- [inet:port(S)], inet:peername(S) =:= {error, enotconn}],
	ok = file:write_file(F ++ ".new", [integer_to_list(P), 10]),
	ok = file:rename(F ++ ".new", F).'
# Other nodes only tell that they are up.
publish_up="$all_up"'
	ok = file:write_file(os:getenv("RELEASE_STATE_DIR") ++ "/" ++ os:getenv("RELEASE_NODE") ++ "/port", "0\n").'
post_start='
	spawn(fun() ->
		'"$all_up"'
		S = open_port({spawn_executable, os:getenv("RELEASE_ROOT") ++ "/bin/${release_name}"},
			[{args, ["--hooks", "post_start"]}, {env, [{"HOOK_PID", os:getpid()}]},
			nouse_stdio, exit_status, hide]),
		os:putenv("HOOK_CAUSE", "restart"),
		receive
			{S, {exit_status, 0}} -> ok;
			{S, {exit_status, _}} -> init:stop(1)
		end
	end).'

# Sets `line` to code as it shall be seen in lists of processes.
one_line() {
	set -f
	# shellcheck disable=SC2086
	set -- $1
	set +f
	line="$*"
}

# Does the VM have a shell of its own, on the terminal or behind pipes?
has_shell() {
	case $RELEASE_COMMAND in
	*_iex | *console) ;;
	*) return 1 ;;
	esac
}

start() {
	prepare_node
	case $command in
	--run-daemon*) configure_node ;;
	*)
		before_start pre_configure
		configure_node
		before_start pre_start
		;;
	esac
	prepare_heart "$@"
	if [ -n "$elixir_version" ]; then
		[ $# -eq 0 ] || set -- -- "$@"
		case $RELEASE_COMMAND in
		*_iex)
			find_dot_iex
			[ -z "$dot_iex" ] || set -- --dot-iex "$dot_iex" "$@"
			set -- +iex "$@"
			;;
		esac
		set -- --no-halt "$@"
	fi
	set -- -args_file "$RELEASE_VM_ARGS" -extra "$@"
	if has_hooks post_start; then
		one_line "$post_start"
		set -- -eval "$line" "$@"
	fi
	case $RELEASE_DISTRIBUTION in
	local)
		one_line "$publish_port"
		set -- -name "$RELEASE_NODE" -start_epmd false -erl_epmd_port "${fixed_port:-0}" \
			-kernel inet_dist_use_interface '{127,0,0,1}' -eval "$line" "$@"
		;;
	*)
		[ "$RELEASE_DISTRIBUTION" = none ] || set -- "-$RELEASE_DISTRIBUTION" "$RELEASE_NODE" "$@"
		[ -z "$fixed_port" ] || set -- -start_epmd false -erl_epmd_port "$fixed_port" "$@"
		[ -z "$interface" ] || set -- -kernel inet_dist_use_interface "$interface" "$@"
		if [ -n "$has_state" ]; then
			one_line "$publish_up"
			set -- -eval "$line" "$@"
		fi
		;;
	esac
	[ -z "$first_port" ] ||
		set -- -kernel inet_dist_listen_min "$first_port" inet_dist_listen_max "$last_port" "$@"
	find_boot_file "$RELEASE_BOOT_SCRIPT"
	set -- -config "$RELEASE_SYS_CONFIG" -boot "$boot_file" \
		-boot_var RELEASE_LIB "$RELEASE_ROOT/lib" "$@"
	if [ -n "$reboots" ]; then
		set -- -elixir config_provider_reboot_mode "$RELEASE_MODE" "$@"
	else
		set -- -mode "$RELEASE_MODE" "$@"
	fi
	# shellcheck disable=SC2086
	if has_hooks $stop_hooks; then
		supervise "$@"
	else
		has_begun $$
		exec_node "$@"
	fi
}

# The VM of the node; IEx has the terminal, and Ctrl+C, for itself.
exec_node() {
	case $elixir_version/$RELEASE_COMMAND in
	/*console) exec_vm "$@" ;;
	/*) exec_vm -noinput +Bd "$@" ;;
	*_iex) exec_iex "$@" ;;
	*) exec_elixir +Bd "$@" ;;
	esac
}

# has_begun VM: from now on process ids tell whether it runs.
has_begun() {
	[ -z "$has_state" ] || [ "$1" = $$ ] || write_processes $$ "$1"
	trap - EXIT
}

# State folder and cookie for a node that is about to start.
prepare_node() {
	check_node_name
	has_state=yes cookie_home=''
	# busybox asks only for the mode, which tells root nothing of a file system that is read-only.
	if ! make_node_dir || ! { true >>"$node_dir/port"; } 2>/dev/null; then
		without_state
	fi
	# What `daemon` has sent into the background does not run twice: that has looked.
	# What heart starts again has waited for the end of the one before.
	[ -z "$has_state" ] || [ "$command" != "${command#--run-}" ] || [ "$cause" = heart ] || check_that_none_runs
	if [ -n "$has_state" ]; then
		# From now on others see that it starts, and `stop` whom to tell while hooks run.
		: >"$node_dir/port"
		write_processes $$ $$
	fi
	if [ "$RELEASE_DISTRIBUTION" != none ]; then
		find_cookie
		make_cookie
	fi
}

# Nobody could reach or stop a node in the background that leaves no trace, and who has named a
# place wants it to be used.
without_state() {
	case $command$chosen_place in
	start | start_iex | console) ;;
	*) no_place ;;
	esac
	has_state=''
	case $RELEASE_DISTRIBUTION in
	local)
		warn "$fault: going on as with RELEASE_DISTRIBUTION=none;" \
			"set RELEASE_STATE_DIR for a node that can be reached"
		RELEASE_DISTRIBUTION=none
		;;
	name | sname) no_place ;;
	esac
}

check_that_none_runs() {
	read_processes
	[ -n "$main" ] || return 0
	what='runs already'
	[ -s "$node_dir/port" ] || what='is starting already'
	fail 1 "$RELEASE_NODE $what, as process $main;" \
		"a second one needs another RELEASE_NODE or RELEASE_STATE_DIR"
}

# before_start EVENT
before_start() {
	has_hooks "$1" || return 0
	hook_pid='' not_started=''
	trap give_up TERM INT HUP
	give_environment
	run_hooks "$1" || not_started=yes
	forget_environment
	[ -z "$not_started" ] || fail 1 "not started"
	trap - TERM INT HUP
}

# With hooks to run around the stop this shell stays and passes the wish to stop on.
supervise() {
	trap 'trapped=yes; interrupted=yes; end_vm' TERM INT HUP
	# Ctrl+C is for the shell in the VM, which has a menu for it.
	! has_shell || trap 'trapped=yes; interrupted=yes' INT
	stopping='' insisting=''
	# What runs in the background would have no input.
	exec 3</dev/null
	! (true <&0) 2>/dev/null || exec 3<&0
	(
		# A terminal signals all of its processes; the VM shall hear of it after the hooks.
		trap '' INT HUP
		trap - TERM
		exec <&3 3<&-
		exec_node "$@"
	) &
	vm=$!
	exec 3<&-
	has_begun "$vm"
	HOOK_PID=$vm
	export HOOK_PID
	status=0
	while :; do
		interrupted='' earlier=$status
		wait "$vm" && status=0 || status=$?
		[ -n "$interrupted" ] || break
	done
	# The shell forgets a child that it has told about: 127.
	[ "$status" -ne 127 ] || status=$earlier
	vm_status=$status
	[ -z "$insisting" ] || kill -TERM "$insisting" 2>/dev/null || :
	HOOK_EXIT_STATUS=$vm_status
	HOOK_CAUSE='exit'
	[ -z "$stopping" ] || HOOK_CAUSE=stop
	export HOOK_EXIT_STATUS HOOK_CAUSE
	trap 'trapped=yes' TERM INT HUP
	run_hooks post_stop || [ "$vm_status" -ne 0 ] || vm_status=1
	forget_filled
	exit "$vm_status"
}

# A VM that is not up may miss the signal, so it is told again; and a second wish to stop is
# passed on as well, but not while the hooks for the first one run.
end_vm() {
	case $stopping in
	'')
		stopping=hooks
		HOOK_CAUSE=stop
		run_hooks pre_stop || warn "stopping all the same"
		stopping=yes
		if [ -z "$has_state" ] || [ ! -s "$node_dir/port" ]; then
			insist &
			insisting=$!
		fi
		;;
	hooks) return 0 ;;
	esac
	kill -TERM "$vm" 2>/dev/null || :
}

insist() {
	exec >/dev/null 2>&1
	trap 'kill "$sleeping"; exit' TERM
	for seconds in 1 2 4 8; do
		sleep "$seconds" &
		sleeping=$!
		wait "$sleeping" || :
		kill -TERM "$vm" || :
	done
}

daemon() {
	read_limit RELEASE_START_TIMEOUT "${RELEASE_START_TIMEOUT:-60}"
	prepare_node
	for folder in "$RELEASE_TMP/pipe" "$RELEASE_TMP/log"; do
		make_folder "$folder" || no_log
	done
	configure_node
	before_start pre_configure
	before_start pre_start
	line='exec'
	for word in "$launcher" "--run-$RELEASE_COMMAND" "$@"; do
		quote "$word"
		line="$line $quoted"
	done
	RUN_ERL_DISABLE_FLOWCNTRL=${RUN_ERL_DISABLE_FLOWCNTRL:-true}
	# For those who attach later, from a terminal.
	TERM=${TERM:-xterm}
	export RUN_ERL_DISABLE_FLOWCNTRL TERM
	"$BINDIR/run_erl" -daemon "$RELEASE_TMP/pipe/" "$RELEASE_TMP/log" "$line" ||
		fail 1 "$BINDIR/run_erl failed with status $?"
	await_daemon
}

no_log() {
	find_whose
	fail 1 "$fault, where daemon keeps pipes and log; set RELEASE_TMP to $whose"
}

# Until the node is up or gone. The record names this process until what run_erl has started puts
# itself there; it is empty for a moment while it is written.
await_daemon() {
	tenths=$((seconds * 10))
	while :; do
		read_record
		if [ -n "$main" ] && [ "$main" != $$ ]; then
			is_running "$main" "$main_begun" ||
				tell_of_log "$RELEASE_NODE has ended while it was starting; what it said is at the end of"
			[ ! -s "$node_dir/port" ] || return 0
		fi
		[ "$tenths" -gt 0 ] ||
			tell_of_log "$RELEASE_NODE still starts after $seconds s (RELEASE_START_TIMEOUT);" \
				"'$RELEASE_PROG ping' tells when it is up, and what it says goes to"
		tenths=$((tenths - 1))
		pause
	done
}

# tell_of_log TEXT...: fails with TEXT and the log that is written to.
tell_of_log() {
	log=''
	for file in "$RELEASE_TMP/log/erlang.log."*; do
		# shellcheck disable=SC3013 # All shells know -nt, as POSIX does now.
		if [ -z "$log" ] || [ "$file" -nt "$log" ]; then
			log=$file
		fi
	done
	fail 1 "$* $log"
}

# Sets `quoted` to $1 as a word for a shell.
quote() {
	replace "$1" "'" "'\\''"
	# shellcheck disable=SC2089 # Shells take the quotes away.
	quoted="'$replaced'"
}

# replace TEXT OLD NEW: sets `replaced`.
replace() {
	rest=$1 replaced=''
	while :; do
		case $rest in
		*"$2"*) ;;
		*) break ;;
		esac
		replaced=$replaced${rest%%"$2"*}$3
		rest=${rest#*"$2"}
	done
	replaced=$replaced$rest
}

# exec_clean HOW ARGUMENT...: becomes, by the function HOW, a VM that looks as the release does, but
# runs nothing. Call configure_eval before; its files go when the VM has read them.
exec_clean() {
	how=$1
	shift
	cookie_home=''
	if [ -n "$reboots$filled" ]; then
		one_line "$forget_config"
		set -- -eval "$line" "$@"
	fi
	"$how" -config "$RELEASE_SYS_CONFIG" -boot "$version_dir/$RELEASE_BOOT_SCRIPT_CLEAN" \
		-boot_var RELEASE_LIB "$RELEASE_ROOT/lib" "$@"
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
