#!/bin/sh
# post_start: the applications are up.
set -eu

[ -n "${RELEASE_STATE_DIR:-}" ] || exit 0
echo "started $RELEASE_NAME $RELEASE_VSN" >>"$RELEASE_STATE_DIR/events.log"
