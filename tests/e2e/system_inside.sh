# Run by tests/e2e/system in a root of its own, which is gone afterwards: FOLDER TARBALL.
# shellcheck shell=sh
set -eu
here=$1
tarball=$2
name=$(basename "$here")
release="/srv/a folder/$name"
state=/srv/state

fail() {
	echo "$name: $*" >&2
	tail -n 40 "$state/output" >&2 || :
	exit 1
}

as_user() {
	setpriv --reuid daemon --regid daemon --clear-groups env HOME=/nonexistent RELEASE_STATE_DIR="$state" "$@"
}

launcher() {
	as_user "$release/bin/$name" "$@"
}

# http PORT/PATH BODY [USER:PASSWORD]: the body of the answer; an empty BODY makes it a GET. Fails on an error status.
http() {
	python3 - "$@" <<'END'
import base64, sys, urllib.request
url, body, user = (sys.argv[1:] + [""])[:3]
request = urllib.request.Request("http://127.0.0.1:" + url, data=body.encode() or None)
request.add_header("Content-Type", "application/json")
if user:
    request.add_header("Authorization", "Basic " + base64.b64encode(user.encode()).decode())
with urllib.request.urlopen(request, timeout=20) as answer:
    sys.stdout.buffer.write(answer.read())
END
}

answers() { # answers GOT WANTED
	[ "$1" = "$2" ] || fail "expected '$2', got '$1'"
}

# Functions before_start, is_up, questions, after_stop.
# shellcheck source=/dev/null
. "$here/probe.sh"

# --- Nothing of Erlang, nor of what Debian installed, is left here ---------------------------------
rm -rf /usr/lib/erlang /usr/lib/rabbitmq /usr/lib/*/ejabberd-* /usr/share/ejabberd /etc/ejabberd /etc/rabbitmq
for program in erl erlc erl_call escript epmd run_erl to_erl ct_run dialyzer; do
	rm -f "/usr/bin/$program"
	! command -v "$program" || fail "$program is still in PATH"
done

mkdir -p "$release" "$state"
tar -xf "$tarball" -C "$release"
chown daemon "$state"
before_start
chown -R daemon "$state"

# --- It starts, answers, stops ---------------------------------------------------------------------
launcher start >"$state/output" 2>&1 &
launched=$!
tries=0
until is_up; do
	kill -0 $launched 2>/dev/null || fail "ended while it started"
	tries=$((tries + 1))
	[ $tries -lt 120 ] || fail "does not answer"
	sleep 0.5
done
# It serves a little before its last application is up.
until [ "$(launcher ping 2>/dev/null)" = pong ]; do
	tries=$((tries + 1))
	[ $tries -lt 120 ] || fail "does not answer: $(launcher ping 2>&1)"
	sleep 0.5
done
questions
launcher stop
status=0
wait $launched || status=$?
answers "$status" 0
after_stop
for program in beam.smp erl_child_setup inet_gethost epmd memsup cpu_sup; do
	! pgrep -l "$program" || fail "still runs"
done
echo "$name: started, questioned, stopped"
