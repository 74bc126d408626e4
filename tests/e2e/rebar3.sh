#!/bin/sh
# usage: rebar3.sh BEAMREL SOURCE PREFIX [TEST...]
# The example of a rebar3 project: built by CMake, started, questioned; and built by rebar3 alone.
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/e2e/lib.sh
. "$here/lib.sh"

BEAMREL=${BEAMREL:-$1}
SOURCE=${SOURCE:-$2}
PREFIX=${PREFIX:-$3}
export BEAMREL SOURCE PREFIX
export ERL_CRASH_DUMP_SECONDS=0 ERL_EPMD_ADDRESS=127.0.0.1

# Sets `release` to the release of the example; the sources are as they were, and cannot be written.
build_example() {
	cp -R "$SOURCE/examples/rebar3" project
	(cd project && find . -printf '%P %y %s %T@\n' | sort) >before
	cmake -S project -B build -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_PREFIX_PATH=$PREFIX" \
		"-DBeamRelease_GENERATOR=$BEAMREL" >build.log 2>&1 || stop_test "$(cat build.log)"
	cmake --build build --target release >build.log 2>&1 || stop_test "$(cat build.log)"
	(cd project && find . -printf '%P %y %s %T@\n' | sort) >after
	cmp before after || stop_test "the source folder was written"
	release=$PWD/build/beam/Release/release/stock/stock
	RELEASE_STATE_DIR=$PWD/state
	export RELEASE_STATE_DIR
}

# A port that nobody listens on.
free_port() {
	erl -noinput -boot start_clean -eval '{ok, S} = gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}]), {ok, P} = inet:port(S),
		io:format("~b", [P]), halt().'
}

page() {
	erl -noinput -boot start_clean -eval '{ok, S} = gen_tcp:connect({127, 0, 0, 1}, '"$1"', [binary, {active, false}]),
		ok = gen_tcp:send(S, "GET / HTTP/1.0\r\n\r\n"),
		(fun F() -> case gen_tcp:recv(S, 0) of {ok, B} -> io:put_chars(B), F(); _ -> halt() end end)().'
}

test_example() {
	build_example
	equal "a template" "stock 1.2.0 of the corner shop" "$(cat "$release/etc/motd")"
	expect 1 env STOCK_CLOSED=yes "$release/bin/stock" start
	contains "$err" "stock: the shop is closed"
	contains "$err" "pre_start hook"

	port=$(free_port)
	# Whatever stands in a value, it is that value.
	greeting="\"Good\" morning\\, \${STOCK_PORT}"
	RELEASE_DISTRIBUTION=local STOCK_COOKIE=of_the_shop
	export RELEASE_DISTRIBUTION STOCK_COOKIE
	expect 0 env STOCK_PORT="$port" STOCK_GREETING="$greeting" STOCK_SHELF='[{plum, 7}]' \
		"$release/bin/stock" daemon
	remember "$("$release/bin/stock" pid)"
	contains "$(page "$port")" "$greeting"
	contains "$(page "$port")" "plum 7"
	expect 0 "$release/bin/stock" count plum
	equal "an extension" 7 "$out"
	expect 0 "$release/bin/stock" rpc stock take '[plum]'
	expect 0 "$release/bin/stock" count plum
	equal "an extension" 6 "$out"
	expect 0 "$release/bin/stock" rpc 'erlang:system_info(process_limit) > 499999.'
	equal "a flag of vm.args.src" true "$out"
	expect 0 "$release/bin/stock" stop
	# Nothing beside the sources of the configuration, no cookie in the release.
	equal "the files of the version" "" "$(find "$release/releases" -name '*.config' -o -name 'vm.args' | grep -v remote)"
	equal "the cookie" "" "$(grep -rl of_the_shop "$release" || :)"
}

