# shellcheck shell=sh
# What the tests of releases with Elixir share. $LAUNCHER_ELIXIR is the folder of make_elixir.sh.

# shellcheck disable=SC2034,SC2154
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

unset ELIXIR_ERL_OPTIONS NO_COLOR
for variable in $(env | sed -n 's/^\(DEMO_[A-Z_]*\)=.*/\1/p'); do
	unset "$variable"
done

# give_elixir NAME: that release in the folder `release`; ours is $tiny, mix's launcher is $mix. They have the same
# name, in two folders that are one.
give_elixir() {
	mkdir release
	cp -al "$LAUNCHER_ELIXIR/$1/." release
	rm -r release/releases release/bin
	cp -r "$LAUNCHER_ELIXIR/$1/releases" release/releases
	mkdir release/bin release/mix
	cp "$LAUNCHER_ELIXIR/$1/bin/$1" release/mix/
	mix=$PWD/release/mix/$1
	{
		echo "#!${LAUNCHER_SHELL:-/bin/sh}"
		sed 1d "$LAUNCHER_ELIXIR/$1/bin/ours"
	} >"release/bin/$1"
	chmod 755 "release/bin/$1"
	tiny=$PWD/release/bin/$1
	state=release/tmp/$1@127.0.0.1
	version=$(sed -n 's/^ELIXIR_VERSION=//p' release/releases/1.0.0/elixir)
}

# elixir_before MINOR: is it older than 1.MINOR?
elixir_before() {
	minor=${version#1.}
	[ "${minor%%.*}" -lt "$1" ]
}

# add_demo_hook EVENT TEXT: a hook that is this shell script; call it after give_elixir.
add_demo_hook() {
	folder=release/releases/1.0.0/hooks/$1.d
	mkdir -p "$folder"
	printf '#!/bin/sh\n%s\n' "$2" >"$folder/it"
	chmod 755 "$folder/it"
}
