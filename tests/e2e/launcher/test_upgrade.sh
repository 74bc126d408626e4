#!/bin/sh
# Hot upgrades by the launcher: release_handler does the work in the running node. $LAUNCHER_UPGRADES holds what
# make_upgrades.escript makes: the release `tiny` in three versions.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# give_version VERSION: the release in the folder `release`, whose launcher runs in the wanted shell.
give_version() {
	mkdir release
	cp -a "$LAUNCHER_UPGRADES/$1/." release
	for launcher in release/bin/tiny release/releases/*/launcher; do
		[ ! -e "$launcher" ] || sed -i "1s|.*|#!${LAUNCHER_SHELL:-/bin/sh}|" "$launcher"
	done
	tiny=$PWD/release/bin/tiny
	releases=$PWD/release/releases
}

# give_package VERSION: where the launcher looks for it.
give_package() {
	cp "$LAUNCHER_UPGRADES/$1.tar.gz" "$releases/tiny-$1.tar.gz"
}

# says WANT EXPRESSION: evaluated in the node.
says() {
	expect 0 "$tiny" rpc "$2"
	equal "$2" "$1" "$(echo "$out" | tr -d ' \n')"
}

has_versions() {
	expect 0 "$tiny" versions
	equal versions "$1" "$(echo "$out" | sort | xargs)"
}

test_up_and_down() {
	give_version 1.0.0
	start_and_wait
	says 1 'tiny_server:next()'
	for version in 1.1.0 1.2.0; do
		give_package $version
		expect 0 "$tiny" unpack $version
		equal stdout "$version is unpacked" "$out"
	done
	has_versions "1.0.0 permanent 1.1.0 unpacked 1.2.0 unpacked"
	expect 0 "$tiny" upgrade 1.1.0
	equal stdout "1.1.0 runs, and starts from now on" "$out"
	says '{v1,2}' 'tiny_server:next()'
	expect 0 "$tiny" upgrade 1.2.0
	has_versions "1.0.0 old 1.1.0 old 1.2.0 permanent"
	says '{v2,3}' 'tiny_server:next()'
	expect 0 "$tiny" downgrade 1.1.0
	says '{v1,4}' 'tiny_server:next()'
	expect 0 "$tiny" downgrade 1.0.0
	says '5' 'tiny_server:next()'
	says '"helloof1.0.0"' '{ok, G} = application:get_env(tiny, greeting), G'
	for version in 1.1.0 1.2.0; do
		expect 0 "$tiny" remove $version
	done
	has_versions "1.0.0 permanent"
	expect 0 "$tiny" stop
}

run_tests "$0" "$@"
