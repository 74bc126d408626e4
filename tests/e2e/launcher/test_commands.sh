#!/bin/sh
# Every command of the launcher: what it prints, its exit status.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

test_version_needs_no_node() {
	give_release release
	for command in version --version; do
		expect 0 "$tiny" $command
		equal stdout "tiny 1.0.0" "$out"
		equal stderr "" "$err"
	done
	[ ! -e release/tmp ] || stop_test "a folder was made"
}

test_help() {
	give_release release
	expect 0 "$tiny"
	contains "$out" "usage: tiny COMMAND"
	whole=$out
	expect 0 "$tiny" help
	equal "help and no command" "$whole" "$out"
	for command in start daemon stop restart ping pid rpc eval remote version help; do
		contains "$whole" "  $command "
	done
	for command in $(echo "$whole" | sed -n 's/^  \([a-z_]*\) .*/\1/p') remsh daemon_attach; do
		expect 0 "$tiny" help "$command"
		contains "$out" "$command"
		case $command in
		remsh | daemon_attach) contains "$out" "'$command' is another name for it." ;;
		esac
	done
	expect 1 "$tiny" help nonsense
}

test_unknown_command() {
	give_release release
	expect 1 "$tiny" nonsense
	contains "$err" "there is no command 'nonsense'"
	contains "$err" "usage: tiny COMMAND"
	equal stdout "" "$out"
}

# What users of other tools type, and what is misspelt.
test_hints() {
	give_release release
	mkdir release/releases/1.0.0/commands
	printf '#!/bin/sh\n' >release/releases/1.0.0/commands/migrate
	chmod 755 release/releases/1.0.0/commands/migrate
	while read -r typed hint; do
		for words in "$typed" "help $typed"; do
			# shellcheck disable=SC2086
			expect 1 "$tiny" $words
			equal "hint for $words" "tiny: there is no command '$typed': $hint" "$err"
		done
	done <<-end
		info use 'describe', or 'rpc' with what you want to know
		strat did you mean 'start', 'start_iex', 'stop', 'status', 'start_boot'?
		evaluate did you mean 'eval'?
		migrat did you mean 'migrate'?
	end
}

test_elixirs_commands_without_elixir() {
	give_release release
	for command in start_iex daemon_iex; do
		expect 1 "$tiny" $command
		equal stderr "tiny: there is no Elixir in this release; 'console' opens an Erlang shell" "$err"
	done
	[ ! -e release/tmp ] || stop_test "something was done"
}

test_own_commands() {
	give_release release
	mkdir release/releases/1.0.0/commands
	own=release/releases/1.0.0/commands/migrate
	printf '#!/bin/sh\necho "$RELEASE_COMMAND $RELEASE_NAME $*" "$2"\nexit 4\n' >$own
	chmod 755 $own
	expect 4 "$tiny" migrate a "b  c"
	equal stdout "migrate tiny a b  c b  c" "$out"
	expect 0 "$tiny" help
	contains "$out" "  migrate"
	cp $own release/releases/1.0.0/commands/status
	expect 0 "$tiny" help
	equal "how often status is listed" 1 "$(echo "$out" | grep -c '^  status')"
	expect 0 "$tiny" help migrate
	equal help "migrate [ARGUMENT...]

A command of this release's own: runs, with the arguments,
$PWD/release/releases/1.0.0/commands/migrate" "$out"
	expect 1 "$tiny" ../commands/migrate
}

test_wrong_arguments() {
	give_release release
	expect 2 "$tiny" rpc
	expect 2 "$tiny" rpc a b c d
	expect 2 "$tiny" eval
	for command in ping stop pid restart remote version --version attach describe status versions \
		reload_config remsh; do
		expect 2 "$tiny" $command more
		contains "$err" "$command takes no arguments"
	done
	expect 2 env RELEASE_DISTRIBUTION=open "$tiny" start
	contains "$err" "it can be local, name, sname or none"
	expect 2 env RELEASE_NODE=tiny@example.org "$tiny" start
	expect 2 env RELEASE_NODE=../x "$tiny" start
	expect 2 env RELEASE_VSN=9 "$tiny" version
	contains "$err" "there is no version '9'"
	expect 2 env RELEASE_STOP_TIMEOUT=soon "$tiny" stop
}

