#!/bin/sh
# image_targets.sh BEAMREL SOURCE_DIR PREFIX
# The targets image-load and image-push, of CMake and of Make, with a real dockerd, podman and registry: what arrives is the image,
# under all its names, and what the other side has is not sent again.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
engine_enter "$0" "$@"
beamrel=$1 scripts=$3/share/beamrelease/make/driver

fail() {
	engine_fail "$@"
}
equal() { # WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# ---- A project, for CMake and for Make.
registry=127.0.0.1:5000
mkdir -p "$engine/source/pic/src" "$engine/source/rel"
cd "$engine/source"
printf -- '-module(pic).\n-export([f/0]).\nf() -> 1.\n' >pic/src/pic.erl
cat >CMakeLists.txt <<-END
	cmake_minimum_required(VERSION 3.22)
	project(pic VERSION 1.0.0 LANGUAGES NONE)
	find_package(BeamRelease REQUIRED COMPONENTS Erlang)
	beam_add_application(pic SOURCE_DIR pic)
	beam_add_release(pic_release NAME pic APPLICATIONS pic)
	beam_add_image(pic_image RELEASE pic_release TAGS $registry/acme/pic:1.0.0 $registry/acme/pic:latest)
	beam_add_image(nameless RELEASE pic_release)
END
cat >Makefile <<-END
	BEAM_VERSION := 1.0.0
	BEAM_APPLICATIONS := pic
	BEAM_RELEASES := pic
	BEAM_IMAGES := pic
	pic.app.dir := pic
	pic.release.apps := pic
	pic.image.tags := $registry/acme/pic:1.0.0 $registry/acme/pic:latest
	include $3/share/beamrelease/make/beamrelease.mk
END
# A folder whose name has a colon and a space.
build="$engine/a:b c"
layout="$build/beam/Default/image/pic_image/layout"
configure() {
	cmake -S . -B "$build" -G Ninja -DCMAKE_PREFIX_PATH="$3" -DBeamRelease_GENERATOR="$beamrel" \
		-DBeamRelease_ENGINE="$1" -DBeamRelease_PUSH_OPTIONS="$2" >"$engine/configure.log" 2>&1 || {
		cat "$engine/configure.log" >&2
		fail "the project cannot be configured"
	}
}
build() { # TARGET: its output is $engine/build.log
	cmake --build "$build" --target "$1" >"$engine/build.log" 2>&1 || {
		cat "$engine/build.log" >&2
		fail "$1 failed"
	}
}
must_fail() { # TARGET TEXT
	! cmake --build "$build" --target "$1" >"$engine/build.log" 2>&1 || fail "$1 succeeded"
	grep -qF "$2" "$engine/build.log" || {
		cat "$engine/build.log" >&2
		fail "$1 does not say: $2"
	}
}
said() { # TEXT
	grep -qF "$1" "$engine/build.log" || {
		cat "$engine/build.log" >&2
		fail "the log does not say: $1"
	}
}
image_id() {
	echo "sha256:$(basename "$(layout_config "$layout")")"
}
diff_ids() {
	json "$(layout_config "$layout")" '" ".join(it["rootfs"]["diff_ids"])'
}
change() {
	printf -- '-module(pic).\n-export([f/0]).\nf() -> %s.\n' "$1" >pic/src/pic.erl
}
# has ENGINE NAME...: each is the image, complete.
has() {
	of=$1
	shift
	for name; do
		equal "$of: $name" "$(image_id)" "sha256:$("$of" image inspect --format '{{.Id}}' "$name" | sed 's/^sha256://')"
		equal "$of: layers" "$(diff_ids)" "$("$of" image inspect --format '{{range .RootFS.Layers}}{{.}} {{end}}' "$name" | sed 's/ $//')"
	done
}
configure docker --dest-tls-verify=false "$3"
must_fail pic_image-load "Start its daemon, set DOCKER_HOST, or name another program"
engine_docker

# ---- docker
names="$registry/acme/pic:1.0.0 $registry/acme/pic:latest"
build pic_image-load
layers=$(json "$(layout_config "$layout")" 'str(len(it["rootfs"]["diff_ids"]))')
said "image-load: $layers layers, 0 of which docker has"
# shellcheck disable=SC2086 # names
has docker $names
build pic_image-load
said "docker has the image already; nothing is sent"
change 2
build pic_image-load
sent=$(sed -n 's/.*; sending \([0-9]*\) bytes/\1/p' "$engine/build.log")
said ", $((layers - 2)) of which docker has"
all=$(du -bs "$layout/blobs" | cut -f 1)
[ "$((sent * 10))" -lt "$all" ] || fail "after a change $sent bytes of $all were sent"
# shellcheck disable=SC2086 # names
has docker $names
docker create --name made "$registry/acme/pic:latest" /x >"$engine/container"
docker export made | tar -t >"$engine/files"
grep -q '^app/lib/pic-1.0.0/ebin/pic.beam$' "$engine/files" || fail "docker's image has no pic.beam"
docker rm made >"$engine/container"
# A name that was taken away comes back without the image.
docker rmi "$registry/acme/pic:latest" >"$engine/removed"
build pic_image-load
said "nothing is sent"
has docker "$registry/acme/pic:latest"
# Nothing is known of an image whose layers docker has thrown away.
docker system prune --all --force >"$engine/pruned"
build pic_image-load
said ", 0 of which docker has"
build nameless-load
said "nothing is sent"
# A docker that takes whole archives only.
cat >"$engine/whole" <<-END
	#!/bin/sh
	case \$1 in load) tar -tf "\$4" | grep -q 'oci-layout$' || { echo "no such layer" >&2; exit 1; } ;; esac
	exec docker "\$@"
