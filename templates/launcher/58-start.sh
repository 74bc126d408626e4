
# --- Starting --------------------------------------------------------------------------------

# Does nothing when the command starts no system.
start_system() {
	case $command in
	start | console | daemon | daemon_console | --run-daemon | --run-daemon_console) ;;
	start_iex | daemon_iex | --run-daemon_iex) need_elixir ;;
	console_boot | daemon_boot)
		set_boot_script "$@"
		shift
		command=$RELEASE_COMMAND
		;;
	*) return 0 ;;
	esac
	[ -z "$node_needs" ] || fill_in "$node_dir/runtime" sys vm # tells the rest, and fails
	if [ "$cause" = heart ]; then
		start_again "$@"
		exit
	fi
	case $command in
	daemon*)
		daemon "$@"
		exit
		;;
	--run-*)
		# daemon waits for what becomes of this.
		trap 'echo failed >"$node_dir/pid"' EXIT
		;;
	esac
	start "$@"
}

has_templates || start_system "$@"
