#!/bin/sh
# Hooks: when they run, in which order, with what, and what becomes of those that fail.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# A release with a hook for each event that adds a line to the file `trace`.
trace_events() {
	give_release release
	trace=$PWD/trace
	: >"$trace"
	for event in "$@"; do
		add_hook "$event" trace 'echo "$HOOK_EVENT $RELEASE_NAME $RELEASE_VSN $RELEASE_COMMAND" >>'"$trace"
	done
}

traced() {
	grep -q "$1" "$trace"
}

test_events_of_start_and_stop() {
	trace_events pre_start post_start pre_stop post_stop
	start_and_wait
	within 10 traced post_start
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
	equal events "pre_start tiny 1.0.0 start
post_start tiny 1.0.0 start
pre_stop tiny 1.0.0 start
post_stop tiny 1.0.0 start" "$(cat "$trace")"
}

# What comes before the configuration, and why; once, however it is started.
test_pre_configure_and_cause() {
	need script
	trace_events
	for event in pre_configure pre_start post_start pre_stop post_stop; do
		add_hook "$event" trace 'echo "$HOOK_EVENT:$HOOK_CAUSE" >>'"$trace"
	done
	once="pre_configure:start pre_start:start post_start:start pre_stop:stop post_stop:stop"
	start_and_wait
	within 10 traced post_start
	expect 0 "$tiny" stop
	finish
	equal "events of start" "$once" "$(xargs <"$trace")"
	: >"$trace"
	expect 0 "$tiny" daemon
	within 10 traced post_start
	expect 0 "$tiny" restart
	within 10 traced post_start:restart
	expect 0 "$tiny" stop
	equal "events of daemon and restart" \
		"pre_configure:start pre_start:start post_start:start post_start:restart pre_stop:stop post_stop:stop" "$(xargs <"$trace")"
	: >"$trace"
	(
		sleep 4
		printf 'q().\r'
		sleep 3
	) | TERM=xterm script -q -c "'$tiny' console" /dev/null >console.out 2>&1
	equal "events of console, which ends by itself" \
		"pre_configure:start pre_start:start post_start:start post_stop:exit" "$(xargs <"$trace")"
	add_hook pre_configure trace 'exit 1'
	expect 1 "$tiny" start
	contains "$err" "pre_configure hook trace failed with status 1"
	expect 1 "$tiny" daemon
	contains "$err" "pre_configure hook trace failed with status 1"
}

# The context of a hook, and of a command.
test_context() {
	trace_events
	for event in pre_start post_start pre_stop post_stop; do
		add_hook "$event" context 'echo "$HOOK_EVENT $HOOK_NAME $HOOK_TIMEOUT ${HOOK_PID:-none} ${HOOK_EXIT_STATUS:-none}" >>'"$trace"'
		[ -x "$BINDIR/erlexec" ] && [ "$ROOTDIR" = "$RELEASE_ROOT" ] && [ -d "$RELEASE_LIB/tiny-1.0.0" ] &&
			[ -r "$RELEASE_VERSION_DIR/start.boot" ] && [ "$("$RELEASE_LAUNCHER" version)" = "tiny 1.0.0" ] &&
			[ "$EMU $PROGNAME" = "beam erl" ]'
	done
	policy post_start context 7 abort
	start_and_wait
	within 10 traced post_start
	vm=$("$tiny" pid)
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
	equal context "pre_start context 0 none none
post_start context 7 $vm none
pre_stop context 0 $vm none
post_stop context 0 $vm 0" "$(cat "$trace")"
	mkdir release/releases/1.0.0/commands
	printf '#!/bin/sh\necho "$BINDIR $ROOTDIR $RELEASE_LIB $RELEASE_VERSION_DIR $RELEASE_NODE"\n"$RELEASE_LAUNCHER" eval 1\n' \
		>release/releases/1.0.0/commands/own
	chmod 755 release/releases/1.0.0/commands/own
	expect 0 "$tiny" own
	equal "context of a command" "$(echo "$PWD"/release/erts-*/bin) $PWD/release $PWD/release/lib $PWD/release/releases/1.0.0 tiny@127.0.0.1
1" "$out"
}

