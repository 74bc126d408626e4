#!/bin/sh
# Where the release lies, who runs it, what may be written, and what starting costs.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

works() {
	start_and_wait
	expect 0 "$1" rpc 'tiny:greet()'
	equal greeting hello "$out"
	expect 0 "$1" stop
	finish
	equal "exit status" 0 "$status"
}

# Stops a node that nobody can ask whether it is up: the signal may come too early for it.
terminate() {
	sleep 2
	for try in 1 2 3 4 5 6; do
		kill -TERM "$node" 2>/dev/null || :
		for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			! has_ended "$node" 2>/dev/null || return 0
			sleep 0.1
		done
	done
	stop_test "signal $try, after $tenth tenths of a second: it still runs"
}

test_path_with_spaces_and_quotes() {
	mkdir "a \"b\" 'c' \$d é"
	give_release "a \"b\" 'c' \$d é/r l"
	add_hook pre_start 1 true
	add_hook post_start 1 "echo up >'$PWD/up'"
	works "$tiny"
	[ -f up ] || stop_test "the post_start hook did not run"
}

test_chain_of_links() {
	give_release release
	mkdir bin links
	ln -s ../links/second bin/tiny
	ln -s "$PWD/links/third" links/second
	ln -s ../folder/bin/tiny links/third
	ln -s release folder
	PATH=$PWD/bin:$PATH
	export PATH
	expect 0 tiny version
	equal version "tiny 1.0.0" "$out"
	start_tiny
	within 20 tiny ping
	expect 0 tiny rpc 'io:put_chars(os:getenv("RELEASE_ROOT"))'
	equal root "$(pwd -P)/release" "$out"
	expect 0 "$tiny" pid
	equal "the same by its own path" "$node" "$out"
	expect 0 tiny stop
}

# release_handler makes a version permanent that way.
test_start_data_that_is_emptied_and_written() {
	give_release release
	data=$(cat release/releases/start_erl.data)
	: >release/releases/start_erl.data
	(sleep 0.5 && printf '%s' "$data" >release/releases/start_erl.data) &
	expect 0 "$tiny" version
	equal version "tiny 1.0.0" "$out"
}

test_relative_calls() {
	give_release release
	cd release/bin
	expect 0 ./tiny version
	if [ -z "${LAUNCHER_SHELL#* }" ] || [ "$LAUNCHER_SHELL" = "${LAUNCHER_SHELL#* }" ]; then
		expect 0 "$LAUNCHER_SHELL" tiny version
		equal version "tiny 1.0.0" "$out"
	fi
	cd ..
	tiny=bin/tiny
	works bin/tiny
}

test_read_only_tree() {
	need_root
	need unshare mount
	give_release release
	unshare --mount "$0" --inside read_only
}

# As in an image whose release has run before it became one.
test_read_only_tree_with_state() {
	need_root
	need unshare mount
	give_release release
	mkdir -p release/tmp/tiny@127.0.0.1
	unshare --mount "$0" --inside read_only_with_state
}

inside_read_only_with_state() {
	mount --bind release release
	mount -o remount,bind,ro release
	tiny=$PWD/release/bin/tiny
	start_tiny
	within 20 grep -q RELEASE_STATE_DIR start.err
	sleep 1
	terminate
	finish
	equal "exit status" 0 "$status"
	equal "one line" 1 "$(wc -l <start.err)"
}

