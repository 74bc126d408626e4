#!/bin/sh
# Hot upgrades by the launcher: release_handler does the work in the running node. $LAUNCHER_UPGRADES holds what
# make_upgrades.escript makes: the release `tiny` in three versions.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# give_version VERSION: the release in the folder `release`, whose launcher runs in the wanted shell.
give_version() {
	mkdir release
	cp -a "$LAUNCHER_UPGRADES/$1/." release
	for launcher in release/bin/tiny release/releases/*/launcher; do
		[ ! -e "$launcher" ] || sed -i "1s|.*|#!${LAUNCHER_SHELL:-/bin/sh}|" "$launcher"
	done
	tiny=$PWD/release/bin/tiny
	releases=$PWD/release/releases
}

# give_package VERSION: where the launcher looks for it.
give_package() {
	cp "$LAUNCHER_UPGRADES/$1.tar.gz" "$releases/tiny-$1.tar.gz"
}

# says WANT EXPRESSION: evaluated in the node.
says() {
	expect 0 "$tiny" rpc "$2"
	equal "$2" "$1" "$(echo "$out" | tr -d " '\n")"
}

has_versions() {
	expect 0 "$tiny" versions
	equal versions "$1" "$(echo "$out" | sort | xargs)"
}

test_up_and_down() {
	give_version 1.0.0
	start_and_wait
	says 1 'tiny_server:next()'
	for version in 1.1.0 1.2.0; do
		give_package $version
		expect 0 "$tiny" unpack $version
		equal stdout "$version is unpacked" "$out"
	done
	has_versions "1.0.0 permanent 1.1.0 unpacked 1.2.0 unpacked"
	expect 0 "$tiny" upgrade 1.1.0
	equal stdout "1.1.0 runs, and starts from now on" "$out"
	says '{v1,2}' 'tiny_server:next()'
	expect 0 "$tiny" upgrade 1.2.0
	has_versions "1.0.0 old 1.1.0 old 1.2.0 permanent"
	says '{v2,3}' 'tiny_server:next()'
	expect 0 "$tiny" downgrade 1.1.0
	says '{v1,4}' 'tiny_server:next()'
	expect 0 "$tiny" downgrade 1.0.0
	says '5' 'tiny_server:next()'
	says '"helloof1.0.0"' '{ok, G} = application:get_env(tiny, greeting), G'
	for version in 1.1.0 1.2.0; do
		expect 0 "$tiny" remove $version
	done
	has_versions "1.0.0 permanent"
	expect 0 "$tiny" stop
}


# upgrade_hook EVENT NAME TEXT: of 1.1.0, after it has been unpacked.
upgrade_hook() {
	mkdir -p "$releases/1.1.0/hooks/$1.d"
	printf '#!/bin/sh\n%s\n' "$3" >"$releases/1.1.0/hooks/$1.d/$2"
	chmod 755 "$releases/1.1.0/hooks/$1.d/$2"
}

# begin NAME=VALUE...: 1.0.0 runs, with these variables, and has counted to one; 1.1.0 is unpacked.
begin() {
	give_version 1.0.0
	for pair in "$@"; do
		export "${pair?}"
	done
	start_and_wait
	for pair in "$@"; do
		unset "${pair%%=*}"
	done
	says 1 'tiny_server:next()'
	expect 0 "$tiny" unpack "$LAUNCHER_UPGRADES/1.1.0.tar.gz"
}

# 1.0.0 runs as before, with its values, and nothing is left of an upgrade.
is_as_before() {
	has_versions "1.0.0 permanent 1.1.0 ${2:-unpacked}"
	says "$1" 'tiny_server:next()'
	says '[{greeting,"helloof1.0.0"},{only_1.0.0,true},{since,"1.0.0"}]' 'io:format("~0p", [lists:sort(application:get_all_env(tiny))]), ok'
	leaves_nothing
}

leaves_nothing() {
	for file in "$releases"/upgrade.* "$releases"/*.before "$releases"/*.next "$releases"/*/sys.config.original "$releases"/*/*.upgrade release/tmp/tiny*/upgrade.*; do
		[ ! -e "$file" ] || stop_test "$file was left"
	done
}

