
# --- Running a VM ----------------------------------------------------------------------------

# Becomes the VM. With a cookie, HOME is the folder of the cookie while erlexec runs, which
# passes it to the VM as -home; the environment of the VM has the user's HOME again.
exec_vm() {
	: "${HOME:=/}"
	export HOME
	if [ -n "$_cookie_home" ]; then
		set -- -env HOME "$HOME" "$@"
		[ -z "$_protocol" ] || set -- -proto_dist "$_protocol" "$@"
		[ -z "$_tls_file" ] || set -- -ssl_dist_optfile "$_tls_file" "$@"
		HOME=$_cookie_home
	fi
	exec "$BINDIR/erlexec" "$@"
}

# The VM writes the port that it got, and runs the hooks once all applications are up: -eval
# comes after the boot script, which goes on, though, while the VM dies of one that did not start.
_all_up='is_list((catch application:which_applications())) orelse timer:sleep(infinity),'
_publish_port="$_all_up"'
	F = os:getenv("RELEASE_STATE_DIR") ++ "/" ++ os:getenv("RELEASE_NODE") ++ "/port",
	{links, L} = process_info(whereis(net_kernel), links),
	[P | _] = [N || S <- L, is_port(S), {ok, N} <- [inet:port(S)], inet:peername(S) =:= {error, enotconn}],
	ok = file:write_file(F ++ ".new", [integer_to_list(P), 10]),
	ok = file:rename(F ++ ".new", F).'
# Other nodes only tell that they are up.
_publish_up="$_all_up"'
	ok = file:write_file(os:getenv("RELEASE_STATE_DIR") ++ "/" ++ os:getenv("RELEASE_NODE") ++ "/port", "0\n").'
_post_start='
	spawn(fun() ->
		'"$_all_up"'
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
	_line="$*"
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
	case $_command in
	--run-daemon*) configure_node ;;
	*)
		unset RELEASE_DAEMON_COMMAND
		before_start pre_configure
		configure_node
		before_start pre_start
		;;
	esac
	prepare_heart "$@"
	if [ -n "$_elixir_version" ]; then
		[ $# -eq 0 ] || set -- -- "$@"
		case $RELEASE_COMMAND in
		*_iex)
			find_dot_iex
			[ -z "$_dot_iex" ] || set -- --dot-iex "$_dot_iex" "$@"
			set -- +iex "$@"
			;;
		esac
		set -- --no-halt "$@"
	fi
	set -- -args_file "$RELEASE_VM_ARGS" -extra "$@"
	if has_hooks post_start; then
		one_line "$_post_start"
		set -- -eval "$_line" "$@"
	fi
	case $RELEASE_DISTRIBUTION in
	local)
		one_line "$_publish_port"
		set -- -name "$RELEASE_NODE" -start_epmd false -erl_epmd_port "${_fixed_port:-0}" \
			-kernel inet_dist_use_interface '{127,0,0,1}' -eval "$_line" "$@"
		;;
	*)
		[ "$RELEASE_DISTRIBUTION" = none ] || set -- "-$RELEASE_DISTRIBUTION" "$RELEASE_NODE" "$@"
		[ -z "$_fixed_port" ] || set -- -start_epmd false -erl_epmd_port "$_fixed_port" "$@"
		[ -z "$_interface" ] || set -- -kernel inet_dist_use_interface "$_interface" "$@"
		if [ -n "$_has_state" ]; then
			one_line "$_publish_up"
			set -- -eval "$_line" "$@"
		fi
		;;
	esac
	[ -z "$_first_port" ] ||
		set -- -kernel inet_dist_listen_min "$_first_port" inet_dist_listen_max "$_last_port" "$@"
	find_boot_file "$RELEASE_BOOT_SCRIPT"
	set -- -config "$RELEASE_SYS_CONFIG" -boot "$_boot_file" \
		-boot_var RELEASE_LIB "$RELEASE_ROOT/lib" "$@"
	if [ -n "$_reboots" ]; then
		set -- -elixir config_provider_reboot_mode "$RELEASE_MODE" "$@"
	else
		set -- -mode "$RELEASE_MODE" "$@"
	fi
	# shellcheck disable=SC2086
	if has_hooks $_stop_hooks; then
		supervise "$@"
	else
		has_begun $$
		exec_node "$@"
	fi
}

