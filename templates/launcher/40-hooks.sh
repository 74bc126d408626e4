
# --- Hooks -----------------------------------------------------------------------------------

# has_hooks EVENT...
has_hooks() {
	for event in "$@"; do
		for hook in "$version_dir/hooks/$event.d/"*; do
			[ ! -e "$hook" ] || return 0
		done
	done
	return 1
}

# run_hooks EVENT: all of them, by bytes of their names. False: one failed that may not.
run_hooks() {
	has_hooks "$1" || return 0
	HOOK_EVENT=$1
	export HOOK_EVENT
	had_locale=${LC_ALL+yes} old_locale=${LC_ALL:-}
	LC_ALL=C
	set -- "$version_dir/hooks/$1.d/"*
	if [ -n "$had_locale" ]; then
		LC_ALL=$old_locale
	else
		unset LC_ALL
	fi
	for hook in "$@"; do
		find_policy
		HOOK_NAME=${hook##*/} HOOK_TIMEOUT=$hook_timeout
		export HOOK_NAME HOOK_TIMEOUT
		run_hook && take_environment && continue
		if [ "$hook_policy" = ignore ]; then
			warn "$HOOK_EVENT hook ${hook##*/} $hook_fault; going on, as it may be ignored"
		else
			warn "$HOOK_EVENT hook ${hook##*/} $hook_fault; it is $hook"
			return 1
		fi
	done
}

# Hooks before the start hand variables on in a file: lines NAME=VALUE. Only this user can read it.
give_environment() {
	[ -n "$has_state" ] || return 0
	HOOK_ENV=$node_dir/hook_env
	if ! (umask 077 && rm -f "$HOOK_ENV" && : >"$HOOK_ENV") 2>/dev/null; then
		fault="cannot write $HOOK_ENV"
		no_place
	fi
	export HOOK_ENV
}

take_environment() {
	[ -n "${HOOK_ENV:-}" ] && [ -s "$HOOK_ENV" ] || return 0
	while IFS= read -r line || [ -n "$line" ]; do
		name=${line%%=*}
		case $name in
		"$line" | '' | [0-9]* | *[!a-zA-Z0-9_]*)
			hook_fault="wrote a line to HOOK_ENV that is not NAME=VALUE"
			return 1
			;;
		esac
		export "$name=${line#*=}"
	done <"$HOOK_ENV"
	: >"$HOOK_ENV"
}

forget_environment() {
	[ -z "${HOOK_ENV:-}" ] || rm -f "$HOOK_ENV"
	unset HOOK_ENV
}

# Sets hook_timeout (seconds, 0 for none) and hook_policy (abort, ignore) of `hook`.
find_policy() {
	hook_timeout=0 hook_policy=abort
	[ -r "$version_dir/hooks/policy" ] || return 0
	while read -r event file timeout policy; do
		if [ "$event/$file" = "$HOOK_EVENT/${hook##*/}" ]; then
			hook_timeout=$timeout hook_policy=$policy
		fi
	done <"$version_dir/hooks/policy"
}

# In the background, so that a signal reaches this shell at once, and in a session of its own
# where setsid is at hand, so that a timeout ends all that the hook has started.
run_hook() {
	hook_fault='' hook_group=''
	if command -v setsid >/dev/null; then
		hook_group=-
		setsid "$hook" &
	else
		"$hook" &
	fi
	hook_pid=$!
	hook_dog=''
	if [ "$hook_timeout" -gt 0 ]; then
		watch_hook &
		hook_dog=$!
	fi
	wait_for "$hook_pid"
	hook_status=$status
	hook_pid=''
	if [ -n "$hook_dog" ]; then
		kill -TERM "$hook_dog" 2>/dev/null || :
		wait_for "$hook_dog"
		[ "$status" -ne 99 ] || hook_fault="took more than $hook_timeout s and was stopped"
	fi
	[ -n "$hook_fault" ] || [ "$hook_status" -eq 0 ] || hook_fault="failed with status $hook_status"
	[ -z "$hook_fault" ]
}

# Ends the hook when its time is over, politely first; told that the hook has ended, it ends, too.
# Its status is 99 if it had to do anything.
watch_hook() {
	exec >/dev/null 2>&1
	verdict=0
	trap end_watch TERM
	sleep "$hook_timeout" &
	sleeping=$!
	wait "$sleeping" || :
	verdict=99
	kill -TERM "$hook_group$hook_pid"
	sleep 2 &
	sleeping=$!
	wait "$sleeping" || :
	end_watch
}

end_watch() {
	[ "$verdict" -eq 0 ] || kill -KILL "$hook_group$hook_pid" || :
	kill "$sleeping" || :
	exit "$verdict"
}

# Waits for a child, whatever signals are trapped meanwhile; sets `status`.
wait_for() {
	while :; do
		trapped=''
		wait "$1" && status=0 || status=$?
		[ -n "$trapped" ] || break
	done
}

# A signal while hooks run before the VM does: nothing has been started yet.
give_up() {
	[ -z "$hook_pid" ] || kill -TERM "$hook_group$hook_pid" 2>/dev/null || :
	exit 143
}

if [ "$command" = --hooks ]; then
	run_hooks "$1"
	exit
fi
