
# --- Templates of configuration --------------------------------------------------------------
#
# sys.config.src, vm.args.src, remote.vm.args.src: beamrel has made a script of each, NAME.sh. It calls fill_begin and then, for each variable, a
# function that knows how a value is written where the variable stands; each sets `value`. In the
# end the script sets `text`. Values may be secret: no message holds one.

# fill_write FILE TEXT: for its owner only.
fill_write() {
	_old_umask=''
	while read -r _key _rest; do
		if [ "$_key" = Umask: ]; then
			_old_umask=$_rest
			break
		fi
	done </proc/self/status 2>/dev/null || :
	[ -n "$_old_umask" ] || _old_umask=$(umask)
	umask 077
	printf '%s' "$2" 2>/dev/null >"$1" || fail 1 "cannot write $1, where the configuration made at start is kept"
	umask "$_old_umask"
}

# fill_begin FILE NAME...: those without a default. All that are not set are told at once.
fill_begin() {
	_fill_file=$1 _missing=''
	shift
	for _name in "$@"; do
		fill_is_set "$_name" || _missing="$_missing $_name"
	done
	[ -z "$_missing" ] || {
		warn "$_fill_file needs variables that are not set:$_missing"
		_fill_faults=yes
	}
}

fill_is_set() {
	if [ "$1" = LC_ALL ]; then
		[ -n "$_had_locale" ]
	else
		eval "[ -n \"\${$1+yes}\" ]"
	fi
}

fill_get() {
	_value=''
	fill_is_set "$1" || return 1
	if [ "$1" = LC_ALL ]; then
		_value=$_old_locale
	else
		eval "_value=\$$1"
	fi
}

# fill_fault NAME WHAT: told once, however often the variable stands there.
fill_fault() {
	_value=''
	case $_fill_faults in
	*"$_fill_file $1 $2$_newline"*) return 0 ;;
	esac
	warn "the value of $1, for $_fill_file, $2"
	_fill_faults=$_fill_faults"$_fill_file $1 $2$_newline"
}

# fill_default NAME TEXT [LENGTH]: false when the variable has a value that is not empty.
fill_default() {
	fill_get "$1" && [ -n "$_value" ] && return 1
	_value=$2
	[ -z "${3:-}" ] || take_room "$1" "$3" || :
}

fill_need_utf8() {
	case $_value in
	*[![:print:][:cntrl:]]*) fill_is_utf8 || {
		fill_fault "$1" "is not valid UTF-8"
		return 1
	} ;;
	esac
}

# fill_string NAME CLOSE [BEFORE AFTER]: within quotes of which CLOSE is the end.
fill_string() {
	fill_get "$1" && fill_need_utf8 "$1" || return 0
	fill_replace \\ \\\\
	fill_replace "$2" "\\$2"
	_value=${3:-}$_value${4:-}
}

# fill_atom NAME: within single quotes; an atom has at most 255 characters, of which `room` are left.
fill_atom() {
	fill_get "$1" && fill_need_utf8 "$1" || return 0
	fill_count
	take_room "$1" "$_count" || return 0
	fill_replace \\ \\\\
	fill_replace "'" "\\'"
}

# take_room NAME CHARACTERS
take_room() {
	_room=$((_room - $2))
	[ "$_room" -ge 0 ] || fill_fault "$1" "makes an atom of more than 255 characters"
	[ "$_room" -ge 0 ]
}

# Sets `count` to the characters of `value`, as far as they may be few enough for an atom.
fill_count() {
	_count=${#_value}
	if [ "$_count" -le 255 ] || [ "$_count" -gt 1020 ]; then
		case $_value in
		*[![:print:][:cntrl:]]*) [ "$_count" -le 1020 ] || return 0 ;;
		*) return 0 ;;
		esac
	fi
	_rest=$_value _count=0
	while [ -n "$_rest" ]; do
		fill_is_inner || _count=$((_count + 1))
		_rest=${_rest#?}
	done
}

