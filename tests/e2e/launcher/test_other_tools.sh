#!/bin/sh
# Faults that launchers of mix release, relx and Distillery have or had; each test has the name of one.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# Prints an error and goes on without distribution.
test_mix_bad_distribution_is_not_fatal() {
	give_release release
	for command in start daemon rpc eval version stop; do
		expect 2 env RELEASE_DISTRIBUTION=longname "$tiny" $command
		contains "$err" "RELEASE_DISTRIBUTION is 'longname'"
	done
	[ ! -e release/tmp ] || stop_test "something was written"
}

# Every command, even version, needs releases/COOKIE.
test_mix_version_needs_a_cookie() {
	give_release release
	[ ! -e release/releases/COOKIE ] || stop_test "there is one"
	RELEASE_COOKIE_FILE=/nothing expect 0 "$tiny" version
	RELEASE_COOKIE_FILE=/nothing expect 0 "$tiny" help
	RELEASE_COOKIE_FILE=/nothing expect 0 "$tiny" eval ok
}

# A file for each start stays in tmp.
test_mix_runtime_configs_pile_up() {
	give_release release
	echo '_text="[{tiny, [{greeting, \"filled\"}]}].
"; fill_begin sys.config' >release/releases/1.0.0/sys.config.sh
	for round in 1 2 3; do
		start_and_wait
		expect 0 "$tiny" rpc 'tiny:greet()'
		equal "greeting $round" filled "$out"
		expect 0 "$tiny" eval 'ok'
		expect 0 "$tiny" stop
		finish
		files=$(find release/tmp -name '*.config' | wc -l)
		[ "$files" -le 1 ] || stop_test "$files files: $(find release/tmp -name '*.config')"
	done
}

# stop says that it is done while the process still runs.
test_mix_stop_does_not_wait() {
	give_release release
	TINY_STOP_SLOW=1500 start_and_wait
	expect 0 "$tiny" stop
	has_ended "$node" || stop_test "it still runs"
}

# The cookie is an argument that everybody sees.
test_mix_cookie_in_the_list_of_processes() {
	give_release release
	RELEASE_COOKIE=Very0Secret start_and_wait
	lacks "$(arguments "$node")" Very0Secret
	lacks "$(arguments "$node")" setcookie
	RELEASE_COOKIE=Very0Secret expect 0 "$tiny" stop
}

# RELX_COOKIE is for the tools only; the VM has another one.
test_relx_cookie_does_not_reach_the_vm() {
	give_release release
	export RELEASE_COOKIE=given
	start_and_wait
	expect 0 "$tiny" rpc 'erlang:get_cookie()'
	equal cookie given "$out"
	expect 0 "$tiny" stop
}

# daemon waits for ever for a node that has died at boot.
test_relx_daemon_waits_for_a_dead_node() {
	give_release release
	begin=$(date +%s)
	TINY_FAIL=1 ERL_CRASH_DUMP=/dev/null expect 1 "$tiny" daemon
	[ $(($(date +%s) - begin)) -lt 30 ] || stop_test "it took too long"
}

# The name of the command in usage is "undefined".
test_relx_usage_has_holes() {
	give_release release
	expect 0 "$tiny" help
	lacks "$out" undefined
	for command in $(echo "$out" | sed -n 's/^  \([a-z_]*\) .*/\1/p'); do
		expect 0 "$tiny" help "$command"
		lacks "$out" undefined
	done
}

# HEART_COMMAND names a command that does not start what ran.
test_relx_heart_command_is_another() {
	give_release release
	echo '-heart' >>release/releases/1.0.0/vm.args
	start_and_wait x
	expect 0 "$tiny" rpc 'io:put_chars(os:getenv("HEART_COMMAND"))'
	equal HEART_COMMAND "'$tiny' '--again' 'start' 'x' </dev/null >&2 &" "$out"
	expect 0 "$tiny" stop
}

# SIGTERM does not end a foreground system cleanly.
test_relx_sigterm_is_not_clean() {
	give_release release
	TINY_STOPPED=$PWD/stopped "$tiny" foreground &
	node=$!
	remember "$node"
	within 20 "$tiny" ping
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
	equal "stopped cleanly" "app stopped" "$(cat stopped)"
}

# Each question leaves an atom, the name of who asked, until the node has no room for another. With erl_call
# there are as many names as can ask at once, one for each process id modulo 1024.
test_relx_atoms_of_visitors() {
	give_release release
	start_and_wait
	for erl_call in with without; do
		[ $erl_call = with ] || rm release/erts-*/bin/erl_call
		if [ $erl_call = with ]; then
			expect 0 "$tiny" rpc 'hd([D || N <- nodes(hidden), "call" ++ D <- [hd(string:lexemes(atom_to_list(N), "@"))]])'
			number=${out#?}
			[ "${number%?}" -lt 1024 ] || stop_test "the name of who asks has the number $out"
		fi
		"$tiny" rpc ok
		"$tiny" ping
		expect 0 "$tiny" rpc 'erlang:system_info(atom_count)'
		before=$out
		for round in 1 2 3 4; do
			"$tiny" ping >/dev/null
		done
		expect 0 "$tiny" rpc 'erlang:system_info(atom_count)'
		names=1
		[ $erl_call = without ] || names=$((round + 1))
		[ "$out" -le $((before + names)) ] || stop_test "atoms $erl_call erl_call: $before, then $out after round $round"
	done
	expect 0 "$tiny" stop
}

# configure and pre_start hooks run twice on start, in the background at least.
test_distillery_hooks_run_twice() {
	give_release release
	for event in pre_configure pre_start post_start; do
		add_hook $event once 'echo "$HOOK_EVENT" >>'"$PWD/trace"
	done
	expect 0 "$tiny" daemon
	within 10 grep -q post_start trace
	expect 0 "$tiny" stop
	equal events "pre_configure pre_start post_start" "$(xargs <trace)"
}

# A cookie that is not set becomes an empty -setcookie.
test_distillery_empty_cookie() {
	give_release release
	RELEASE_COOKIE='' start_and_wait
	expect 0 "$tiny" rpc 'length(atom_to_list(erlang:get_cookie()))'
	equal "length of the cookie" 64 "$out"
	expect 0 "$tiny" stop
}

# A node stops itself when its pidfile is removed.
test_distillery_pidfile_stops_the_node() {
	give_release release
	start_and_wait
	rm -r release/tmp/tiny@127.0.0.1
	sleep 6
	kill -0 "$node"
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
}

# The folder of the caller is another one in the command.
test_distillery_changes_the_folder() {
	give_release release
	mkdir here
	cd here
	expect 0 "$tiny" eval '{ok, D} = file:get_cwd(), io:put_chars(D)'
	equal folder "$PWD" "$out"
}

run_tests "$0" "$@"
