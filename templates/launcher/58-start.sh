
# --- Starting --------------------------------------------------------------------------------

# Does nothing when the command starts no system.
start_system() {
	case $_command in
	start | console | daemon | daemon_console | --run-daemon | --run-daemon_console) ;;
	start_iex | daemon_iex | --run-daemon_iex) need_elixir ;;
	console_boot | daemon_boot)
		set_boot_script "$@"
		shift
		_command=$RELEASE_COMMAND
		;;
	*) return 0 ;;
	esac
	[ -z "$_node_needs" ] || fill_in "$_node_dir/runtime" sys vm # tells the rest, and fails
	if [ "$_cause" = heart ]; then
		start_again "$@"
		exit
	fi
	case $_command in
	daemon*)
		daemon "$@"
		exit
		;;
	--run-*)
		# daemon waits for what becomes of this.
		trap 'echo failed >"$_node_dir/pid"' EXIT
		;;
	esac
	start "$@"
}

has_templates || start_system "$@"
