#!/bin/sh
# image_examples.sh BEAMREL SOURCE_DIR PREFIX
# The examples as their READMEs say: image-load gives them to docker, they answer on a read-only root, and stop with status 0.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
engine_enter "$0" "$@"
beamrel=$1 source=$2 prefix=$3
engine_docker

# try NAME PORT PATH ANSWER COMMAND ANSWER: the answers are patterns of grep.
try() {
	build="$engine/build $1"
	{
		cmake -S "$source/examples/$1" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
			-DBeamRelease_GENERATOR="$beamrel" -DBeamRelease_ENGINE=docker &&
			cmake --build "$build" --target image-load
	} >"$engine/build.log" 2>&1 || {
		cat "$engine/build.log" >&2
		engine_fail "$1 cannot be built and loaded"
	}
	image=$(sed -n 's/^Loaded image: //p' "$engine/build.log")
	options=$(sed -n "s,^    docker run --rm \(.*\) $image\$,\1,p" "$source/examples/$1/README.md")
	[ -n "$options" ] || engine_fail "the README of $1 does not run $image"
	# shellcheck disable=SC2086 # words
	container=$(docker run --detach --cap-drop ALL $options "$image")
	address=$(docker inspect --format '{{.NetworkSettings.IPAddress}}' "$container")
	engine_until 300 curl --silent --fail --output "$engine/answer" "http://$address:$2$3" || {
		docker logs "$container" >&2
		engine_fail "$1 does not answer"
	}
	grep -q "$4" "$engine/answer" || engine_fail "$1 answers: $(cat "$engine/answer")"
	# What docker asks from time to time.
	docker inspect "$container" >"$engine/inspected"
	healthy=$(json "$engine/inspected" '" ".join(it[0]["Config"]["Healthcheck"]["Test"][1:])')
	docker exec "$container" sh -c "$healthy" >"$engine/answer" 2>&1 || engine_fail "$1 is not healthy: $(cat "$engine/answer")"
	docker exec "$container" sh -c "$5" >"$engine/answer" 2>&1 || engine_fail "$1, $5: $(cat "$engine/answer")"
	grep -q "$6" "$engine/answer" || engine_fail "$1, $5, says: $(cat "$engine/answer")"
	docker stop --time 20 "$container" >"$engine/stopped"
	[ "$(docker inspect --format '{{.State.ExitCode}}' "$container")" = 0 ] || {
		docker logs "$container" >&2
		engine_fail "$1 does not stop with status 0"
	}
}
try counter 8080 /count '^0$' '/app/bin/counter ping && cat /data/events.log' started
try mixed 4003 /suggest/appel '^apple$' '/app/bin/spell suggest appel' '^apple '
