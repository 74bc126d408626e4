#!/bin/sh
# Releases with Elixir: what mix's own launcher does with the same release is what ours has to do.

# shellcheck disable=SC2016,SC2034,SC2094,SC2119,SC2154
# shellcheck source=tests/e2e/launcher/lib_elixir.sh
. "$(dirname "$0")/lib_elixir.sh"

# alike COMMAND ARGUMENT...: the same status, stdout and stderr from both launchers.
alike() {
	echo "both: $*"
	echo given >given
	"$mix" "$@" <given >mix.out 2>mix.err && want=0 || want=$?
	expect "$want" "$tiny" "$@" <given
	equal stdout "$(cat mix.out)" "$out"
	equal stderr "$(cat mix.err)" "$err"
}

test_eval_as_mix() {
	for release in plain reboot; do
		rm -rf release
		give_elixir $release
		export DEMO_X="ü €" DEMO_RUNTIME="$PWD/runtime" RELEASE_DISTRIBUTION=sname RELEASE_COOKIE=abc
		alike eval 'Application.load(:demo); IO.inspect(Demo.facts(), limit: :infinity)'
		alike eval 'IO.puts("é ü"); IO.inspect(IO.gets("")); IO.puts(:stderr, "ß"); :value'
		alike eval 'Application.ensure_all_started(:demo); IO.inspect(Demo.x())'
		if [ $release = reboot ]; then
			# Each kept one, but ours removed it.
			equal "what is left" "" "$(find release/tmp/reboot -name '*.config')"
			continue
		fi
		alike eval 'raise "fault é"'
		alike eval 'throw(:fault)'
		alike eval 'exit({:shutdown, 4})'
		alike eval 'exit(:shutdown)'
		alike eval 'exit(:fault)'
		alike eval 'System.halt(5)'
		alike eval 'System.at_exit(fn n -> IO.inspect(n) end)'
		alike eval 'System.stop(6); Process.sleep(:infinity)'
		alike eval 'foo('
		alike eval 'Logger.error("logged"); require Logger; Logger.flush()'
		elixir_before 15 || alike eval 'IO.inspect(System.argv())' a 'b  c' --no-halt
	done
}

test_eval_arguments() {
	give_elixir plain
	expect 0 "$tiny" eval 'IO.inspect(System.argv())' a 'b  c' --version -- 'é'
	equal arguments '["a", "b  c", "--version", "--", "é"]' "$out"
	equal stderr "" "$err"
	expect 0 "$tiny" eval 'IO.inspect({System.argv(), node(), System.no_halt()})'
	equal "no arguments" '{[], :nonode@nohost, false}' "$out"
	[ ! -e release/tmp ] || stop_test "a folder was made"
	ELIXIR_ERL_OPTIONS='-demo x "given" +S 1' expect 0 "$tiny" eval \
		'IO.inspect({Application.get_env(:demo, :x), :erlang.system_info(:schedulers)})'
	equal "ELIXIR_ERL_OPTIONS" '{"none", 1}' "$out"
	ELIXIR_ERL_OPTIONS='-other * given' expect 0 "$tiny" eval 'IO.inspect(:init.get_argument(:other))'
	contains "$out" '*'
	expect 2 "$tiny" eval
}

