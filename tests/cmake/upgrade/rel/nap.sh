#!/bin/sh
# Leaves a program of the release that runs on.
cp /bin/sleep "$RELEASE_ROOT/bin/nap"
"$RELEASE_ROOT/bin/nap" 600 &
: >"$REHEARSE_READY"
trap 'exit 0' TERM
while :; do
	sleep 0.1
done
