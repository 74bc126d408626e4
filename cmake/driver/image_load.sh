#!/bin/sh
# image_load.sh ENGINE LAYOUT TAGS: gives the image in the OCI layout folder LAYOUT to docker or podman, under the names in the file
# TAGS, one a line. Only what the engine has not is sent:
#
#   docker   nothing when it has the image; else the layers behind those that one of its images begins with, too. `docker load`
#            does not look at the file of a layer that it knows by its chain of layers, so the archive need not have it.
#   podman   reads the layout itself, and copies the layers that it has not; a podman that is on another machine gets all.
set -eu
engine=$1 layout=$2 tags=$3
scripts=$(dirname "$0")

fail() {
	echo "image-load: $*" >&2
	exit 1
}

case $engine in
'' | *-NOTFOUND) fail "neither docker nor podman was found. Install one of them, or set BeamRelease_ENGINE (BEAM_ENGINE in a Makefile)" ;;
esac
command -v "$engine" >/dev/null ||
	fail "there is no program $engine. Install it, or set BeamRelease_ENGINE (BEAM_ENGINE in a Makefile) to docker or podman"
kind=docker
case $("$engine" --version) in *podman*) kind=podman ;; esac

work=$(mktemp -d "$layout.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

flat() {
	LC_ALL=C awk -f "$scripts/json.awk" "$1"
}
blob() {
	echo "$layout/blobs/sha256/${1#sha256:}"
}
# value KEY FILE: of a file of flat()
value() {
	LC_ALL=C awk -F '\t' -v key="$1" '$1 == key { print $2; exit }' "$2"
}

# The manifest's digest; of several platforms that of the engine's.
find_manifest() {
	flat "$layout/index.json" >"$work/index"
	manifest=$(value manifests.0.digest "$work/index")
	flat "$(blob "$manifest")" >"$work/manifest"
	[ -z "$(value manifests.0.digest "$work/manifest")" ] && return
	if [ $kind = docker ]; then
		platform=$("$engine" version --format '{{.Server.Os}}/{{.Server.Arch}}')
	else
		platform=$("$engine" info --format '{{.Host.OS}}/{{.Host.Arch}}')
	fi
	manifest=$(LC_ALL=C awk -F '\t' -v wanted="$platform" '
		{ n = $1; sub(/^manifests\./, "", n); sub(/\..*/, "", n) }
		$1 ~ /^manifests\.[0-9]+\.digest$/ { digest[n] = $2 }
		$1 ~ /\.platform\.os$/ { os[n] = $2 }
		$1 ~ /\.platform\.architecture$/ { architecture[n] = $2 }
		END { for (n = 0; n in digest; n++) if (os[n] "/" architecture[n] == wanted) { print digest[n]; exit } }' "$work/manifest")
	[ -n "$manifest" ] || fail "the image has no platform $platform, which is that of $engine"
	flat "$(blob "$manifest")" >"$work/manifest"
}

# has_image ID: and gives it its names.
has_image() {
	"$engine" image inspect "$1" >"$work/found" 2>&1 || return 1
	while read -r tag; do
		[ -z "$tag" ] || "$engine" tag "$1" "$(canonical "$tag")"
	done <"$tags"
}

# How many of our layers an image of the engine begins with: the most of all its images.
known_layers() {
	"$engine" images --all --quiet --no-trunc >"$work/all" ||
		fail "$engine does not answer, as it says above. Start its daemon, set DOCKER_HOST, or name another program" \
			"in BeamRelease_ENGINE (BEAM_ENGINE in a Makefile); the target image needs none"
	sort -u "$work/all" >"$work/ids"
	[ -s "$work/ids" ] || { echo 0; return; }
	# shellcheck disable=SC2046 # digests
	"$engine" image inspect --format '{{range .RootFS.Layers}}{{.}} {{end}}' $(cat "$work/ids") 2>"$work/errors" |
		LC_ALL=C awk -v ours="$diff_ids" '
			BEGIN { n = split(ours, our, " ") }
			{ for (i = 1; i <= n && $i == our[i]; i++) ; if (i - 1 > most) most = i - 1 }
			END { print most + 0 }'
}

# canonical NAME: as engines spell it out.
canonical() {
	case $1 in
	*/*) ;;
	*) set -- "library/$1" ;;
	esac
	case ${1%%/*} in
	*[.:A-Z]* | localhost) ;;
	*) set -- "docker.io/$1" ;;
	esac
	case ${1##*/} in
	*:*) ;;
	*) set -- "$1:latest" ;;
	esac
	echo "$1"
}

