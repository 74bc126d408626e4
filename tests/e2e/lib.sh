# shellcheck shell=sh
# What tests with running systems share. A test file sources this, defines functions test_*, and
# ends with `run_tests "$0" "$@"`: each function runs in a shell and an empty folder of its own,
# under `set -eu`, with its output shown only when it fails. Arguments pick tests by name.
# $E2E_WORK is the folder for all that is written (default: a new one in /tmp).

# stop_test TEXT...: this test has failed.
stop_test() {
	printf 'FAILED: %s\n' "$*"
	exit 1
}

# skip_test REASON...
skip_test() {
	printf 'SKIPPED: %s\n' "$*"
	exit 77
}

# equal WHAT WANT GOT
equal() {
	[ "$2" = "$3" ] || stop_test "$1: want <$2>, got <$3>"
}

# contains TEXT PART
contains() {
	case $1 in
	*"$2"*) ;;
	*) stop_test "<$1> does not contain <$2>" ;;
	esac
}

# lacks TEXT PART
lacks() {
	case $1 in
	*"$2"*) stop_test "<$1> contains <$2>" ;;
	esac
}

# expect STATUS COMMAND...: runs it; its output is in $out and $err then.
expect() {
	want=$1
	shift
	"$@" >expect.out 2>expect.err && got=0 || got=$?
	out=$(cat expect.out)
	err=$(cat expect.err)
	[ "$got" -eq "$want" ] ||
		stop_test "status of '$*': want $want, got $got; stdout <$out>, stderr <$err>"
}

# within SECONDS COMMAND...: until it succeeds.
within() {
	tries=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || stop_test "'$*' did not come true in time"
		sleep 0.05
	done
}

# not COMMAND...
not() {
	! "$@"
}

# remember PID: to be ended with the test, if it then still runs.
remember() {
	echo "$1" >>"$test_pids"
}

end_remembered() {
	[ -f "$test_pids" ] || return 0
	while read -r pid; do
		for process in $(ps -o pid= --ppid "$pid") "$pid"; do
			kill -KILL "$process" 2>/dev/null || :
		done
	done <"$test_pids"
}

# need PROGRAM...: skips the test where one is missing.
need() {
	for program in "$@"; do
		command -v "$program" >/dev/null || skip_test "there is no $program here"
	done
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip_test "needs root"
}

# In a process of its own, so that a test that hangs can be ended.
run_one() {
	mkdir -p "$work/$1"
	E2E_WORK=$work timeout --kill-after=5 "${E2E_SECONDS:-90}" "$file" --one "$1" >"$work/$1.log" 2>&1
}

run_tests() {
	file=$1
	shift
	work=${E2E_WORK:-$(mktemp -d)}
	if [ "${1:-}" = --one ]; then
		set -eu ${E2E_TRACE:+-x}
		test_pids=$work/$2.pids
		cd "$work/$2"
		"$2"
		exit
	fi
	rm -rf "$work"
	mkdir -p "$work"
	# shellcheck disable=SC2046
	[ $# -gt 0 ] || set -- $(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file")
	passed=0 failed=0 skipped=0
	for name in "$@"; do
		run_one "$name" && status=0 || status=$?
		test_pids=$work/$name.pids
		end_remembered
		case $status in
		0) passed=$((passed + 1)) && echo "ok $name" ;;
		124 | 137) failed=$((failed + 1)) && echo "not ok $name: took too long" ;;
		77) skipped=$((skipped + 1)) && echo "skipped $name: $(tail -n 1 "$work/$name.log")" ;;
		*)
			failed=$((failed + 1))
			echo "not ok $name"
			sed 's/^/    /' "$work/$name.log"
			;;
		esac
	done
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] || exit 1
	[ "$skipped" -eq 0 ] || exit 77
}
