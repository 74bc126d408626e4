#!/bin/sh
# The cookie: where it is, who sees it; and what the node opens to the network.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

cookie_of_node() {
	"$tiny" rpc 'io:format("~s", [erlang:get_cookie()])'
}

test_first_start_makes_a_cookie() {
	give_release release
	umask 000
	start_and_wait
	file=release/tmp/.erlang.cookie
	equal mode 600 "$(stat -c %a "$file")"
	equal "mode of the folder" 700 "$(stat -c %a release/tmp)"
	cookie=$(cat "$file")
	equal length 64 "${#cookie}"
	equal "the node's cookie" "$cookie" "$(cookie_of_node)"
	"$tiny" stop
	start_and_wait
	equal "kept for the next start" "$cookie" "$(cookie_of_node)"
	expect 0 "$tiny" stop
}

test_given_cookies() {
	give_release release
	RELEASE_COOKIE=first start_and_wait
	export RELEASE_COOKIE=first
	equal "from RELEASE_COOKIE" first "$(cookie_of_node)"
	expect 0 "$tiny" stop
	[ ! -e release/tmp/.erlang.cookie ] || stop_test "another cookie was made"
	export RELEASE_COOKIE=second
	start_and_wait
	equal "a changed one" second "$(cookie_of_node)"
	expect 0 "$tiny" stop
	unset RELEASE_COOKIE
	printf 'third one\n' >cookie
	chmod 444 cookie
	export RELEASE_COOKIE_FILE="$PWD/cookie"
	start_and_wait
	equal "from a file that all may read" "third one" "$(cookie_of_node)"
	equal mode 600 "$(stat -c %a release/tmp/tiny@127.0.0.1/.erlang.cookie)"
	expect 0 "$tiny" stop
	RELEASE_COOKIE_FILE=$PWD/nothing expect 1 "$tiny" start
	contains "$err" "cannot read '$PWD/nothing'"
	: >empty
	RELEASE_COOKIE_FILE=$PWD/empty expect 1 "$tiny" start
	contains "$err" "no cookie in the first line of $PWD/empty"
}

test_wrong_cookie_is_refused() {
	give_release release
	start_and_wait
	for erl_call in with without; do
		[ $erl_call = with ] || rm release/erts-*/bin/erl_call
		for command in ping "rpc ok" restart; do
			# shellcheck disable=SC2086
			expect 1 env RELEASE_COOKIE=wrong "$tiny" $command
			contains "$err" "tiny@127.0.0.1 runs, as process $node, but does not answer; most likely it has another cookie"
			equal stdout "" "$out"
		done
	done
	expect 0 "$tiny" stop
}

