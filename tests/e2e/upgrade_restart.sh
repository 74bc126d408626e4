#!/bin/sh
# usage: upgrade_restart.sh BEAMREL SOURCE_DIR
# Upgrades to another runtime and back: 1.0.0 and 2.0.0 are made with this machine's OTP, 3.0.0 with OTP 27, by the .appup
# files that OTP itself brings. All of it runs where OTP 27 is at home: an older runtime finds what it needs there, too.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

unset ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS
RELEASE_START_TIMEOUT=60
export RELEASE_START_TIMEOUT

give() {
	mkdir release
	tar -xzf "$PACKAGES/tiny-1.0.0.tar.gz" -C release
	cp "$PACKAGES/tiny-2.0.0.tar.gz" "$PACKAGES/tiny-3.0.0.tar.gz" release/releases
	tiny=$PWD/release/bin/tiny
}

# What a supervisor does: `supervise STATUSES` starts the system again when it ends with one of them, or * for any.
supervise() {
	cat >supervise <<-END
		#!/bin/sh
		trap 'stopping=yes; kill -TERM \$node' TERM
		while :; do
			"$tiny" start "it's one" >>node.log 2>&1 &
			node=\$!
			status=0
			wait \$node || status=\$?
			echo \$status >>statuses
			[ -z "\$stopping" ] || exit
			case \$status in
			$1) sleep 0.3 ;;
			*) exit ;;
			esac
		done
	END
	chmod +x supervise
	setsid ./supervise &
	remember $!
	within 40 "$tiny" ping
}

# runs VERSION ERTS: it does, in that version with all of it, and it is the permanent one.
runs() {
	expect 0 "$tiny" rpc '{lists:keyfind(tiny, 1, application:which_applications()), tiny:version(), tiny_count:next()}'
	case $(echo "$out" | tr -d ' \n') in
	"{{tiny,[],\"$1.0.0\"},$1,{$1,"*) ;;
	*) stop_test "want version $1, got <$out>" ;;
	esac
	expect 0 "$tiny" rpc 'io:format("~s ~s", [erlang:system_info(version), os:getenv("RELEASE_VSN")])'
	equal "what runs" "$2 $1.0.0" "$out"
	expect 0 "$tiny" versions
	contains "$out" "$1.0.0 permanent"
	lacks "$out" __new_emulator__
	lacks "$out" current
	equal start_erl.data "$2 $1.0.0" "$(cat release/releases/start_erl.data)"
	for file in release/releases/*; do
		case ${file##*/} in
		[123].0.0 | RELEASES | start_erl.data | tiny*) ;;
		*) stop_test "$file is left" ;;
		esac
	done
	expect 0 "$tiny" rpc 'io:put_chars([lists:last(string:lexemes(code:which(M), "/")) || M <- [release_handler, gen_server, application]])'
}

up_and_down() {
	runs 1 "$OLD"
	expect 0 "$tiny" install 2.0.0
	runs 2 "$OLD"
	expect 0 "$tiny" upgrade 3.0.0
	runs 3 "$NEW"
	expect 0 "$tiny" rpc 'init:get_plain_arguments()'
	equal arguments "[\"it's one\"]" "$out"
	expect 0 "$tiny" downgrade 1.0.0
	runs 1 "$OLD"
	expect 0 "$tiny" rpc 'init:get_plain_arguments()'
	equal arguments "[\"it's one\"]" "$out"
}

test_daemon() {
	give
	expect 0 "$tiny" daemon "it's one"
	up_and_down
	expect 0 "$tiny" install 3.0.0
	runs 3 "$NEW"
	expect 0 "$tiny" restart
	runs 3 "$NEW"
	# Killed, and started by somebody: what is permanent stays so.
	kill -KILL "$("$tiny" pid)"
	within 20 not "$tiny" status
	expect 0 "$tiny" daemon
	runs 3 "$NEW"
	expect 0 "$tiny" stop
}

# As systemd with Restart=on-failure.
test_supervisor() {
	give
	supervise '[!0]*'
	up_and_down
	expect 0 "$tiny" stop
	equal "how it ended" "75 75 0" "$(xargs <statuses)"
}

# The hooks of the launcher that stays in front of the VM run, too, and do not hide the status.
test_supervisor_and_hooks() {
	give
	mkdir -p release/releases/1.0.0/hooks/post_stop.d
	printf '#!/bin/sh\necho "$HOOK_EXIT_STATUS" >>%s/hooks\n' "$PWD" >release/releases/1.0.0/hooks/post_stop.d/note
	chmod +x release/releases/1.0.0/hooks/post_stop.d/note
	supervise '[!0]*'
	expect 0 "$tiny" install 3.0.0
	runs 3 "$NEW"
	equal "what hooks saw" 75 "$(cat hooks)"
	expect 0 "$tiny" stop
}

