
# --- Elixir ----------------------------------------------------------------------------------

# What a release with Elixir does otherwise, as the scripts `elixir` and `iex` do it.

need_elixir() {
	[ -n "$elixir_version" ] ||
		fail 1 "there is no Elixir in this release; 'console' opens an Erlang shell"
}

# exec_elixir ARGUMENT...: becomes a VM that runs Elixir's command line: what stands after -extra.
exec_elixir() {
	exec_elixir_vm -s elixir start_cli "$@"
}

# exec_iex ARGUMENT...: becomes a VM with IEx on the terminal. Before 1.15 its shell was a module.
exec_iex() {
	case $elixir_version in
	1.[0-9].* | 1.1[0-4].*) exec_elixir_vm -user Elixir.IEx.CLI "$@" ;;
	*) exec_elixir_vm -user elixir "$@" ;;
	esac
}

exec_elixir_vm() {
	# Later ones find out themselves.
	case $elixir_version in
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
	dot_iex=''
	if [ ! -e .iex.exs ] && [ -e "${HOME:-/}/.iex.exs" ]; then
		dot_iex=$HOME/.iex.exs
	fi
}

# Has the node removed the file that it would need to boot again?
has_pruned() {
	[ -n "$elixir_version" ] && find_erl_call || return 1
	case $(call_node -a "application get_env [elixir,config_provider_booted]" 2>/dev/null || :) in
	*booted*nil* | *undefined*) return 1 ;;
	*booted*) ;;
	*) return 1 ;;
	esac
}

evaluate_elixir() {
	expression=$1
	shift
	[ $# -eq 0 ] || set -- -- "$@"
	configure_eval
	exec_clean exec_elixir_vm +Bd -s elixir start_cli -args_file "$RELEASE_VM_ARGS" \
		-extra --eval "$expression" "$@"
}

# A fun of a string and bindings that evaluates Elixir, and returns ok, or {exit, Status, Text}.
run_elixir='fun(S0, _) ->
	S1 = try unicode:characters_to_list(list_to_binary(S0)) of
		U when is_list(U) -> U;
		_ -> S0
	catch _:_ -> S0
	end,
	CLI = list_to_atom("Elixir.Kernel.CLI"),
	case CLI:rpc_eval(unicode:characters_to_binary(S1)) of
		ok -> ok;
		{exit, {shutdown, N}, _} when is_integer(N) -> {exit, N band 255, ""};
		{exit, {shutdown, _}, _} -> ok;
		{exit, E, _} when E =:= shutdown; E =:= normal -> ok;
		{K, E, T} -> {exit, 1, unicode:characters_to_list(CLI:format_error(K, E, T))}
	end
end'

# The shell runs on the node, in the name of a hidden one that has no more than this to do.
remote_iex() {
	# Without one, IEx would evaluate in the visitor instead.
	[ "${erts_vsn%%.*}" -ge 14 ] || [ -t 0 ] || fail 1 "remote needs a terminal; use 'rpc' without one"
	visitor=rem-$$-${RELEASE_NODE%%@*}
	find_dot_iex
	exec_visitor exec_iex -extra --no-halt +iex ${dot_iex:+--dot-iex "$dot_iex"} --remsh "$RELEASE_NODE"
}