test_hooks_of_the_new_version() {
	begin
	for event in pre_upgrade post_upgrade; do
		upgrade_hook $event trace 'echo "$HOOK_EVENT $HOOK_CAUSE $HOOK_UPGRADE_FROM $HOOK_UPGRADE_TO $HOOK_DIRECTION $RELEASE_VSN ${RELEASE_VERSION_DIR##*/} $("$RELEASE_LAUNCHER" rpc "tiny_server:next()")" >>'"$PWD/trace"
	done
	expect 0 "$tiny" install 1.1.0
	equal trace "pre_upgrade upgrade 1.0.0 1.1.0 up 1.1.0 1.1.0 2
post_upgrade upgrade 1.0.0 1.1.0 up 1.1.0 1.1.0 {v1,3}" "$(cat trace)"
	leaves_nothing
}

test_pre_upgrade_that_aborts() {
	begin
	upgrade_hook pre_upgrade no 'exit 3'
	expect 1 "$tiny" install 1.1.0
	equal stderr "tiny: pre_upgrade hook no failed with status 3; it is $releases/1.1.0/hooks/pre_upgrade.d/no
tiny: nothing has changed: 1.0.0 runs" "$err"
	is_as_before 2
	echo 'pre_upgrade no 0 ignore' >"$releases/1.1.0/hooks/policy"
	expect 0 "$tiny" install 1.1.0
	has_versions "1.0.0 old 1.1.0 permanent"
}

test_post_upgrade_that_fails() {
	begin
	upgrade_hook post_upgrade slow 'sleep 20'
	echo 'post_upgrade slow 1 abort' >"$releases/1.1.0/hooks/policy"
	expect 1 "$tiny" install 1.1.0
	contains "$err" "tiny: post_upgrade hook slow took more than 1 s and was stopped"
	contains "$err" "tiny: 1.1.0 did not pass its checks, so the node is back in 1.0.0"
	is_as_before 2 old
}

test_application_that_does_not_run() {
	begin
	# What the .rel names is what has to run.
	sed -i 's/{sasl,/{runtime_tools,"9.9"},{sasl,/' "$releases/1.1.0/tiny.rel"
	expect 1 "$tiny" install 1.1.0
	equal stderr "tiny: runtime_tools 9.9 is not loaded
tiny: 1.1.0 did not pass its checks, so the node is back in 1.0.0" "$err"
	is_as_before 2 old
}

# release_handler restarts the node then, in the version that is permanent.
test_instruction_that_fails() {
	begin TINY_CRASH=1
	expect 1 "$tiny" install 1.1.0
	contains "$err" "asked_to_crash"
	contains "$err" "tiny: 1.1.0 was not installed; the node has restarted in 1.0.0"
	is_as_before 1
}

test_configuration_that_is_refused() {
	begin
	config=$releases/1.1.0/sys.config
	while IFS='|' read -r text fault; do
		printf '%b' "$text" >"$config"
		expect 1 "$tiny" install 1.1.0
		equal stderr "tiny: $config: $fault; nothing has changed
tiny: nothing has changed: 1.0.0 runs" "$(echo "$err" | sed 's/config:1: /config: 1: /')"
	done <<-'end'
		[{tiny, [{greeting, }]}].\n|1: syntax error before: '}'
		{tiny, []}.\n|is not one list and a full stop
		[{tiny, [greeting]}].\n|greeting of tiny is no setting {KEY, VALUE}
		[tiny].\n|tiny is neither {APPLICATION, SETTINGS} nor the name of a file
	end
	rm "$config"
	expect 1 "$tiny" install 1.1.0
	contains "$err" "cannot read $config: no such file"
	is_as_before 2
}

# release_handler would look for these beside the working folder of the node, not beside sys.config.
test_configuration_in_several_files() {
	begin
	echo '[{tiny, [{greeting, "first"}, {more, 1}]}, "extra", {kernel, [{some, key}]}].' >"$releases/1.1.0/sys.config"
	cp "$releases/1.1.0/sys.config" as_it_was
	echo '[{tiny, [{greeting, "of extra"}]}].' >"$releases/1.1.0/extra.config"
	expect 0 "$tiny" install 1.1.0
	says '{ok,"ofextra"}' 'application:get_env(tiny, greeting)'
	says '{ok,1}' 'application:get_env(tiny, more)'
	says '{ok,key}' 'application:get_env(kernel, some)'
	says '{[{since,"1.1.0"},{greeting,"ofextra"}],[{more,1}],[only_1.0.0]}' 'io:format("~0p", [tiny:changes()]), ok'
	cmp as_it_was "$releases/1.1.0/sys.config"
	expect 0 "$tiny" restart
	says '{ok,"ofextra"}' 'application:get_env(tiny, greeting)'
	expect 0 "$tiny" downgrade 1.0.0
	is_as_before 1 old
}

