#!/bin/sh
# Every command that `help` lists, and the names that users of relx and Distillery type.

# shellcheck disable=SC2016,SC2119,SC2317,SC2329
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# The terminal of COMMAND...: what stands on stdin is typed, line after line; what is shown is in `shown`.
on_terminal() {
	sleep=1.5
	while IFS= read -r line; do
		sleep $sleep
		sleep=0.5
		printf '%b' "$line"
	done | TERM=xterm script -q -c "$*" /dev/null >terminal.out 2>&1
	shown=$(cat terminal.out)
}

# Each row_COMMAND does what its command is for; those that ask find a node in the background.
row_start() {
	RELEASE_NODE=other start_tiny
	within 30 env RELEASE_NODE=other "$tiny" ping
	RELEASE_NODE=other expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

row_start_iex() {
	RELEASE_NODE=other expect 1 "$tiny" start_iex
	contains "$err" "'console' opens an Erlang shell"
}

row_daemon_iex() {
	RELEASE_NODE=other expect 1 "$tiny" daemon_iex
	contains "$err" "'console' opens an Erlang shell"
}

row_console() {
	RELEASE_NODE=other on_terminal "'$tiny' console x 'two words'" <<-'end'
		tiny:greet().\r
		{code:get_mode(), init:get_plain_arguments()}.\r
		q().\r
	end
	contains "$shown" hello
	contains "$shown" '{embedded,["x","two words"]}'
}

row_console_boot() {
	RELEASE_NODE=other expect 2 "$tiny" console_boot
	RELEASE_NODE=other expect 1 "$tiny" console_boot nothing
	contains "$err" "cannot read $PWD/release/releases/1.0.0/nothing.boot, the boot script"
	RELEASE_NODE=other on_terminal "'$tiny' console_boot '$PWD/release/releases/1.0.0/start_clean.boot' x" <<-'end'
		{[A || {A, _, _} <- application:which_applications(), A =:= tiny], node(), init:get_plain_arguments()}.\r
		q().\r
	end
	contains "$shown" "{[],'other@127.0.0.1',[\"x\"]}"
}

row_console_clean() {
	on_terminal "'$tiny' console_clean x" <<-'end'
		{node(), application:get_env(tiny, greeting)}.\r
		{lists:keymember(tiny, 1, application:which_applications()), init:get_plain_arguments()}.\r
		q().\r
	end
	contains "$shown" "{nonode@nohost,{ok,\"hello\"}}"
	contains "$shown" '{false,["x"]}'
}

row_daemon() {
	expect 1 "$tiny" daemon
	contains "$err" "runs already"
}

row_daemon_boot() {
	RELEASE_NODE=other RELEASE_TMP=$PWD/other expect 0 "$tiny" start_boot start_clean x
	RELEASE_NODE=other RELEASE_TMP=$PWD/other expect 0 "$tiny" rpc \
		'{[A || {A, _, _} <- application:which_applications(), A =:= tiny], init:get_plain_arguments()}'
	equal "nothing runs in it" '{[],["x"]}' "$out"
	RELEASE_NODE=other RELEASE_TMP=$PWD/other expect 0 "$tiny" stop
}

row_daemon_console() {
	export RELEASE_NODE=shell RELEASE_TMP="$PWD/shell"
	expect 0 "$tiny" daemon_console
	on_terminal "'$tiny' attach" <<-'end'
		\r
		tiny:greet().\r
		\004
	end
	contains "$shown" hello
	contains "$shown" "(shell@127.0.0.1)"
	expect 0 "$tiny" ping
	expect 0 "$tiny" stop
	expect 1 "$tiny" attach
	contains "$err" "does not run"
	start_tiny
	within 30 "$tiny" ping
	expect 1 "$tiny" attach
	contains "$err" "has no terminal to attach to"
	expect 0 "$tiny" stop
	finish
	unset RELEASE_NODE RELEASE_TMP
}

row_attach() {
	"$tiny" rpc 'spawn(fun() -> timer:sleep(2000), io:format(user, "seen by who looks~n", []) end), ok'
	on_terminal "'$tiny' attach" <<-'end'
		\r
		\r
		\004
	end
	contains "$shown" "seen by who looks"
	expect 0 "$tiny" ping
}

row_stop() {
	RELEASE_NODE=other expect 1 "$tiny" stop
}

row_restart() {
	expect 0 "$tiny" restart
	expect 0 "$tiny" ping
}

row_reboot() {
	expect 0 "$tiny" pid
	before=$out
	expect 0 "$tiny" reboot again "and again"
	expect 0 "$tiny" pid
	[ "$out" != "$before" ] || stop_test "it is the same process"
	remember "$out"
	expect 0 "$tiny" rpc 'init:get_plain_arguments()'
	equal arguments '["again","and again"]' "$out"
	RELEASE_NODE=other expect 1 "$tiny" reboot
	contains "$err" "does not run"
	RELEASE_NODE=other start_tiny
	within 30 env RELEASE_NODE=other "$tiny" ping
	RELEASE_NODE=other expect 1 "$tiny" reboot
	contains "$err" "runs in the foreground, so only who has started it can start it again"
	RELEASE_NODE=other expect 0 "$tiny" stop
	finish
}

row_ping() {
	expect 0 "$tiny" ping
	equal stdout pong "$out"
}

row_pingpeer() {
	expect 0 "$tiny" pingpeer tiny@127.0.0.1
	equal stdout pong "$out"
	expect 1 "$tiny" pingpeer nobody@127.0.0.9
	contains "$err" no_answer
	expect 2 "$tiny" pingpeer
	expect 2 "$tiny" pingpeer "it's"
}

row_pid() {
	expect 0 "$tiny" pid
	kill -0 "$out"
	expect 0 "$tiny" getpid
}

row_status() {
	expect 0 "$tiny" status
	equal stdout "tiny@127.0.0.1 runs, as process $("$tiny" pid)" "$out"
	RELEASE_NODE=other expect 1 "$tiny" status
	equal stderr "tiny: other@127.0.0.1 does not run" "$err"
}

row_describe() {
	expect 0 "$tiny" describe
	contains "$out" "release       tiny 1.0.0"
	contains "$out" "folder        $PWD/release"
	contains "$out" "node          tiny@127.0.0.1"
	contains "$out" "process       $("$tiny" pid)"
	contains "$out" "hook          pre_stop one"
	lacks "$out" "$(cat release/tmp/.erlang.cookie)"
}

row_versions() {
	cp -r release/releases/1.0.0 release/releases/0.9.0
	expect 0 "$tiny" versions
	equal stdout "0.9.0
1.0.0 permanent" "$out"
	rm -r release/releases/0.9.0
}

# Of these the release of this test can do nothing: it has no RELEASES, and no sasl. See test_upgrade.sh.
row_unpack() {
	expect 1 "$tiny" unpack 1.1.0
	contains "$err" "there is no $PWD/release/releases/RELEASES"
}

row_install() {
	expect 1 "$tiny" install 1.1.0
	contains "$err" "there is no $PWD/release/releases/RELEASES"
}

row_upgrade() {
	expect 2 "$tiny" upgrade
	equal stderr "tiny: upgrade needs a version; see tiny help upgrade" "$err"
}

row_downgrade() {
	expect 2 "$tiny" downgrade 1.0.0 1.1.0
	equal stderr "tiny: downgrade takes one version; see tiny help downgrade" "$err"
}

row_remove() {
	for name in remove uninstall; do
		expect 2 "$tiny" $name
		equal stderr "tiny: remove takes one version; see tiny help remove" "$err"
	done
}

row_version() {
	expect 0 "$tiny" version
	equal stdout "tiny 1.0.0" "$out"
}

row_rpc() {
	expect 0 "$tiny" rpc 'node()'
	equal "an expression" "'tiny@127.0.0.1'" "$out"
	echo 'A = 1,
% with a comment
{A, node()}.' >file.erl
	expect 0 "$tiny" rpc --file file.erl
	equal "a file" "{1,'tiny@127.0.0.1'}" "$out"
	expect 1 "$tiny" rpc --file nothing
	contains "$err" "cannot read the file 'nothing'"
	expect 0 "$tiny" rpc erlang node
	equal "relx's way" "'tiny@127.0.0.1'" "$out"
	expect 0 "$tiny" rpc lists seq '[1, 3]'
	equal "with arguments" '[1,2,3]' "$out"
	expect 1 "$tiny" rpc lists seq '[1, '
	for name in string.uppercase string:uppercase :string.uppercase; do
		expect 0 "$tiny" rpc --mfa $name/1 'a"b\c é'
		equal "Distillery's way" '"A\"B\\C É"' "$out"
	done
	expect 0 "$tiny" rpc --mfa erlang.length/1 --argv a b c
	equal "one list" 3 "$out"
	expect 2 "$tiny" rpc --mfa erlang.length/1 a b
	contains "$err" "erlang.length/1 takes 1 arguments, not 2"
	expect 2 "$tiny" rpc --mfa erlang.length/2 --argv a b
	expect 2 "$tiny" rpc --mfa length
	contains "$err" "--mfa takes a function such as Module.function/1"
	expect 1 "$tiny" rpc --mfa My.Module.function/0
	contains "$err" "Elixir.My.Module"
}

row_rpcterms() {
	expect 0 "$tiny" rpcterms lists seq '[1, 3]'
	equal stdout '[1,2,3]' "$out"
	expect 2 "$tiny" rpcterms lists
}

row_eval() {
	expect 0 "$tiny" eval 'node()'
	equal "in a new VM" nonode@nohost "$out"
	echo 'length(Args).' >file.erl
	expect 0 "$tiny" eval --file file.erl one two
	equal "a file" 2 "$out"
	expect 0 "$tiny" eval --mfa erlang.length/1 --argv -- a b c
	equal "a function" 3 "$out"
	expect 1 "$tiny" eval --file
	expect 2 "$tiny" eval --mfa
}

row_command() {
	expect 0 "$tiny" command erlang length a b c
	equal stdout 3 "$out"
	expect 2 "$tiny" command erlang
}

row_escript() {
	cat >script <<-'end'
		#!/usr/bin/env escript
		%% -*- erlang -*-
		%%! -kernel seen yes
		main(Args) ->
		    {ok, yes} = application:get_env(kernel, seen),
		    io:format("~w ~p~n", [tiny:module_info(module), Args]),
		    halt(length(Args)).
	end
	expect 2 "$tiny" escript script a "b c"
	equal stdout 'tiny ["a","b c"]' "$out"
	mv script release/there
	expect 0 "$tiny" escript there
	equal "below the root" "tiny []" "$out"
	expect 1 "$tiny" escript nothing
	contains "$err" "cannot read the file 'nothing'"
	expect 2 "$tiny" escript
}

row_reload_config() {
	expect 0 "$tiny" reload_config
	equal "nothing has changed" "" "$out"
	echo '[{tiny, [{greeting, "changed"}, {more, [1]}]}, {nobody, [{x, 1}]}].' >release/releases/1.0.0/sys.config
	expect 0 "$tiny" reload_config
	equal "what has changed" "tiny: greeting
tiny: more" "$out"
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting changed "$out"
	expect 0 "$tiny" rpc 'persistent_term:get(tiny_changes)'
	equal "what the application was told" '{[{greeting,"changed"}],[{more,[1]}],[]}' "$out"
	echo '[{tiny, [{greeting, "again' >release/releases/1.0.0/sys.config
	expect 1 "$tiny" reload_config
	contains "$err" "sys.config"
	echo '["more"].' >release/releases/1.0.0/sys.config
	echo '[{tiny, [{greeting, "included"}]}].' >release/releases/1.0.0/more.config
	expect 0 "$tiny" reload_config
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting included "$out"
	# As beamrel makes it of a sys.config.src.
	echo 'fill_begin sys.config GREETING
fill_get GREETING || :
_text="[{tiny, [{greeting, \"$_value\"}]}].
"' >release/releases/1.0.0/sys.config.sh
	expect 2 "$tiny" reload_config
	contains "$err" "needs variables that are not set: GREETING"
	GREETING=filled expect 0 "$tiny" reload_config
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting filled "$out"
	equal "what is left of it" "" "$(find release/tmp -name 'eval.*')"
	rm release/releases/1.0.0/sys.config.sh
	echo '[{tiny, [{greeting, "hello"}]}].' >release/releases/1.0.0/sys.config
	expect 0 "$tiny" reload_config
}

row_remote() {
	for name in remote remote_console remsh; do
		on_terminal "'$tiny' $name" <<-'end'
			node().\r
			\007
			q\r
		end
		contains "$shown" "'tiny@127.0.0.1'"
	done
	expect 0 "$tiny" ping
}

row_help() {
	expect 0 "$tiny" help help
	contains "$out" "Lists the commands"
}

test_every_command_of_help() {
	need script
	give_release release
	add_hook pre_stop one true
	expect 0 "$tiny" daemon
	remember "$("$tiny" pid)"
	listed=$("$tiny" help | sed -n 's/^  \([a-z_]*\) .*/\1/p')
	[ "$(echo "$listed" | wc -l)" -ge 25 ] || stop_test "the list is too short: $listed"
	for name in $listed; do
		command -v "row_$name" >/dev/null || stop_test "the command $name has no row here"
		"row_$name"
	done
	expect 0 "$tiny" stop
}

# The launcher's names cannot be those of a release's own commands.
test_all_names_are_reserved() {
	give_release release
	entries=$(dirname "$0")/../../../generator/spec/entries.c
	names="$("$tiny" help | sed -n 's/^  \([a-z_]*\) .*/\1/p') foreground run start_boot daemon_attach
		remote_console remote_shell remsh getpid uninstall info"
	for name in $names; do
		# A release may say more of its status.
		[ "$name" != status ] || continue
		grep -q "\"$name\"" "$entries" || stop_test "beamrel does not know that '$name' is taken"
	done
}

run_tests "$0" "$@"