test_heart() {
	give
	ERL_AFLAGS=-heart expect 0 "$tiny" daemon "it's one"
	up_and_down
	expect 0 "$tiny" stop
	sleep 1
	expect 1 "$tiny" ping
}

# Nobody starts it again: what was prepared is withdrawn.
test_nobody_starts_it_again() {
	give
	supervise 0
	export RELEASE_START_TIMEOUT=2
	expect 1 "$tiny" install 3.0.0
	contains "$err" "nobody has started it again within 2 s"
	expect 0 "$tiny" daemon
	runs 1 "$OLD"
	RELEASE_START_TIMEOUT=60
	expect 0 "$tiny" install 3.0.0
	runs 3 "$NEW"
	expect 0 "$tiny" stop
}

# It starts, and has taken what was prepared but not yet told so: who asks meanwhile takes nothing away. Only the next
# start does, if that one came to nothing.
test_asking_while_it_starts() {
	give
	cp release/releases/RELEASES release/releases/RELEASES.before
	mkdir release/releases/__new_emulator__1.0.0
	echo "$NEW __new_emulator__1.0.0" >release/releases/new_start_erl.data.taken
	printf '%s\n' "999999999 1" "restart 3.0.0" >release/releases/upgrade.journal
	expect 1 "$tiny" ping
	[ -d release/releases/__new_emulator__1.0.0 ] || stop_test "there is nothing to boot with"
	expect 0 "$tiny" daemon
	runs 1 "$OLD"
	expect 0 "$tiny" stop
}

# It dies in the boot of the new runtime: the old version runs again, and a better package is taken.
test_new_version_does_not_come_up() {
	for how in daemon supervisor; do
		rm -rf release
		give
		if [ $how = daemon ]; then
			expect 0 "$tiny" daemon
		else
			supervise '*'
		fi
		expect 0 "$tiny" unpack 3.0.0
		mkdir -p release/releases/3.0.0/hooks/pre_start.d
		printf '#!/bin/sh\nexit 1\n' >release/releases/3.0.0/hooks/pre_start.d/no
		chmod +x release/releases/3.0.0/hooks/pre_start.d/no
		expect 1 "$tiny" install 3.0.0
		contains "$err" "3.0.0 did not come up, so tiny@127.0.0.1 runs in 1.0.0 again"
		runs 1 "$OLD"
		rm -r release/releases/3.0.0/hooks
		expect 0 "$tiny" install 3.0.0
		runs 3 "$NEW"
		expect 0 "$tiny" stop
	done
}

# It comes up, and a check fails.
test_new_version_fails_its_checks() {
	give
	supervise '[!0]*'
	expect 0 "$tiny" unpack 3.0.0
	mkdir -p release/releases/3.0.0/hooks/post_upgrade.d
	printf '#!/bin/sh\nexit 1\n' >release/releases/3.0.0/hooks/post_upgrade.d/no
	chmod +x release/releases/3.0.0/hooks/post_upgrade.d/no
	expect 1 "$tiny" install 3.0.0
	contains "$err" "3.0.0 did not pass its checks, so the node is back in 1.0.0"
	runs 1 "$OLD"
	expect 0 "$tiny" stop
}

if [ $# -ge 2 ] && [ -x "$1" ] && [ -d "$2" ]; then
	set -eu
	beamrel=$1 source=$2
	shift 2
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	root=$("$source/scripts/otp-root" 27)
	otp=$(erl -noinput -eval 'io:put_chars(code:root_dir()), halt().')
	"$source/tests/e2e/upgrade/make.sh" "$beamrel" "$work/packages" "$otp" "$otp" "$root/usr/lib/erlang"
	# shellcheck disable=SC2086
	OLD=$(tar -xzOf "$work/packages/tiny-1.0.0.tar.gz" releases/start_erl.data | cut -d ' ' -f 1)
	NEW=$(tar -xzOf "$work/packages/tiny-3.0.0.tar.gz" releases/start_erl.data | cut -d ' ' -f 1)
	mkdir "$work/run"
	PACKAGES=$work/packages
	export OLD NEW PACKAGES
	BEAMRELEASE_BIND="$source $work" "$source/tests/otp/run" 27 "$work/run" env E2E_WORK="$work/run/tests" "$0" "$@"
	exit
fi
run_tests "$0" "$@"