test_template_of_the_new_version() {
	begin TINY_NODE=node PORT=1
	rm "$releases/1.1.0/sys.config"
	printf '%s\n' 'fill_begin sys.config TINY_NODE PORT TINY_MORE' \
		'_text="[{tiny, [{greeting, {$TINY_NODE, $PORT, $TINY_MORE}}]}]."' >"$releases/1.1.0/sys.config.sh"
	expect 1 "$tiny" install 1.1.0
	contains "$err" "tiny: sys.config needs variables that are not set: TINY_MORE"
	is_as_before 2
	# What the node has in its environment holds, and what the command has holds before that.
	PORT=2 TINY_MORE=more expect 0 "$tiny" install 1.1.0
	says '{ok,{node,2,more}}' 'application:get_env(tiny, greeting)'
	leaves_nothing
	[ ! -e "$releases/1.1.0/sys.config" ] || stop_test "the filled in configuration is left in the release"
	equal mode 600 "$(stat -c %a release/tmp/tiny@127.0.0.1/runtime.config)"
	expect 0 "$tiny" restart
	says '{ok,{node,2,more}}' 'application:get_env(tiny, greeting)'
	says '"1.1.0"' '{ok, V} = application:get_key(tiny, vsn), V'
	expect 0 "$tiny" downgrade 1.0.0
	expect 0 "$tiny" restart
	is_as_before 1 old
}

# --- what starts afterwards

# come_up HOW: what runs now is another process or another life of it, in version 1.1.0.
is_new() {
	says '"1.1.0"' '{ok, V} = application:get_key(tiny, vsn), V'
	says '{v1,1}' 'tiny_server:next()'
	says '{ok,"helloof1.1.0"}' 'application:get_env(tiny, greeting)'
	says "[{tiny,1.1.0,permanent},{tiny,1.0.0,old}]" 'io:format("~0p", [[{list_to_atom(N), list_to_atom(V), S} || {N, V, _, S} <- release_handler:which_releases()]]), ok'
	says '"1.1.0"' 'os:getenv("RELEASE_VSN")'
}

test_restart_and_reboot() {
	give_version 1.0.0
	expect 0 "$tiny" daemon
	remember "$("$tiny" pid)"
	give_package 1.1.0
	expect 0 "$tiny" install 1.1.0
	[ -e "$releases/tiny-1.1.0.tar.gz" ] || stop_test "the package is gone"
	cmp "$releases/1.1.0/launcher" release/bin/tiny
	"$tiny" versions
	expect 0 "$tiny" restart
	is_new
	expect 0 "$tiny" reboot
	remember "$("$tiny" pid)"
	is_new
	expect 0 "$tiny" stop
	expect 0 "$tiny" version
	equal stdout "tiny 1.1.0" "$out"
	expect 0 "$tiny" daemon
	remember "$("$tiny" pid)"
	is_new
	expect 0 "$tiny" stop
}

test_heart_after_an_upgrade() {
	give_version 1.0.0
	echo '-heart' >>"$releases/1.0.0/vm.args"
	start_and_wait
	expect 0 "$tiny" unpack "$LAUNCHER_UPGRADES/1.1.0.tar.gz"
	echo '-heart' >>"$releases/1.1.0/vm.args"
	expect 0 "$tiny" install 1.1.0
	expect 0 "$tiny" pid
	killed=$out
	kill -KILL "$killed"
	within 60 sh -c '[ "$("$1" pid)" != "$2" ] && "$1" ping' sh "$tiny" "$killed"
	remember "$("$tiny" pid)"
	is_new
	expect 0 "$tiny" stop
}