# What the application sees of a start: table of facts, by both launchers.
test_start_as_mix() {
	for release in plain reboot; do
		rm -rf release ./*.facts ./*.boots
		give_elixir $release
		export DEMO_X="ü €" RELEASE_DISTRIBUTION=none RELEASE_COOKIE=abc
		for launcher in mix ours; do
			[ $launcher = mix ] && program=$mix || program=$tiny
			DEMO_BOOTS=$PWD/$launcher.boots DEMO_FACTS=$PWD/$launcher.facts "$program" start \
				>$launcher.out 2>$launcher.err &
			node=$!
			remember "$node"
			within 20 test -s $launcher.facts
			kill -TERM "$node"
			finish
			echo "status $status" >>$launcher.facts
		done
		for part in boots facts out err; do
			# What is logged at the very end may be lost.
			sed -i '/\[notice\] SIGTERM/d; /^$/d' mix.$part ours.$part
			equal "$part of $release" "$(cat mix.$part)" "$(cat ours.$part)"
		done
		contains "$(cat ours.facts)" 'no_halt: true'
		contains "$(cat ours.boots)" 'ü € embedded'
	done
}

test_start_arguments() {
	give_elixir plain
	start_and_wait a 'b  c' -x --no-halt
	expect 0 "$tiny" rpc 'IO.inspect(System.argv())'
	equal arguments '["a", "b  c", "-x", "--no-halt"]' "$out"
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

test_rpc_as_mix() {
	give_elixir plain
	ERL_EPMD_PORT=$((20000 + $$ % 5000))
	export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1 RELEASE_COOKIE=abc RELEASE_DISTRIBUTION=sname
	epmd=$(echo release/erts-*/bin/epmd)
	"$epmd" -daemon
	start_and_wait
	for expression in 'IO.puts("é"); IO.inspect(self() |> Process.alive?()); :value' 'raise "fault é"' \
		'throw(:fault)' 'exit({:shutdown, 4})' 'exit(:shutdown)' 'exit(:fault)' 'foo(' \
		'String.upcase(:a)' 'exit({:shutdown, :x})'; do
		alike rpc "$expression"
	done
	expect 0 "$mix" pid
	equal pid "$node" "$out"
	alike pid
	rm release/erts-*/bin/erl_call
	alike rpc 'IO.puts("é"); raise "fault é"'
	alike rpc 'exit({:shutdown, 4})'
	expect 0 "$mix" stop
	finish
	equal "exit status" 0 "$status"
	"$epmd" -kill >/dev/null || :
}

test_rpc() {
	give_elixir plain
	start_and_wait
	expect 0 "$tiny" rpc 'IO.puts("a\\b \"é\" #{1 + 1}")
		IO.puts(~S|~n ${HOME} $(x) `y`|)'
	equal "quotes, letters, lines" 'a\b "é" 2
~n ${HOME} $(x) `y`' "$out"
	expect 0 "$tiny" rpc '1 + 1'
	equal "the value is not shown" "" "$out$err"
	expect 0 "$tiny" rpc 'IO.puts(String.duplicate("x", 200_000))'
	equal "much output" 200000 "${#out}"
	expect 1 "$tiny" rpc 'System.halt(3)'
	contains "$err" "ended before the answer came"
	finish
	equal "exit status" 3 "$status"
	start_and_wait
	expect 0 "$tiny" rpc 'System.stop(4)'
	finish
	equal "exit status" 4 "$status"
}

# The copy of sys.config is ours alone, one for each node, and the VM is up when it is up again.
test_runtime_configuration() {
	give_elixir reboot
	umask 000
	chmod 444 release/releases/1.0.0/sys.config
	add_demo_hook post_start "echo \"up \$RELEASE_SYS_CONFIG\" >>'$PWD/up'"
	add_demo_hook pre_start "echo before >>'$PWD/up'; stat -c %a \"\$RELEASE_SYS_CONFIG.config\" >'$PWD/mode'"
	export DEMO_BOOTS="$PWD/boots" DEMO_RUNTIME="$PWD/runtime"
	for round in 1 2; do
		rm -f up boots runtime
		DEMO_X=Very0Secret$round start_and_wait
		equal "the value" "Very0Secret$round embedded" "$(cat boots)"
		equal "mode before" 600 "$(cat mode)"
		within 20 grep -q '^up' up
		equal "the hooks" "before
up $PWD/$state/runtime" "$(cat up)"
		equal "runtime.exs" "runtime nonode@nohost" "$(cat runtime)"
		equal "the files" "runtime.config" "$(cd "$state" && echo ./*config* | sed 's|\./||g')"
		equal "mode" 600 "$(stat -c %a "$state/runtime.config")"
		grep -q config_provider_booted "$state/runtime.config"
		expect 0 "$tiny" rpc 'IO.puts(System.get_env("RELEASE_SYS_CONFIG"))'
		equal "RELEASE_SYS_CONFIG" "$PWD/$state/runtime" "$out"
		equal "secrets" "./$state/runtime.config" \
			"$(grep -rl --exclude=boots --exclude='expect.*' '86,101,114,121,48\|Very0' .)"
		expect 0 "$tiny" stop
		finish
		equal "exit status" 0 "$status"
	done
	equal "the release" "" "$(find release/releases -newer mode)"
}