# Hooks before the start hand variables to later hooks and to the system.
test_hooks_that_set_the_environment() {
	trace_events
	add_hook pre_configure a 'umask; stat -c %a "$HOOK_ENV"; printf "ONE=a \$(b) \"c\" = d\nTWO=2" >>"$HOOK_ENV"'
	add_hook pre_configure b 'echo "$ONE" >>'"$trace"'; echo "TWO=$TWO$TWO" >>"$HOOK_ENV"; echo RELEASE_SYS_CONFIG='"$PWD/other"' >>"$HOOK_ENV"'
	echo '[{tiny, [{greeting, "other"}]}].' >other.config
	for command in start daemon; do
		if [ $command = start ]; then
			start_and_wait
			contains "$(cat start.out)" 600
		else
			expect 0 "$tiny" daemon
		fi
		expect 0 "$tiny" rpc 'io:format("~ts|~ts|~p", [os:getenv("ONE"), os:getenv("TWO"), os:getenv("HOOK_ENV")])'
		equal "the system's environment" 'a $(b) "c" = d|22|false' "$out"
		expect 0 "$tiny" rpc 'tiny:greet()'
		equal "a configuration that the hook has chosen" other "$out"
		[ ! -e release/tmp/tiny@127.0.0.1/hook_env ] || stop_test "the file is still there"
		expect 0 "$tiny" stop
	done
	equal "a later hook" 'a $(b) "c" = d' "$(head -n 1 "$trace")"
	for line in nonsense =x 1A=x 'A B=x' 'A-B=x'; do
		add_hook pre_configure a "echo '$line' >>\"\$HOOK_ENV\""
		expect 1 "$tiny" start
		contains "$err" "pre_configure hook a wrote a line to HOOK_ENV that is not NAME=VALUE"
	done
}

test_events_of_start_and_sigterm() {
	trace_events pre_start post_start pre_stop post_stop
	TINY_STOPPED=$trace start_and_wait
	within 10 traced post_start
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
	equal events "pre_start post_start pre_stop app post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
}

test_events_of_daemon() {
	trace_events pre_start post_start pre_stop post_stop
	expect 0 "$tiny" daemon
	expect 0 "$tiny" ping
	within 10 traced post_start
	expect 0 "$tiny" stop
	equal events "pre_start tiny 1.0.0 daemon
post_start tiny 1.0.0 daemon
pre_stop tiny 1.0.0 daemon
post_stop tiny 1.0.0 daemon" "$(cat "$trace")"
}

test_stop_hooks_without_distribution() {
	trace_events pre_stop post_stop post_start
	export RELEASE_DISTRIBUTION=none
	start_tiny
	within 10 traced post_start
	expect 0 "$tiny" pid
	[ "$out" != "$node" ] || stop_test "pid is the shell's"
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
	equal events "post_start pre_stop post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
}

test_a_signal_to_the_group_as_from_a_terminal() {
	need setsid
	trace_events pre_stop post_stop
	# A shell starts what is in the background deaf to SIGINT.
	setsid env --default-signal=INT "$tiny" start &
	node=$!
	remember "$node"
	within 20 "$tiny" ping
	kill -INT "-$node"
	finish
	equal "exit status" 0 "$status"
	equal events "pre_stop post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
	setsid env --default-signal=HUP "$tiny" start >start.out 2>start.err &
	node=$!
	remember "$node"
	within 20 "$tiny" ping
	kill -HUP "-$node"
	finish
	equal "exit status" 0 "$status"
	equal "stderr" "" "$(cat start.err)"
}

