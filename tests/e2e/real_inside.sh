#!/bin/sh
# real_inside.sh FOLDER PLUGINS, run by real.sh beside release/, where OTP 27 is at home.
set -eu
folder=$1 plugins=$2
node='' load=''
export RELEASE_STATE_DIR="$PWD/state"
gate=release/bin/gate

cleanup() {
	status=$?
	[ -z "$load" ] || kill "$load" 2>/dev/null || :
	# shellcheck disable=SC2046 # the node is a child of the shell that started it
	[ -z "$node" ] || kill -KILL $(ps -o pid= --ppid "$node" 2>/dev/null) "$node" 2>/dev/null || :
	if [ "$status" -ne 0 ]; then tail -n 60 node.log load.log >&2; fi
}
trap cleanup EXIT

fail() {
	echo "real: $*" >&2
	exit 1
}

$gate start >node.log 2>&1 &
node=$!
tries=0
until [ "$($gate ping 2>/dev/null)" = pong ]; do
	tries=$((tries + 1))
	[ $tries -lt 300 ] || fail "does not answer"
	sleep 0.2
done
port=$($gate rpc 'ranch:get_port(gate).')
started=$($gate pid)

escript "$folder/load.escript" "$plugins" "$port" "$PWD/stop" >load.log 2>&1 &
load=$!
sleep 1

# is VERSION APPLICATION-VERSION...: the service says so, these run, and what is loaded of them is the code of that version.
is() {
	version=$1
	shift
	got=$(escript "$folder/get.escript" "$port" /version)
	[ "$got" = "$version" ] || fail "the service says that it is $got, not $version"
	running=$($gate rpc '[io_lib:format("~s-~s ", [A, V]) || {A, _, V} <- lists:sort(application:which_applications())].' |
		tr -d '[]",\n' | tr -s ' ')
	for application in "$@"; do
		name=${application%-*}
		got=$($gate rpc "element(3, lists:keyfind($name, 1, application:which_applications())).")
		[ "$got" = "\"${application##*-}\"" ] || fail "$name is $got, not ${application##*-}; there are $running"
	done
	got=$($gate rpc '[M || {A, _, V} <- application:which_applications(), {ok, Ms} <- [application:get_key(A, modules)],
		M <- Ms, code:is_loaded(M) =/= false,
		{ok, {_, Md5}} <- [beam_lib:md5(filename:join([code:root_dir(), "lib", lists:concat([A, "-", V]), "ebin", M]))],
		Md5 =/= M:module_info(md5)].')
	[ "$got" = "[]" ] || fail "of other versions is what is loaded of $got"
	[ "$($gate pid)" = "$started" ] || fail "it is another process now"
}
old=$(cd release/lib && echo cowboy-* cowlib-* credentials_obfuscation-* jose-* jsx-* prometheus-* ranch-* recon-*)
# shellcheck disable=SC2086 # a list
is 1.0.0 $old

escript "$folder/get.escript" "$port" /slow >slow.log 2>&1 &
slow=$!
sleep 1
$gate upgrade 2.0.0
new=$(cd release/lib && echo *)
for application in $old; do
	case $application in
	ranch-*) ;;
	*) new=$(echo " $new " | sed "s/ $application / /") ;;
	esac
done
new=$(echo "$new" | tr ' ' '\n' | grep -E '^(cowboy|cowlib|credentials_obfuscation|jose|prometheus|ranch|recon|syntax_tools|thoas)-')
# shellcheck disable=SC2086
is 2.0.0 $new
# What was begun in the old code ends in it.
wait $slow || fail "the request that was under way: $(cat slow.log)"
[ "$(cat slow.log)" = "at last" ] || fail "the request that was under way was answered '$(cat slow.log)'"
[ "$($gate rpc 'application:get_application(jsx).')" = undefined ] || fail "jsx is still there"
sleep 1
! grep "^kept: connected again" load.log || fail "connections were cut on the way up"

$gate downgrade 1.0.0
# shellcheck disable=SC2086
is 1.0.0 $old
[ "$($gate rpc 'application:get_application(thoas).')" = undefined ] || fail "thoas is still there"
sleep 1

touch stop
status=0
wait $load || status=$?
load=
cat load.log
[ $status -eq 0 ] || fail "requests were lost"
# A fourth of what was answered was counted, but for what each of the seven asked last.
count=$(escript "$folder/get.escript" "$port" /count)
answered=$(awk '/ answered, /{sum += $2} END {print sum}' load.log)
[ "$count" -ge $((answered / 4 - 7)) ] || fail "$count were counted, of $answered answered"
$gate stop
wait $node || fail "start ended with $?"
node=''
# shellcheck disable=SC2086
echo "real:" $old "->" $new "and back"
