
# --- The node's folder: process, port --------------------------------------------------------

# Makes the folder of this node. False when there is no place to write.
make_node_dir() {
	[ -d "$node_dir" ] || (umask 077 && exec mkdir -p "$node_dir") 2>/dev/null || return 1
	[ -w "$node_dir" ] && [ -w "$RELEASE_STATE_DIR" ]
}

# Sets `begun` and `run_state` of process $1 from /proc, which lives as long as the process and
# through exec; both empty when there is no telling.
look_at_process() {
	begun='' run_state=''
	[ -r "/proc/$1/stat" ] || return 0
	IFS= read -r stat <"/proc/$1/stat" 2>/dev/null || return 0
	# The name of the program stands in parentheses and may hold anything.
	# shellcheck disable=SC2086
	set -- ${stat##*)}
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
	look_at_process "$2"
	printf '%s %s\n' "$1" "$main_begun" "$2" "$begun" >"$node_dir/pid"
}

# Sets main, main_begun, vm and vm_begun, empty for what does not run.
read_processes() {
	main='' main_begun='' vm='' vm_begun=''
	if [ -r "$node_dir/pid" ]; then
		{
			read -r main main_begun
			read -r vm vm_begun
		} <"$node_dir/pid" || :
	fi
	is_running "$main" "$main_begun" || main=''
	is_running "$vm" "$vm_begun" || vm=''
}

# A pause of a tenth of a second, of a whole one where sleep knows only those.
pause() {
	sleep 0.1 2>/dev/null || sleep 1
}