END
chmod +x "$engine/whole"
configure "$engine/whole" --dest-tls-verify=false "$3"
change 3
build pic_image-load
said "once more, with all layers"
# shellcheck disable=SC2086 # names
has docker $names
configure "" --dest-tls-verify=false "$3"
printf '' >"$engine/none"
! sh "$scripts/image_load.sh" "" "$layout" "$engine/none" >"$engine/build.log" 2>&1 || fail "without an engine it succeeds"
said "neither docker nor podman was found"
! sh "$scripts/image_load.sh" "$engine/no" "$layout" "$engine/none" >"$engine/build.log" 2>&1 || fail "an engine that is not there loads"
said "there is no program $engine/no"

# Of several platforms docker gets its own.
mkdir "$engine/several"
cp -r "$layout" "$engine/several/layout"
python3 - "$engine/several/layout" <<-'END'
	import hashlib, json, sys
	folder = sys.argv[1]
	def blob(data):
	    data = json.dumps(data).encode()
	    digest = hashlib.sha256(data).hexdigest()
	    open(f"{folder}/blobs/sha256/{digest}", "wb").write(data)
	    return {"digest": "sha256:" + digest, "size": len(data)}
	index = json.load(open(folder + "/index.json"))
	mine = index["manifests"][0]
	mine.pop("annotations", None)
	other = dict(mine, digest="sha256:" + "0" * 64)
	both = [dict(other, platform={"os": "linux", "architecture": "s390x"}), mine]
	media = "application/vnd.oci.image.index.v1+json"
	index["manifests"] = [dict(blob({"schemaVersion": 2, "mediaType": media, "manifests": both}), mediaType=media)]
	json.dump(index, open(folder + "/index.json", "w"))
END
docker system prune --all --force >"$engine/pruned"
printf '%s\n' several:1 localhost/untagged >"$engine/tags"
sh "$scripts/image_load.sh" docker "$engine/several/layout" "$engine/tags" >"$engine/build.log" 2>&1 || fail "several platforms: $(cat "$engine/build.log")"
has docker several:1 localhost/untagged:latest

# ---- podman: of the layers that it has it does not even read the file.
configure podman --dest-tls-verify=false "$3"
build pic_image-load
# shellcheck disable=SC2086 # names
has podman $names
! podman image exists localhost/layout || fail "podman keeps a name of its own"
build pic_image-load
said "podman has the image already; nothing is sent"
change 4
build pic_image
cp -r "$layout" "$engine/part"
rm "$engine/part/blobs/sha256/$(json "$(layout_blob "$layout" "$(layout_digest "$layout")")" 'it["layers"][0]["digest"]' | cut -c 8-)"
echo acme/pic >"$engine/tags"
sh "$scripts/image_load.sh" podman "$engine/part" "$engine/tags" >"$engine/build.log" 2>&1 || fail "podman reads layers that it has: $(cat "$engine/build.log")"
has podman docker.io/acme/pic:latest

# ---- The registry: bytes as they are, and no blob twice.
engine_registry
blobs() {
	find "$engine/registry/docker/registry/v2/blobs" -name data | wc -l
}
pushed() { # NAME...
	for name; do
		said "pushed $name"
		equal "$name" "$(cat "$layout/../digest")" "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$name")"
	done
}
build pic_image-push
# shellcheck disable=SC2086 # names
pushed $names
# Layers, config, manifest.
equal "blobs" $((layers + 2)) "$(blobs)"
change 5
build image
build pic_image-push
# shellcheck disable=SC2086 # names
pushed $names
more=$(blobs)
[ "$more" -le $((layers + 6)) ] || fail "a change sent $((more - layers - 2)) blobs"
docker pull --quiet "$registry/acme/pic:latest" >"$engine/pulled"
has docker "$registry/acme/pic:latest"
must_fail nameless-push "the image has no name to be pushed to"
! sh "$scripts/image_push.sh" "" "$layout" "$engine/tags" >"$engine/build.log" 2>&1 || fail "without skopeo it succeeds"
said "skopeo was not found"

# ---- Make, the same.
layout="$engine/source/_beam/image/pic/layout"
make_must() {
	make BEAMREL="$beamrel" "$@" >"$engine/build.log" 2>&1 || {
		cat "$engine/build.log" >&2
		fail "make $* failed"
	}
}
change 6
make_must image-load BEAM_ENGINE=podman
# shellcheck disable=SC2086 # names
has podman $names
make_must image-load
# shellcheck disable=SC2086 # names
has docker $names
make_must image-push BEAM_PUSH_OPTIONS=--dest-tls-verify=false
# shellcheck disable=SC2086 # names
pushed $names
! make BEAMREL="$beamrel" image-push BEAM_SKOPEO=skopeo-that-is-not-there >"$engine/build.log" 2>&1 || fail "make without skopeo succeeds"
said "skopeo was not found"
