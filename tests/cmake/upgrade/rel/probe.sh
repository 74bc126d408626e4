#!/bin/sh
# The right code answers, and knows what was counted before; the variables are what the manual says.
set -eu
case $1 in
up) want=2 version=$REHEARSE_TO ;;
down) want=1 version=$REHEARSE_FROM ;;
esac
[ "$1/$2" = "$REHEARSE_DIRECTION/$version" ]
[ "$RELEASE_ROOT/bin/tally" = "$RELEASE_LAUNCHER" ] && [ "${PWD%/*}/root" = "$RELEASE_ROOT" ]
[ "$RELEASE_NODE/$RELEASE_DISTRIBUTION" = tally@127.0.0.1/local ]
[ "$TALLY_PORT" -gt 0 ]
got=$("$RELEASE_LAUNCHER" rpc tally version)
[ "$got" = "$want" ] || {
	echo "version $got of the code answers, not $want"
	exit 1
}
[ "$("$RELEASE_LAUNCHER" rpc tally value)" -gt 0 ]