# Not evaluated again with reboot, evaluated again without, as in mix.
test_restart_as_mix() {
	for release in plain reboot; do
		for launcher in mix ours; do
			rm -rf release runtime boots
			give_elixir $release
			export RELEASE_DISTRIBUTION=local
			if [ $launcher = ours ]; then
				DEMO_X=1 DEMO_RUNTIME=$PWD/runtime DEMO_BOOTS=$PWD/boots start_and_wait
				expect 0 "$tiny" restart
			else
				# What mix's `restart` tells the node, without its network.
				RELEASE_COOKIE=abc RELEASE_DISTRIBUTION=none DEMO_X=1 DEMO_RUNTIME=$PWD/runtime \
					DEMO_BOOTS=$PWD/boots ELIXIR_ERL_OPTIONS="-eval timer:apply_after(1000,'Elixir.System',restart,[])." \
					"$mix" start &
				node=$!
				remember "$node"
			fi
			within 20 eval '[ "$(cat boots | wc -l)" -eq 2 ]'
			sed 's/ .*//' runtime >>$launcher.seen
			cat boots >>$launcher.seen
			kill -TERM "$node"
			finish
		done
	done
	equal "what was evaluated" "$(cat mix.seen)" "$(cat ours.seen)"
}

test_configuration_that_is_pruned() {
	give_elixir prune
	export DEMO_RUNTIME="$PWD/runtime" DEMO_BOOTS="$PWD/boots"
	DEMO_X=secret start_and_wait
	equal "runtime.exs has the node" "runtime prune@127.0.0.1" "$(cat runtime)"
	[ ! -e "$state/runtime.config" ] || stop_test "the file is still there"
	expect 1 "$tiny" restart
	contains "$err" "prune_runtime_sys_config_after_boot"
	contains "$err" "'prune stop'"
	expect 0 "$tiny" ping
	# From inside, and as heart does it.
	expect 0 "$tiny" rpc 'IO.inspect(System.cmd(System.get_env("RELEASE_ROOT") <> "/bin/prune", ["eval", "IO.write(1)"]))'
	equal "eval from inside" '{"1", 0}' "$out"
	expect 0 "$tiny" stop
	finish
	RELEASE_SYS_CONFIG=$PWD/$state/runtime start_and_wait
	expect 0 "$tiny" stop
	finish
}

