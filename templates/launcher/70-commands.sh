
# --- Commands --------------------------------------------------------------------------------

# A fun of a string and bindings that evaluates Erlang, prints the value unless it is `ok`, and
# returns ok or {error, Text}.
run_erlang='fun(S0, B) ->
	S1 = try unicode:characters_to_list(list_to_binary(S0)) of
		U when is_list(U) -> U;
		_ -> S0
	catch _:_ -> S0
	end,
	Text = fun(F, A) -> lists:flatten(io_lib:format(F, A)) end,
	Bad = fun
		({0, _, _}) -> {error, "the expression ends too early"};
		({L, M, D}) -> {error, Text("line ~tp: ~ts", [L, M:format_error(D)])}
	end,
	Dot = fun(T) -> element(1, T) =:= dot end,
	Comma = fun({dot, L}) -> {list_to_atom(","), L}; (T) -> T end,
	Whole = fun(Ts) ->
		Rev = lists:dropwhile(Dot, lists:reverse(Ts)),
		lists:reverse([{dot, 0} | lists:map(Comma, Rev)])
	end,
	case erl_scan:string(S1) of
		{error, E, _} -> Bad(E);
		{ok, Ts, _} -> case erl_parse:parse_exprs(Whole(Ts)) of
			{error, E} -> Bad(E);
			{ok, Es} -> try erl_eval:exprs(Es, B) of
				{value, ok, _} -> ok;
				{value, V, _} -> io:format("~tp~n", [V])
			catch
				C:R:T -> {error, Text("~ts: ~tp~n  ~tp", [C, R, T])}
			end
		end
	end
end'

rpc() {
	if [ "${1:-}" = --file ]; then
		[ $# -eq 2 ] || fail 2 "rpc --file takes one file; see $RELEASE_PROG help rpc"
		read_text "$2"
		set -- "$text"
	fi
	if read_call rpc "$@"; then
		rpc_erlang "$code"
		return
	fi
	[ $# -eq 1 ] || fail 2 "rpc takes one argument, the expression; see $RELEASE_PROG help rpc"
	run=$run_erlang
	[ -z "$elixir_version" ] || run=$run_elixir
	rpc_run "$1"
}

# Evaluates Erlang in the node, also where there is Elixir.
rpc_erlang() {
	run=$run_erlang
	rpc_run "$1"
}

# Evaluates $1 in the node, by the fun in `run`.
rpc_run() {
	need_node
	if find_erl_call && rpc_by_call "$1"; then
		return "$status"
	fi
	visit_node "$visit_run" "($run)(S, [])." "$1" && return 0 || status=$?
	case $status in
	253) no_answer ;;
	254) ended_early ;;
	esac
	return "$status"
}

ended_early() {
	fail 1 "the connection to $RELEASE_NODE ended before the answer came"
}

