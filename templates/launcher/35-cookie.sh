
# --- Cookie ----------------------------------------------------------------------------------

# Sets cookie_home to a folder with the cookie in .erlang.cookie. VM and erl_call read it there
# if that is their HOME, so it appears in no command line.
find_cookie() {
	cookie=${RELEASE_COOKIE:-}
	cookie_home=$RELEASE_STATE_DIR
	if [ -z "$cookie" ] && [ -n "${RELEASE_COOKIE_FILE:-}" ]; then
		[ -r "$RELEASE_COOKIE_FILE" ] ||
			fail 1 "cannot read '$RELEASE_COOKIE_FILE'; set RELEASE_COOKIE_FILE to a file that can be read"
		IFS= read -r cookie <"$RELEASE_COOKIE_FILE" || :
		[ -n "$cookie" ] || fail 1 "no cookie in the first line of $RELEASE_COOKIE_FILE"
	fi
	[ -z "$cookie" ] || keep_cookie
}

# A cookie that was given is kept in the folder of the node, which is written when it changes.
keep_cookie() {
	cookie_home=$node_dir
	kept=''
	if [ -r "$node_dir/.erlang.cookie" ]; then
		IFS= read -r kept <"$node_dir/.erlang.cookie" || :
	fi
	[ "$kept" != "$cookie" ] || return 0
	make_node_dir || no_place
	(
		umask 077
		rm -f "$node_dir/.cookie.$$"
		printf '%s\n' "$cookie" >"$node_dir/.cookie.$$"
		mv -f "$node_dir/.cookie.$$" "$node_dir/.erlang.cookie"
	) || fail 1 "cannot write the cookie to $node_dir"
}

# The first start makes a cookie. Of several that start at once one creates the file, and the
# others wait until something is in it.
make_cookie() {
	file=$cookie_home/.erlang.cookie
	[ ! -s "$file" ] || return 0
	command -v od >/dev/null || fail 1 "cannot make a cookie, as there is no od in PATH"
	cookie=$(od -An -v -tx1 -N32 /dev/urandom)
	# shellcheck disable=SC2086 # od puts spaces between the bytes.
	join $cookie
	[ "${#joined}" -eq 64 ] || fail 1 "cannot make a cookie of what /dev/urandom gives"
	(umask 077 && set -C && printf '%s\n' "$joined" >"$file") 2>/dev/null || :
	wait_for_cookie
}

# Sets `joined` to the arguments, one after the other.
join() {
	joined=''
	for part in "$@"; do
		joined=$joined$part
	done
}

wait_for_cookie() {
	tries=50
	until [ -s "$file" ]; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail 1 "$file is empty; remove it, and the next start makes a new one"
		pause
	done
}
