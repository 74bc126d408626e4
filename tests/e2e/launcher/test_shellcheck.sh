#!/bin/sh
# The launcher as it stands in a release, and the default env.sh: clean under shellcheck, and
# understood by the shells that it is made for.

set -eu
launcher=$LAUNCHER_RELEASE/bin/tiny
shellcheck --shell=sh "$launcher" "$LAUNCHER_RELEASE/releases/1.0.0/env.sh"
dash -n "$launcher"
busybox ash -n "$launcher"
bash --posix -n "$launcher"
