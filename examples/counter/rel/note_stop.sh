#!/bin/sh
# post_stop: the virtual machine has ended.
set -eu

[ -n "${RELEASE_STATE_DIR:-}" ] || exit 0
echo "stopped $RELEASE_NAME $RELEASE_VSN" >>"$RELEASE_STATE_DIR/events.log"
