#!/bin/sh
# usage: upgrade_container.sh BEAMREL SOURCE_DIR
# A system in a container with a restart policy is upgraded to another runtime and back: 1.0.0 is of this machine's OTP, 2.0.0 of
# OTP 27. The container ends, and with it the command; the engine starts it in the other runtime, and the same command once
# more checks the version and makes it permanent. Without that what starts next is the permanent one.
# shellcheck disable=SC2016 # $ of hooks
set -eu
beamrel=$1 source=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
root=$("$source/scripts/otp-root" 27) # there is no network inside
engine_enter "$0" "$@"
unset ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS
work=$engine/work
mkdir "$work"
begun=$(date +%s)

fail() {
	docker logs one 2>&1 | tail -n 20 >&2 || :
	engine_fail "$@"
}

equal() { # WHAT WANT GOT
	[ "$2" = "$3" ] || fail "$1: want <$2>, got <$3>"
}

tiny() {
	docker exec one /app/bin/tiny "$@"
}

# expect STATUS ARGUMENT...: of the launcher's command; what it says is in $said.
expect() {
	wanted=$1
	shift
	status=0
	said=$(tiny "$@" 2>&1) || status=$?
	[ "$status" -eq "$wanted" ] || fail "status of '$*': want $wanted, got $status: $said"
}

contains() { # PART
	case $said in
	*"$1"*) ;;
	*) fail "<$said> does not contain <$1>" ;;
	esac
}

# has_ended COUNT: the engine has started the container COUNT times, and it answers.
has_ended() {
	restarted() { [ "$(docker inspect --format '{{.RestartCount}}' one)" -eq "$1" ]; }
	engine_until 300 restarted "$1" || fail "the engine does not start it again"
	engine_until 600 tiny ping || fail "it does not answer"
}

# runs VERSION ERTS VERSIONS: all of that version; the rest is as `versions` says.
runs() {
	expect 0 rpc 'io:format("~s ~s ~0p", [erlang:system_info(version), element(3, lists:keyfind(tiny, 1, application:which_applications())), element(1, tiny_count:next())])'
	equal "what runs" "$2 $1.0.0 $1" "${said%"
ok"}"
	expect 0 versions
	equal versions "$3" "$(echo "$said" | sort | xargs)"
}

otp=$(erl -noinput -eval 'io:put_chars(code:root_dir()), halt().')
"$source/tests/e2e/upgrade/make.sh" "$beamrel" "$work/packages" "$otp" "$root/usr/lib/erlang"
old=$(tar -xzOf "$work/packages/tiny-1.0.0.tar.gz" releases/start_erl.data | cut -d ' ' -f 1)
new=$(tar -xzOf "$work/packages/tiny-2.0.0.tar.gz" releases/start_erl.data | cut -d ' ' -f 1)
[ "$old" != "$new" ] || engine_fail "both have ERTS $old"

# Nothing but the release, where it can be written; what it links to is that of Debian's next version.
mkdir -p "$work/image/usr" "$work/image/etc" "$work/image/tmp" "$work/image/app"
for folder in bin sbin lib lib64; do
	[ ! -L "$root/$folder" ] || cp -a "$root/$folder" "$work/image/"
done
tar -xzf "$work/packages/tiny-1.0.0.tar.gz" -C "$work/image/app"
engine_docker
tar -c -C "$work/image" . | docker import --change 'ENTRYPOINT ["/app/bin/tiny", "start"]' - example/tiny:1 >"$work/log"
docker run --detach --name one --network none --restart on-failure --volume "$root/usr:/usr:ro" example/tiny:1 >"$work/log"
docker cp "$work/packages/tiny-2.0.0.tar.gz" one:/app/releases/ >"$work/log" 2>&1
engine_until 600 tiny ping || fail "it does not answer"
runs 1 "$old" "1.0.0 permanent"

expect 0 unpack 2.0.0
docker exec one sh -c 'umask 022; mkdir -p /app/releases/2.0.0/hooks/post_upgrade.d; cd /app/releases/2.0.0/hooks/post_upgrade.d
	printf "%s\n" "#!/bin/sh" "[ ! -e /tmp/no ] || exit 3" "echo \$HOOK_UPGRADE_FROM \$HOOK_UPGRADE_TO \$HOOK_DIRECTION >>/tmp/hooks" >note; chmod +x note'
expect 137 upgrade 2.0.0
contains "'tiny install 2.0.0' once more checks 2.0.0 and makes it permanent"
has_ended 1
runs 2 "$new" "1.0.0 permanent 2.0.0 current"
equal "hooks before the checks" "" "$(docker exec one sh -c 'cat /tmp/hooks 2>/dev/null')"

# Nobody repeats it: the next start is the permanent version, whole.
docker restart --time 20 one >"$work/log"
engine_until 600 tiny ping || fail "it does not answer"
runs 1 "$old" "1.0.0 permanent 2.0.0 unpacked"

# Checks that fail are told, and no more than that happens; the same command then.
expect 137 install 2.0.0
has_ended 1 # docker restart begins to count anew
docker exec one touch /tmp/no
expect 1 install 2.0.0
contains "2.0.0 runs, but did not pass its checks, so it is not permanent: what starts next is 1.0.0"
runs 2 "$new" "1.0.0 permanent 2.0.0 current"
docker exec one rm /tmp/no
expect 0 upgrade 2.0.0
contains "2.0.0 runs, and starts from now on"
runs 2 "$new" "1.0.0 old 2.0.0 permanent"
equal hooks "1.0.0 2.0.0 up" "$(docker exec one cat /tmp/hooks)"
equal "what is left" "" "$(docker exec one sh -c 'ls -d /app/releases/upgrade.journal /app/releases/__new* /app/releases/*.before /app/releases/new_start* 2>/dev/null')"

# It is for good: by docker, and when it dies.
docker restart --time 20 one >"$work/log"
engine_until 600 tiny ping || fail "it does not answer"
runs 2 "$new" "1.0.0 old 2.0.0 permanent"
docker kill --signal KILL one >"$work/log"
docker start one >"$work/log"
engine_until 600 tiny ping || fail "it does not answer"
runs 2 "$new" "1.0.0 old 2.0.0 permanent"

# And back.
expect 137 downgrade 1.0.0
has_ended 1
runs 1 "$old" "1.0.0 current 2.0.0 permanent"
expect 0 downgrade 1.0.0
runs 1 "$old" "1.0.0 permanent 2.0.0 old"
docker restart --time 20 one >"$work/log"
engine_until 600 tiny ping || fail "it does not answer"
runs 1 "$old" "1.0.0 permanent 2.0.0 old"
echo "upgrade_container.sh: ok; $old and $new, in $(($(date +%s) - begun)) s"
