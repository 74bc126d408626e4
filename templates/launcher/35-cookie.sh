
# --- Cookie ----------------------------------------------------------------------------------

# Sets cookie_home to a folder with the cookie in .erlang.cookie. VM and erl_call read it there
# if that is their HOME, so it appears in no command line.
find_cookie() {
	_cookie=${RELEASE_COOKIE:-}
	_cookie_home=$RELEASE_STATE_DIR
	if [ -z "$_cookie" ] && [ -n "${RELEASE_COOKIE_FILE:-}" ]; then
		[ -r "$RELEASE_COOKIE_FILE" ] ||
			fail 1 "cannot read '$RELEASE_COOKIE_FILE'; set RELEASE_COOKIE_FILE to a file that can be read"
		IFS= read -r _cookie <"$RELEASE_COOKIE_FILE" || :
		[ -n "$_cookie" ] || fail 1 "no cookie in the first line of $RELEASE_COOKIE_FILE"
	fi
	[ -z "$_cookie" ] || keep_cookie
}

# A cookie that was given is kept in the folder of the node, which is written when it changes.
keep_cookie() {
	_cookie_home=$_node_dir
	_kept=''
	if [ -r "$_node_dir/.erlang.cookie" ]; then
		IFS= read -r _kept <"$_node_dir/.erlang.cookie" || :
	fi
	[ "$_kept" != "$_cookie" ] || return 0
	make_node_dir || no_place
	(
		umask 077
		rm -f "$_node_dir/.cookie.$$"
		printf '%s\n' "$_cookie" >"$_node_dir/.cookie.$$"
		mv -f "$_node_dir/.cookie.$$" "$_node_dir/.erlang.cookie"
	) || fail 1 "cannot write the cookie to $_node_dir"
}

# The first start makes a cookie. Of several that start at once one creates the file, and the
# others wait until something is in it.
make_cookie() {
	_file=$_cookie_home/.erlang.cookie
	[ ! -s "$_file" ] || return 0
	command -v od >/dev/null || fail 1 "cannot make a cookie, as there is no od in PATH"
	_cookie=$(od -An -v -tx1 -N32 /dev/urandom)
	# shellcheck disable=SC2086 # od puts spaces between the bytes.
	join $_cookie
	[ "${#_joined}" -eq 64 ] || fail 1 "cannot make a cookie of what /dev/urandom gives"
	(umask 077 && set -C && printf '%s\n' "$_joined" >"$_file") 2>/dev/null || :
	wait_for_cookie
}

# Sets `joined` to the arguments, one after the other.
join() {
	_joined=''
	for _part in "$@"; do
		_joined=$_joined$_part
	done
}

wait_for_cookie() {
	_tries=50
	until [ -s "$_file" ]; do
		_tries=$((_tries - 1))
		[ "$_tries" -gt 0 ] || fail 1 "$_file is empty; remove it, and the next start makes a new one"
		pause
	done
}