# The node ends by itself: too late for pre_stop.
test_post_stop_after_a_halt() {
	trace_events pre_stop post_stop
	add_hook post_stop trace2 'echo "$HOOK_EXIT_STATUS" >>'"$trace"
	start_and_wait
	"$tiny" rpc 'halt(5)' || :
	finish
	equal "exit status" 5 "$status"
	equal events "post_stop 5" "$(cut -d' ' -f1 "$trace" | xargs)"
}

test_post_start_waits_for_the_applications() {
	trace_events post_start
	TINY_SLOW=1500 start_tiny
	sleep 1
	equal "too early" "" "$(cat "$trace")"
	within 10 traced post_start
	expect 0 "$tiny" stop
}

test_order_is_that_of_bytes() {
	trace_events
	for name in b a B 10 9 é _; do
		add_hook pre_start "$name" "echo $name >>$trace"
	done
	LC_ALL=C.UTF-8 start_and_wait
	"$tiny" stop
	equal order "10 9 B _ a b é" "$(xargs <"$trace")"
}

test_failing_pre_start() {
	trace_events post_stop
	add_hook pre_start 1 "echo 1 >>$trace"
	add_hook pre_start 2 'exit 3'
	add_hook pre_start 3 "echo 3 >>$trace"
	expect 1 "$tiny" start
	contains "$err" "pre_start hook 2 failed with status 3"
	contains "$err" "$PWD/release/releases/1.0.0/hooks/pre_start.d/2"
	equal "others after it" 1 "$(cat "$trace")"
	expect 1 "$tiny" daemon
	contains "$err" "pre_start hook 2 failed"
	policy pre_start 2 0 ignore
	: >"$trace"
	start_and_wait
	contains "$(cat start.err)" "pre_start hook 2 failed with status 3; going on"
	equal "all others" "1 3" "$(xargs <"$trace")"
	expect 0 "$tiny" stop
	finish
}

test_hook_that_is_not_executable() {
	trace_events
	add_hook pre_start plain 'true'
	chmod 644 release/releases/1.0.0/hooks/pre_start.d/plain
	expect 1 "$tiny" start
	contains "$err" "pre_start hook plain"
}