inside_read_only() {
	mount --bind release release
	mount -o remount,bind,ro release
	tiny=$PWD/release/bin/tiny
	start_tiny
	within 20 grep -q RELEASE_STATE_DIR start.err
	equal "one line" 1 "$(wc -l <start.err)"
	sleep 1
	expect 1 "$tiny" ping
	expect 1 "$tiny" pid
	contains "$err" "does not run or left no trace"
	expect 1 "$tiny" stop
	contains "$err" "SIGTERM"
	terminate
	finish
	equal "exit status" 0 "$status"
	RELEASE_DISTRIBUTION=sname expect 1 "$tiny" start
	contains "$err" "cannot write to"
	for kind in local none; do
		RELEASE_DISTRIBUTION=$kind expect 1 "$tiny" daemon
		contains "$err" "cannot write to $PWD/release/tmp/tiny"
		contains "$err" "set RELEASE_STATE_DIR to a folder of user root"
	done
	RELEASE_STATE_DIR=$PWD/release/x expect 1 "$tiny" start
	contains "$err" "cannot write to $PWD/release/x"
	RELEASE_STATE_DIR=$PWD/log expect 0 "$tiny" daemon
	RELEASE_STATE_DIR=$PWD/log expect 0 "$tiny" ping
	[ -s log/log/erlang.log.1 ] || stop_test "the log is elsewhere"
	RELEASE_STATE_DIR=$PWD/log expect 0 "$tiny" stop
	RELEASE_COOKIE=abc RELEASE_DEFAULT_TMP=$PWD/release/x start_tiny
	within 20 grep -q RELEASE_STATE_DIR start.err
	terminate
	finish
	RELEASE_DEFAULT_TMP=$PWD/log expect 0 "$tiny" daemon
	RELEASE_DEFAULT_TMP=$PWD/log expect 0 "$tiny" stop
	export RELEASE_STATE_DIR="$PWD/the state"
	works "$tiny"
	unset RELEASE_STATE_DIR
	export RELEASE_TMP="$PWD/the tmp"
	works "$tiny"
	expect 0 "$tiny" daemon
	within 20 "$tiny" ping
	expect 0 "$tiny" stop
}

# A place that somebody has named is used, or nothing runs, not even a hook.
test_named_places_that_are_none() {
	give_release release
	add_hook pre_start see "echo ran >>'$PWD/ran'"
	: >file
	for place in "$PWD/file" "$PWD/file/x" /proc/x; do
		for command in start daemon; do
			for kind in local none sname; do
				export RELEASE_DISTRIBUTION=$kind
				RELEASE_STATE_DIR=$place expect 1 "$tiny" $command
				contains "$err" "cannot write to $place/tiny"
				contains "$err" "set RELEASE_STATE_DIR to a folder"
				RELEASE_TMP=$place expect 1 "$tiny" $command
				contains "$err" "cannot write to $place/tiny"
			done
			unset RELEASE_DISTRIBUTION
		done
		RELEASE_TMP=$place RELEASE_STATE_DIR=$PWD/state expect 1 "$tiny" daemon
		contains "$err" "cannot write to $place/pipe"
		contains "$err" "set RELEASE_TMP to a folder"
	done
	echo "export RELEASE_STATE_DIR=$PWD/file" >release/releases/1.0.0/env.sh
	expect 1 "$tiny" start
	contains "$err" "cannot write to $PWD/file/tiny"
	[ ! -e ran ] || stop_test "a hook ran"
	[ ! -e release/tmp ] || stop_test "there is another place"
}

test_empty_path() {
	give_release release
	mkdir empty
	export RELEASE_STATE_DIR="$PWD/state"
	# shellcheck disable=SC2086
	if env PATH="$PWD/empty" ${LAUNCHER_SHELL:-/bin/sh} -c 'command -v od' 2>/dev/null; then
		# A busybox brings its own programs.
		expect 0 env PATH="$PWD/empty" "$tiny" daemon
		expect 0 "$tiny" stop
		return
	fi
	for command in start daemon; do
		expect 1 env PATH="$PWD/empty" "$tiny" $command
		contains "$err" "there is no mkdir in PATH"
	done
	mkdir -p "$RELEASE_STATE_DIR/tiny@127.0.0.1"
	expect 1 env PATH="$PWD/empty" "$tiny" start
	contains "$err" "there is no od in PATH"
}

