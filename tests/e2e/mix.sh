#!/bin/sh
# mix.sh BEAMREL SOURCE_DIR PREFIX VERSION
# Releases of mix projects, made by BUILDER mix, are those that `mix release` makes. With the Elixir of the Debian release
# that carries OTP VERSION.
set -eu
beamrel=$1 source=$2 prefix=$3 version=$4
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
cp -R "$here/mix" "$work/projects"
cp -R "$source/examples/elixir" "$source/examples/umbrella" "$work/projects"
cp "$here/mix_inside.sh" "$work/inside.sh"
BEAMRELEASE_BIND="$prefix $(dirname "$beamrel")" "$here/../otp/run" "$version" "$work" \
	sh ./inside.sh "$beamrel" "$prefix" "$version"