test_failing_post_start() {
	trace_events post_stop
	add_hook post_start bad 'exit 9'
	start_tiny
	finish
	equal "exit status" 1 "$status"
	contains "$(cat start.err)" "post_start hook bad failed with status 9"
	equal events "post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
	policy post_start bad 0 ignore
	start_and_wait
	within 5 grep -q "going on" start.err
	expect 0 "$tiny" ping
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

test_failing_stop_hooks() {
	trace_events
	add_hook pre_stop bad 'exit 1'
	start_and_wait
	expect 0 "$tiny" stop
	finish
	equal "it stops all the same" 0 "$status"
	contains "$(cat start.err)" "pre_stop hook bad failed with status 1"
	rm release/releases/1.0.0/hooks/pre_stop.d/bad
	add_hook post_stop worse 'exit 2'
	start_and_wait
	"$tiny" stop || :
	finish
	equal "a failed post_stop shows" 1 "$status"
	contains "$(cat start.err)" "post_stop hook worse failed with status 2"
}

test_timeouts() {
	trace_events
	add_hook pre_start slow "sleep 30 & echo \$! >>$trace; wait"
	policy pre_start slow 1 abort
	begin=$(date +%s)
	expect 1 "$tiny" start
	contains "$err" "pre_start hook slow took more than 1 s and was stopped"
	[ $(($(date +%s) - begin)) -le 4 ] || stop_test "it took too long"
	within 3 not kill -0 "$(cat "$trace")"
	: >"$trace"
	add_hook pre_start slow 'trap "" TERM; sleep 30'
	begin=$(date +%s)
	expect 1 "$tiny" start
	contains "$err" "took more than 1 s"
	[ $(($(date +%s) - begin)) -le 6 ] || stop_test "it took too long"
	add_hook pre_start slow 'exit 0'
	start_and_wait
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

test_timeout_of_post_start() {
	trace_events
	add_hook post_start slow 'sleep 30'
	policy post_start slow 1 abort
	start_tiny
	finish
	equal "exit status" 1 "$status"
	contains "$(cat start.err)" "post_start hook slow took more than 1 s"
}

test_signal_while_pre_start_runs() {
	trace_events
	add_hook pre_start slow "echo begun >>$trace; sleep 30; echo ended >>$trace"
	start_tiny
	within 5 traced begun
	kill -TERM "$node"
	finish
	equal "exit status" 143 "$status"
	equal events begun "$(cat "$trace")"
}

test_signal_while_post_start_runs() {
	trace_events pre_stop
	add_hook post_start slow "echo begun >>$trace; sleep 30"
	start_tiny
	within 10 traced begun
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
}

# A second signal while the first is being obeyed changes nothing.
test_two_signals() {
	trace_events post_stop
	add_hook pre_stop slow "echo begun >>$trace; sleep 3; echo ended >>$trace"
	start_and_wait
	kill -TERM "$node"
	within 5 traced begun
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
	equal events "begun ended post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
}

# put_vm TEXT: a VM that is this shell script.
put_vm() {
	for folder in release/erts-*/bin; do
		rm "$folder/erlexec"
		printf '#!/bin/sh\n%s\n' "$1" >"$folder/erlexec"
		chmod 755 "$folder/erlexec"
	done
}

# A VM that has just been started misses signals; one that is up gets a single one.
test_signal_that_is_missed() {
	trace_events pre_stop post_stop
	put_vm 'trap "echo TERM >>'"$trace"'" TERM
echo up >>'"$trace"'
until [ "$(grep -c TERM '"$trace"')" -eq 2 ]; do sleep 0.1; done'
	start_tiny
	within 5 traced up
	kill -TERM "$node"
	within 10 has_ended "$node"
	finish
	equal events "up pre_stop TERM TERM post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
	: >"$trace"
	put_vm 'trap "echo TERM >>'"$trace"'" TERM
echo 1 >"$RELEASE_STATE_DIR/$RELEASE_NODE/port"
echo up >>'"$trace"'
until grep -q TERM '"$trace"'; do sleep 0.1; done
sleep 2
exit 7'
	start_tiny
	within 5 traced up
	kill -TERM "$node"
	finish
	equal "exit status" 7 "$status"
	equal events "up pre_stop TERM post_stop" "$(cut -d' ' -f1 "$trace" | xargs)"
}

test_hooks_see_the_node_and_the_home() {
	trace_events
	add_hook post_start see "HOME_WAS=\$HOME; '$tiny' rpc 'tiny:greet()' >>$trace; echo \$HOME_WAS >>$trace"
	HOME=/nowhere start_and_wait
	within 10 traced nowhere
	equal "what the hook saw" "hello /nowhere" "$(xargs <"$trace")"
	expect 0 "$tiny" stop
}

# Two starts at once: the second one is refused also while hooks of the first one run, and stop ends that.
test_start_is_seen_while_hooks_run() {
	give_release release
	add_hook pre_start slow "echo runs >'$PWD/runs'; exec sleep 60"
	start_tiny
	within 10 test -s runs
	expect 1 "$tiny" start
	contains "$err" "is starting already, as process $node;"
	expect 1 "$tiny" status
	contains "$err" "is starting, as process $node"
	expect 0 "$tiny" stop
	finish
	equal "exit status" 143 "$status"
}

test_without_setsid() {
	mkdir path
	for program in sleep cat od mkdir mv rm id readlink; do
		ln -s "$(command -v "$program")" path
	done
	trace_events
	add_hook pre_start slow "exec /bin/sleep 30"
	policy pre_start slow 1 abort
	expect 1 env PATH="$PWD/path" "$tiny" start
	contains "$err" "pre_start hook slow took more than 1 s"
}

run_tests "$0" "$@"
