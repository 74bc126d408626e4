#!/bin/sh
# The launcher of ${release_name}: starts, stops and questions the release; `help` lists the commands.
#
# POSIX sh. On the way to a running VM only builtins are used, besides one subshell; the first
# start makes its folder and cookie with one program each. Names in capitals are the environment
# that users, env.sh, hooks and the VM see; all else is private.

set -e

erts_included='${erts_included}'
stop_hooks='pre_stop post_stop'
newline='
'

# --- Speaking --------------------------------------------------------------------------------

say() {
	printf '%s\n' "$*"
}

warn() {
	printf '%s: %s\n' "${release_name}" "$*" >&2
}

# fail STATUS TEXT...: 1 it did not work, 2 it was asked for in a wrong way.
fail() {
	status=$1
	shift
	warn "$@"
	exit "$status"
}