# docker_archive N: what `docker load` reads, without the first N layers.
docker_archive() {
	rm -rf "$work/archive"
	mkdir -p "$work/archive/blobs/sha256"
	names='' number=0 layers=''
	while read -r tag; do
		[ -z "$tag" ] || names="$names,\"$(canonical "$tag")\""
	done <"$tags"
	ln -s "$(blob "$config")" "$work/archive/blobs/sha256/${config#sha256:}"
	for digest in $digests; do
		layers="$layers,\"blobs/sha256/${digest#sha256:}\""
		number=$((number + 1))
		# One that is there twice need not be sent twice.
		if [ "$number" -gt "$1" ] && ! [ -e "$work/archive/blobs/sha256/${digest#sha256:}" ]; then
			ln -s "$(blob "$digest")" "$work/archive/blobs/sha256/${digest#sha256:}"
		fi
	done
	printf '[{"Config":"%s","Layers":[%s],"RepoTags":[%s]}]' \
		"blobs/sha256/${config#sha256:}" "${layers#,}" "${names#,}" >"$work/archive/manifest.json"
	# Docker with containerd's store reads the other half of the archive, which must be whole.
	[ "$1" -gt 0 ] || for file in oci-layout index.json; do ln -s "$layout/$file" "$work/archive/$file"; done
	[ "$1" -gt 0 ] || ln -sf "$(blob "$manifest")" "$work/archive/blobs/sha256/${manifest#sha256:}"
	tar -C "$work/archive" -chf "$work/image.tar" .
	echo "image-load: $number layers, $1 of which $engine has; sending $(wc -c <"$work/image.tar") bytes" >&2
}

load_docker() {
	known=$(known_layers)
	docker_archive "$known"
	if ! "$engine" load --quiet --input "$work/image.tar"; then
		[ "$known" -gt 0 ] || exit 1
		# A layer was removed meanwhile, or the engine keeps its layers in another way.
		echo "image-load: once more, with all layers" >&2
		docker_archive 0
		"$engine" load --quiet --input "$work/image.tar"
	fi
}

load_podman() {
	# By its folder's name alone: a colon in the path would be taken for the one before a reference.
	if (cd "$layout/.." && "$engine" pull --quiet "oci:${layout##*/}") >"$work/id" 2>"$work/errors"; then
		id=$(tail -n 1 "$work/id")
		has_image "$id" || fail "$engine has not kept the image $id"
		# Its own name for an image that comes from a folder.
		! grep -q . "$tags" || "$engine" untag "$id" "localhost/${layout##*/}" >"$work/found" 2>&1 || :
		while read -r tag; do
			[ -z "$tag" ] || echo "Loaded image: $(canonical "$tag")"
		done <"$tags"
		return
	fi
	cat "$work/errors" >&2
	echo "image-load: $engine cannot read $layout; sending all of it" >&2
	docker_archive 0
	"$engine" load --quiet --input "$work/image.tar"
}

find_manifest
config=$(value config.digest "$work/manifest")
digests=$(LC_ALL=C awk -F '\t' '$1 ~ /^layers\.[0-9]+\.digest$/ { print $2 }' "$work/manifest")
diff_ids=$(flat "$(blob "$config")" | LC_ALL=C awk -F '\t' '$1 ~ /^rootfs\.diff_ids\./ { printf "%s ", $2 }')
if has_image "$config" || { [ $kind = docker ] && has_image "$manifest"; }; then
	echo "image-load: $engine has the image already; nothing is sent" >&2
	exit 0
fi
load_$kind
