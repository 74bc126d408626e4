#!/bin/sh
# context_builder.sh BEAMREL SOURCE_DIR PREFIX
# What docs/migration/from-docker.md says of projects that are compiled inside an image, its files and its commands: with
# BuildKit and the classic builder, without a network, on a Debian with another Erlang. PREFIX: where BeamRelease is installed.
set -eu
source=$2 prefix=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
root=$("$source/scripts/otp-root" 27)
engine_enter "$0" "$@"
page=$source/docs/migration/from-docker.md

block() { # NAME: the block of code behind the line that begins with `NAME`
	awk -v name="\`$1\`" 'index($0, name) == 1 { found = 1 } found && /^```/ { if (inside) exit; inside = 1; next } inside' "$page"
}

mkdir -p "$engine/project/hello/src"
cd "$engine/project"
for file in hello/src/hello.erl hello/CMakeLists.txt hello/Dockerfile.builder; do
	block "$file" >found
	mv found "$file"
	[ -s "$file" ] || engine_fail "the page has no $file"
done

engine_docker
tar -C "$root" --one-file-system --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./var \
	--exclude=./usr/lib/elixir --exclude=./proc --exclude=./sys --exclude=./dev -c . | docker import - erlang >id
mkdir builder
cp -R "$prefix" builder/prefix
printf 'FROM erlang\nCOPY prefix /usr/local\n' >builder/Dockerfile
docker build --quiet --tag builder builder >id

ended() { # told to, until it does
	docker kill --signal TERM hello || :
	[ "$(docker inspect --format '{{.State.Running}}' hello)" = false ]
}

check() { # BUILDER: the image that it has made
	docker export "$(docker create example/hello:1.0.0)" | TZ=UTC tar --numeric-owner -tvf - >files
	grep -q '^drwxr-xr-x 0/0 .* 1980-01-01 00:00 app/lib/hello-1.0.0/$' files || {
		head -20 files
		engine_fail "$1: a folder has another time"
	}
	[ "$(docker inspect --format '{{.Config.User}} {{len .RootFS.Layers}}' example/hello:1.0.0)" = "10001:10001 4" ] ||
		engine_fail "$1: another user, or not a layer for each tar"
	docker run --detach --name hello --network none --read-only --tmpfs /tmp --cap-drop ALL example/hello:1.0.0 >id
	# A first process that does not listen yet gets no signal.
	engine_until 600 ended ||
		engine_fail "$1: it does not stop"
	[ "$(docker inspect --format '{{.State.ExitCode}}' hello)" = 0 ] || engine_fail "$1: it does not run"
	docker rm hello >id
	docker rmi --force example/hello:1.0.0 >id
	echo "$1: built and run"
}

follow() { # BUILDER FIRST LAST: the page's lines from one to the other
	awk -v first="    $2" -v last="$3" 'index($0, first) == 1 { on = 1 } on; on && index($0, last) { exit }' "$page" |
		sed 's/docker build /&--network none /g' >commands
	[ -s commands ] || engine_fail "the page has no such commands: $2"
	sh -eu commands >log 2>&1 || {
		cat log
		engine_fail "$1: these commands of the page fail"
	}
}
follow BuildKit DOCKER_BUILDKIT=1 'hello:1.0.0 -'
check BuildKit
# The first build is BuildKit's alone, whose steps the classic one does not know.
follow "the classic builder" 'docker build --file' 'docker rm hello-context'
check "the classic builder"
