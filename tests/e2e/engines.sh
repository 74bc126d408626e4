#!/bin/sh
# engines.sh BEAMREL SOURCE_DIR
# engine.sh itself: what its engines do stays inside, and nothing of it is there when a script has ended, however that
# comes about.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"

fail() {
	echo "engines.sh: $*" >&2
	exit 1
}

# left FOLDER: what the machine still has of a script whose $engine was FOLDER.
left() {
	grep -F "$1" /proc/mounts || :
	find /sys/fs/cgroup -type d -path "*/${1##*/}*" || :
	for process in /proc/[0-9]*; do
		if { tr '\0' ' ' <"$process/cmdline" | grep -F "$1"; } 2>/dev/null; then echo "process ${process##*/}"; fi
	done
	[ ! -e "$1" ] || echo "folder $1"
}

case ${1-} in
inside) # FILE END: runs a container, says where, and ends as told
	engine_enter "$0" "$@"
	engine_docker
	engine_registry
	mkdir "$engine/root"
	cp /bin/busybox "$engine/root/busybox"
	tar -C "$engine/root" -c . | docker import - engines:1 >"$engine/id"
	docker network create other >"$engine/network"
	docker run --detach --name web --network other --publish 8080:80 engines:1 /busybox httpd -f -p 80 >"$engine/id"
	engine_until 100 curl --silent --output "$engine/answer" http://127.0.0.1:8080/ || engine_fail "no answer from a published port"
	docker exec web /busybox nslookup web | grep -q 'Address: 172' || engine_fail "no names on a network"
	docker tag engines:1 "$registry/engines:1"
	docker push --quiet "$registry/engines:1" >"$engine/pushed"
	docker save --output "$engine/saved.tar" engines:1
	podman load --quiet --input "$engine/saved.tar" >"$engine/id"
	[ "$(podman run --rm engines:1 /busybox echo ran)" = ran ] || engine_fail "podman does not run"
	skopeo copy --quiet "docker-archive:$engine/saved.tar" "oci:$engine/layout:1"
	layout_tree "$engine/layout" 1 "$engine/unpacked"
	cmp /bin/busybox "$engine/unpacked/rootfs/busybox"
	# Named by no setting of ours; their names are made of the engine's.
	find /run/containerd/s -type s >"$2.shims"
	[ -s "$2.shims" ] || engine_fail "the sockets of containerd's shims are elsewhere"
	echo "$engine" >"$2.new"
	mv "$2.new" "$2"
	[ "$3" != wait ] || sleep 60
	exit "$3"
	;;
esac

if [ "$(id -u)" -ne 0 ]; then engine_fail "container engines need root: run this test as root"; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

inside() { # END STATUS
	rm -f "$work/where"
	status=0
	"$0" inside "$work/where" "$1" >"$work/log" 2>&1 || status=$?
	if [ ! -e "$work/where" ] || [ "$status" -ne "$2" ]; then
		cat "$work/log" >&2
		fail "ended with $status, not $2"
	fi
}

nothing_left() {
	while read -r path; do
		[ ! -e "$path" ] || fail "$1 has left $path among the things of the machine's own engines"
	done <"$work/where.shims"
	rest=$(left "$(cat "$work/where")")
	[ -z "$rest" ] || fail "$1 has left behind: $rest"
}

inside 0 0
nothing_left "a script that succeeds"
inside 3 3
nothing_left "a script that fails"
rm -f "$work/where"
"$0" inside "$work/where" wait >"$work/log" 2>&1 &
pid=$!
engine_until 600 test -e "$work/where" || {
	cat "$work/log" >&2
	fail "does not start"
}
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
[ "$status" -eq 143 ] || fail "killed, it ended with $status"
nothing_left "a script that is killed"
echo "engines.sh: ok"
