
# --- The node's folder: process, port --------------------------------------------------------

# make_folder PATH: when nothing can be written there it is false and says why in `fault`.
make_folder() {
	fault="cannot write to $1"
	if [ ! -d "$1" ]; then
		if ! command -v mkdir >/dev/null; then
			fault="cannot make $1, as there is no mkdir in PATH"
			return 1
		fi
		(umask 077 && exec mkdir -p "$1") 2>/dev/null || return 1
	fi
	[ -w "$1" ]
}

make_node_dir() {
	make_folder "$node_dir" && [ -w "$RELEASE_STATE_DIR" ]
}

# Sets `whose` to the end of a sentence that asks for a folder.
find_whose() {
	whose=$(id -un 2>/dev/null) || :
	whose="a folder${whose:+ of user $whose}"
}

no_place() {
	find_whose
	fail 1 "$fault, where process id and cookie of the node are kept;" \
		"set RELEASE_STATE_DIR to $whose"
}

# Sets `begun` and `run_state` of process $1 from /proc, which lives as long as the process and
# through exec; both empty when there is no telling.
look_at_process() {
	begun='' run_state=''
	[ -r "/proc/$1/stat" ] || return 0
	IFS= read -r stat <"/proc/$1/stat" 2>/dev/null || return 0
	# The name of the program stands in parentheses and may hold anything, also more of them; ##
	# would try all ends of a long line.
	while :; do
		case $stat in
		*\)*) stat=${stat#*\)} ;;
		*) break ;;
		esac
	done
	# shellcheck disable=SC2086
	set -- $stat
	run_state=$1
	begun=${20:-}
}

# is_running PID BEGUN: is it still that process, not a later one with the same number?
is_running() {
	[ -n "$1" ] || return 1
	look_at_process "$1"
	if [ -n "$begun" ]; then
		[ "$begun" = "$2" ] && [ "$run_state" != Z ] && [ "$run_state" != X ]
	else
		[ ! -r /proc/self/stat ] && kill -0 "$1" 2>/dev/null
	fi
}

# write_processes MAIN VM: `main` is what `start` started, which may be the VM itself.
write_processes() {
	look_at_process "$1"
	main_begun=$begun
	[ "$1" = "$2" ] || look_at_process "$2"
	printf '%s %s\n' "$1" "$main_begun" "$2" "$begun" "$RELEASE_COMMAND" '' >"$node_dir/pid"
}

# Sets main, main_begun, vm, vm_begun and kind, the command, to what was written.
read_record() {
	main='' main_begun='' vm='' vm_begun='' kind=''
	if [ -r "$node_dir/pid" ]; then
		{
			read -r main main_begun
			read -r vm vm_begun
			read -r kind
		} <"$node_dir/pid" || :
	fi
}

# The same, empty for what does not run.
read_processes() {
	read_record
	is_running "$main" "$main_begun" || main=''
	is_running "$vm" "$vm_begun" || vm=''
}

# A pause of a tenth of a second, of a whole one where sleep knows only those.
pause() {
	sleep 0.1 2>/dev/null || sleep 1
}

# read_limit VARIABLE VALUE: sets `seconds`, how long to wait.
read_limit() {
	seconds=$2
	case $seconds in
	# A shell would take 010 for eight.
	*[!0-9]* | 0?* | ???????*) fail 2 "$1 is '$seconds'; it is a number of seconds" ;;
	esac
}

main_runs() {
	is_running "$main" "$main_begun"
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
		exec "$version_dir/commands/status"
	fi
	say "$RELEASE_NODE runs, as process ${vm:-$main}"
}

# What the record tells needs no more.
case $command in
pid)
	read_processes
	if [ -n "$vm" ]; then
		say "$vm"
		exit
	fi
	;;
status)
	status
	exit
	;;
esac