test_a_day_of_a_node() {
	give_release release
	for command in ping pid stop restart "rpc ok" remote; do
		# shellcheck disable=SC2086
		expect 1 "$tiny" $command
		contains "$err" "does not run"
	done
	start_and_wait one "two words"
	expect 0 "$tiny" ping
	equal ping pong "$out"
	expect 0 "$tiny" pid
	equal pid "$node" "$out"
	expect 0 "$tiny" rpc 'init:get_plain_arguments()'
	equal arguments '["one","two words"]' "$out"
	expect 0 "$tiny" rpc 'put(x, 1), code:get_mode().'
	equal mode embedded "$out"
	expect 0 "$tiny" rpc 'node().'
	equal node "'tiny@127.0.0.1'" "$out"
	expect 1 "$tiny" start
	contains "$err" "runs already, as process $node"
	expect 0 "$tiny" stop
	kill -0 "$node" 2>/dev/null && [ "$(cut -d' ' -f3 "/proc/$node/stat")" != Z ] &&
		stop_test "the process is still there"
	finish
	equal "exit status" 0 "$status"
	expect 1 "$tiny" ping
}

test_rpc() {
	give_release release
	start_and_wait
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal "what is printed; ok is not" hello "$out"
	expect 0 "$tiny" rpc 'io:format("a~nb"), 1 + 1.'
	equal "what is printed, then the value" "a
b2" "$out"
	expect 0 "$tiny" rpc 'A = "x\"y\\", io:format("~s ~w", [A, $"]). % comment'
	equal "quotes and backslashes" 'x"y\ 34' "$out"
	expect 0 "$tiny" rpc 'io:format("~ts ~w", ["grüß€", [length("ü€")]])'
	equal "letters beyond ASCII" 'grüß€ [2]' "$out"
	expect 0 "$tiny" rpc 'lists:seq(1, 3)'
	equal "a list" '[1,2,3]' "$out"
	expect 0 "$tiny" rpc 'A = 1. B = A + 1. {A, $.}.'
	equal "several expressions" '{1,46}' "$out"
	expect 0 "$tiny" rpc 'io:put_chars(lists:duplicate(200000, $x))'
	equal "much output" 200000 "${#out}"
	for bad in '1/0' 'error(bad)' 'exit(bad)' 'throw(bad)' 'foo(' '"open' 'nosuch:thing()' ''; do
		expect 1 "$tiny" rpc "$bad"
		equal "stdout of $bad" "" "$out"
		[ -n "$err" ] || stop_test "nothing on stderr after $bad"
	done
	expect 1 "$tiny" rpc 'error(bad)'
	contains "$err" "tiny: error: bad"
	expect 1 "$tiny" rpc 'foo('
	equal stderr "tiny: the expression ends too early" "$err"
	expect 0 "$tiny" rpc '[K || {K, _} <- application:get_all_env(kernel), is_tuple(K)]'
	equal "nothing stays in the node" "[]" "$out"
	expect 0 "$tiny" rpc 'init:stop()'
	finish
	equal "exit status" 0 "$status"
}

