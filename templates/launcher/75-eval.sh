
# --- A VM of its own -------------------------------------------------------------------------

evaluate() {
	if [ "${1:-}" = --file ]; then
		read_text "${2:-}"
		shift 2
		set -- "$_text" "$@"
	fi
	if read_call eval "$@"; then
		evaluate_erlang "$_code"
	fi
	[ $# -ge 1 ] || fail 2 "eval needs an expression; see $RELEASE_PROG help eval"
	[ -z "$_elixir_version" ] || evaluate_elixir "$@"
	evaluate_erlang "$@"
}

# The VM logs as file descriptor 3 says, which can be read only once, so not in one that restarts
# inside. What stands in sys.config comes later and wins.
exec_quiet_vm() {
	[ -n "$_reboots" ] || set -- -configfd 3 "$@"
	exec_vm +Bd -noinput "$@"
}

# Becomes a VM that evaluates Erlang.
evaluate_erlang() {
	configure_eval
	exec_clean exec_quiet_vm -args_file "$RELEASE_VM_ARGS" -eval '
		[io:setopts(D, [{encoding, unicode}]) || D <- [standard_io, standard_error]],
		[S | A] = init:get_plain_arguments(),
		case ('"$_run_erlang"')(S, [{list_to_atom("Args"), A}]) of
			ok -> halt(0);
			{error, E} -> io:format(standard_error, "${release_name}: ~ts~n", [E]), halt(1)
		end.' -extra "$@" 3<<-'EOF'
		[{kernel, [{logger, [{handler, default, logger_std_h, #{config => #{type => standard_error}}}]}]}].
	EOF
}

evaluate_elixir() {
	_expression=$1
	shift
	[ $# -eq 0 ] || set -- -- "$@"
	configure_eval
	exec_clean exec_elixir_vm +Bd -s elixir start_cli -args_file "$RELEASE_VM_ARGS" \
		-extra --eval "$_expression" "$@"
}

# Distillery's: the function gets the list of the arguments.
evaluate_command() {
	[ $# -ge 2 ] || fail 2 "command needs a module and a function; see $RELEASE_PROG help command"
	_mfa=$1.$2/1
	shift 2
	evaluate --mfa "$_mfa" --argv "$@"
}

# The release's own runtime and code, and the flags in the line %%! of the file, as escript has it.
escript() {
	[ -n "${1:-}" ] || fail 2 "escript needs a file; see $RELEASE_PROG help escript"
	configure_eval
	_file=$1
	[ -e "$_file" ] || [ ! -e "$RELEASE_ROOT/$_file" ] || _file=$RELEASE_ROOT/$_file
	[ -r "$_file" ] || fail 1 "cannot read the file '$1'"
	shift
	find_escript_flags
	set -f
	# shellcheck disable=SC2086
	set -- $_flags -extra "$_file" "$@"
	set +f
	# Since OTP 27 scripts are compiled unless they are to be interpreted.
	has_application compiler || set -- i "$@"
	exec_clean exec_vm -noshell -run escript start "$@"
}

# Sets `flags` to those of the file, which stand in its second or third line.
find_escript_flags() {
	_flags=''
	{
		IFS= read -r _line && IFS= read -r _second && IFS= read -r _third
	} <"$_file" 2>/dev/null || :
	for _line in "${_second:-}" "${_third:-}"; do
		case $_line in
		%%!*)
			_flags=${_line#%%!}
			return 0
			;;
		esac
	done
}

# A shell, with the code and the configuration of the release, but nothing of it started.
console_clean() {
	set -- -extra "$@"
	if [ -n "$_elixir_version" ]; then
		shift
		[ $# -eq 0 ] || set -- -- "$@"
		set -- -extra --no-halt +iex "$@"
	fi
	configure_eval
	set -- -mode interactive -args_file "$RELEASE_VM_ARGS" "$@"
	[ -z "$_elixir_version" ] || exec_clean exec_iex "$@"
	exec_clean exec_vm "$@"
}

remote() {
	need_node
	[ -z "$_elixir_version" ] || remote_iex
	_visitor=undefined
	exec_visitor exec_vm +Bd -remsh "$RELEASE_NODE"
}

# The shell runs on the node, in the name of a hidden one that has no more than this to do.
remote_iex() {
	# Without one, IEx would evaluate in the visitor instead.
	[ "${_erts_vsn%%.*}" -ge 14 ] || [ -t 0 ] || fail 1 "remote needs a terminal; use 'rpc' without one"
	_visitor=rem-$$-${RELEASE_NODE%%@*}
	find_dot_iex
	exec_visitor exec_iex -extra --no-halt +iex ${_dot_iex:+--dot-iex "$_dot_iex"} --remsh "$RELEASE_NODE"
}
