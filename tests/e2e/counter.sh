#!/bin/sh
# counter.sh BEAMREL SOURCE_DIR
# The example, released and run: assembled, packed, unpacked elsewhere, started with no Erlang on
# PATH, called over HTTP, stopped; and its tarball taken by release_handler.
set -eu

beamrel=$1 source=$2
work=$(mktemp -d)
pid=

cleanup() {
	status=$?
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || :
	[ -z "$pid" ] || wait "$pid" 2>/dev/null || :
	if [ "$status" -ne 0 ] && [ -e "$work/node.log" ]; then
		echo "--- what the node said" >&2
		cat "$work/node.log" >&2
	fi
	rm -rf "$work"
}
trap cleanup EXIT

fail() {
	echo "counter.sh: $*" >&2
	exit 1
}

expect() { # WHAT WANTED GOT
	[ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"
}

# --- build: as the rules of CMake would, by hand -------------------------------------------------

root=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
make_app() { # VERSION
	rm -rf "$work/lib/counter"
	mkdir -p "$work/lib/counter/ebin" "$work/lib/counter/priv"
	erlc +deterministic +debug_info -o "$work/lib/counter/ebin" "$source"/examples/counter/src/*.erl
	cc -O2 -fPIC -shared -I"$root/usr/include" -o "$work/lib/counter/priv/counter_nif.so" \
		"$source/examples/counter/c_src/counter_nif.c"
	modules=$(cd "$work/lib/counter/ebin" && printf '%s,' *.beam | sed 's/\.beam//g; s/,$//')
	sed "s/{vsn, \"\"}/{vsn, \"$1\"}/; s/{modules, \[\]}/{modules, [$modules]}/" \
		"$source/examples/counter/src/counter.app.src" >"$work/lib/counter/ebin/counter.app"
}

mkdir -p "$work/project"
cp -R "$source/examples/counter/rel" "$work/project/rel"
cat >"$work/project/release.yaml" <<-EOF
	release:
	  name: counter
	  version: 1.0.0
	  otp: $root
	  paths: [../lib]
	  applications: [counter, sasl]
	  config: {sys: rel/sys.config, vm_args: rel/vm.args, env: rel/env.sh}
	  hooks:
	    pre_start: [{run: rel/check_disk.sh, timeout: 10}]
	    post_start: [{run: rel/note_start.sh, on_failure: ignore}]
	    post_stop: [{run: rel/note_stop.sh, on_failure: ignore}]
	  commands: {migrate: rel/migrate.sh}
	  overlays:
	    - {from: rel/overlay, to: .}
	    - {text: "counter\n", to: etc/motd}
	    - {link: motd, to: etc/issue}
EOF

make_app 1.0.0
"$beamrel" check --spec "$work/project/release.yaml" >"$work/report"
grep -q '^  counter 1.0.0 permanent' "$work/report" || fail "check does not tell of counter"
"$beamrel" assemble --spec "$work/project/release.yaml" --output "$work/tree"
"$beamrel" pack --spec "$work/project/release.yaml" --output "$work/counter.tar.gz"

# --- what came out -------------------------------------------------------------------------------

mkdir "$work/elsewhere"
tar -xzf "$work/counter.tar.gz" -C "$work/elsewhere"
diff -r --no-dereference "$work/tree" "$work/elsewhere" >&2 ||
	fail "the folder and the archive differ"
expect "a link of an overlay" motd "$(readlink "$work/elsewhere/etc/issue")"
! grep -rlF -e "$work" -e "$source" "$work/elsewhere" || fail "paths of the build are in the release"

# The same again elsewhere, by another umask and with other times: the same bytes.
cp -R "$work/project" "$work/project2"
(umask 077 && TZ=Asia/Tokyo "$beamrel" pack --jobs 1 --spec "$work/project2/release.yaml" \
	--output "$work/again.tar.gz")
cmp "$work/counter.tar.gz" "$work/again.tar.gz" || fail "two builds differ"

# --- run it where there is no Erlang ---------------------------------------------------------------

mkdir "$work/path" "$work/state"
for tool in sh awk cat chmod cut date df dirname basename env grep head id kill ln ls mkdir mv od ps \
	readlink rm rmdir sed sleep sort tail touch tr uname wc; do
	file=$(command -v "$tool") && ln -s "$file" "$work/path/$tool"
done
port=$(erl -noshell -eval '
	{ok, S} = gen_tcp:listen(0, [{ip, {127,0,0,1}}]), {ok, P} = inet:port(S),
	io:put_chars(integer_to_list(P)), halt().')

counter() { # with the environment of a machine that has nothing
	env -i PATH="$work/path" HOME=/nonexistent COUNTER_PORT="$port" \
		RELEASE_STATE_DIR="$work/state" "$work/elsewhere/bin/counter" "$@"
}
http() {
	curl --silent --show-error --max-time 10 "$@"
}

! env -i PATH="$work/path" sh -c 'command -v erl' || fail "there is an erl on the PATH"
expect version "counter 1.0.0" "$(counter version)"
counter migrate
expect "what migrate made" 0 "$(cat "$work/state/count")"

counter start >"$work/node.log" 2>&1 &
pid=$!
tries=0
until http --fail "http://127.0.0.1:$port/health" >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 150 ] || fail "it does not answer"
	kill -0 "$pid" || fail "it ended"
	sleep 0.1
done
expect "GET /count" 0 "$(http "http://127.0.0.1:$port/count")"
expect "POST /count" 41 "$(http -d 41 "http://127.0.0.1:$port/count")"
expect "POST /count" 42 "$(http -X POST "http://127.0.0.1:$port/count")"
expect "rpc" 42 "$(counter rpc 'io:format("~w~n", [counter_server:value()]).' | head -n 1)"
expect "ping" pong "$(counter ping)"

# --- an upgrade package for release_handler ---------------------------------------------------------

make_app 1.1.0
"$beamrel" pack --spec "$work/project/release.yaml" --set version=1.1.0 \
	--output "$work/elsewhere/releases/counter.tar.gz"
unpacked=$(counter rpc 'io:format("~p~n", [release_handler:unpack_release("counter")]).' | head -n 1)
expect "unpack_release" '{ok,"1.1.0"}' "$unpacked"
[ -e "$work/elsewhere/releases/1.1.0/start.boot" ] || fail "1.1.0 was not unpacked"
[ -e "$work/elsewhere/lib/counter-1.1.0/ebin/counter.app" ] || fail "counter-1.1.0 was not unpacked"

# --- stop -------------------------------------------------------------------------------------------

counter stop
status=0
wait "$pid" || status=$?
pid=
expect "exit status of start" 0 "$status"
expect "what the hooks wrote" "started counter 1.0.0,stopped counter 1.0.0," \
	"$(tr '\n' , <"$work/state/events.log")"

# --- the runtime's own scripts, in another folder, with a space -----------------------------------------

erts=$(basename "$work"/elsewhere/erts-*)
mkdir "$work/odd place"
mv "$work/elsewhere" "$work/odd place/rel"
ln -s "$work/odd place/rel/$erts/bin/erl" "$work/erl"
expect "the root of erl" "$work/odd place/rel" "$(env -i PATH="$work/path" HOME="$work" "$work/erl" \
	-boot "$work/odd place/rel/releases/1.0.0/start_clean" -noshell -eval 'io:put_chars(code:root_dir()), halt().')"
env -i PATH="$work/path" HOME="$work" COUNTER_PORT="$port" RELEASE_STATE_DIR="$work/state" \
	"$work/odd place/rel/$erts/bin/start"
tries=0
until http --fail "http://127.0.0.1:$port/health" >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 150 ] || fail "bin/start: it does not answer"
	sleep 0.1
done
pid=$(pgrep -o -f "^$work/odd place/rel/$erts/bin/beam")
kill "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
pid=

# --- started in the folder that is assembled, and assembled again meanwhile ------------------------------

in_tree() {
	env -i PATH="$work/path" HOME=/nonexistent COUNTER_PORT="$port" "$work/tree/bin/counter" "$@"
}
in_tree start >"$work/node.log" 2>&1 &
pid=$!
tries=0
until http --fail "http://127.0.0.1:$port/health" >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 150 ] || fail "in the assembled folder it does not answer"
	kill -0 "$pid" || fail "in the assembled folder it ended"
	sleep 0.1
done
[ -d "$work/tree/tmp" ] || fail "the launcher has made no tmp/: who keeps what it makes?"
"$beamrel" assemble --spec "$work/project/release.yaml" --set version=1.1.0 --output "$work/tree"
expect "the version that was assembled" "counter 1.1.0" "$(in_tree version)"
expect "what runs there" pong "$(in_tree ping)"
in_tree stop
wait "$pid" || fail "in the assembled folder: exit status $? of start"
pid=
state=$(ls -ldi "$work/tree/tmp" "$work/tree/lib" && ls -li "$work/tree/tmp")
"$beamrel" assemble --spec "$work/project/release.yaml" --set version=1.1.0 --output "$work/tree"
expect "nothing to do" "$state" "$(ls -ldi "$work/tree/tmp" "$work/tree/lib" && ls -li "$work/tree/tmp")"
echo "counter.sh: ok"