# The name that vm.args.src gives to the node, and what the environment says of it.
test_name() {
	build_example
	environment=$release/releases/1.2.0/env.sh
	equal "the name" "sname stock" "$(sh -c '. "$0"; echo $RELEASE_DISTRIBUTION $RELEASE_NODE' "$environment")"
	equal "another name" "sname s2" "$(STOCK_NODE=s2 sh -c '. "$0"; echo $RELEASE_DISTRIBUTION $RELEASE_NODE' "$environment")"
	equal "none" "none" "$(RELEASE_DISTRIBUTION=none sh -c '. "$0"; echo $RELEASE_DISTRIBUTION $RELEASE_NODE' "$environment")"
	equal "a cookie" "c2" "$(STOCK_COOKIE=c2 sh -c '. "$0"; echo $RELEASE_COOKIE' "$environment")"
	equal "a cookie that wins" "c3" "$(STOCK_COOKIE=c2 RELEASE_COOKIE=c3 sh -c '. "$0"; echo $RELEASE_COOKIE' "$environment")"
}

# Of a name without default and of the templates, all variables that are missing are told at once.
test_name_is_missing() {
	build_example
	# shellcheck disable=SC2016 # what the templates hold
	sed -i -e 's/^-sname .*/-sname ${STOCK_NODE}_${STOCK_ZONE}/' -e 's/^\(-sname.*\)$/\1\n+t ${STOCK_ATOMS}/' \
		project/config/vm.args.src
	expect 0 cmake --build build --target stock
	expect 2 env STOCK_ZONE=z "$release/bin/stock" start
	contains "$err" "stock: the name of the node needs variables that are not set: STOCK_NODE
"
	contains "$err" "stock: vm.args.src needs variables that are not set: STOCK_ATOMS"
	contains "$err" "stock: nothing was started"
	expect 2 env STOCK_NODE=n STOCK_ATOMS=9 "$release/bin/stock" daemon
	contains "$err" "not set: STOCK_ZONE
stock: nothing was started"
	expect 2 "$release/bin/stock" stop
	equal "what stop says" "stock: the name of the node needs variables that are not set: STOCK_NODE STOCK_ZONE
stock: set these variables in the environment, or RELEASE_NODE" "$err"
	expect 0 "$release/bin/stock" version
	expect 0 "$release/bin/stock" help stop
	expect 1 env RELEASE_NODE=other "$release/bin/stock" status
}

# A version that git knows: a commit is a reason to build. The working tree is one of several of its repository.
test_git() {
	build_example
	sed -i 's/{stock, "1.2.0"}/{stock, git}/' project/rebar.config
	expect 1 cmake --build build --target stock
	contains "$out" "project/rebar.config: error: the version of the release could not be found out"
	GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c HOME=$PWD
	export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL HOME
	git init -q store
	git -C store commit -q --allow-empty -m none
	git -C store worktree add -q -b work ../tree
	mv tree/.git .
	git add project
	git commit -qm first
	git tag v1.5.0
	expect 0 cmake --build build --target stock
	equal "the version of a tag" 1.5.0 "$(cut -d ' ' -f 2 "$release/releases/start_erl.data")"
	git commit -q --allow-empty -m second
	expect 0 cmake --build build --target stock
	contains "$(cat "$release/releases/start_erl.data")" " 1.5.0+build.1.ref"
	expect 0 cmake --build build --target stock
	contains "$out" "no work to do"
}

# rebar3 alone makes of it what BeamRelease does; and the docs show the example as it is.
test_plain() {
	build_example
	cp -R "$SOURCE/examples/rebar3" plain
	(cd plain && HOME=$PWD REBAR_OFFLINE=1 TERM=dumb rebar3 as prod release) >rebar3.log 2>&1 || stop_test "$(cat rebar3.log)"
	expect 0 escript "$SOURCE/tests/cmake/rebar3/compare.escript" "$release" plain/_build/prod/rel/stock stock 1.2.0
	equal "the template" "$(cat plain/_build/prod/rel/stock/etc/motd)" "$(cat "$release/etc/motd")"
	# shellcheck disable=SC2016
	equal "the example in the docs" "$(cat project/CMakeLists.txt)" \
		"$(sed -n '/^```cmake/,/^```$/p' "$SOURCE/docs/migration/from-relx.md" | grep -v '^```')"
}

case $1 in
--one) run_tests "$0" "$@" ;;
*)
	shift 3
	run_tests "$0" "$@"
	;;
esac
