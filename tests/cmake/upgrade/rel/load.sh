#!/bin/sh
# Adds, one request after the other, and wants each sum to follow the one before.
set -u
ended=''
trap 'ended=yes' TERM
sum=$("$RELEASE_LAUNCHER" rpc tally add "[$TALLY_STEP]") || exit 1
: >"$REHEARSE_READY"
requests=1
while [ -z "$ended" ]; do
	next=$("$RELEASE_LAUNCHER" rpc tally add "[$TALLY_STEP]") || exit 1
	[ "$next" = "$((sum + 1))" ] || {
		echo "after $sum came $next"
		exit 1
	}
	sum=$next requests=$((requests + 1))
done
echo "$requests requests"