# fill_word NAME any|letter|digit: part of a word without quotes, and what that may begin with.
fill_word() {
	fill_get "$1" || return 0
	case $2/$_value in
	*/*[!a-zA-Z0-9_@]*) fill_fault "$1" "is part of a word and may have only letters, digits, _ and @" ;;
	letter/[!a-z]* | letter/) fill_fault "$1" "begins an atom and must begin with a small letter" ;;
	digit/[!0-9]* | digit/) fill_fault "$1" "is a number and must begin with a digit" ;;
	*) [ "${#_value}" -le 255 ] || fill_fault "$1" "is part of a word and longer than 255 characters" ;;
	esac
}

# fill_argument NAME QUOTE: an argument or a part of one, which erlexec shall take as it is. It
# knows no escapes in quotes, and some versions join blanks there and see comments.
fill_argument() {
	fill_get "$1" || return 0
	case $_value in
	*[!a-zA-Z0-9_./:@,+=%-]* | '') ;;
	*) return 0 ;;
	esac
	case $_value in
	*[\'\#[:cntrl:]]*) fill_split_argument ;;
	esac
	_value=$2\'$_value\'$2
}

fill_split_argument() {
	fill_replace \' "'\\''"
	fill_replace \# "'\\#'"
	# shellcheck disable=SC2154 # The script sets them.
	for _blank in "$_newline" "$_fill_tab" "$_fill_return" "$_fill_feed" "$_fill_vertical"; do
		case $_value in
		*"$_blank"*)
			replace "$_value" "$_blank" "'\\$_blank'"
			_value=$_replaced
			;;
		esac
	done
}

# fill_replace CHARACTER TEXT: in `value`, each; in one go, as values may be long.
fill_replace() {
	case $_value in
	*"$1"*) ;;
	*) return 0 ;;
	esac
	_fill_to=$2
	set -f
	IFS=$1
	# shellcheck disable=SC2086 # The . makes that an end is no end of a field.
	set -- $_value.
	unset IFS # also where nothing had set it: an empty one would split nothing from here on
	set +f
	_value='' _piece=$1 _fields=0
	shift
	for _field in "$@"; do
		_piece=$_piece$_fill_to$_field
		_fields=$((_fields + 1))
		if [ "$_fields" -eq 64 ]; then
			_value=$_value$_piece _piece='' _fields=0
		fi
	done
	_value=$_value$_piece
	_value=${_value%.}
}

# --- Is a value one Erlang term, and no more than that?

fill_term() {
	fill_get "$1" && fill_need_utf8 "$1" || return 0
	if [ "${#_value}" -gt 16384 ]; then
		fill_fault "$1" "is longer than the 16384 bytes that a term may have; put it into quotes in the template"
	elif ! is_term; then
		fill_fault "$1" "is not one Erlang term (such as 8080, true, \"text\" or {127,0,0,1})"
	fi
}

# `brackets` are those that are open, the inner one first: of a tuple, list, map or binary; c is the
# tail of a list, v the value of a key. `wanted` is what may come: term, first (or the end of what
# has just been opened), rest (more, or the end).
is_term() {
	_rest=$_value _brackets='' _inner='' _wanted=term
	while :; do
		_rest=${_rest#"${_rest%%[![:space:]]*}"}
		if [ "$_wanted" != rest ]; then
			begin_term || return 1
		elif [ -n "$_inner" ]; then
			go_on || return 1
		else
			[ -z "$_rest" ]
			return
		fi
		[ "${#_brackets}" -le 200 ] || return 1
		_inner=${_brackets%"${_brackets#?}"}
	done
}

# skip TEXT: what `rest` begins with.
skip() {
	_rest=${_rest#"$1"}
}

open_bracket() {
	_brackets=$1$_brackets _wanted=first
	skip "$2"
}

close_bracket() {
	_brackets=${_brackets#?} _wanted=rest
	skip "$1"
}

begin_term() {
	case $_wanted/$_inner/$_rest in
	first/[tm]/\}*)
		close_bracket \}
		return
		;;
	first/l/\]*)
		close_bracket ']'
		return
		;;
	first/b/'>>'*)
		close_bracket '>>'
		return
		;;
	*/b/[0-9\"]*) ;;
	*/b/*) return 1 ;; # nothing else is part of a binary
	esac
	_wanted=rest
	case $_rest in
	\{*) open_bracket t \{ ;;
	\[*) open_bracket l \[ ;;
	'#{'*) open_bracket m '#{' ;;
	'<<'*) open_bracket b '<<' ;;
	\"*) skip_quoted \" ;;
	\'*) skip_quoted \' ;;
	[a-z]*) skip_word ;;
	[0-9]*) skip_number ;;
	[-+][0-9]*)
		_rest=${_rest#?}
		skip_number
		;;
	\$\\[nrtvbfesd\\\"\']*) _rest=${_rest#???} ;;
	'$'[!\\]*) _rest=${_rest#??} ;;
	*) return 1 ;;
	esac
}

go_on() {
	_wanted=term
	case $_inner/$_rest in
	[tlb]/,*) skip , ;;
	l/\|*)
		_brackets=c${_brackets#?}
		skip \|
		;;
	m/'=>'*)
		_brackets=v${_brackets#?}
		skip '=>'
		;;
	v/,*)
		_brackets=m${_brackets#?}
		skip ,
		;;
	[tv]/\}*) close_bracket \} ;;
	[lc]/\]*) close_bracket ']' ;;
	b/'>>'*) close_bracket '>>' ;;
	b/:[0-9]* | b/'/'[a-z]*)
		_rest=${_rest#?}
		skip "${_rest%%[!a-z0-9-]*}"
		_wanted=rest
		;;
	*) return 1 ;;
	esac
}

# skip_quoted QUOTE: \^ takes any character, a quote too, in some versions of OTP.
skip_quoted() {
	_rest=${_rest#?}
	while :; do
		case $1 in
		\") _chunk=${_rest%%[\"\\]*} ;;
		*) _chunk=${_rest%%[\'\\]*} ;;
		esac
		skip "$_chunk"
		case $_rest in
		'\^'*) return 1 ;;
		\\?*) _rest=${_rest#??} ;;
		"$1"*) break ;;
		*) return 1 ;;
		esac
	done
	_rest=${_rest#?}
	case $_rest in
	[\"\']*) return 1 ;;
	esac
}

skip_word() {
	_word=${_rest%%[!a-zA-Z0-9_@]*}
	skip "$_word"
	case $_word in
	after | and | andalso | band | begin | bnot | bor | bsl | bsr | bxor | case | catch | cond | div | end | fun | if | \
		let | not | of | or | orelse | receive | rem | try | when | xor) return 1 ;;
	esac
	[ "${#_word}" -le 255 ]
}

skip_number() {
	skip "${_rest%%[!0-9]*}"
	case $_rest in
	'#'[0-9a-zA-Z]*)
		_rest=${_rest#?}
		skip "${_rest%%[!0-9a-zA-Z]*}"
		;;
	.[0-9]*)
		_rest=${_rest#?}
		skip "${_rest%%[!0-9]*}"
		case $_rest in
		[eE][0-9]*) _rest=${_rest#?} ;;
		[eE][-+][0-9]*) _rest=${_rest#??} ;;
		esac
		skip "${_rest%%[!0-9]*}"
		;;
	esac
}

start_system "$@"