test_eval_leaves_no_configuration() {
	give_elixir reboot
	DEMO_X=1 expect 0 "$tiny" eval 'Application.load(:demo); IO.inspect({Application.get_env(:demo, :x), System.get_env("RELEASE_SYS_CONFIG")})'
	contains "$out" '{"1",'
	contains "$out" "$state/eval."
	equal "after it" "" "$(find release/tmp -name '*config')"
	DEMO_RAISE=1 ERL_CRASH_DUMP=/dev/null expect 1 "$tiny" eval 'IO.puts(1)'
	contains "$err" "asked to fail"
	equal "one is left" 1 "$(find "$state" -name 'eval.*.config' | wc -l)"
	equal "mode" 600 "$(stat -c %a "$state/eval."*.config)"
	sleep 100 &
	remember $!
	read -r stat <"/proc/$!/stat"
	: >"$state/eval.$!.$(echo "${stat##*)}" | cut -d' ' -f21).config"
	expect 0 "$tiny" eval 'IO.puts(1)'
	equal "one of a process that runs" "$(echo "$state/eval.$!."*.config)" "$(find "$state" -name 'eval.*')"
	# Other ways to run something without the system.
	printf '#!/usr/bin/env escript\n%%!\nmain(A) -> application:load(demo), io:put_chars([element(2, application:get_env(demo, x)) | A]).\n' >file
	DEMO_X=5 expect 0 "$tiny" escript file 6
	equal "escript" 56 "$out"
	DEMO_X=5 expect 0 "$tiny" eval --mfa 'System.get_env/1' DEMO_X
	equal "a function" '<<"5">>' "$out"
	cmp release/releases/1.0.0/sys.config "$LAUNCHER_ELIXIR/reboot/releases/1.0.0/sys.config"
	equal "what is left" "$(echo "$state/eval.$!."*.config)" "$(find "$state" -name 'eval.*')"
	# In a hook, with the configuration of the node that is about to start.
	add_demo_hook pre_start "'$tiny' eval 'Application.load(:demo); IO.puts(Demo.x())' >'$PWD/hook'"
	DEMO_X=2 start_and_wait
	equal "eval in a hook" 2 "$(cat hook)"
	expect 0 "$tiny" rpc 'IO.puts(Demo.x())'
	equal "the node" 2 "$out"
	expect 0 "$tiny" stop
	finish
}

test_configuration_that_fails() {
	give_elixir reboot
	export ERL_CRASH_DUMP=/dev/null DEMO_RAISE=1
	expect 1 "$tiny" start
	contains "$err" "asked to fail"
	expect 1 "$tiny" daemon
	contains "$err" "has ended while it was starting"
	contains "$(cat release/tmp/log/erlang.log.1)" "asked to fail"
	unset DEMO_RAISE
	need_root
	need unshare mount
	unshare --mount "$0" --inside read_only
}

inside_read_only() {
	mount --bind release release
	mount -o remount,bind,ro release
	tiny=$PWD/release/bin/reboot
	for command in start "eval 1"; do
		# shellcheck disable=SC2086
		expect 1 "$tiny" $command
		contains "$err" "where the configuration made at start is kept; set RELEASE_TMP or RELEASE_STATE_DIR to"
	done
	RELEASE_TMP=$PWD/tmp expect 0 "$tiny" eval 'IO.puts(1)'
	RELEASE_TMP=$PWD/tmp start_tiny
	RELEASE_TMP=$PWD/tmp within 20 "$tiny" ping
	RELEASE_TMP=$PWD/tmp expect 0 "$tiny" stop
}

test_own_sys_config() {
	give_elixir reboot
	sed 's/{demo,\[/{demo,[{own,1},/' release/releases/1.0.0/sys.config >mine.config
	sed 1,2d mine.config >plain.config
	export RELEASE_SYS_CONFIG="$PWD/mine"
	start_and_wait
	expect 0 "$tiny" rpc 'IO.inspect({Application.get_env(:demo, :own), System.get_env("RELEASE_SYS_CONFIG")})'
	equal "with the mark" "{1, \"$PWD/$state/runtime\"}" "$(echo "$out" | tr -d '\n')"
	expect 0 "$tiny" stop
	finish
}

test_daemon() {
	give_elixir reboot
	export DEMO_BOOTS="$PWD/boots"
	DEMO_X=1 expect 0 "$tiny" daemon a 'b  c'
	equal output "" "$out$err"
	expect 0 "$tiny" rpc 'IO.inspect({Demo.x(), System.argv(), System.get_env("RELEASE_COMMAND"), System.no_halt()})'
	equal "the system" '{"1", ["a", "b  c"], "daemon", true}' "$out"
	remember "$("$tiny" pid)"
	equal boots "1 embedded" "$(cat boots)"
	expect 0 "$tiny" restart
	equal boots "1 embedded
1 embedded" "$(cat boots)"
	expect 0 "$tiny" stop
}

# As the env.sh of mix suggests it. What the VM has kept of runtime.exs holds after it has died, as with mix.
test_heart() {
	give_elixir reboot
	cat >release/releases/1.0.0/env.sh <<-'end'
		case $RELEASE_COMMAND in
		daemon*)
			HEART_COMMAND="$RELEASE_ROOT/bin/$RELEASE_NAME $RELEASE_COMMAND"
			export HEART_COMMAND
			export ELIXIR_ERL_OPTIONS="-heart"
			;;
		esac
	end
	export DEMO_RUNTIME="$PWD/runtime" DEMO_BOOTS="$PWD/boots"
	DEMO_X=1 expect 0 "$tiny" daemon
	first=$("$tiny" pid)
	remember "$first"
	kill -KILL "$first"
	within 30 eval '[ "$(cat boots | wc -l)" -eq 2 ]'
	within 30 "$tiny" ping
	second=$("$tiny" pid)
	remember "$second"
	[ "$first" != "$second" ] || stop_test "the same process"
	equal boots "1 embedded
1 embedded" "$(cat boots)"
	equal "runtime.exs" 1 "$(wc -l <runtime)"
	expect 0 "$tiny" stop
	sleep 1
	expect 1 "$tiny" ping
}

