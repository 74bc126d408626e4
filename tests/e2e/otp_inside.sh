#!/bin/sh
# otp_inside.sh VERSION, run by otp.sh beside the unpacked releases include/ and exclude/.
set -eu
version=$1
pid=

cleanup() {
	status=$?
	# shellcheck disable=SC2046 # the node is a child of the shell that started it
	[ -z "$pid" ] || kill $(ps -o pid= --ppid "$pid" 2>/dev/null) "$pid" 2>/dev/null || :
	[ "$status" -eq 0 ] || [ ! -s log ] || cat log >&2
}
trap cleanup EXIT

fail() {
	echo "otp_inside.sh: OTP $version: $*" >&2
	exit 1
}

same() { # WHAT WANTED GOT
	cmp "$2" "$3" >&2 || fail "$1 differ"
}

# --- what OTP's own tools make of the same .rel ----------------------------------------------------

mkdir -p made/include made/exclude
cp include/releases/1.0.0/counter.rel made/include/
cp exclude/releases/1.0.0/counter.rel made/exclude/
erl -noshell -eval '
	Own = filename:absname("exclude/lib"),
	Otp = [filename:join([code:lib_dir(), "*", "ebin"])],
	{ok, _, _} = systools:make_script("made/include/counter",
		[silent, no_dot_erlang, no_warn_sasl, {path, ["include/lib/*/ebin"]},
		 {outdir, "made/include"}]),
	{ok, _, _} = systools:make_script("made/exclude/counter",
		[silent, no_dot_erlang, no_warn_sasl, {path, [filename:join([Own, "*", "ebin"]) | Otp]},
		 {variables, [{"RELEASE_LIB", Own}]}, {outdir, "made/exclude"}]),
	{module, _} = code:ensure_loaded(release_handler),
	case erlang:function_exported(release_handler, create_RELEASES, 3) of
		true -> % since OTP 24: folders relative to that of the release
			ok = release_handler:create_RELEASES(
				filename:absname("made/include"), filename:absname("made/include/counter.rel"), []);
		false ->
			ok
	end,
	halt().'
for erts in include exclude; do
	same "$erts: boot files" "made/$erts/counter.boot" "$erts/releases/1.0.0/start.boot"
	# OTP 23 writes when it was made into the second line
	[ "$version" = 23 ] ||
		same "$erts: scripts" "made/$erts/counter.script" "$erts/releases/1.0.0/start.script"
done
[ ! -e made/include/RELEASES ] || same RELEASES made/include/RELEASES include/releases/RELEASES

# --- run both ----------------------------------------------------------------------------------------

mkdir path
for tool in sh awk cat chmod cut date df dirname basename env grep head id kill ln ls mkdir mv od ps \
	readlink rm rmdir sed sleep sort tail touch tr uname wc; do
	file=$(command -v "$tool") && ln -s "$file" "path/$tool"
done
mkdir path_erl
ln -s "$(command -v erl)" path_erl/erl

try() { # ERTS PATH
	counter() {
		env -i PATH="$path" HOME=/nonexistent COUNTER_PORT=18080 RELEASE_STATE_DIR="$PWD/state" \
			"$PWD/$erts/bin/counter" "$@"
	}
	erts=$1 path=$2
	rm -rf state
	mkdir state
	counter start >log 2>&1 &
	pid=$!
	tries=0
	until [ "$(counter ping 2>/dev/null)" = pong ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || fail "$erts: it does not answer"
		kill -0 "$pid" 2>/dev/null || fail "$erts: it ended"
		sleep 0.1
	done
	got=$(counter rpc 'counter_server:add(40), counter_server:add(2).')
	[ "$got" = 42 ] || fail "$erts: it counted to '$got'"
	got=$(erl -noshell -eval '
		{ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, 18080, [{active, false}]),
		ok = gen_tcp:send(Socket, "GET /count HTTP/1.0\r\n\r\n"),
		Read = fun Read(Text) ->
			case gen_tcp:recv(Socket, 0, 20000) of
				{ok, More} -> Read(Text ++ More);
				{error, closed} -> Text
			end
		end,
		[_Head, Body] = string:split(Read(""), "\r\n\r\n"),
		io:put_chars(Body),
		halt().')
	[ "$got" = 42 ] || fail "$erts: HTTP says '$got'"
	got=$(counter eval 'io:format("~s~n", [lists:keyfind(counter, 1, application:loaded_applications()) =/= false]).')
	[ "$got" = true ] || fail "$erts: eval does not find the applications: '$got'"
	counter stop
	wait "$pid" || fail "$erts: start ended with $?"
	pid=
}
try include "$PWD/path"
try exclude "$PWD/path:$PWD/path_erl"