# strace sees the arguments of all programs that run, however short.
test_no_cookie_in_any_argument() {
	need strace script
	give_release release
	add_hook post_stop nothing true
	export RELEASE_COOKIE=Very0Secret
	number=0
	for erl_call in with without; do
		[ $erl_call = with ] || rm release/erts-*/bin/erl_call
		strace -f -s 9999 -e trace=execve -o "start.$erl_call" "$tiny" start &
		remember $!
		within 20 "$tiny" ping
		vm=$("$tiny" pid)
		lacks "$(arguments "$vm")" Very0Secret
		for command in ping "rpc node()" "eval node()" pid restart; do
			# shellcheck disable=SC2086
			strace -f -s 9999 -e trace=execve -o "other.$erl_call.${command%% *}" "$tiny" $command
			within 20 "$tiny" ping
		done
		leave_shell | strace -f -s 9999 -e trace=execve -o "other.$erl_call.remote" \
			script -q -c "'$tiny' remote" /dev/null >remote.out 2>&1 || :
		strace -f -s 9999 -e trace=execve -o "other.$erl_call.stop" "$tiny" stop
		[ $erl_call = with ] || continue
		strace -f -s 9999 -e trace=execve -o other.with.daemon "$tiny" daemon &
		remember $!
		within 30 "$tiny" ping
		printf '#!/usr/bin/env escript\nmain(_) -> ok.\n' >script
		for command in reload_config "pingpeer tiny@127.0.0.1" "escript script" "rpc erlang node" "command erlang length" \
			status describe versions "reboot x"; do
			# shellcheck disable=SC2086
			strace -f -s 9999 -e trace=execve -o "other.$erl_call.${command%% *}.$((number += 1))" "$tiny" $command &
			remember $!
			wait_for_command=$!
			[ "$command" = "reboot x" ] || wait "$wait_for_command"
		done
		within 30 "$tiny" rpc '["x"] = init:get_plain_arguments()'
		expect 0 "$tiny" stop
	done
	contains "$(cat other.with.daemon)" run_erl
	contains "$(cat other.with.escript.*)" '"escript", "start"'
	contains "$(cat start.with)" 'erts-'
	contains "$(cat other.with.ping)" 'erl_call'
	contains "$(cat other.without.rpc)" 'beam.smp'
	contains "$(cat other.with.remote)" 'beam.smp'
	for trace in start.* other.*; do
		sed 's|/\* [0-9]* vars \*/||' "$trace" >arguments
		lacks "$(cat arguments)" Very0Secret
	done
	readable=$(find release -type f -perm /077 -exec grep -l Very0Secret {} +) || :
	equal "files that others can read and that hold the cookie" "" "$readable"
	grep -rq Very0Secret release || stop_test "it is in no file at all, so this test sees nothing"
}

leave_shell() {
	sleep 2
	printf '\007'
	sleep 0.5
	printf 'q\r'
	sleep 0.5
}

test_made_cookie_is_not_in_the_environment() {
	give_release release
	start_and_wait
	lacks "$(tr '\0' '\n' <"/proc/$node/environ")" "$(cat release/tmp/.erlang.cookie)"
	expect 0 "$tiny" stop
}

test_the_application_sees_the_users_home() {
	give_release release
	HOME=/somewhere start_and_wait
	expect 0 "$tiny" rpc 'io:put_chars(os:getenv("HOME"))'
	equal HOME /somewhere "$out"
	expect 0 "$tiny" stop
	finish
	unset HOME
	start_and_wait
	expect 0 "$tiny" rpc 'io:put_chars(os:getenv("HOME"))'
	equal "HOME where there is none" / "$out"
	expect 0 "$tiny" stop
}

# What the launcher assigns has names that begin with _ (or are documented, in capitals): a variable of the user's that
# had the name of one of its own would reach the system changed, since a shell exports what came from the environment.
test_the_application_sees_the_users_variables() {
	give_release release
	assigned='(^|[[:space:];&|({])([a-z][a-z0-9_]*)=|\bread -r ([a-z])|\bfor ([a-z][a-z0-9_]*) in '
	equal "names that are the users'" "" "$(sed 's/^[[:space:]]*#.*//' "$tiny" | grep -nE "$assigned" |
		grep -vE 'eval "|^[0-9]+:[[:space:]]*(echo|printf|say) ' || :)"
	name=a port=b path=c text=d value=e command=f file=g status=h line=i word=j start_and_wait
	expect 0 "$tiny" rpc 'io:put_chars([os:getenv(V) || V <- ["name", "port", "path", "text", "value", "command",
		"file", "status", "line", "word"]])'
	equal variables abcdefghij "$out"
	expect 0 "$tiny" stop
}

# Of many that start at once with one state folder, all have the same cookie.
# The others have seen that there is none, but are late to make theirs.
test_race_for_the_first_cookie() {
	give_release release
	mkdir path
	od=$(command -v od)
	printf '#!/bin/sh\n[ "$RELEASE_NODE" = tiny1@127.0.0.1 ] || sleep 1.$$\nexec %s "$@"\n' "$od" >path/od
	chmod 755 path/od
	PATH=$PWD/path:$PATH
	for number in 1 2 3 4 5 6; do
		RELEASE_NODE=tiny$number "$tiny" start &
		remember $!
	done
	for number in 1 2 3 4 5 6; do
		export RELEASE_NODE=tiny$number
		within 40 "$tiny" ping
		equal "cookie of $number" "$(cat release/tmp/.erlang.cookie)" "$(cookie_of_node)"
	done
	for number in 1 2 3 4 5 6; do
		RELEASE_NODE=tiny$number expect 0 "$tiny" stop
	done
}

