#!/bin/sh
# Hot upgrades of a release with Elixir, whose configuration is made at start: runtime.exs of the new version decides, run by
# the code of the new version. $LAUNCHER_UPGRADES holds what make_upgrades_elixir.sh makes.

# shellcheck disable=SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# runs VERSION CALLS: with its own values, and the environment of the node.
runs() {
	expect 0 "$tiny" rpc 'IO.inspect({Tiny.Server.next(), Application.get_env(:tiny, :x), Application.get_env(:tiny, :nested)})'
	equal "version $1" "{{\"$1\", $2}, {\"$1\", \"node\", 'of $1'}, [a: 1, b: \"$1\"]}" "$out"
}

up_and_down() {
	mkdir release
	cp -a "$LAUNCHER_UPGRADES/$1/1.0.0/." release
	tiny=$PWD/release/bin/tiny
	sed -i "1s|.*|#!${LAUNCHER_SHELL:-/bin/sh}|" "$tiny"
	TINY_X=node start_and_wait
	runs 1.0.0 1
	expect 0 "$tiny" unpack "$LAUNCHER_UPGRADES/$1/1.1.0.tar.gz"
	cp release/releases/1.1.0/sys.config original
	TINY_RAISE=yes expect 1 "$tiny" install 1.1.0
	contains "$err" "tiny: the configuration of this version raises; nothing has changed
** (RuntimeError) asked to raise"
	runs 1.0.0 2
	expect 0 "$tiny" install 1.1.0
	runs 1.1.0 3
	expect 0 "$tiny" rpc 'IO.inspect(Tiny.changes() |> elem(0) |> Enum.sort() |> Keyword.keys())'
	equal config_change "[:fixed, :nested, :since, :x]" "$out"
	cmp original release/releases/1.1.0/sys.config
	expect 0 "$tiny" restart
	runs 1.1.0 1
	expect 0 "$tiny" downgrade 1.0.0
	runs 1.0.0 2
	expect 0 "$tiny" restart
	runs 1.0.0 1
	expect 0 "$tiny" stop
}

test_runtime_configuration() {
	up_and_down plain
}

test_runtime_configuration_that_is_written() {
	up_and_down reboot
}

run_tests "$0" "$@"