# Without --no-permanent it is for good, with it only as long as the node runs.
test_no_permanent() {
	begin
	expect 0 "$tiny" install 1.1.0 --no-permanent
	equal stdout "1.1.0 runs; 1.0.0 is still what starts next ('tiny install 1.1.0' makes it permanent)" "$out"
	has_versions "1.0.0 permanent 1.1.0 current"
	expect 0 "$tiny" restart
	is_as_before 1
	expect 0 "$tiny" install 1.1.0 --no-permanent
	expect 0 "$tiny" install 1.1.0
	equal stdout "1.1.0 runs, and starts from now on" "$out"
	expect 0 "$tiny" install 1.1.0
	equal stdout "1.1.0 runs already" "$out"
	has_versions "1.0.0 old 1.1.0 permanent"
}

# The launcher that stays in front of the VM is that of 1.0.0; what it runs at the end is of 1.1.0.
test_stop_hooks_after_an_upgrade() {
	give_version 1.0.0
	mkdir -p "$releases/1.0.0/hooks/post_stop.d"
	printf '#!/bin/sh\necho old >>%s\n' "$PWD/trace" >"$releases/1.0.0/hooks/post_stop.d/trace"
	chmod 755 "$releases/1.0.0/hooks/post_stop.d/trace"
	start_and_wait
	expect 0 "$tiny" unpack "$LAUNCHER_UPGRADES/1.1.0.tar.gz"
	upgrade_hook post_stop trace 'echo "$RELEASE_VSN" >>'"$PWD/trace"
	expect 0 "$tiny" install 1.1.0
	expect 0 "$tiny" stop
	finish
	equal trace 1.1.0 "$(cat trace)"
}

# --- packages that are refused

# refuse PACKAGE MESSAGE: nothing of it is left.
refuse() {
	find release ! -path 'release/tmp*' | sort >before
	expect 1 "$tiny" unpack "$1"
	equal "refusal of $1" "tiny: $2" "$err"
	find release ! -path 'release/tmp*' | sort >after
	cmp before after
}

# package NAME COMMAND...: NAME.tar.gz from the folder of 1.1.0 after COMMAND has run there.
package() {
	rm -rf content
	mkdir content
	tar xzf "$LAUNCHER_UPGRADES/1.1.0.tar.gz" -C content
	name=$1
	shift
	(cd content && "$@")
	tar czf "$name.tar.gz" -C content .
	file=$PWD/$name.tar.gz
}

test_packages_that_are_refused() {
	give_version 1.0.0
	start_and_wait
	refuse none.tar.gz "there is no file 'none.tar.gz'; give the path of a package, or a version, whose package is looked for in $releases"
	good=$LAUNCHER_UPGRADES/1.1.0.tar.gz
	size=$(stat -c %s "$good")
	for cut in 0 10 1000 $((size - 8)) $((size - 1)); do
		head -c "$cut" "$good" >cut.tar.gz
		refuse cut.tar.gz "$PWD/cut.tar.gz is damaged: it is no whole gzip file, or its checksum is wrong"
	done
	cp "$good" flipped.tar.gz
	printf 'x' | dd of=flipped.tar.gz bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
	refuse flipped.tar.gz "$PWD/flipped.tar.gz is damaged: it is no whole gzip file, or its checksum is wrong"
	head -c 5000 /dev/zero | tr '\0' x | gzip >noise.tar.gz
	expect 1 "$tiny" unpack noise.tar.gz
	contains "$err" "noise.tar.gz is damaged: "
	package other rm releases/1.1.0/tiny.rel
	refuse "$file" "$file has no releases/VERSION/tiny.rel: it is no package of tiny"
	package two sh -c 'cp -r releases/1.1.0 releases/1.1.1'
	refuse "$file" "$file has several versions of tiny"
	package wrong sed -i 's/"1.1.0"}/"1.1.7"}/' releases/1.1.0/tiny.rel
	refuse "$file" "$file does not name tiny 1.1.0 in ./releases/1.1.0/tiny.rel"
	package lacks rm lib/tiny-1.1.0/ebin/tiny.app
	refuse "$file" "$file lacks lib/tiny-1.1.0/ebin/tiny.app"
	package another sh -c 'echo | tee -a lib/sasl-*/ebin/sasl.app'
	sasl=$(cd content && echo lib/sasl-*)
	refuse "$file" "$file has another $sasl/ebin/sasl.app than the one that is there; remove that, or build the package again"
	package way true
	tar czf "$file" -C content --transform 's|^./releases/1.1.0/relup$|../outside|' .
	refuse "$file" "$file has a member named \"../outside\", which leads out of the release"
	tar czf "$file" -P -C content --transform 's|^./releases/1.1.0/relup$|/outside|' .
	refuse "$file" "$file has a member named \"/outside\", which leads out of the release"
	package odd mkfifo lib/pipe
	refuse "$file" "$file has a member \"lib/pipe\" that is no file, folder or link"
	cp "$good" "$releases/tiny-1.7.0.tar.gz"
	refuse 1.7.0 "$releases/tiny-1.7.0.tar.gz holds version 1.1.0, not 1.7.0"
	refuse 1.8.0 "there is no package of version '1.8.0': no such file, and no tiny-1.8.0.tar.gz in $releases; 'tiny unpack FILE' takes one from elsewhere"
	expect 0 "$tiny" unpack "$good"
	refuse "$good" "1.1.0 is unpacked already; install it, or remove it before"
	has_versions "1.0.0 permanent 1.1.0 unpacked"
}

