#!/bin/sh
# image_push.sh SKOPEO LAYOUT TAGS OPTION...: pushes the image in the OCI layout folder LAYOUT, all its platforms, to each of the names
# in the file TAGS, one a line; bytes and digests stay as they are, and what the registry has is not sent. OPTIONs are those of
# `skopeo copy`, such as --dest-tls-verify=false or --authfile; without, skopeo looks for credentials where it always does.
set -eu
skopeo=$1 layout=$2 tags=$3
shift 3

fail() {
	echo "image-push: $*" >&2
	exit 1
}

case $skopeo in
'' | *-NOTFOUND) fail "skopeo was not found. Install it, or set BeamRelease_SKOPEO (BEAM_SKOPEO in a Makefile)" ;;
esac
grep -q . "$tags" || fail "the image has no name to be pushed to. Name its registries in TAGS (image.tags in a Makefile), as in \
registry.example.org/shop:1.4.0"
# By its folder's name alone: a colon in the path would be taken for the one before a reference.
tags=$(cd "$(dirname "$tags")" && pwd)/$(basename "$tags")
cd "$layout/.."
while read -r tag; do
	[ -n "$tag" ] || continue
	"$skopeo" copy --quiet --all --preserve-digests "$@" "oci:${layout##*/}" "docker://$tag" </dev/null || fail "$tag was not pushed. \
'skopeo login' keeps credentials; for a registry without TLS set BeamRelease_PUSH_OPTIONS (BEAM_PUSH_OPTIONS in a Makefile) to \
--dest-tls-verify=false"
	echo "pushed $tag"
done <"$tags"