test_empty_cookie_file() {
	give_release release
	mkdir release/tmp
	: >release/tmp/.erlang.cookie
	expect 1 "$tiny" start
	contains "$err" "is empty; remove it"
}

test_local_listens_on_loopback_only() {
	need awk
	give_release release
	# Were an epmd started, it would be this one.
	ERL_EPMD_PORT=14369 start_and_wait
	sockets=$(listening "$node")
	equal "one socket" 1 "$(echo "$sockets" | wc -w)"
	case $sockets in
	0100007F:*) ;;
	*) stop_test "listens on $sockets" ;;
	esac
	equal "the published port" "$((0x${sockets#*:}))" "$(cat release/tmp/tiny@127.0.0.1/port)"
	grep -q ":$(printf %04X 14369) .* 0A " /proc/net/tcp /proc/net/tcp6 && stop_test "an epmd runs"
	expect 0 "$tiny" stop
}

test_none_listens_nowhere() {
	give_release release
	export RELEASE_DISTRIBUTION=none
	start_tiny
	within 10 "$tiny" pid
	sleep 1
	equal sockets "" "$(listening "$node")"
	for command in ping "rpc ok" remote restart; do
		# shellcheck disable=SC2086
		expect 1 "$tiny" $command
		contains "$err" "without distribution"
	done
	[ ! -e release/tmp/.erlang.cookie ] || stop_test "a cookie was made"
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

# name and sname as in mix: with an epmd, here one of its own for the test.
test_name_and_sname() {
	give_release release
	ERL_EPMD_PORT=$((15000 + $$ % 5000))
	export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1 RELEASE_COOKIE=abc
	epmd=$(echo release/erts-*/bin/epmd)
	"$epmd" -daemon
	for erl_call in with without; do
		[ $erl_call = with ] || rm release/erts-*/bin/erl_call
		for RELEASE_DISTRIBUTION in sname name; do
			RELEASE_NODE=tiny
			[ $RELEASE_DISTRIBUTION = sname ] || RELEASE_NODE=tiny@127.0.0.1
			export RELEASE_DISTRIBUTION RELEASE_NODE
			expect 1 "$tiny" ping
			start_and_wait
			expect 0 "$tiny" rpc 'tiny:greet()'
			equal greeting hello "$out"
			expect 1 "$tiny" rpc 'error(bad)'
			contains "$err" bad
			expect 0 "$tiny" pid
			equal pid "$node" "$out"
			# Asked instead of looked up.
			mv "release/tmp/$RELEASE_NODE/pid" kept
			expect 0 "$tiny" pid
			equal pid "$node" "$out"
			expect 0 "$tiny" stop
			finish
			equal "exit status" 0 "$status"
		done
	done
	"$epmd" -kill >/dev/null || :
}

# An erl_call that crashes, as some do where the host has no name: a VM asks instead.
test_crashing_erl_call() {
	give_release release
	start_and_wait
	rm release/erts-*/bin/erl_call
	for folder in release/erts-*/bin; do
		printf '#!/bin/sh\nkill -SEGV $$\n' >"$folder/erl_call"
		chmod 755 "$folder/erl_call"
	done
	expect 0 "$tiny" ping
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting hello "$out"
	expect 0 "$tiny" rpc 'A = "é\"", length(A)'
	equal value 2 "$out"
	expect 1 "$tiny" rpc 'error(bad)'
	contains "$err" "error: bad"
	expect 1 "$tiny" rpc 'foo('
	expect 0 "$tiny" restart
	within 10 "$tiny" ping
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

run_tests "$0" "$@"