test_another_user() {
	need_root
	need setpriv
	chmod 755 . ..
	give_release release
	mkdir state
	chown 65534:65534 state
	as_other="setpriv --reuid=65534 --regid=65534 --clear-groups"
	# shellcheck disable=SC2086
	expect 1 $as_other env RELEASE_STATE_DIR="$PWD" "$tiny" start
	contains "$err" "set RELEASE_STATE_DIR to a folder of user nobody"
	# shellcheck disable=SC2086
	$as_other "$tiny" start 2>start.err &
	node=$!
	remember "$node"
	within 20 grep -q RELEASE_STATE_DIR start.err
	terminate
	finish
	equal "without state" 0 "$status"
	export RELEASE_STATE_DIR="$PWD/state"
	# shellcheck disable=SC2086
	$as_other "$tiny" start &
	node=$!
	remember "$node"
	# shellcheck disable=SC2086
	within 20 $as_other "$tiny" ping
	for command in ping "rpc ok" stop pid remote; do
		# shellcheck disable=SC2086
		expect 1 setpriv --reuid=1 --regid=1 --clear-groups "$tiny" $command
		contains "$err" "be the user who"
	done
	expect 0 "$tiny" ping
	# shellcheck disable=SC2086
	expect 0 $as_other "$tiny" stop
	finish
	equal "exit status" 0 "$status"
	[ -z "$(find release -uid 65534)" ] || stop_test "the other user wrote into the release"
}

test_folder_that_is_gone() {
	give_release release
	mkdir gone
	cd gone
	rmdir "$PWD"
	expect_out=$("$tiny" version) || stop_test "failed"
	equal version "tiny 1.0.0" "$expect_out"
}

test_env_sh() {
	give_release release
	echo 'echo "$RELEASE_COMMAND $RELEASE_PROG $2" >&2
export TINY_SEEN=yes RELEASE_MODE=interactive
export RELEASE_STATE_DIR=$RELEASE_ROOT/../state' >release/releases/1.0.0/env.sh
	start_and_wait
	equal "what env.sh knows" "start tiny " "$(cat start.err)"
	expect 0 "$tiny" rpc '{os:getenv("TINY_SEEN"), code:get_mode()}'
	equal "what it sets" '{"yes",interactive}' "$out"
	[ -d state ] || stop_test "the state is elsewhere"
	expect 0 "$tiny" stop
	echo 'false' >release/releases/1.0.0/env.sh
	expect 1 "$tiny" version
}

test_variables() {
	give_release release
	echo '[{tiny, [{greeting, "other"}]}].' >other.config
	echo '-kernel one 1' >other.args
	cp release/releases/1.0.0/start.boot release/releases/1.0.0/again.boot
	export RELEASE_SYS_CONFIG="$PWD/other" RELEASE_VM_ARGS="$PWD/other.args" RELEASE_BOOT_SCRIPT=again
	export RELEASE_NODE=second
	start_and_wait
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting other "$out"
	expect 0 "$tiny" rpc '{init:get_argument(one), application:get_env(kernel, one), node()}'
	equal "flags and node" "{error,{ok,1},'second@127.0.0.1'}" "$out"
	expect 0 "$tiny" stop
}

test_system_runtime() {
	give_release release "$LAUNCHER_EXCLUDED"
	equal "no runtime" "" "$(find release -name 'erts-*')"
	works "$tiny"
	expect 1 env PATH=/nowhere RELEASE_OTP_ROOT="$PWD" "$tiny" start
	contains "$err" "the release needs ERTS"
	erl=$(command -v erl)
	root=$(erl -noinput -eval 'io:put_chars(code:root_dir()), halt().')
	mkdir path
	for program in mkdir od readlink sleep; do
		ln -s "$(command -v "$program")" path
	done
	expect 1 env PATH="$PWD/path" "$tiny" start
	contains "$err" "there is no erl in PATH"
	printf '#!/bin/sh\nexec "%s" "$@"\n' "$erl" >path/erl
	chmod 755 path/erl
	PATH="$PWD/path" start_tiny
	within 20 "$tiny" ping
	expect 0 "$tiny" rpc 'io:put_chars(code:root_dir())'
	equal root "$root" "$out"
	expect 0 "$tiny" stop
}

