#!/bin/sh
# probe.sh up|down VERSION: that version answers.
test "$("$RELEASE_LAUNCHER" rpc 'element(2, application:get_key(shop_web, vsn))')" = "\"$2\""
