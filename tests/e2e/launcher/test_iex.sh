#!/bin/sh
# IEx: in the terminal, behind pipes, in a running system.

# shellcheck disable=SC2016,SC2034,SC2094,SC2119,SC2154
# shellcheck source=tests/e2e/launcher/lib_elixir.sh
. "$(dirname "$0")/lib_elixir.sh"

# type_in FILE [PATTERN TEXT]...: each text once the pattern is in FILE, the output of what reads it.
type_in() {
	seen=$1
	shift
	while [ $# -ge 2 ]; do
		within 30 grep -q "$1" "$seen" >&2
		sleep 0.2
		printf '%b' "$2"
		shift 2
	done
	sleep 0.5
}

test_iex() {
	need script
	give_elixir reboot
	mkdir home
	echo 'own = "from iex.exs"' >home/.iex.exs
	export HOME="$PWD/home"
	: >iex.out
	type_in iex.out 'iex(.*1>' 'IO.puts("#{own} #{20 + 3} #{System.get_env("HOME")}")\r' \
		'iex(.*2>' 'IO.inspect({System.argv(), Demo.x()})\r' 'iex(.*3>' '\003' BREAK 'a\r' | DEMO_X=1 TERM=xterm script -q -c "'$tiny' start_iex a 'b  c'" /dev/null >iex.out 2>&1 &
	within 20 "$tiny" ping
	vm=$("$tiny" pid)
	remember "$vm"
	arguments "$vm" >argv
	within 20 has_ended "$vm"
	contains "$(cat iex.out)" "from iex.exs 23 $PWD/home"
	contains "$(cat iex.out)" "$(printf '\033[36m'):ok"
	contains "$(cat iex.out)" '{["a", "b  c"], "1"}'
	lacks "$(cat argv)" "$(cat release/tmp/.erlang.cookie)"
}

# With stop hooks the launcher is between the terminal and the VM; Ctrl+C is for IEx all the same.
test_iex_with_stop_hooks() {
	need script
	give_elixir plain
	add_demo_hook post_stop "echo \$HOOK_EXIT_STATUS >'$PWD/stopped'"
	: >iex.out
	type_in iex.out 'iex(.*1>' 'IO.puts("sum #{20 + 3}")\r' 'iex(.*2>' '\003' BREAK 'c\r' \
		BREAK 'IO.puts("sum #{20 + 4}")\r' 'sum 24' 'System.stop(3)\r' |
		TERM=xterm script -q -c "'$tiny' start_iex" /dev/null >iex.out 2>&1 || :
	contains "$(cat iex.out)" "sum 23"
	contains "$(cat iex.out)" "sum 24"
	equal "post_stop" 3 "$(cat stopped)"
}

test_daemon_iex() {
	need script
	give_elixir reboot
	DEMO_X=1 expect 0 "$tiny" daemon_iex a
	remember "$("$tiny" pid)"
	# IEx takes the arguments in a process of its own, which no start of an application waits for.
	within 20 "$tiny" rpc '["a"] = System.argv()'
	expect 0 "$tiny" rpc 'IO.inspect({System.argv(), System.get_env("RELEASE_COMMAND")})'
	equal arguments '{["a"], "daemon_iex"}' "$out"
	: >to_erl.out
	type_in to_erl.out . '\r' 'iex(' 'IO.puts("sum #{20 + 3} #{Demo.x()}")\r' 'sum 23' '\004' |
		TERM=xterm script -q -c "release/erts-*/bin/to_erl '$PWD/release/tmp/pipe/'" /dev/null >to_erl.out 2>&1
	contains "$(cat to_erl.out)" "sum 23 1"
	expect 0 "$tiny" stop
}

test_remote() {
	need script
	give_elixir plain
	export RELEASE_COOKIE=Very0Secret
	start_and_wait
	: >remote.out
	type_in remote.out 'iex(.*1>' 'IO.puts("sum #{20 + 3} #{node()}")\r' 'iex(.*2>' 'IO.inspect(Node.list())\r' \
		'iex(.*3>' 'File.write("peer", inspect(Node.list(:hidden)))\r' 'iex(.*4>' '\003' BREAK 'a\r' |
		TERM=xterm script -q -c "exec '$tiny' remote" /dev/null >remote.out 2>&1 &
	within 20 test -s peer
	for process in $(ps -o pid= --ppid "$(pgrep -f "script -q -c exec '$tiny' remote")"); do
		arguments "$process" >>peer
	done
	if [ "$(sed 's/\..*//' release/releases/start_erl.data)" -lt 14 ]; then
		expect 1 "$tiny" remote </dev/null
		contains "$err" "remote needs a terminal"
	fi
	within 20 not pgrep -f "script -q -c exec '$tiny' remote"
	contains "$(cat remote.out)" "sum 23 plain@127.0.0.1"
	contains "$(cat remote.out)" "[]"
	contains "$(cat peer)" "rem-"
	contains "$(cat peer)" "-remsh"
	lacks "$(cat peer)" Very0Secret
	expect 0 "$tiny" ping
	expect 0 "$tiny" stop
}

run_tests "$0" "$@"