# The VM of the node; IEx has the terminal, and Ctrl+C, for itself.
exec_node() {
	case $_elixir_version/$RELEASE_COMMAND in
	/*console) exec_vm "$@" ;;
	/*) exec_vm -noinput +Bd "$@" ;;
	*_iex) exec_iex "$@" ;;
	*) exec_elixir +Bd "$@" ;;
	esac
}

# has_begun VM: from now on process ids tell whether it runs.
has_begun() {
	[ -z "$_has_state" ] || [ "$1" = $$ ] || write_processes $$ "$1"
	trap - EXIT
}

# State folder and cookie for a node that is about to start.
prepare_node() {
	check_node_name
	_has_state=yes _cookie_home=''
	# busybox asks only for the mode, which tells root nothing of a file system that is read-only.
	if ! make_node_dir || ! { true >>"$_node_dir/port"; } 2>/dev/null; then
		without_state
	fi
	# What `daemon` has sent into the background does not run twice: that has looked.
	# What heart starts again has waited for the end of the one before.
	[ -z "$_has_state" ] || [ "$_command" != "${_command#--run-}" ] || [ "$_cause" = heart ] || check_that_none_runs
	keep_taken
	adopt_journal
	if [ -n "$_has_state" ]; then
		# From now on others see that it starts, and `stop` whom to tell while hooks run.
		: >"$_node_dir/port"
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
	case $_command$_chosen_place in
	start | start_iex | console) ;;
	*) no_place ;;
	esac
	_has_state=''
	case $RELEASE_DISTRIBUTION in
	local)
		warn "$_fault: going on as with RELEASE_DISTRIBUTION=none;" \
			"set RELEASE_STATE_DIR for a node that can be reached"
		RELEASE_DISTRIBUTION=none
		;;
	name | sname) no_place ;;
	esac
}

check_that_none_runs() {
	read_processes
	[ -n "$_main" ] || return 0
	give_back_taken
	_what='runs already'
	[ -s "$_node_dir/port" ] || _what='is starting already'
	fail 1 "$RELEASE_NODE $_what, as process $_main;" \
		"a second one needs another RELEASE_NODE or RELEASE_STATE_DIR"
}

# before_start EVENT
before_start() {
	has_hooks "$1" || return 0
	_hook_pid='' _not_started=''
	trap give_up TERM INT HUP
	give_environment
	run_hooks "$1" || _not_started=yes
	forget_environment
	[ -z "$_not_started" ] || fail 1 "not started"
	trap - TERM INT HUP
}

# With hooks to run around the stop this shell stays and passes the wish to stop on.
supervise() {
	trap '_trapped=yes; _interrupted=yes; end_vm' TERM INT HUP
	# Ctrl+C is for the shell in the VM, which has a menu for it.
	! has_shell || trap '_trapped=yes; _interrupted=yes' INT
	_stopping='' _insisting=''
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
	_vm=$!
	exec 3<&-
	has_begun "$_vm"
	HOOK_PID=$_vm
	export HOOK_PID
	_status=0
	while :; do
		_interrupted='' _earlier=$_status
		wait "$_vm" && _status=0 || _status=$?
		[ -n "$_interrupted" ] || break
	done
	# The shell forgets a child that it has told about: 127.
	[ "$_status" -ne 127 ] || _status=$_earlier
	_vm_status=$_status
	[ -z "$_insisting" ] || kill -TERM "$_insisting" 2>/dev/null || :
	HOOK_EXIT_STATUS=$_vm_status
	HOOK_CAUSE='exit'
	follow_version
	[ -z "$_stopping" ] || HOOK_CAUSE=stop
	export HOOK_EXIT_STATUS HOOK_CAUSE
	trap '_trapped=yes' TERM INT HUP
	run_hooks post_stop || [ "$_vm_status" -ne 0 ] || _vm_status=1
	forget_filled
	exit "$_vm_status"
}

# After a hot upgrade the hooks are those of the version that runs now.
follow_version() {
	[ "$RELEASE_VSN" = "${RELEASE_STARTED_VSN:-}" ] || return 0
	_now=''
	read -r _ _now <"$_start_data" || :
	[ -n "$_now" ] && [ -d "$RELEASE_ROOT/releases/$_now" ] || return 0
	RELEASE_VSN=$_now RELEASE_STARTED_VSN=$_now
	_version_dir=$RELEASE_ROOT/releases/$_now
	RELEASE_VERSION_DIR=$_version_dir
}

# A VM that is not up may miss the signal, so it is told again; and a second wish to stop is
# passed on as well, but not while the hooks for the first one run.
end_vm() {
	case $_stopping in
	'')
		_stopping=hooks
		HOOK_CAUSE=stop
		follow_version
		run_hooks pre_stop || warn "stopping all the same"
		_stopping=yes
		if [ -z "$_has_state" ] || [ ! -s "$_node_dir/port" ]; then
			insist &
			_insisting=$!
		fi
		;;
	hooks) return 0 ;;
	esac
	kill -TERM "$_vm" 2>/dev/null || :
}

insist() {
	exec >/dev/null 2>&1
	trap 'kill "$_sleeping"; exit' TERM
	for _seconds in 1 2 4 8; do
		sleep "$_seconds" &
		_sleeping=$!
		wait "$_sleeping" || :
		kill -TERM "$_vm" || :
	done
}

daemon() {
	read_limit RELEASE_START_TIMEOUT "${RELEASE_START_TIMEOUT:-60}"
	prepare_node
	for _folder in "$RELEASE_TMP/pipe" "$RELEASE_TMP/log"; do
		make_folder "$_folder" || no_log
	done
	configure_node
	before_start pre_configure
	before_start pre_start
	# What starts it again, where no other program does: an upgrade that changes the runtime runs this.
	quote_words "$_launcher" --again "$RELEASE_COMMAND" "$@"
	RELEASE_DAEMON_COMMAND=$_line
	# shellcheck disable=SC2090 # It is for a shell, which takes the quotes away.
	export RELEASE_DAEMON_COMMAND
	quote_words exec "$_launcher" "--run-$RELEASE_COMMAND" "$@"
	RUN_ERL_DISABLE_FLOWCNTRL=${RUN_ERL_DISABLE_FLOWCNTRL:-true}
	# For those who attach later, from a terminal.
	TERM=${TERM:-xterm}
	export RUN_ERL_DISABLE_FLOWCNTRL TERM
	"$BINDIR/run_erl" -daemon "$RELEASE_TMP/pipe/" "$RELEASE_TMP/log" "$_line" ||
		fail 1 "$BINDIR/run_erl failed with status $?"
	await_daemon
}

no_log() {
	find_whose
	fail 1 "$_fault, where daemon keeps pipes and log; set RELEASE_TMP to $_whose"
}

# Until the node is up or gone. The record names this process until what run_erl has started puts
# itself there; it is empty for a moment while it is written.
await_daemon() {
	_tenths=$((_seconds * 10))
	while :; do
		read_record
		if [ -n "$_main" ] && [ "$_main" != $$ ]; then
			is_running "$_main" "$_main_begun" ||
				tell_of_log "$RELEASE_NODE has ended while it was starting; what it said is at the end of"
			[ ! -s "$_node_dir/port" ] || return 0
		fi
		[ "$_tenths" -gt 0 ] ||
			tell_of_log "$RELEASE_NODE still starts after $_seconds s (RELEASE_START_TIMEOUT);" \
				"'$RELEASE_PROG ping' tells when it is up, and what it says goes to"
		_tenths=$((_tenths - 1))
		pause
	done
}

# tell_of_log TEXT...: fails with TEXT and the log that is written to.
tell_of_log() {
	_log=''
	for _file in "$RELEASE_TMP/log/erlang.log."*; do
		# shellcheck disable=SC3013 # All shells know -nt, as POSIX does now.
		if [ -z "$_log" ] || [ "$_file" -nt "$_log" ]; then
			_log=$_file
		fi
	done
	fail 1 "$* $_log"
}

# Sets `quoted` to $1 as a word for a shell.
quote() {
	replace "$1" "'" "'\\''"
	# shellcheck disable=SC2089 # Shells take the quotes away.
	_quoted="'$_replaced'"
}

# quote_words WORD...: sets `line` to a command of these words for a shell.
quote_words() {
	_line=''
	for _word in "$@"; do
		quote "$_word"
		_line="$_line${_line:+ }$_quoted"
	done
}

# replace TEXT OLD NEW: sets `replaced`.
replace() {
	_rest=$1 _replaced=''
	while :; do
		case $_rest in
		*"$2"*) ;;
		*) break ;;
		esac
		_replaced=$_replaced${_rest%%"$2"*}$3
		_rest=${_rest#*"$2"}
	done
	_replaced=$_replaced$_rest
}

# exec_clean HOW ARGUMENT...: becomes, by the function HOW, a VM that looks as the release does, but
# runs nothing. Call configure_eval before; its files go when the VM has read them.
exec_clean() {
	_how=$1
	shift
	_cookie_home=''
	if [ -n "$_reboots$_filled" ]; then
		one_line "$_forget_config"
		set -- -eval "$_line" "$@"
	fi
	"$_how" -config "$RELEASE_SYS_CONFIG" -boot "$_version_dir/$RELEASE_BOOT_SCRIPT_CLEAN" \
		-boot_var RELEASE_LIB "$RELEASE_ROOT/lib" "$@"
}

# set_boot_script [FILE]: a name in the folder of the version, or a path; .boot may be left out.
set_boot_script() {
	[ -n "${1:-}" ] || fail 2 "$_command needs a boot script; see $RELEASE_PROG help $_command"
	RELEASE_BOOT_SCRIPT=${1%.boot}
	case $RELEASE_BOOT_SCRIPT in
	*/*)
		absolute "$RELEASE_BOOT_SCRIPT"
		RELEASE_BOOT_SCRIPT=$_path
		;;
	esac
	find_boot_file "$RELEASE_BOOT_SCRIPT"
	[ -r "$_boot_file.boot" ] || fail 1 "cannot read $_boot_file.boot, the boot script"
}

# Sets `boot_file` to the path of the boot script $1.
find_boot_file() {
	case $1 in
	/*) _boot_file=$1 ;;
	*) _boot_file=$_version_dir/$1 ;;
	esac
}
