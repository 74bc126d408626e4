#!/bin/sh
# pre_start: refuse to start without room for the number.
set -eu

dir=${RELEASE_STATE_DIR:-}
[ -n "$dir" ] && [ -d "$dir" ] || exit 0

free=$(df -Pk "$dir" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt 64 ]; then
	echo "check_disk: $dir has $free KiB free, 64 are needed" >&2
	exit 1
fi
