#!/bin/sh
# upgrade.sh BEAMREL SOURCE_DIR VERSION
# Three versions of a release of OTP VERSION (23, 25, 27, 29), packed on this machine; that OTP's own release_handler takes
# the packages, up and down, without our launcher, and its systools says what the relups must be.
set -eu
beamrel=$1 source=$2 version=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
run=$here/../otp/run
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

cp -R "$here/upgrade/." "$work"
"$run" "$version" "$work" sh ./build.sh
outside=$("$source/scripts/otp-root" "$version")
otp=${outside%/}$(cat "$work/inside")

pack() { # COMMAND RELEASE [OPTION...]
	command=$1 release=$2
	shift 2
	printf 'release:\n  name: tally\n  version: %s\n  otp: %s\n  paths: [lib-%s]\n  applications: [tally, sasl]\n' \
		"$release" "$otp" "$release" >"$work/$release.yaml"
	printf 'upgrade:\n  appups: appup-%s\n' "$release" >>"$work/$release.yaml"
	"$beamrel" "$command" --spec "$work/$release.yaml" --output "$work/tally-$release.tar.gz" "$@"
}
pack pack 1.0
pack upgrade 1.1 --from "$work/tally-1.0.tar.gz"
# 1.1 is an upgrade package itself
pack upgrade 2.0 --from "$work/tally-1.0.tar.gz" "$work/tally-1.1.tar.gz"
"$run" "$version" "$work" sh ./inside.sh "$version"
echo "upgrade.sh: OTP $version: ok"
