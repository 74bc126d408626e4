#!/bin/sh
# Which version starts: the permanent one; once, the one that release_handler has left in new_start_erl.data; or the one
# that the user names.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# A release of three versions with the same applications; 2.0.0 has an ERTS of another name.
give_versions() {
	give_release release
	read -r erts version <release/releases/start_erl.data || :
	cp -al "release/erts-$erts" release/erts-99.0
	for version in 2.0.0 3.0.0; do
		cp -r release/releases/1.0.0 release/releases/$version
	done
	printf '{release,{"tiny","2.0.0"},\n {erts,"99.0"},\n [{kernel,"1"}]}.\n' >release/releases/2.0.0/tiny.rel
	prepared=release/releases/new_start_erl.data
}

# runs VERSION ERTS: which version the node has been started as.
runs() {
	expect 0 "$tiny" rpc 'io:format("~s ~s ~s", [os:getenv("RELEASE_VSN"), os:getenv("RELEASE_STARTED_VSN"), filename:basename(filename:dirname(os:getenv("BINDIR")))])'
	equal "what runs" "$1 $1 erts-$2" "$out"
}

stop_tiny() {
	expect 0 "$tiny" stop
	finish
}

test_a_prepared_version_starts_once() {
	give_versions
	printf '99.0 2.0.0' >$prepared
	expect 0 "$tiny" version
	equal "before the start" "tiny 1.0.0" "$out"
	start_and_wait
	runs 2.0.0 99.0
	[ ! -e $prepared ] || stop_test "it would be taken again"
	[ ! -e $prepared.taken ] || stop_test "it was left behind"
	printf '99.0 2.0.0' >$prepared
	expect 1 "$tiny" start
	contains "$err" "runs already"
	equal "what another start has left" "99.0 2.0.0" "$(cat $prepared)"
	rm $prepared
	kill -KILL "$("$tiny" pid)"
	finish
	start_and_wait
	runs 1.0.0 "$erts"
	stop_tiny
}

test_a_prepared_version_that_fails() {
	give_versions
	echo 'exit 3' >release/releases/2.0.0/env.sh
	printf '99.0 2.0.0' >$prepared
	expect 3 "$tiny" start
	contains "$err" "releases/2.0.0/env.sh ended with status 3"
	start_and_wait
	runs 1.0.0 "$erts"
	stop_tiny
	printf '99.0 4.0.0' >$prepared
	start_and_wait
	contains "$(cat start.err)" "going on with version 1.0.0"
	runs 1.0.0 "$erts"
	stop_tiny
}

test_daemon() {
	give_versions
	printf '99.0 2.0.0' >$prepared
	expect 0 "$tiny" daemon "it's one" two
	remember "$("$tiny" pid)"
	runs 2.0.0 99.0
	expect 0 "$tiny" rpc 'io:put_chars(os:getenv("RELEASE_DAEMON_COMMAND"))'
	equal "what starts it again" "'$tiny' '--again' 'daemon' 'it'\\''s one' 'two'" "$out"
	expect 0 "$tiny" stop
	expect 0 "$tiny" daemon
	remember "$("$tiny" pid)"
	runs 1.0.0 "$erts"
	expect 0 "$tiny" stop
}

# What release_handler makes for a new runtime: boot script and configuration are its own, all else is the version's.
test_interim_version() {
	give_versions
	interim=release/releases/__new_emulator__1.0.0
	mkdir $interim
	cp release/releases/1.0.0/start.boot $interim
	echo '[{tiny, [{greeting, "interim"}]}].' >$interim/sys.config
	echo 2.0.0 >$interim/version
	echo '+Bi' >>release/releases/2.0.0/vm.args
	printf '99.0 __new_emulator__1.0.0' >$prepared
	start_and_wait
	runs 2.0.0 99.0
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting interim "$out"
	arguments "$("$tiny" pid)" | grep -qx -e '-Bi' || arguments "$("$tiny" pid)" | grep -qx 'i' || stop_test "vm.args is not the version's"
	stop_tiny
}

test_versions_that_the_user_names() {
	give_versions
	RELEASE_VSN=2.0.0 start_and_wait
	expect 0 "$tiny" rpc 'io:format("~s ~p ~s", [os:getenv("RELEASE_VSN"), os:getenv("RELEASE_STARTED_VSN"), filename:basename(filename:dirname(os:getenv("BINDIR")))])'
	equal "ERTS of its .rel" '2.0.0 [] erts-99.0' "$out"
	stop_tiny
	printf '99.0 2.0.0' >$prepared
	RELEASE_VSN=3.0.0 start_and_wait
	contains "$(cat start.err)" "going on with version 3.0.0, which RELEASE_VSN asks for"
	[ ! -e $prepared ] || stop_test "it would be taken by a later start"
	stop_tiny
}

# started_again COMMAND...: what runs after the VM was killed under heart.
started_again() {
	killed=$("$tiny" pid)
	kill -KILL "$killed"
	within 60 another_is_up
	remember "$("$tiny" pid)"
}

another_is_up() {
	now=$("$tiny" pid) && [ "$now" != "$killed" ] && "$tiny" ping
}

test_heart_starts_what_is_permanent() {
	give_versions
	for version in 1.0.0 2.0.0 3.0.0; do
		echo '-heart' >>release/releases/$version/vm.args
		echo "[{tiny, [{greeting, \"$version\"}]}]." >release/releases/$version/sys.config
	done
	start_and_wait
	printf '99.0 2.0.0' >release/releases/start_erl.data
	started_again
	runs 2.0.0 99.0
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal configuration 2.0.0 "$out"
	printf '%s 3.0.0' "$erts" >$prepared
	started_again
	runs 3.0.0 "$erts"
	started_again
	runs 2.0.0 99.0
	expect 0 "$tiny" stop
	RELEASE_VSN=3.0.0 start_and_wait
	started_again
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal "the user's wish" 3.0.0 "$out"
	expect 0 "$tiny" stop
}

run_tests "$0" "$@"
