#!/bin/sh
# build.sh, run by ../upgrade.sh where the wanted OTP is at home: compiles the three versions into lib-VSN/.
set -eu
for release in 1.0 1.1 2.0; do
	ebin=lib-$release/tally/ebin
	mkdir -p "$ebin" "lib-$release/tally/priv/data"
	cp -R "src-$release/." "$ebin"
	erlc +debug_info -o "$ebin" "$ebin"/*.erl
	rm "$ebin"/*.erl
	# erl_tar takes no such link
	echo "$release" >"lib-$release/tally/priv/release"
	ln -s ../release "lib-$release/tally/priv/data/link"
done
erlc driver.erl
erl -noshell -eval 'io:put_chars(code:root_dir()), halt().' >inside