test_what_cannot_be_done() {
	begin
	expect 0 "$tiny" unpack "$LAUNCHER_UPGRADES/1.2.0.tar.gz"
	expect 1 "$tiny" install 1.2.0
	equal stderr "tiny: there is no way from 1.0.0 to 1.2.0: no relup in releases/1.2.0 or releases/1.0.0 knows both; make the package with 1.0.0 among the versions that it upgrades from" "$err"
	expect 1 "$tiny" downgrade 1.1.0
	equal stderr "tiny: 1.1.0 is later than 1.0.0, which runs; use 'tiny upgrade 1.1.0'" "$err"
	expect 1 "$tiny" remove 1.0.0
	equal stderr "tiny: 1.0.0 is the permanent version, which starts next; install another one before" "$err"
	expect 1 "$tiny" remove 7
	equal stderr "tiny: there is no version 7; the command versions lists what there is" "$err"
	expect 2 "$tiny" install 1.1.0 --maybe
	equal stderr "tiny: there is no option '--maybe'; see tiny help install" "$err"
	expect 0 "$tiny" install 1.1.0
	expect 1 "$tiny" upgrade 1.0.0
	equal stderr "tiny: 1.0.0 is earlier than 1.1.0, which runs; use 'tiny downgrade 1.0.0'" "$err"
	expect 0 "$tiny" stop
	expect 1 "$tiny" install 1.2.0
	contains "$err" "does not run"
	expect 0 "$tiny" versions
	equal versions "1.0.0 old 1.1.0 permanent 1.2.0 unpacked" "$(echo "$out" | sort | xargs)"
}

test_two_at_once() {
	begin
	upgrade_hook pre_upgrade slow "until [ -e '$PWD/go' ]; do sleep 0.1; done"
	"$tiny" install 1.1.0 >first 2>&1 &
	first=$!
	within 20 pgrep -P "$first"
	within 20 grep -q "$first" "$releases/upgrade.lock"
	expect 1 "$tiny" remove 1.1.0
	equal stderr "tiny: another unpack or install is at work, process $first; wait until it has ended" "$err"
	touch go
	wait "$first"
	equal first "1.1.0 runs, and starts from now on" "$(cat first)"
}

test_folder_that_cannot_be_written() {
	need_root
	begin
	rm -r "$releases/1.1.0" # mounted over below
	mkdir fixed
	unshare -m sh -c 'mount --bind "$1/release" "$1/fixed" && mount -o remount,bind,ro "$1/fixed" && RELEASE_STATE_DIR=$1/release/tmp "$1/fixed/bin/tiny" unpack "$2"' \
		sh "$PWD" "$LAUNCHER_UPGRADES/1.2.0.tar.gz" 2>message && stop_test "done?"
	equal stderr "tiny: cannot write to $PWD/fixed/releases, so no other version can be put there; be the user whom the release belongs to, or run it from a folder that can be written" "$(cat message)"
}

# --- after a crash

# dies LINE...: the node is killed with this in its journal, and started again.
dies() {
	{
		sed -n 2p release/tmp/tiny@127.0.0.1/pid
		printf '%s\n' "$@"
	} >"$releases/upgrade.journal"
	kill -KILL "$node"
	finish
	start_and_wait
}