test_help() {
	give_elixir plain
	for command in rpc eval; do
		expect 0 "$tiny" help $command
		contains "$out" "Evaluates Elixir in"
	done
	contains "$out" "System.argv() is the list of the arguments"
	expect 0 "$tiny" help remote
	contains "$out" "Opens IEx in the running system"
}

# What `mix release.init` suggests, and what people write.
test_env_sh_of_mix() {
	give_elixir plain
	cat >release/releases/1.0.0/env.sh <<-'end'
		#!/bin/sh
		case $RELEASE_COMMAND in
		start*|daemon*)
			ELIXIR_ERL_OPTIONS="-demo x from_env_sh"
			export ELIXIR_ERL_OPTIONS
			;;
		*) ;;
		esac
		export RELEASE_DISTRIBUTION=name
		export RELEASE_NODE=shop@127.0.0.1 RELEASE_MODE=interactive
		[ -f "$REL_VSN_DIR/vm.args" ] || exit 9
	end
	ERL_EPMD_PORT=$((20000 + $$ % 5000))
	export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1 RELEASE_COOKIE=abc
	epmd=$(echo release/erts-*/bin/epmd)
	"$epmd" -daemon
	start_and_wait
	expect 0 "$tiny" rpc 'IO.inspect({node(), :code.get_mode(), :init.get_argument(:demo)})'
	contains "$out" ':"shop@127.0.0.1", :interactive, {:ok, '
	contains "$out" from_env_sh
	expect 0 "$tiny" stop
	finish
	"$epmd" -kill >/dev/null || :
}

# Nothing but the copy of sys.config is made by another program.
test_forks() {
	need strace
	give_elixir plain
	start_and_wait
	strace -f -e trace=execve -o trace "$tiny" rpc 'IO.puts(1)' >/dev/null
	contains "$(cat trace)" erl_call
	lacks "$(cat trace)" beam.smp
	expect 0 "$tiny" stop
	finish
	for release in plain reboot; do
		rm -rf release
		give_elixir $release
		start_and_wait
		expect 0 "$tiny" stop
		finish
		strace -f -e trace=execve,clone,clone3,fork,vfork -o trace "$tiny" start &
		remember $!
		within 20 "$tiny" ping
		expect 0 "$tiny" stop
		[ $release = reboot ] && forks=1 || forks=0
		equal "forks of $release" "$forks" "$(sed '/execve(.*erlexec/,$d' trace | grep -cE '(clone|clone3|fork|vfork)\(' || :)"
	done
}

if [ "${1:-}" = --inside ]; then
	set -eu ${E2E_TRACE:+-x}
	test_pids=$PWD.pids
	"inside_$2"
	exit
fi
# Functions get binaries; runtime.exs is evaluated again, in the system.
test_calls_and_reload_config() {
	give_elixir reboot
	start_and_wait
	for command in rpc eval; do
		expect 0 "$tiny" $command --mfa String.upcase/1 'é"x'
		equal "$command --mfa" '<<"É\"X"/utf8>>' "$out"
		expect 0 "$tiny" $command --mfa Elixir.Enum.count/1 --argv a b
		equal "$command --argv" 2 "$out"
	done
	expect 0 "$tiny" command Enum count a b
	equal command 2 "$out"
	expect 0 "$tiny" reload_config
	equal "nothing has changed" "" "$out"
	echo 'config :demo, added: [1, 2]' >>"${tiny%/bin/*}/releases/1.0.0/runtime.exs"
	expect 0 "$tiny" reload_config
	equal "what has changed" "demo: added" "$out"
	expect 0 "$tiny" rpc 'IO.inspect Application.get_env(:demo, :added)'
	equal "the new value" "[1, 2]" "$out"
	expect 0 "$tiny" stop
}

run_tests "$0" "$@"
