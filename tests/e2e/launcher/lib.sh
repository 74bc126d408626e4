# shellcheck shell=sh
# What the tests of the launcher share. $LAUNCHER_RELEASE is a release made by
# make_release.escript, $LAUNCHER_SHELL the shell that the launcher shall run in, as in "#!".

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"

unset HOOK_EVENT ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS
for variable in $(env | sed -n 's/^\(RELEASE_[A-Z_]*\)=.*/\1/p'); do
	unset "$variable"
done

# give_release FOLDER [RELEASE]: a copy with hard links, whose launcher runs in the wanted shell.
give_release() {
	mkdir -p "$1"
	cp -al "${2:-$LAUNCHER_RELEASE}/." "$1"
	rm -r "$1/bin/tiny" "$1/releases"
	{
		echo "#!${LAUNCHER_SHELL:-/bin/sh}"
		sed 1d "${2:-$LAUNCHER_RELEASE}/bin/tiny"
	} >"$1/bin/tiny"
	chmod 755 "$1/bin/tiny"
	cp -r "${2:-$LAUNCHER_RELEASE}/releases" "$1/releases"
	tiny=$PWD/$1/bin/tiny
}

# start_tiny ARGUMENT...: in the background; $node is its process.
start_tiny() {
	"$tiny" start "$@" >start.out 2>start.err &
	node=$!
	remember "$node"
}

start_and_wait() {
	start_tiny "$@"
	within 20 "$tiny" ping
}

# shellcheck disable=SC2034 # The tests read `status`.
# finish: waits for $node; its status is in $status then.
finish() {
	within 40 has_ended "$node"
	wait "$node" && status=0 || status=$?
}

# has_ended PID: gone, or waited for by nobody yet.
has_ended() {
	! kill -0 "$1" || grep -q '^State:.Z' "/proc/$1/status"
}

# add_hook EVENT NAME TEXT: a hook that is this shell script; call it after give_release.
add_hook() {
	folder=${tiny%/bin/tiny}/releases/1.0.0/hooks/$1.d
	mkdir -p "$folder"
	printf '#!/bin/sh\n%s\n' "$3" >"$folder/$2"
	chmod 755 "$folder/$2"
}

policy() {
	echo "$*" >>"${tiny%/bin/tiny}/releases/1.0.0/hooks/policy"
}

# arguments PID: the argv of a process, one a line.
arguments() {
	tr '\0' '\n' <"/proc/$1/cmdline"
}

# Addresses and ports on which process $1 listens: hexadecimal, as in /proc/net/tcp and tcp6.
listening() {
	for descriptor in "/proc/$1/fd/"*; do
		case $(readlink "$descriptor") in
		socket:*)
			inode=$(readlink "$descriptor" | tr -cd 0-9)
			awk -v inode="$inode" '$10 == inode && $4 == "0A" {print $2}' /proc/net/tcp /proc/net/tcp6
			;;
		esac
	done
}
