#!/bin/sh
# upgrade_protocols.sh BEAMREL SOURCE_DIR VERSION
# Two versions of a release with consolidated protocols of Elixir, where OTP VERSION is at home: after an upgrade by
# release_handler alone a protocol knows the structs of the new version, after the downgrade those of the old one.
set -eu
beamrel=$1 source=$2 version=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
run=$here/../otp/run
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

cp -R "$here/upgrade_protocols/." "$work"
"$run" "$version" "$work" sh ./build.sh
outside=$("$source/scripts/otp-root" "$version")
otp=${outside%/}$(cat "$work/otp") elixir=${outside%/}$(cat "$work/elixir_lib")

pack() { # COMMAND RELEASE [OPTION...]
	command=$1 release=$2
	shift 2
	cat >"$work/$release.yaml" <<-EOF
		release:
		  name: shapes
		  version: $release
		  otp: $otp
		  paths: [lib-$release, $elixir]
		  applications: [shapes, sasl]
		upgrade:
		  appups: appup
	EOF
	[ "$release" = 3.0 ] ||
		sed -i "s/^upgrade:/  elixir: {consolidated: consolidated-$release}\n&/" "$work/$release.yaml"
	"$beamrel" "$command" --quiet --spec "$work/$release.yaml" --output "$work/shapes-$release.tar.gz" "$@"
}
pack pack 1.0
pack upgrade 2.0 --from "$work/shapes-1.0.tar.gz"
# the same applications, without consolidated protocols
mv "$work/lib-2.0" "$work/lib-3.0"
pack upgrade 3.0 --from "$work/shapes-2.0.tar.gz"
"$run" "$version" "$work" sh ./inside.sh "$version"
echo "upgrade_protocols.sh: OTP $version: ok"
