
# --- Calls of functions ----------------------------------------------------------------------

# read_call COMMAND WORD...: sets `code` to Erlang for what users of Distillery and relx write: --mfa
# M.F/N ARGUMENT..., --file FILE, and for rpc M F [ARGUMENTS]. False when it is an expression.
read_call() {
	_caller=$1
	shift
	case ${1:-} in
	--mfa)
		shift
		code_of_mfa "$@"
		return 0
		;;
	esac
	[ "$_caller" = rpc ] || return 1
	[ $# -eq 2 ] || [ $# -eq 3 ] || return 1
	code_of_terms "$@"
}

code_of_terms() {
	atom "$1"
	_code="apply($_quoted"
	atom "$2"
	_code="$_code, $_quoted, ${3:-[]})"
}

# code_of_mfa M.F/N [--argv] ARGUMENT...: with --argv the function gets one list of all arguments.
code_of_mfa() {
	case ${1:-} in
	?*[.:]?*/[0-9] | ?*[.:]?*/[0-9][0-9]) ;;
	*) fail 2 "--mfa takes a function such as Module.function/1; see $RELEASE_PROG help $_caller" ;;
	esac
	_arity=${1##*/} _name=${1%/*}
	shift
	atom "${_name%[.:]*}"
	_code="apply($_quoted"
	atom "${_name##*[.:]}"
	_code="$_code, $_quoted, ["
	_whole=''
	if [ "${1:-}" = --argv ]; then
		_whole=yes
		shift
		[ "${1:-}" != -- ] || shift
		[ "$_arity" -eq 1 ] || fail 2 "--argv is for a function of one argument, not for $_name/$_arity"
	else
		[ "$#" -eq "$_arity" ] || fail 2 "$_name/$_arity takes $_arity arguments, not $#"
	fi
	_list='' _open='' _close=''
	[ -z "$_elixir_version" ] || _open='unicode:characters_to_binary(' _close=')'
	for _word in "$@"; do
		erlang_string "$_word"
		_list=$_list${_list:+, }$_open$_string$_close
	done
	[ -z "$_whole" ] || _list="[$_list]"
	_code="$_code$_list])"
}

# Sets `quoted` to $1 as an Erlang atom; a name like My.Module is one of Elixir.
atom() {
	case $1 in
	*[\'\\]* | *"$_newline"*) fail 2 "'$1' cannot be the name of a module or a function" ;;
	Elixir.*) _quoted="'$1'" ;;
	[ABCDEFGHIJKLMNOPQRSTUVWXYZ]*) _quoted="'Elixir.$1'" ;;
	*) _quoted="'${1#:}'" ;;
	esac
}

# Sets `string` to $1 as an Erlang string.
erlang_string() {
	replace "$1" \\ \\\\
	replace "$_replaced" '"' '\"'
	_string="\"$_replaced\""
}

# Sets `text` to what is in the file $1.
read_text() {
	[ -r "$1" ] || fail 1 "cannot read the file '$1'"
	_text=''
	while IFS= read -r _line || [ -n "$_line" ]; do
		_text=$_text$_line$_newline
	done <"$1"
}
