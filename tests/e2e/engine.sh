# shellcheck shell=sh
# What tests with container engines share: one dockerd, one registry, podman, buildah, umoci and skopeo, all of
# them with nothing of the machine's own state: folders, settings, processes, mounts and networks are the test's.
#
#	#!/bin/sh
#	set -eu
#	here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
#	# shellcheck source=tests/e2e/engine.sh
#	. "$here/engine.sh"
#	engine_enter "$0" "$@"
#	engine_docker
#	docker load --input x.tar
#
# engine_enter runs the script once more in name spaces for mounts, processes and network, whose first process is tini.
# When the script ends, or is killed, the kernel takes all that ran and all that was mounted there; nothing that a
# dockerd leaves behind (bridges, rules of iptables, containerd and its shims) reaches the machine, and any number of
# such tests can run beside each other and beside the machine's own engines. There is no way out: what a test needs
# from the network (scripts/otp-root) is fetched before engine_enter.
#
# Set after engine_enter:  $engine  a folder of the test's own, removed at the end; owner root, mode 755
# Tests that start a dockerd still share the RESOURCE_LOCK `docker`, because they load the machine.

# engine_fail TEXT...: with what dockerd said last, when one runs.
engine_fail() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	if [ -n "${engine:-}" ] && [ -f "$engine/dockerd.log" ]; then
		echo '--- what dockerd complains of' >&2
		grep -E 'level=(error|fatal)|^[^t]' "$engine/dockerd.log" | tail -n 10 >&2
	fi
	exit 1
}

# engine_enter SCRIPT ARGUMENT...: returns only inside; outside it ends with the script's exit status.
engine_enter() {
	# Debian's engines, whatever else is installed.
	PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
	export PATH
	if [ -n "${BEAMRELEASE_ENGINE:-}" ]; then
		engine=$BEAMRELEASE_ENGINE
		engine_settings
		return
	fi
	[ "$(id -u)" -eq 0 ] || engine_fail "container engines need root: run this test as root"
	for engine_program in unshare ip tini dockerd docker docker-registry containerd runc podman buildah skopeo umoci python3; do
		command -v "$engine_program" >/dev/null || engine_fail "there is no $engine_program here: run scripts/setup"
	done
	unshare --mount --net --pid --fork true || engine_fail "no name spaces of its own: run this test where root may make them"
	engine_inside=
	engine=$(mktemp -d "${TMPDIR:-/tmp}/engine.XXXXXX")
	chmod 755 "$engine"
	trap 'engine_leave' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# In the background, so that a signal is heard at once.
	BEAMRELEASE_ENGINE=$engine setpriv --pdeathsig KILL unshare --mount --net --pid --fork --kill-child --mount-proc tini -- "$@" &
	engine_inside=$!
	engine_status=0
	wait "$engine_inside" || engine_status=$?
	engine_inside=
	exit "$engine_status"
}

# Outside, at the end, which may be a signal.
engine_leave() {
	engine_status=$?
	trap - EXIT
	# unshare ends after tini, and tini after all others.
	[ -z "$engine_inside" ] || {
		ps -o pid= --ppid "$engine_inside" | xargs -r kill -KILL 2>/dev/null || :
		wait "$engine_inside" 2>/dev/null || :
	}
	# What died without its daemon has left control groups behind, which are empty now.
	find /sys/fs/cgroup -depth -type d -path "*/${engine##*/}*" -exec rmdir {} + 2>/dev/null || :
	rm -rf --one-file-system "$engine" || {
		sleep 1 # a mount of the name spaces may take a moment to go
		rm -rf --one-file-system "$engine"
	}
	exit "$engine_status"
}

# Nothing from the user's home or the machine's settings, no proxy.
engine_settings() {
	unset DOCKER_CONTEXT DOCKER_BUILDKIT DOCKER_DEFAULT_PLATFORM BUILDAH_ISOLATION http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
	mkdir -p "$engine/home/.docker" "$engine/run" "$engine/containers"
	# shellcheck disable=SC2174 # no parents are made
	mkdir -p -m 700 "$engine/run/user"
	export HOME="$engine/home" DOCKER_CONFIG="$engine/home/.docker" DOCKER_HOST="unix://$engine/run/docker.sock" \
		XDG_RUNTIME_DIR="$engine/run/user" CONTAINERS_STORAGE_CONF="$engine/containers/storage.conf" \
		CONTAINERS_CONF="$engine/containers/containers.conf" CONTAINERS_REGISTRIES_CONF="$engine/containers/registries.conf" \
		REGISTRY_AUTH_FILE="$engine/containers/auth.json"
	[ ! -e "$CONTAINERS_STORAGE_CONF" ] || return 0
	# Places that no setting moves: sockets of shims, what runc knows, locks and caches of podman.
	mount -t tmpfs tmpfs /run
	mount -t tmpfs tmpfs /dev/shm
	mkdir -p "$engine/containers/cache" /run/lock /var/lib/containers
	mount --bind "$engine/containers/cache" /var/lib/containers
	cat >"$CONTAINERS_STORAGE_CONF" <<-END
		[storage]
		driver = "vfs"
		graphroot = "$engine/containers/storage"
		runroot = "$engine/containers/run"
	END
	cat >"$CONTAINERS_CONF" <<-END
		[containers]
		netns = "host"
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		runtime = "runc"
		tmp_dir = "$engine/containers/tmp"
	END
	cat >"$CONTAINERS_REGISTRIES_CONF" <<-END
		[[registry]]
		location = "127.0.0.1:5000"
		insecure = true
	END
	echo '{}' >"$REGISTRY_AUTH_FILE"
	echo '{}' >"$engine/home/dockerd.json"
	# /etc/containers/policy.json, where tools look for it first.
	mkdir -p "$HOME/.config/containers"
	echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$HOME/.config/containers/policy.json"
	ip link set lo up
}

