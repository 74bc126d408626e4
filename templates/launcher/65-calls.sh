
# --- Calls of functions ----------------------------------------------------------------------

# read_call COMMAND WORD...: sets `code` to Erlang for what users of Distillery and relx write: --mfa
# M.F/N ARGUMENT..., --file FILE, and for rpc M F [ARGUMENTS]. False when it is an expression.
read_call() {
	caller=$1
	shift
	case ${1:-} in
	--mfa)
		shift
		code_of_mfa "$@"
		return 0
		;;
	esac
	[ "$caller" = rpc ] || return 1
	[ $# -eq 2 ] || [ $# -eq 3 ] || return 1
	code_of_terms "$@"
}

code_of_terms() {
	atom "$1"
	code="apply($quoted"
	atom "$2"
	code="$code, $quoted, ${3:-[]})"
}

# code_of_mfa M.F/N [--argv] ARGUMENT...: with --argv the function gets one list of all arguments.
code_of_mfa() {
	case ${1:-} in
	?*[.:]?*/[0-9] | ?*[.:]?*/[0-9][0-9]) ;;
	*) fail 2 "--mfa takes a function such as Module.function/1; see $RELEASE_PROG help $caller" ;;
	esac
	arity=${1##*/} name=${1%/*}
	shift
	atom "${name%[.:]*}"
	code="apply($quoted"
	atom "${name##*[.:]}"
	code="$code, $quoted, ["
	whole=''
	if [ "${1:-}" = --argv ]; then
		whole=yes
		shift
		[ "${1:-}" != -- ] || shift
		[ "$arity" -eq 1 ] || fail 2 "--argv is for a function of one argument, not for $name/$arity"
	else
		[ "$#" -eq "$arity" ] || fail 2 "$name/$arity takes $arity arguments, not $#"
	fi
	list='' open='' close=''
	[ -z "$elixir_version" ] || open='unicode:characters_to_binary(' close=')'
	for word in "$@"; do
		erlang_string "$word"
		list=$list${list:+, }$open$string$close
	done
	[ -z "$whole" ] || list="[$list]"
	code="$code$list])"
}

# Sets `quoted` to $1 as an Erlang atom; a name like My.Module is one of Elixir.
atom() {
	case $1 in
	*[\'\\]* | *"$newline"*) fail 2 "'$1' cannot be the name of a module or a function" ;;
	Elixir.*) quoted="'$1'" ;;
	[ABCDEFGHIJKLMNOPQRSTUVWXYZ]*) quoted="'Elixir.$1'" ;;
	*) quoted="'${1#:}'" ;;
	esac
}

# Sets `string` to $1 as an Erlang string.
erlang_string() {
	replace "$1" \\ \\\\
	replace "$replaced" '"' '\"'
	string="\"$replaced\""
}

# Sets `text` to what is in the file $1.
read_text() {
	[ -r "$1" ] || fail 1 "cannot read the file '$1'"
	text=''
	while IFS= read -r line || [ -n "$line" ]; do
		text=$text$line$newline
	done <"$1"
}
