
# --- Elixir ----------------------------------------------------------------------------------

# What a release with Elixir does otherwise, as the scripts `elixir` and `iex` do it.

need_elixir() {
	[ -n "$_elixir_version" ] ||
		fail 1 "there is no Elixir in this release; 'console' opens an Erlang shell"
}

# exec_elixir ARGUMENT...: becomes a VM that runs Elixir's command line: what stands after -extra.
exec_elixir() {
	exec_elixir_vm -s elixir start_cli "$@"
}

# exec_iex ARGUMENT...: becomes a VM with IEx on the terminal. Before 1.15 its shell was a module.
exec_iex() {
	case $_elixir_version in
	1.[0-9].* | 1.1[0-4].*) exec_elixir_vm -user Elixir.IEx.CLI "$@" ;;
	*) exec_elixir_vm -user elixir "$@" ;;
	esac
}

exec_elixir_vm() {
	# Later ones find out themselves.
	case $_elixir_version in
	1.[0-9].* | 1.1[0-8].*)
		if [ -z "${NO_COLOR:-}" ] && [ -t 1 ] && [ -t 2 ]; then
			set -- -elixir ansi_enabled true "$@"
		fi
		;;
	esac
	set -f
	# shellcheck disable=SC2086
	set -- -noshell ${ELIXIR_ERL_OPTIONS:-} "$@"
	set +f
	exec_vm "$@"
}

# With the file of the users' own that IEx would not find, as the home of its VM is the folder of
# the cookie.
find_dot_iex() {
	_dot_iex=''
	if [ ! -e .iex.exs ] && [ -e "${HOME:-/}/.iex.exs" ]; then
		_dot_iex=$HOME/.iex.exs
	fi
}