# erl_call shows what the code prints as it comes, but tells nothing of success: the node keeps
# that under a key until the second call. False: no way here, a VM has to do it.
rpc_by_call() {
	# Before OTP 24 erl_call does not show output.
	[ "${erts_vsn%%.*}" -ge 12 ] || return 1
	replace "$1" \\ \\\\
	replace "$replaced" '"' '\"'
	key="{beamrel_rpc, \"$$.$PPID\"}"
	{
		trouble=$(
			printf '%s\n' "R = ($run)(\"$replaced\", []), application:set_env(kernel, $key, R)." |
				call_node -fetch_stdout -no_result_term -e 2>&1 >&3
		) && status=0 || status=$?
	} 3>&1
	case $status/$RELEASE_DISTRIBUTION/$trouble in
	0/*) ;;
	1/local/*'failed to connect'*) no_answer ;;
	1/*'evaluating input failed'*) ended_early ;;
	*) return 1 ;;
	esac
	outcome=$(printf '%s\n' "case application:get_env(kernel, $key) of
			{ok, {error, E}} -> io:format(\"error~n~ts\", [E]);
			{ok, {exit, N, E}} -> io:format(\"exit ~w~n~ts\", [N, E]);
			{ok, ok} -> io:put_chars(\"ok\");
			undefined -> io:put_chars(\"error~nended before it was done\")
		end, application:unset_env(kernel, $key)." |
		call_node -fetch_stdout -no_result_term -e 2>/dev/null) || outcome=ok
	case $outcome in
	error*)
		warn "${outcome#*"$newline"}"
		status=1
		;;
	exit*)
		outcome=${outcome#exit }
		status=${outcome%%"$newline"*}
		[ "$status" = "$outcome" ] || printf '%s\n' "${outcome#*"$newline"}" >&2
		;;
	esac
}

evaluate() {
	if [ "${1:-}" = --file ]; then
		read_text "${2:-}"
		shift 2
		set -- "$text" "$@"
	fi
	if read_call eval "$@"; then
		evaluate_erlang "$code"
	fi
	[ $# -ge 1 ] || fail 2 "eval needs an expression; see $RELEASE_PROG help eval"
	[ -z "$elixir_version" ] || evaluate_elixir "$@"
	evaluate_erlang "$@"
}

# The VM logs as file descriptor 3 says, which can be read only once, so not in one that restarts
# inside. What stands in sys.config comes later and wins.
exec_quiet_vm() {
	[ -n "$reboots" ] || set -- -configfd 3 "$@"
	exec_vm +Bd -noinput "$@"
}

# Becomes a VM that evaluates Erlang.
evaluate_erlang() {
	configure_eval
	exec_clean exec_quiet_vm -args_file "$RELEASE_VM_ARGS" -eval '
		[io:setopts(D, [{encoding, unicode}]) || D <- [standard_io, standard_error]],
		[S | A] = init:get_plain_arguments(),
		case ('"$run_erlang"')(S, [{list_to_atom("Args"), A}]) of
			ok -> halt(0);
			{error, E} -> io:format(standard_error, "${release_name}: ~ts~n", [E]), halt(1)
		end.' -extra "$@" 3<<-'EOF'
		[{kernel, [{logger, [{handler, default, logger_std_h, #{config => #{type => standard_error}}}]}]}].
	EOF
}

remote() {
	need_node
	[ -z "$elixir_version" ] || remote_iex
	visitor=undefined
	exec_visitor exec_vm +Bd -remsh "$RELEASE_NODE"
}

ping() {
	need_node
	node_answers || no_answer
	say pong
}

pid() {
	read_processes
	if [ -z "$vm" ]; then
		[ "$RELEASE_DISTRIBUTION" != none ] || not_running
		need_node
		vm=$(ask os getpid) || not_running
		vm=${vm#\"}
		vm=${vm%\"}
	fi
	say "$vm"
}

# A local node publishes its port again when all is up. Another one is told, and that is all.
restart() {
	need_node
	read_limit RELEASE_STOP_TIMEOUT "${RELEASE_STOP_TIMEOUT:-60}"
	! has_pruned ||
		fail 1 "$RELEASE_NODE has removed its configuration after boot (prune_runtime_sys_config_after_boot)" \
			"and cannot restart inside; use '$RELEASE_PROG stop' and start it again"
	ask init restart >/dev/null || no_answer
	[ "$RELEASE_DISTRIBUTION" = local ] || return 0
	: >"$node_dir/port"
	tenths=$((seconds * 10))
	until [ -s "$node_dir/port" ]; do
		main_runs || fail 1 "$RELEASE_NODE has ended while it was starting again"
		[ "$tenths" -gt 0 ] || fail 1 "$RELEASE_NODE is not up again after $seconds s"
		tenths=$((tenths - 1))
		pause
	done
}

# read_limit VARIABLE VALUE: sets `seconds`, how long to wait.
read_limit() {
	seconds=$2
	case $seconds in
	*[!0-9]*) fail 2 "$1 is '$seconds'; it is a number of seconds" ;;
	esac
}

stop() {
	read_limit RELEASE_STOP_TIMEOUT "${RELEASE_STOP_TIMEOUT:-60}"
	read_processes
	if [ -n "$main" ]; then
		stop_process
		forget_filled
	else
		[ "$RELEASE_DISTRIBUTION" != none ] || not_running
		need_node
		ask init stop >/dev/null || no_answer
		wait_until_gone node_answers
	fi
}

# A launcher that stays with its VM runs the hooks, so it is told; else the node is asked, or gets
# the signal when it cannot be asked.
stop_process() {
	if [ "$main" != "$vm" ] || [ "$RELEASE_DISTRIBUTION" = none ] ||
		! (need_node && ask init stop) >/dev/null 2>&1; then
		kill -TERM "$main" || fail 1 "cannot stop process $main; be the user who has started it"
	fi
	wait_until_gone main_runs
}

main_runs() {
	is_running "$main" "$main_begun"
}

node_answers() {
	ask erlang node >/dev/null
}

# wait_until_gone TEST: until the function TEST says no.
wait_until_gone() {
	tenths=$((seconds * 10))
	while "$1"; do
		# What begins to start or to restart may have missed the first wish.
		case $tenths in
		*[05]0) [ -z "$main" ] || [ "$tenths" -eq $((seconds * 10)) ] || kill -TERM "$main" 2>/dev/null || : ;;
		esac
		[ "$tenths" -gt 0 ] ||
			fail 1 "$RELEASE_NODE${main:+, process $main,} still runs after $seconds s;" \
				"give it more time (RELEASE_STOP_TIMEOUT) or end it${main:+: kill -KILL ${vm:-$main}}"
		tenths=$((tenths - 1))
		pause
	done
}
