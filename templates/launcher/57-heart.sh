
# --- heart -----------------------------------------------------------------------------------

# With -heart among the VM's flags a process beside it runs HEART_COMMAND when the VM has died. Unless
# the user has one, that is this launcher, told to start again what was started.
prepare_heart() {
	asks_for_heart || return 0
	case ${HEART_COMMAND:-} in
	'' | *"' '--again' '"*) ;;
	*) return 0 ;;
	esac
	quote_words "$_launcher" --again "$RELEASE_COMMAND" "$@"
	# heart waits for its command, whose stdout would be a pipe to the VM that has died.
	HEART_COMMAND="$_line </dev/null >&2 &"
	# shellcheck disable=SC2090 # It is for a shell, which takes the quotes away.
	export HEART_COMMAND
}

asks_for_heart() {
	case " ${ERL_AFLAGS:-} ${ERL_FLAGS:-} ${ERL_ZFLAGS:-} ${ELIXIR_ERL_OPTIONS:-} " in
	*' -heart '*) return 0 ;;
	esac
	[ -r "$RELEASE_VM_ARGS" ] || return 1
	while IFS= read -r _line || [ -n "$_line" ]; do
		case " ${_line%%#*} " in
		*' -heart '*) return 0 ;;
		esac
	done <"$RELEASE_VM_ARGS"
	return 1
}

# What heart runs: as the command that it is told, once what was there before is gone. A launcher
# that stayed in front of the VM has its post_stop hooks to run. What goes wrong is told in a file,
# as the terminal of what ran in the background is gone.
start_again() {
	case $_command in
	daemon*)
		if make_folder "$RELEASE_TMP/log"; then
			exec >>"$RELEASE_TMP/log/heart.log" 2>&1
		fi
		;;
	esac
	read_limit RELEASE_STOP_TIMEOUT "${RELEASE_STOP_TIMEOUT:-60}"
	read_processes
	[ -z "$_main" ] || wait_until_ended
	case $_command in
	daemon*)
		# Nobody else is there to start the permanent version when what an upgrade has prepared does not come up.
		[ -n "$_taken" ] || {
			daemon "$@"
			return
		}
		(daemon "$@") && return
		# It waits for the end of this process.
		"$_launcher" --again "$_command" "$@" &
		exit 1
		;;
	*) start "$@" ;;
	esac
}

wait_until_ended() {
	_tenths=$((_seconds * 10))
	while main_runs; do
		[ "$_tenths" -gt 0 ] ||
			fail 1 "process $_main, which started $RELEASE_NODE, still runs after $_seconds s; not started again"
		_tenths=$((_tenths - 1))
		pause
	done
}
