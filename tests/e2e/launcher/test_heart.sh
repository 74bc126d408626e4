#!/bin/sh
# heart: who has died is started again, the way it was started; who is stopped stays so.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# A release whose vm.args asks for heart, with hooks that write to the file `trace`.
give_heart() {
	give_release release
	echo '-heart' >>release/releases/1.0.0/vm.args
	trace=$PWD/trace
	: >"$trace"
	for event in "$@"; do
		add_hook "$event" trace 'echo "$HOOK_EVENT:$HOOK_CAUSE${HOOK_EXIT_STATUS:+:$HOOK_EXIT_STATUS}" >>'"$trace"
	done
}

# Kills the VM; another one is up then. All processes will be ended with the test.
kill_vm() {
	expect 0 "$tiny" pid
	killed=$out
	kill -KILL "$killed"
	within 60 another_is_up
	remember "$("$tiny" pid)"
}

another_is_up() {
	now=$("$tiny" pid) && [ "$now" != "$killed" ] && "$tiny" ping
}

stays_stopped() {
	expect 0 "$tiny" stop
	sleep 1.5
	expect 1 "$tiny" ping
	expect 1 "$tiny" pid
	for process in /proc/[0-9]*; do
		case $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in
		*"$PWD/release/"*) [ "${process#/proc/}" -eq $$ ] || stop_test "still there: $(tr '\0' ' ' <"$process/cmdline")" ;;
		esac
	done
}

test_start_with_heart() {
	give_heart pre_configure pre_start post_start
	start_and_wait one "it's two"
	within 10 grep -q post_start trace
	for round in 1 2; do
		kill_vm
		expect 0 "$tiny" rpc 'init:get_plain_arguments()'
		equal "arguments, round $round" "[\"one\",\"it's two\"]" "$out"
	done
	within 10 sh -c 'test "$(grep -c post_start trace)" -eq 3'
	equal hooks "pre_configure:start pre_start:start post_start:start pre_configure:heart pre_start:heart post_start:heart pre_configure:heart pre_start:heart post_start:heart" "$(xargs <trace)"
	stays_stopped
}

test_heart_with_stop_hooks() {
	give_heart pre_start pre_stop post_stop
	start_and_wait
	kill_vm
	finish
	equal "exit status of the first launcher" 137 "$status"
	# The VM goes by its own process, so the launcher in front of it is another one.
	expect 0 "$tiny" rpc 'tiny:greet()'
	stays_stopped
	equal hooks "pre_start:start post_stop:exit:137 pre_start:heart pre_stop:stop post_stop:stop:0" "$(xargs <trace)"
}

test_daemon_with_heart() {
	give_heart pre_start post_start
	expect 0 "$tiny" daemon one "two words"
	within 10 grep -q post_start trace
	kill_vm
	expect 0 "$tiny" rpc 'init:get_plain_arguments()'
	equal arguments '["one","two words"]' "$out"
	"$tiny" rpc 'io:format(user, "to the log~n", [])'
	within 5 grep -q "to the log" release/tmp/log/erlang.log.*
	within 10 sh -c 'test "$(grep -c post_start trace)" -eq 2'
	equal hooks "pre_start:start post_start:start pre_start:heart post_start:heart" "$(xargs <trace)"
	stays_stopped
}

test_sigterm_with_heart() {
	give_heart
	start_and_wait
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
	sleep 1
	expect 1 "$tiny" ping
}

# Nodes that erl_call does not reach, or nobody, are started again as well.
test_heart_without_distribution() {
	give_heart
	export RELEASE_DISTRIBUTION=none
	start_tiny
	within 20 "$tiny" status
	expect 0 "$tiny" pid
	killed=$out
	kill -KILL "$killed"
	within 30 sh -c '"$1" status && [ "$("$1" pid)" != "$2" ]' sh "$tiny" "$killed"
	remember "$("$tiny" pid)"
	expect 0 "$tiny" stop
	sleep 1
	expect 1 "$tiny" status
}

test_own_heart_command() {
	give_heart
	HEART_COMMAND="echo was here >'$PWD/seen'" start_and_wait
	kill -KILL "$("$tiny" pid)"
	within 20 test -s seen
	sleep 1
	expect 1 "$tiny" ping
}

test_no_heart_without_the_flag() {
	give_release release
	echo '# -heart' >>release/releases/1.0.0/vm.args
	start_and_wait
	expect 0 "$tiny" rpc 'io:format("~w", [os:getenv("HEART_COMMAND")])'
	equal HEART_COMMAND false "$out"
	kill -KILL "$("$tiny" pid)"
	finish
	expect 1 "$tiny" ping
}

# A system that dies again and again in its start is stopped all the same, and so is one that waits for a hook.
test_stop_while_heart_starts() {
	give_heart
	start_and_wait
	add_hook pre_start slow 'echo slow >>'"$trace"'; sleep 20'
	kill -KILL "$("$tiny" pid)"
	within 20 grep -q slow trace
	expect 0 "$tiny" stop
	sleep 1
	expect 1 "$tiny" status
}

run_tests "$0" "$@"
