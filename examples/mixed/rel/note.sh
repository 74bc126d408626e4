#!/bin/sh
# post_start, post_stop
set -eu

[ -n "${RELEASE_STATE_DIR:-}" ] || exit 0
echo "${RELEASE_HOOK:-$0} $RELEASE_NAME $RELEASE_VSN" >>"$RELEASE_STATE_DIR/events.log"