# engine_until TENTHS COMMAND...: until it succeeds.
engine_until() {
	engine_tries=$1
	shift
	until "$@" >/dev/null 2>&1; do
		engine_tries=$((engine_tries - 1))
		[ "$engine_tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# engine_docker [OPTION...]: a dockerd, as the client finds it ($DOCKER_HOST). A second call does nothing.
engine_docker() {
	[ ! -e "$engine/dockerd.pid" ] || return 0
	# Where the kernel lacks the rules, containers still reach each other and this script, by address.
	iptables --wait --table nat --list --numeric >/dev/null 2>&1 || set -- --iptables=false --ip6tables=false "$@"
	dockerd --config-file "$engine/home/dockerd.json" --data-root "$engine/docker" --exec-root "$engine/run/docker" \
		--host "$DOCKER_HOST" --pidfile "$engine/dockerd.pid" --cgroup-parent "/${engine##*/}" --shutdown-timeout 2 \
		--insecure-registry 127.0.0.1:5000 "$@" >"$engine/dockerd.log" 2>&1 &
	engine_dockerd=$!
	engine_until 600 engine_docker_answers
	docker version >/dev/null 2>&1 || engine_fail "dockerd does not start"
}

engine_docker_answers() { # or has ended
	docker version || ! kill -0 "$engine_dockerd"
}

# engine_docker_stop: it ends by itself with the test; a second one may be started then.
engine_docker_stop() {
	kill "$(cat "$engine/dockerd.pid")"
	wait "$engine_dockerd" || :
	rm -f "$engine/dockerd.pid"
}

# engine_registry: one without TLS at $registry, its blobs below $engine/registry. A second call does nothing.
engine_registry() {
	registry=127.0.0.1:5000
	[ ! -e "$engine/registry.yml" ] || return 0
	cat >"$engine/registry.yml" <<-END
		version: 0.1
		log: {level: warn, accesslog: {disabled: true}}
		storage: {filesystem: {rootdirectory: $engine/registry}, delete: {enabled: true}}
		http: {addr: '$registry'}
	END
	# To the registry every REGISTRY_* is a setting of its own.
	env -u REGISTRY_AUTH_FILE docker-registry serve "$engine/registry.yml" >"$engine/registry.log" 2>&1 &
	engine_registry_process=$!
	engine_until 600 engine_registry_answers
	curl --silent --fail "http://$registry/v2/" >"$engine/registry.v2" || {
		cat "$engine/registry.log" >&2
		engine_fail "the registry does not start"
	}
}

engine_registry_answers() { # or has ended
	curl --silent --fail "http://$registry/v2/" || ! kill -0 "$engine_registry_process"
}

# json FILE EXPRESSION: what a Python expression makes of the document `it`; lists give a line an item, with keys sorted.
json() {
	python3 -c '
import json, sys
it = json.load(open(sys.argv[1]))
got = eval(sys.argv[2])
for one in got if isinstance(got, list) else [got]:
    print(one if isinstance(one, str) else json.dumps(one, sort_keys=True))' "$1" "$2"
}

# layout_digest LAYOUT: of its first manifest, or index.
layout_digest() {
	json "$1/index.json" 'it["manifests"][0]["digest"]'
}

# layout_blob LAYOUT DIGEST: the file.
layout_blob() {
	echo "$1/blobs/sha256/${2#sha256:}"
}

# layout_config LAYOUT: the file with the config of its first manifest.
layout_config() {
	layout_blob "$1" "$(json "$(layout_blob "$1" "$(layout_digest "$1")")" 'it["config"]["digest"]')"
}

# layout_tree LAYOUT TAG DIR: what its layers give, unpacked by umoci in DIR/rootfs.
layout_tree() {
	umoci unpack --image "$1:$2" "$3" >"$3.log" 2>&1 || {
		cat "$3.log" >&2
		engine_fail "umoci does not take $1"
	}
}

# tree_list DIR: a line an entry, sorted: path, kind, mode, owner, time, and content or target.
tree_list() {
	(
		cd "$1" || exit 1
		find . -mindepth 1 -printf '%P\t%y\t%m\t%U:%G\t%T@\t%l\n' | sed 's/\.0*\t/\t/' | LC_ALL=C sort
		echo
		find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
	)
}
