#!/bin/sh
# inside.sh VERSION, run by ../upgrade_protocols.sh where the packages' OTP is at home.
set -eu
PACKAGES=$PWD
export PACKAGES
for mode in embedded interactive; do
	mkdir "$mode"
	tar -xzf shapes-1.0.tar.gz -C "$mode"
	timeout 120 "$mode"/erts-*/bin/erl -noshell -mode "$mode" -boot "$PWD/$mode/releases/1.0/start" \
		-config "$PWD/$mode/releases/1.0/sys" \
		-eval '{module, driver} = code:load_abs(filename:join(os:getenv("PACKAGES"), "driver")), driver:run().'
done
