
# --- Hooks -----------------------------------------------------------------------------------

# has_hooks EVENT...
has_hooks() {
	for _event in "$@"; do
		for _hook in "$_version_dir/hooks/$_event.d/"*; do
			[ ! -e "$_hook" ] || return 0
		done
	done
	return 1
}

# run_hooks EVENT: all of them, by bytes of their names. False: one failed that may not.
run_hooks() {
	has_hooks "$1" || return 0
	HOOK_EVENT=$1
	export HOOK_EVENT
	_had_locale=${LC_ALL+yes} _old_locale=${LC_ALL:-}
	LC_ALL=C
	set -- "$_version_dir/hooks/$1.d/"*
	if [ -n "$_had_locale" ]; then
		LC_ALL=$_old_locale
	else
		unset LC_ALL
	fi
	for _hook in "$@"; do
		find_policy
		HOOK_NAME=${_hook##*/} HOOK_TIMEOUT=$_hook_timeout
		export HOOK_NAME HOOK_TIMEOUT
		run_hook && take_environment && continue
		if [ "$_hook_policy" = ignore ]; then
			warn "$HOOK_EVENT hook ${_hook##*/} $_hook_fault; going on, as it may be ignored"
		else
			warn "$HOOK_EVENT hook ${_hook##*/} $_hook_fault; it is $_hook"
			return 1
		fi
	done
}

# Hooks before the start hand variables on in a file: lines NAME=VALUE. Only this user can read it.
give_environment() {
	[ -n "$_has_state" ] || return 0
	HOOK_ENV=$_node_dir/hook_env
	if ! (umask 077 && rm -f "$HOOK_ENV" && : >"$HOOK_ENV") 2>/dev/null; then
		_fault="cannot write $HOOK_ENV"
		no_place
	fi
	export HOOK_ENV
}

take_environment() {
	[ -n "${HOOK_ENV:-}" ] && [ -s "$HOOK_ENV" ] || return 0
	while IFS= read -r _line || [ -n "$_line" ]; do
		_name=${_line%%=*}
		case $_name in
		"$_line" | '' | [0-9]* | *[!a-zA-Z0-9_]*)
			_hook_fault="wrote a line to HOOK_ENV that is not NAME=VALUE"
			return 1
			;;
		esac
		export "$_name=${_line#*=}"
	done <"$HOOK_ENV"
	: >"$HOOK_ENV"
}

forget_environment() {
	[ -z "${HOOK_ENV:-}" ] || rm -f "$HOOK_ENV"
	unset HOOK_ENV
}

# Sets hook_timeout (seconds, 0 for none) and hook_policy (abort, ignore) of `hook`.
find_policy() {
	_hook_timeout=0 _hook_policy=abort
	[ -r "$_version_dir/hooks/policy" ] || return 0
	while read -r _event _file _timeout _policy; do
		if [ "$_event/$_file" = "$HOOK_EVENT/${_hook##*/}" ]; then
			_hook_timeout=$_timeout _hook_policy=$_policy
		fi
	done <"$_version_dir/hooks/policy"
}

# In the background, so that a signal reaches this shell at once, and in a session of its own
# where setsid is at hand, so that a timeout ends all that the hook has started.
run_hook() {
	_hook_fault='' _hook_group=''
	if command -v setsid >/dev/null; then
		_hook_group=-
		setsid "$_hook" &
	else
		"$_hook" &
	fi
	_hook_pid=$!
	_hook_dog=''
	if [ "$_hook_timeout" -gt 0 ]; then
		watch_hook &
		_hook_dog=$!
	fi
	wait_for "$_hook_pid"
	_hook_status=$_status
	_hook_pid=''
	if [ -n "$_hook_dog" ]; then
		kill -TERM "$_hook_dog" 2>/dev/null || :
		wait_for "$_hook_dog"
		[ "$_status" -ne 99 ] || _hook_fault="took more than $_hook_timeout s and was stopped"
	fi
	[ -n "$_hook_fault" ] || [ "$_hook_status" -eq 0 ] || _hook_fault="failed with status $_hook_status"
	[ -z "$_hook_fault" ]
}

# Ends the hook when its time is over, politely first; told that the hook has ended, it ends, too.
# Its status is 99 if it had to do anything.
watch_hook() {
	exec >/dev/null 2>&1
	_verdict=0
	trap end_watch TERM
	sleep "$_hook_timeout" &
	_sleeping=$!
	wait "$_sleeping" || :
	_verdict=99
	kill -TERM "$_hook_group$_hook_pid"
	sleep 2 &
	_sleeping=$!
	wait "$_sleeping" || :
	end_watch
}

end_watch() {
	[ "$_verdict" -eq 0 ] || kill -KILL "$_hook_group$_hook_pid" || :
	kill "$_sleeping" || :
	exit "$_verdict"
}

# Waits for a child, whatever signals are trapped meanwhile; sets `status`.
wait_for() {
	while :; do
		_trapped=''
		wait "$1" && _status=0 || _status=$?
		[ -n "$_trapped" ] || break
	done
}

# A signal while hooks run before the VM does: nothing has been started yet.
give_up() {
	[ -z "$_hook_pid" ] || kill -TERM "$_hook_group$_hook_pid" 2>/dev/null || :
	exit 143
}

if [ "$_command" = --hooks ]; then
	run_hooks "$1"
	exit
fi
