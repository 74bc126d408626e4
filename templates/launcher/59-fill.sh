
# --- Templates of configuration --------------------------------------------------------------
#
# sys.config.src, vm.args.src, remote.vm.args.src: beamrel has made a script of each, NAME.sh. It calls fill_begin and then, for each variable, a
# function that knows how a value is written where the variable stands; each sets `value`. In the
# end the script sets `text`. Values may be secret: no message holds one.

# fill_write FILE TEXT: for its owner only.
fill_write() {
	old_umask=''
	while read -r key rest; do
		if [ "$key" = Umask: ]; then
			old_umask=$rest
			break
		fi
	done </proc/self/status 2>/dev/null || :
	[ -n "$old_umask" ] || old_umask=$(umask)
	umask 077
	printf '%s' "$2" 2>/dev/null >"$1" || fail 1 "cannot write $1, where the configuration made at start is kept"
	umask "$old_umask"
}

# fill_begin FILE NAME...: those without a default. All that are not set are told at once.
fill_begin() {
	fill_file=$1 missing=''
	shift
	for name in "$@"; do
		fill_is_set "$name" || missing="$missing $name"
	done
	[ -z "$missing" ] || {
		warn "$fill_file needs variables that are not set:$missing"
		fill_faults=yes
	}
}

fill_is_set() {
	if [ "$1" = LC_ALL ]; then
		[ -n "$had_locale" ]
	else
		eval "[ -n \"\${$1+yes}\" ]"
	fi
}

fill_get() {
	value=''
	fill_is_set "$1" || return 1
	if [ "$1" = LC_ALL ]; then
		value=$old_locale
	else
		eval "value=\$$1"
	fi
}

# fill_fault NAME WHAT: told once, however often the variable stands there.
fill_fault() {
	value=''
	case $fill_faults in
	*"$fill_file $1 $2$newline"*) return 0 ;;
	esac
	warn "the value of $1, for $fill_file, $2"
	fill_faults=$fill_faults"$fill_file $1 $2$newline"
}

# fill_default NAME TEXT [LENGTH]: false when the variable has a value that is not empty.
fill_default() {
	fill_get "$1" && [ -n "$value" ] && return 1
	value=$2
	[ -z "${3:-}" ] || take_room "$1" "$3" || :
}

fill_need_utf8() {
	case $value in
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
	value=${3:-}$value${4:-}
}

# fill_atom NAME: within single quotes; an atom has at most 255 characters, of which `room` are left.
fill_atom() {
	fill_get "$1" && fill_need_utf8 "$1" || return 0
	fill_count
	take_room "$1" "$count" || return 0
	fill_replace \\ \\\\
	fill_replace "'" "\\'"
}

# take_room NAME CHARACTERS
take_room() {
	room=$((room - $2))
	[ "$room" -ge 0 ] || fill_fault "$1" "makes an atom of more than 255 characters"
	[ "$room" -ge 0 ]
}

# Sets `count` to the characters of `value`, as far as they may be few enough for an atom.
fill_count() {
	count=${#value}
	if [ "$count" -le 255 ] || [ "$count" -gt 1020 ]; then
		case $value in
		*[![:print:][:cntrl:]]*) [ "$count" -le 1020 ] || return 0 ;;
		*) return 0 ;;
		esac
	fi
	rest=$value count=0
	while [ -n "$rest" ]; do
		fill_is_inner || count=$((count + 1))
		rest=${rest#?}
	done
}