test_death_while_it_unpacks() {
	give_version 1.0.0
	start_and_wait
	cp "$releases/RELEASES" "$releases/RELEASES.before"
	mkdir -p "$releases/1.1.0" release/lib/tiny-1.1.0/ebin "release/bin " outside
	echo cut >"$releases/1.1.0/start.boot"
	head -c 20 "$releases/RELEASES.before" >"$releases/RELEASES"
	ln -s nowhere "$releases/upgrade.package.tar.gz"
	dies "unpack 1.1.0" "path " "path ../outside" "path bin " "path releases/1.1.0" "path lib/tiny-1.1.0"
	[ -d outside ]
	has_versions "1.0.0 permanent"
	leaves_nothing
	for folder in release/lib/tiny-1.1.0 "$releases/1.1.0" "release/bin "; do
		[ ! -e "$folder" ] || stop_test "$folder is left"
	done
	give_package 1.1.0
	expect 0 "$tiny" install 1.1.0
	has_versions "1.0.0 old 1.1.0 permanent"
}

test_death_while_it_installs() {
	begin
	cp "$releases/1.1.0/sys.config" original
	mv "$releases/1.1.0/sys.config" "$releases/1.1.0/sys.config.original"
	echo '[{tiny, [{greeting, resolved}]}].' >"$releases/1.1.0/sys.config"
	dies "config 1.1.0"
	cmp original "$releases/1.1.0/sys.config"
	is_as_before 1
	# The same where the node lives and only the one that did it is gone: the next command sees to it.
	mv "$releases/1.1.0/sys.config" "$releases/1.1.0/sys.config.original"
	printf '%s\n' "$(sed -n 2p release/tmp/tiny@127.0.0.1/pid)" "config 1.1.0" >"$releases/upgrade.journal"
	expect 0 "$tiny" install 1.1.0
	cmp original "$releases/1.1.0/sys.config"
	says '{ok,"helloof1.1.0"}' 'application:get_env(tiny, greeting)'
	leaves_nothing
}

test_death_while_it_becomes_permanent() {
	begin
	sed 's/unpacked}/permanent}/; $s/permanent}/old}/' "$releases/RELEASES" >"$releases/RELEASES.next"
	sed 's/1.0.0/1.1.0/' "$releases/start_erl.data" >"$releases/start_erl.data.next"
	for file in RELEASES start_erl.data; do
		: >"$releases/$file"
	done
	dies "permanent 1.1.0"
	has_versions "1.0.0 old 1.1.0 permanent"
	says '"1.1.0"' '{ok, V} = application:get_key(tiny, vsn), V'
	cmp release/bin/tiny "$releases/1.1.0/launcher"
	leaves_nothing
}

test_death_while_it_removes() {
	begin
	cp "$releases/RELEASES" "$releases/RELEASES.next"
	sed -i '2,7d; s/^ {release/[{release/' "$releases/RELEASES.next"
	rm -r release/lib/tiny-1.1.0
	dies "remove 1.1.0" "path releases/1.1.0" "path lib/tiny-1.1.0"
	has_versions "1.0.0 permanent"
	[ ! -e "$releases/1.1.0" ] || stop_test "half of 1.1.0 is left"
	leaves_nothing
	give_package 1.1.0
	expect 0 "$tiny" install 1.1.0
}

# The command is killed while the node goes on: nobody may come in between.
test_death_of_the_command() {
	begin TINY_SLOW=3000
	"$tiny" install 1.1.0 >first 2>&1 &
	first=$!
	within 20 test -s release/tmp/tiny@127.0.0.1/upgrade.before
	kill -KILL "$first"
	within 5 sh -c '! kill -0 '"$first"
	expect 1 "$tiny" remove 1.1.0
	contains "$err" "another unpack or install is at work in the node"
	within 20 "$tiny" rpc 'undefined = whereis(beamrel_upgrade)'
	has_versions "1.0.0 permanent 1.1.0 current"
	expect 0 "$tiny" install 1.1.0
	has_versions "1.0.0 old 1.1.0 permanent"
	leaves_nothing
}

run_tests "$0" "$@"
