
# --- Evaluating in the node ------------------------------------------------------------------

# A fun of a string and bindings that evaluates Erlang, prints the value unless it is `ok`, and
# returns ok or {error, Text}.
_run_erlang='fun(S0, B) ->
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

# A fun of a string and bindings that evaluates Elixir, and returns ok, or {exit, Status, Text}.
_run_elixir='fun(S0, _) ->
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


rpc() {
	if [ "${1:-}" = --file ]; then
		[ $# -eq 2 ] || fail 2 "rpc --file takes one file; see $RELEASE_PROG help rpc"
		read_text "$2"
		set -- "$_text"
	fi
	if read_call rpc "$@"; then
		rpc_erlang "$_code"
		return
	fi
	[ $# -eq 1 ] || fail 2 "rpc takes one argument, the expression; see $RELEASE_PROG help rpc"
	_run=$_run_erlang
	[ -z "$_elixir_version" ] || _run=$_run_elixir
	rpc_run "$1"
}

# Evaluates Erlang in the node, also where there is Elixir.
rpc_erlang() {
	_run=$_run_erlang
	rpc_run "$1"
}

# Evaluates $1 in the node, by the fun in `run`.
rpc_run() {
	need_node
	if find_erl_call && rpc_by_call "$1"; then
		return "$_status"
	fi
	visit_node "$_visit_run" "($_run)(S, [])." "$1" && return 0 || _status=$?
	case $_status in
	253) no_answer ;;
	254) ended_early ;;
	esac
	return "$_status"
}

ended_early() {
	fail 1 "the connection to $RELEASE_NODE ended before the answer came"
}

# erl_call shows what the code prints as it comes, but tells nothing of success: the node keeps
# that under a key until the second call, of an application that there is not: an upgrade of the release sets the environment of those
# that there are anew. False: no way here, a VM has to do it.
rpc_by_call() {
	# Before OTP 24 erl_call does not show output.
	[ "${_erts_vsn%%.*}" -ge 12 ] || return 1
	replace "$1" \\ \\\\
	replace "$_replaced" '"' '\"'
	_key="{beamrel_rpc, \"$$.$PPID\"}"
	_tries=5
	while
		{
			_trouble=$(
				printf '%s\n' "R = ($_run)(\"$_replaced\", []), application:set_env(beamrel_rpc, $_key, R)." |
					call_node -fetch_stdout -no_result_term -e 2>&1 >&3
			) && _status=0 || _status=$?
		} 3>&1
		case $_status/$RELEASE_DISTRIBUTION/$_trouble in
		1/local/*'failed to connect'*) _tries=$((_tries - 1)) ;;
		*) _tries=0 ;;
		esac
		[ "$_tries" -gt 0 ]
	do
		next_call
		pause
	done
	case $_status/$RELEASE_DISTRIBUTION/$_trouble in
	0/*) ;;
	1/local/*'failed to connect'*) no_answer ;;
	1/*'evaluating input failed'*) ended_early ;;
	*) return 1 ;;
	esac
	_tries=5
	until
		_outcome=$(printf '%s\n' "case application:get_env(beamrel_rpc, $_key) of
				{ok, {error, E}} -> io:format(\"error~n~ts\", [E]);
				{ok, {exit, N, E}} -> io:format(\"exit ~w~n~ts\", [N, E]);
				{ok, ok} -> io:put_chars(\"ok\");
				undefined -> io:format(\"error~nended before it was done\")
			end, application:unset_env(beamrel_rpc, $_key)." |
			call_node -fetch_stdout -no_result_term -e 2>/dev/null) || [ "$_tries" -eq 0 ]
	do
		_tries=$((_tries - 1))
		next_call
		pause
	done
	: "${_outcome:=ok}"
	case $_outcome in
	error*)
		warn "${_outcome#*"$_newline"}"
		_status=1
		;;
	exit*)
		_outcome=${_outcome#exit }
		_status=${_outcome%%"$_newline"*}
		[ "$_status" = "$_outcome" ] || printf '%s\n' "${_outcome#*"$_newline"}" >&2
		;;
	esac
}

# Another name for the next try: a node that is busy, as with an upgrade, may not have parted from the caller before yet, and takes none
# of the same name then. There are not many names, because each is an atom in the node.
next_call() {
	_calls=$((${_calls:-0} + 1))
}

rpc_terms() {
	[ $# -eq 2 ] || [ $# -eq 3 ] ||
		fail 2 "rpcterms takes a module, a function and a list of arguments; see $RELEASE_PROG help rpcterms"
	code_of_terms "$@"
	rpc_erlang "$_code"
}

pingpeer() {
	[ $# -eq 1 ] || fail 2 "pingpeer takes one argument, the name of a node; see $RELEASE_PROG help pingpeer"
	case $1 in
	*[\'\\]* | '') fail 2 "'$1' cannot be the name of a node" ;;
	esac
	rpc_erlang "case net_adm:ping('$1') of pong -> io:put_chars(\"pong\\n\"); _ -> error(no_answer) end"
}

case $_command in
rpc)
	rpc "$@"
	exit
	;;
rpcterms)
	rpc_terms "$@"
	exit
	;;
pingpeer)
	pingpeer "$@"
	exit
	;;
esac