# fill_word NAME any|letter|digit: part of a word without quotes, and what that may begin with.
fill_word() {
	fill_get "$1" || return 0
	case $2/$value in
	*/*[!a-zA-Z0-9_@]*) fill_fault "$1" "is part of a word and may have only letters, digits, _ and @" ;;
	letter/[!a-z]* | letter/) fill_fault "$1" "begins an atom and must begin with a small letter" ;;
	digit/[!0-9]* | digit/) fill_fault "$1" "is a number and must begin with a digit" ;;
	*) [ "${#value}" -le 255 ] || fill_fault "$1" "is part of a word and longer than 255 characters" ;;
	esac
}

# fill_argument NAME QUOTE: an argument or a part of one, which erlexec shall take as it is. It
# knows no escapes in quotes, and some versions join blanks there and see comments.
fill_argument() {
	fill_get "$1" || return 0
	case $value in
	*[!a-zA-Z0-9_./:@,+=%-]* | '') ;;
	*) return 0 ;;
	esac
	case $value in
	*[\'\#[:cntrl:]]*) fill_split_argument ;;
	esac
	value=$2\'$value\'$2
}

fill_split_argument() {
	fill_replace \' "'\\''"
	fill_replace \# "'\\#'"
	# shellcheck disable=SC2154 # The script sets them.
	for blank in "$newline" "$fill_tab" "$fill_return" "$fill_feed" "$fill_vertical"; do
		case $value in
		*"$blank"*)
			replace "$value" "$blank" "'\\$blank'"
			value=$replaced
			;;
		esac
	done
}

# fill_replace CHARACTER TEXT: in `value`, each; in one go, as values may be long.
fill_replace() {
	case $value in
	*"$1"*) ;;
	*) return 0 ;;
	esac
	fill_to=$2
	set -f
	IFS=$1
	# shellcheck disable=SC2086 # The . makes that an end is no end of a field.
	set -- $value.
	unset IFS # also where nothing had set it: an empty one would split nothing from here on
	set +f
	value='' piece=$1 fields=0
	shift
	for field in "$@"; do
		piece=$piece$fill_to$field
		fields=$((fields + 1))
		if [ "$fields" -eq 64 ]; then
			value=$value$piece piece='' fields=0
		fi
	done
	value=$value$piece
	value=${value%.}
}

# --- Is a value one Erlang term, and no more than that?

fill_term() {
	fill_get "$1" && fill_need_utf8 "$1" || return 0
	if [ "${#value}" -gt 16384 ]; then
		fill_fault "$1" "is longer than the 16384 bytes that a term may have; put it into quotes in the template"
	elif ! is_term; then
		fill_fault "$1" "is not one Erlang term (such as 8080, true, \"text\" or {127,0,0,1})"
	fi
}

# `brackets` are those that are open, the inner one first: of a tuple, list, map or binary; c is the
# tail of a list, v the value of a key. `wanted` is what may come: term, first (or the end of what
# has just been opened), rest (more, or the end).
is_term() {
	rest=$value brackets='' inner='' wanted=term
	while :; do
		rest=${rest#"${rest%%[![:space:]]*}"}
		if [ "$wanted" != rest ]; then
			begin_term || return 1
		elif [ -n "$inner" ]; then
			go_on || return 1
		else
			[ -z "$rest" ]
			return
		fi
		[ "${#brackets}" -le 200 ] || return 1
		inner=${brackets%"${brackets#?}"}
	done
}

# skip TEXT: what `rest` begins with.
skip() {
	rest=${rest#"$1"}
}

open_bracket() {
	brackets=$1$brackets wanted=first
	skip "$2"
}

close_bracket() {
	brackets=${brackets#?} wanted=rest
	skip "$1"
}

begin_term() {
	case $wanted/$inner/$rest in
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
	wanted=rest
	case $rest in
	\{*) open_bracket t \{ ;;
	\[*) open_bracket l \[ ;;
	'#{'*) open_bracket m '#{' ;;
	'<<'*) open_bracket b '<<' ;;
	\"*) skip_quoted \" ;;
	\'*) skip_quoted \' ;;
	[a-z]*) skip_word ;;
	[0-9]*) skip_number ;;
	[-+][0-9]*)
		rest=${rest#?}
		skip_number
		;;
	\$\\[nrtvbfesd\\\"\']*) rest=${rest#???} ;;
	'$'[!\\]*) rest=${rest#??} ;;
	*) return 1 ;;
	esac
}

go_on() {
	wanted=term
	case $inner/$rest in
	[tlb]/,*) skip , ;;
	l/\|*)
		brackets=c${brackets#?}
		skip \|
		;;
	m/'=>'*)
		brackets=v${brackets#?}
		skip '=>'
		;;
	v/,*)
		brackets=m${brackets#?}
		skip ,
		;;
	[tv]/\}*) close_bracket \} ;;
	[lc]/\]*) close_bracket ']' ;;
	b/'>>'*) close_bracket '>>' ;;
	b/:[0-9]* | b/'/'[a-z]*)
		rest=${rest#?}
		skip "${rest%%[!a-z0-9-]*}"
		wanted=rest
		;;
	*) return 1 ;;
	esac
}

# skip_quoted QUOTE: \^ takes any character, a quote too, in some versions of OTP.
skip_quoted() {
	rest=${rest#?}
	while :; do
		case $1 in
		\") chunk=${rest%%[\"\\]*} ;;
		*) chunk=${rest%%[\'\\]*} ;;
		esac
		skip "$chunk"
		case $rest in
		'\^'*) return 1 ;;
		\\?*) rest=${rest#??} ;;
		"$1"*) break ;;
		*) return 1 ;;
		esac
	done
	rest=${rest#?}
	case $rest in
	[\"\']*) return 1 ;;
	esac
}

skip_word() {
	word=${rest%%[!a-zA-Z0-9_@]*}
	skip "$word"
	case $word in
	after | and | andalso | band | begin | bnot | bor | bsl | bsr | bxor | case | catch | cond | div | end | fun | if | \
		let | not | of | or | orelse | receive | rem | try | when | xor) return 1 ;;
	esac
	[ "${#word}" -le 255 ]
}

skip_number() {
	skip "${rest%%[!0-9]*}"
	case $rest in
	'#'[0-9a-zA-Z]*)
		rest=${rest#?}
		skip "${rest%%[!0-9a-zA-Z]*}"
		;;
	.[0-9]*)
		rest=${rest#?}
		skip "${rest%%[!0-9]*}"
		case $rest in
		[eE][0-9]*) rest=${rest#?} ;;
		[eE][-+][0-9]*) rest=${rest#??} ;;
		esac
		skip "${rest%%[!0-9]*}"
		;;
	esac
}

start_system "$@"