# cut_at HEADING: the launcher in `cut` ends there, in what no shell understands.
cut_at() {
	mkdir -p release/bin
	sed "/^# --- $1 -/,\$d" "$tiny" >release/bin/cut
	[ "$(wc -c <release/bin/cut)" -lt "$(wc -c <"$tiny")" ] || stop_test "there is no '$1'"
	echo ')' >>release/bin/cut
	chmod 755 release/bin/cut
}

# A command runs before the shell reads what it does not need; reading is most of what the launcher costs.
test_commands_come_before_what_they_do_not_need() {
	give_release release
	commands=release/releases/1.0.0/commands
	mkdir $commands
	printf '#!/bin/sh\necho migrated\n' >$commands/migrate
	chmod 755 $commands/migrate
	cut_at "The node's folder: process, port"
	expect 0 release/bin/cut version
	equal stdout "tiny 1.0.0" "$out"
	expect 0 release/bin/cut migrate
	equal stdout migrated "$out"
	cut_at "Templates of configuration"
	release/bin/cut start >start.out 2>start.err &
	node=$!
	remember "$node"
	within 20 "$tiny" ping
	cut_at Cookie
	expect 0 release/bin/cut pid
	equal stdout "$node" "$out"
	expect 0 release/bin/cut status
	cut_at "Configuration that is made at start"
	expect 0 release/bin/cut --hooks post_start
	cut_at "Calls of functions"
	expect 0 release/bin/cut ping
	cut_at "A VM of its own"
	expect 0 release/bin/cut rpc '1 + 1'
	equal stdout 2 "$out"
	cut_at "Calls of functions"
	expect 0 release/bin/cut stop
	finish
	equal start.err "" "$(cat start.err)"
	echo "text=''" >release/releases/1.0.0/vm.args.sh
	cut_at "Asking a running node"
	release/bin/cut start >start.out 2>start.err &
	node=$!
	remember "$node"
	within 20 "$tiny" ping
	expect 0 "$tiny" stop
	finish
	equal start.err "" "$(cat start.err)"
}

# What env.sh sets for itself ends with it, and none that fails does so without a word.
test_env_sh_of_any_kind() {
	give_release release
	env_sh=release/releases/1.0.0/env.sh
	for last in 'return 3' 'false && true' 'exit 3'; do
		echo "$last" >$env_sh
		"$tiny" version >out 2>err && stop_test "status 0 after '$last'"
		contains "$(cat err)" "tiny: nothing was done, as $PWD/$env_sh ended with status"
	done
	add_hook post_stop one "echo stopped >'$PWD/stopped'"
	echo 'set -fauC; IFS=:; RELEASE_COOKIE_FILE='"$PWD/given" >$env_sh
	echo Very0Secret >given
	touch stopped
	# Of another launcher, from whose hook this one is called.
	echo their=own >theirs
	HOOK_ENV=$PWD/theirs start_and_wait
	expect 0 "$tiny" rpc '[V || V <- os:getenv(), string:find(V, "Very0Secret") =/= nomatch]'
	equal "secrets in the environment" "[]" "$out"
	RELEASE_STOP_TIMEOUT=010 expect 2 "$tiny" stop
	expect 0 "$tiny" stop
	finish
	equal post_stop stopped "$(cat stopped)"
	equal "HOOK_ENV of another" their=own "$(cat theirs)"
	echo 'exit 0' >$env_sh
	expect 0 "$tiny" version
	equal stderr "" "$err"
}

# forks COMMAND...: programs and subshells before the VM runs.
forks() {
	# shellcheck disable=SC2086
	strace -f -e trace=execve,clone,clone3,fork,vfork -o trace "$tiny" "$@" >/dev/null <"${input:-/dev/null}" &
	remember $!
	within 30 "$tiny" ping
	expect 0 "$tiny" stop
	sed '/execve(.*erlexec/,$d' trace | grep -cE '(clone|clone3|fork|vfork)\(' || :
}

# asked_forks COMMAND...: the same of a command that ends by itself.
asked_forks() {
	strace -f -e trace=execve,clone,clone3,fork,vfork -o trace "$tiny" "$@" >/dev/null
	sed '/execve(.*erlexec/,$d' trace | grep -cE '(clone|clone3|fork|vfork)\(' || :
}

