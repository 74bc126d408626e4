#!/bin/sh
# post_start, post_stop: a line in a log of one's own.
[ -n "${RELEASE_STATE_DIR:-}" ] || exit 0
echo "$RELEASE_NAME $RELEASE_VSN: ${HOOK_EVENT:-${0##*/}}" >>"$RELEASE_STATE_DIR/events.log"