test_eval() {
	give_release release
	expect 0 "$tiny" eval 'application:load(tiny), tiny:greet()'
	equal "configuration is there" hello "$out"
	expect 0 "$tiny" eval 'length(Args) + 1' a "b c"
	equal "arguments" 3 "$out"
	expect 0 "$tiny" eval 'lists:keymember(tiny, 1, application:which_applications())'
	equal "the system is not started" false "$out"
	expect 0 "$tiny" eval 'node()'
	equal "not distributed" nonode@nohost "$out"
	expect 1 "$tiny" eval 'error(bad)'
	contains "$err" "tiny: error: bad"
	for whole in '1' '1.' '1 % one' '1. % one' '$1 - 48.'; do
		expect 0 "$tiny" eval "$whole"
		equal "value of $whole" 1 "$out"
	done
	expect 7 "$tiny" eval 'halt(7)'
	expect 0 "$tiny" eval 'io:put_chars(lists:duplicate(200000, $x))'
	equal "much output" 200000 "${#out}"
	[ ! -e release/tmp ] || stop_test "a folder was made"
}

test_eval_syntax() {
	give_release release
	while IFS='|' read -r code fault; do
		expect 1 "$tiny" eval "$code"
		equal "fault of $code" "tiny: $fault" "$err"
		equal stdout "" "$out"
	done <<-'end'
		foo(|the expression ends too early
		foo(.|the expression ends too early
		1 +|the expression ends too early
		|the expression ends too early
		foo bar|line 1: syntax error before: bar
		"open|line 1: unterminated string starting with "open"
	end
}

# What OTP logs is no part of the value, unless the release wants it so.
test_eval_logs_to_stderr() {
	give_release release
	echo '[{kernel, [{logger_level, info}]}].' >info.config
	RELEASE_SYS_CONFIG=$PWD/info expect 0 "$tiny" eval 'logger:error("a fault"), timer:sleep(200), 2'
	contains "$out" 2
	contains "$out$err" "a fault"
	contains "$out$err" "application: kernel"
	# OTP 23 has no -configfd.
	[ "$(sed 's/\..*//' release/releases/start_erl.data)" -lt 12 ] || equal stdout 2 "$out"
	echo '[{kernel, [{logger, [{handler, default, logger_std_h, #{}}]}]}].' >own.config
	RELEASE_SYS_CONFIG=$PWD/own expect 0 "$tiny" eval 'logger:error("a fault"), timer:sleep(200), 2'
	contains "$out" "a fault"
	equal stderr "" "$err"
}

# The node is reached, but ends.
test_rpc_that_ends_the_node() {
	give_release release
	for erl_call in with without; do
		[ $erl_call = with ] || rm release/erts-*/bin/erl_call
		start_and_wait
		expect 1 "$tiny" rpc 'erlang:halt(3).'
		equal stderr "tiny: the connection to tiny@127.0.0.1 ended before the answer came" "$err"
		finish
		equal "exit status" 3 "$status"
	done
}

test_node_of_another_name() {
	give_release release
	start_and_wait
	for command in stop ping pid; do
		RELEASE_NODE=other expect 1 "$tiny" $command
		contains "$err" "other@127.0.0.1 does not run, but 'tiny@127.0.0.1' runs here, process $node;"
		contains "$err" "another RELEASE_DISTRIBUTION or RELEASE_NODE?"
	done
	RELEASE_NODE=other RELEASE_DISTRIBUTION=none expect 1 "$tiny" stop
	contains "$err" "but 'tiny@127.0.0.1' runs here"
	RELEASE_NODE=other RELEASE_DISTRIBUTION=sname expect 1 "$tiny" stop
	contains "$err" "cannot connect to other, but 'tiny@127.0.0.1' runs here"
	expect 0 "$tiny" stop
	RELEASE_NODE=other expect 1 "$tiny" ping
	lacks "$err" "runs here"
}

test_names_that_the_vm_would_refuse() {
	give_release release
	export RELEASE_DISTRIBUTION=name
	for RELEASE_NODE in tiny tiny@host; do
		export RELEASE_NODE
		for command in start daemon ping "rpc ok" remote stop pid restart; do
			# shellcheck disable=SC2086
			expect 2 "$tiny" $command
			contains "$err" "set RELEASE_NODE to tiny@host.domain"
		done
		expect 0 "$tiny" version
	done
	RELEASE_DISTRIBUTION=sname RELEASE_NODE=tiny@host.domain expect 2 "$tiny" start
	contains "$err" "RELEASE_NODE to tiny@host"
	# A visitor that cannot even boot.
	echo '-config /nowhere' >vm.args
	rm release/erts-*/bin/erl_call
	RELEASE_COOKIE=a RELEASE_REMOTE_VM_ARGS=$PWD/vm.args RELEASE_NODE=tiny@127.0.0.1 expect 1 "$tiny" ping
	[ ! -e erl_crash.dump ] || stop_test "a dump was left"
}

test_restart() {
	give_release release
	start_and_wait
	"$tiny" rpc 'application:set_env(kernel, mark, 1)'
	expect 0 "$tiny" restart
	expect 0 "$tiny" rpc 'application:get_env(kernel, mark)'
	equal "started again when the command ends" undefined "$out"
	expect 0 "$tiny" pid
	equal "still the process" "$node" "$out"
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

test_restart_then_stop() {
	give_release release
	start_and_wait
	expect 0 "$tiny" restart
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

test_stop_while_starting() {
	give_release release
	for delay in 0.05 0.2 0.5; do
		TINY_SLOW=3000 start_tiny
		sleep $delay
		within 5 "$tiny" pid
		expect 1 "$tiny" ping
		contains "$err" "is starting, as process $node"
		expect 0 "$tiny" stop
		within 2 has_ended "$node"
	done
}

test_daemon() {
	mkdir "a 'quoted' folder"
	give_release "a 'quoted' folder/release"
	TINY_SLOW=500 expect 0 "$tiny" daemon x "it's"
	equal output "" "$out$err"
	expect 0 "$tiny" ping
	expect 0 "$tiny" pid
	vm=$out
	remember "$vm"
	expect 0 "$tiny" rpc 'init:get_plain_arguments()'
	equal arguments "[\"x\",\"it's\"]" "$out"
	expect 0 "$tiny" rpc 'io:format(user, "to the log~n", [])'
	within 5 grep -q "to the log" "a 'quoted' folder/release/tmp/log/erlang.log.1"
	expect 1 "$tiny" daemon
	contains "$err" "runs already"
	expect 0 "$tiny" stop
	within 5 not kill -0 "$vm"
}

# What run_erl keeps is told by its own variables.
test_log_rotation() {
	give_release release
	export RUN_ERL_LOG_GENERATIONS=2 RUN_ERL_LOG_MAXSIZE=1000
	unset TERM
	expect 0 "$tiny" daemon
	for _ in 1 2 3 4 5 6; do
		expect 0 "$tiny" rpc 'io:format(user, "~s~n", [lists:duplicate(900, $x)])'
		sleep 0.2
	done
	[ "$(find release/tmp/log -name 'erlang.log.*' | wc -l)" -le 2 ] || stop_test "$(ls -l release/tmp/log)"
	[ "$(cat release/tmp/log/erlang.log.* | wc -c)" -lt 4000 ] || stop_test "$(ls -l release/tmp/log)"
	expect 0 "$tiny" rpc 'io:put_chars(os:getenv("TERM"))'
	# bash gives a script that has none "dumb".
	case $LAUNCHER_SHELL in
	*bash) equal TERM dumb "$out" ;;
	*) equal TERM xterm "$out" ;;
	esac
	expect 0 "$tiny" stop
}

test_daemon_that_fails() {
	give_release release
	TINY_FAIL=1 ERL_CRASH_DUMP=/dev/null expect 1 "$tiny" daemon
	contains "$err" "tiny@127.0.0.1 has ended while it was starting"
	contains "$err" "$PWD/release/tmp/log/erlang.log.1"
	contains "$(cat release/tmp/log/erlang.log.1)" asked_to_fail
	expect 1 "$tiny" pid
	# The launcher in the background fails before it is the VM.
	echo '[ "${TIMES:=0}" -lt 1 ] || RELEASE_COOKIE_FILE=/nothing
export TIMES=$((TIMES + 1))' >release/releases/1.0.0/env.sh
	expect 1 "$tiny" daemon
	contains "$err" "has ended while it was starting"
	contains "$(cat release/tmp/log/erlang.log.*)" "cannot read '/nothing'"
}

test_daemon_that_is_slow() {
	give_release release
	expect 2 env RELEASE_START_TIMEOUT=long "$tiny" daemon
	contains "$err" "RELEASE_START_TIMEOUT is 'long'"
	RELEASE_START_TIMEOUT=1 TINY_SLOW=3000 expect 1 "$tiny" daemon
	contains "$err" "tiny@127.0.0.1 still starts after 1 s"
	contains "$err" "'tiny ping'"
	contains "$err" "$PWD/release/tmp/log/erlang.log.1"
	remember "$("$tiny" pid)"
	expect 1 "$tiny" daemon
	contains "$err" "is starting already, as process"
	within 10 "$tiny" ping
	expect 1 "$tiny" daemon
	contains "$err" "runs already"
	expect 0 "$tiny" stop
}

test_two_daemons_at_once() {
	give_release release
	add_hook pre_start slow 'sleep 1'
	TINY_SLOW=1000 "$tiny" daemon >first.out 2>&1 &
	first=$!
	remember "$first"
	for moment in 0.5 1; do
		sleep $moment
		expect 1 "$tiny" daemon
		contains "$err" "is starting already, as process"
		expect 1 "$tiny" start
		contains "$err" "is starting already, as process"
	done
	wait "$first" || stop_test "the first one: $(cat first.out)"
	expect 0 "$tiny" ping
	expect 0 "$tiny" stop
}

test_daemon_without_distribution() {
	give_release release
	export RELEASE_DISTRIBUTION=none
	begin=$(date +%s)
	TINY_SLOW=2000 expect 0 "$tiny" daemon
	[ $(($(date +%s) - begin)) -ge 2 ] || stop_test "it did not wait"
	expect 0 "$tiny" pid
	remember "$out"
	expect 0 "$tiny" stop
	TINY_FAIL=1 ERL_CRASH_DUMP=/dev/null expect 1 "$tiny" daemon
	contains "$err" "has ended while it was starting"
}

test_remote() {
	need script
	give_release release
	start_and_wait
	(
		sleep 2
		printf 'tiny:greet().\r'
		sleep 0.5
		printf 'node().\r'
		sleep 0.5
		printf '\007'
		sleep 0.5
		printf 'q\r'
		sleep 0.5
	) | TERM=xterm script -q -c "'$tiny' remote" /dev/null >remote.out 2>&1
	contains "$(cat remote.out)" hello
	contains "$(cat remote.out)" "'tiny@127.0.0.1'"
	expect 0 "$tiny" ping
	expect 0 "$tiny" stop
}

test_stop_takes_too_long() {
	give_release release
	TINY_STOP_SLOW=4000 start_and_wait
	expect 1 env RELEASE_STOP_TIMEOUT=1 "$tiny" stop
	contains "$err" "still runs after 1 s"
	contains "$err" "kill -KILL $node"
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

test_start_fails() {
	give_release release
	TINY_FAIL=1 ERL_CRASH_DUMP=/dev/null expect 1 "$tiny" start
	expect 1 "$tiny" stop
}

# A process number that another process has now must not be taken for the node's.
test_old_process_number() {
	give_release release
	start_and_wait
	"$tiny" stop
	sleep 1000 &
	other=$!
	remember "$other"
	record=$(cut -d' ' -f2 <release/tmp/tiny@127.0.0.1/pid | head -n 1)
	printf '%s %s\n' "$other" "$record" "$other" "$record" >release/tmp/tiny@127.0.0.1/pid
	expect 1 "$tiny" stop
	expect 1 "$tiny" pid
	kill -0 "$other"
	start_and_wait
	expect 0 "$tiny" stop
	kill -0 "$other"
}

run_tests "$0" "$@"