test_forks() {
	need strace
	give_release release
	first=$(forks start)
	case $first in
	[123]) ;;
	*) stop_test "$first forks at the first start" ;;
	esac
	# A shell that nobody types to.
	mkfifo input
	exec 4<>input
	input=input
	for way in start foreground console "console_boot start"; do
		# shellcheck disable=SC2086
		equal "forks of $way at the second start" 0 "$(forks $way)"
	done
	exec 4<&-
	input=''
	echo '-heart' >>release/releases/1.0.0/vm.args
	equal "forks with heart" 0 "$(forks start)"
	sed -i '/-heart/d' release/releases/1.0.0/vm.args
	echo '_text="[{tiny, [{greeting, \"x\"}]}]."; fill_begin sys.config' >release/releases/1.0.0/sys.config.sh
	filled=$(forks start)
	[ "$filled" -le 3 ] || stop_test "$filled forks with a template"
	rm release/releases/1.0.0/sys.config.sh
	RELEASE_DISTRIBUTION=none RELEASE_COOKIE=new equal "without a node's name" 0 "$(asked_forks eval ok)"
	export RELEASE_COOKIE=given
	given=$(forks start)
	[ "$given" -le 3 ] || stop_test "$given forks with a cookie that is new"
	equal "forks with the same cookie" 0 "$(forks start)"
	for command in version help status versions "help start"; do
		# shellcheck disable=SC2086
		[ "$command" = status ] || equal "forks of $command" 0 "$(asked_forks $command)"
	done
	start_and_wait
	for command in pid status describe; do
		equal "forks of $command" 0 "$(asked_forks $command)"
	done
	equal "forks of ping" 1 "$(asked_forks ping)"
	# daemon: run_erl and what it starts, and the launcher's pauses; none of them before run_erl.
	expect 0 "$tiny" stop
	finish
	for most in 3 1; do # the first one makes two folders
		strace -f -e trace=execve,clone,clone3,fork,vfork -o trace "$tiny" daemon &
		remember $!
		within 30 "$tiny" ping
		expect 0 "$tiny" stop
		before=$(sed '/execve(.*run_erl/,$d' trace | grep -cE '(clone|clone3|fork|vfork)\(' || :)
		[ "$before" -le "$most" ] || stop_test "$before forks of daemon up to run_erl, which is one"
	done
}

test_sigterm_as_first_process() {
	need_root
	need unshare
	give_release release
	add_hook pre_start slow 'sleep 1'
	TINY_STOPPED=$PWD/stopped unshare --pid --fork --mount-proc "$tiny" start &
	outer=$!
	remember "$outer"
	within 10 pgrep -P "$outer"
	inner=$(pgrep -P "$outer")
	remember "$inner"
	sleep 0.3
	kill -TERM "$inner"
	wait "$outer" && status=0 || status=$?
	equal "while the hook runs" 143 "$status"
	rm release/releases/1.0.0/hooks/pre_start.d/slow
	TINY_STOPPED=$PWD/stopped unshare --pid --fork --mount-proc "$tiny" start &
	outer=$!
	remember "$outer"
	within 10 test -s release/tmp/tiny@127.0.0.1/port
	inner=$(pgrep -P "$outer")
	remember "$inner"
	kill -TERM "$inner"
	wait "$outer" && status=0 || status=$?
	equal "the VM itself" 0 "$status"
	equal "stopped cleanly" "app stopped" "$(cat stopped)"
}

test_sigterm_ends_cleanly() {
	give_release release
	TINY_STOPPED=$PWD/stopped start_and_wait
	kill -TERM "$node"
	finish
	equal "exit status" 0 "$status"
	equal "stopped cleanly" "app stopped" "$(cat stopped)"
}

if [ "${1:-}" = --inside ]; then
	set -eu ${E2E_TRACE:+-x}
	test_pids=$PWD.pids
	"inside_$2"
	exit
fi
run_tests "$0" "$@"
