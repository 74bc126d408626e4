#!/bin/sh
# post_start, post_stop
set -eu

[ -n "${RELEASE_STATE_DIR:-}" ] || exit 0
case $0 in
*/post_start.d/*) what=started ;;
*) what=stopped ;;
esac
echo "$what $RELEASE_NAME $RELEASE_VSN" >>"$RELEASE_STATE_DIR/events.log"
