
# --- The node's folder: process, port --------------------------------------------------------

# make_folder PATH: when nothing can be written there it is false and says why in `fault`.
make_folder() {
	_fault="cannot write to $1"
	if [ ! -d "$1" ]; then
		if ! command -v mkdir >/dev/null; then
			_fault="cannot make $1, as there is no mkdir in PATH"
			return 1
		fi
		(umask 077 && exec mkdir -p "$1") 2>/dev/null || return 1
	fi
	[ -w "$1" ]
}

make_node_dir() {
	make_folder "$_node_dir" && [ -w "$RELEASE_STATE_DIR" ]
}

# Sets `whose` to the end of a sentence that asks for a folder.
find_whose() {
	_whose=$(id -un 2>/dev/null) || :
	_whose="a folder${_whose:+ of user $_whose}"
}

no_place() {
	find_whose
	fail 1 "$_fault, where process id and cookie of the node are kept;" \
		"set RELEASE_STATE_DIR to $_whose"
}

# Sets `begun` and `run_state` of process $1 from /proc, which lives as long as the process and
# through exec; both empty when there is no telling.
look_at_process() {
	_begun='' _run_state=''
	[ -r "/proc/$1/stat" ] || return 0
	IFS= read -r _stat <"/proc/$1/stat" 2>/dev/null || return 0
	# The name of the program stands in parentheses and may hold anything, also more of them; ##
	# would try all ends of a long line.
	while :; do
		case $_stat in
		*\)*) _stat=${_stat#*\)} ;;
		*) break ;;
		esac
	done
	# shellcheck disable=SC2086
	set -- $_stat
	_run_state=$1
	_begun=${20:-}
}

# is_running PID BEGUN: is it still that process, not a later one with the same number?
is_running() {
	[ -n "$1" ] || return 1
	look_at_process "$1"
	if [ -n "$_begun" ]; then
		[ "$_begun" = "$2" ] && [ "$_run_state" != Z ] && [ "$_run_state" != X ]
	else
		[ ! -r /proc/self/stat ] && kill -0 "$1" 2>/dev/null
	fi
}

# write_processes MAIN VM: `main` is what `start` started, which may be the VM itself.
write_processes() {
	look_at_process "$1"
	_main_begun=$_begun
	[ "$1" = "$2" ] || look_at_process "$2"
	printf '%s %s\n' "$1" "$_main_begun" "$2" "$_begun" "$RELEASE_COMMAND" '' >"$_node_dir/pid"
}

# Sets main, main_begun, vm, vm_begun and kind, the command, to what was written.
read_record() {
	_main='' _main_begun='' _vm='' _vm_begun='' _kind=''
	if [ -r "$_node_dir/pid" ]; then
		{
			read -r _main _main_begun
			read -r _vm _vm_begun
			read -r _kind
		} <"$_node_dir/pid" || :
	fi
}

# The same, empty for what does not run.
read_processes() {
	read_record
	is_running "$_main" "$_main_begun" || _main=''
	is_running "$_vm" "$_vm_begun" || _vm=''
}

# A pause of a tenth of a second, of a whole one where sleep knows only those.
pause() {
	sleep 0.1 2>/dev/null || sleep 1
}

# read_limit VARIABLE VALUE: sets `seconds`, how long to wait.
read_limit() {
	_seconds=$2
	case $_seconds in
	# A shell would take 010 for eight.
	*[!0-9]* | 0?* | ???????*) fail 2 "$1 is '$_seconds'; it is a number of seconds" ;;
	esac
}

main_runs() {
	is_running "$_main" "$_main_begun"
}

# For programs that ask: the exit status says it, too.
status() {
	read_processes
	[ -n "$_main" ] || fail 1 "$RELEASE_NODE does not run"
	[ -s "$_node_dir/port" ] || fail 1 "$RELEASE_NODE is starting, as process $_main"
	# The release may know more to say, as with relx's hook of this name.
	if is_own_command status; then
		find_runtime
		export_context
		exec "$_version_dir/commands/status"
	fi
	say "$RELEASE_NODE runs, as process ${_vm:-$_main}"
}

# What the record tells needs no more.
case $_command in
pid)
	read_processes
	if [ -n "$_vm" ]; then
		say "$_vm"
		exit
	fi
	;;
status)
	status
	exit
	;;
esac
