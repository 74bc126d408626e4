#!/bin/sh
# Templates of configuration: what beamrel makes of sys.config.src and vm.args.src, and the launcher
# of that. What Erlang has got in the end is compared with the environment.
# $LAUNCHER_BEAMREL is the program.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"
src_values=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/src_values

# give_templates FOLDER: a release whose configuration is the templates that are here.
give_templates() {
	give_release "$1"
	{
		echo 'release:'
		echo '  name: tiny'
		echo '  version: 1.0.0'
		echo "  otp: $(erl -noinput -boot start_clean -eval 'io:put_chars(code:root_dir()), halt().')"
		echo '  erts: exclude'
		echo '  applications: [stdlib]'
		echo '  config:'
		for name in sys.config vm.args remote.vm.args; do
			key=${name%.config}
			[ "$key" = "$name" ] && key=$(echo "${name%.args}_args" | tr . _)
			if [ -e "$name.src" ]; then
				echo "    $key: $name.src"
				rm "$1/releases/1.0.0/$name"
			fi
		done
	} >release.yaml
	"$LAUNCHER_BEAMREL" -q assemble --spec release.yaml --output made 2>warnings
	for template in made/releases/1.0.0/*.src; do
		cp "$template" "${template%.src}.sh" "$1/releases/1.0.0/"
	done
}

# All that is in the release but what belongs to the launcher's state.
seal() {
	(cd release && find bin releases -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
	(cd release && find . -path ./tmp -prune -o -type d -print | LC_ALL=C sort | sha256sum)
}

test_values() {
	"$src_values" make .
	give_templates release
	before=$(seal)
	for locale in C C.UTF-8; do
		LC_ALL=$locale "$src_values" run "$tiny"
	done
	equal "the release" "$before" "$(seal)"
	equal "what is left" "" "$(find release/tmp -type f)"
}

# What splits words for the address must do so afterwards as well.
test_value_beside_an_interface() {
	printf '[{tiny, [{greeting, "${GREETING}"}]}].\n' >sys.config.src
	give_templates release
	printf '#!/usr/bin/env escript\n%%%%! -one a -two b\nmain(_) -> io:format("~p", [init:get_argument(one)]).\n' >script
	RELEASE_DISTRIBUTION=sname RELEASE_DIST_INTERFACE=127.0.0.1 GREETING='a"b' expect 0 "$tiny" escript script
	equal flags '{ok,[["a"]]}' "$out"
}

test_terms() {
	cat >good <<-'END'
		8080
		-1
		+1
		16#ff
		1.5
		-1.5e-3
		2.0E+10
		true
		a@b_C9
		'an atom'
		'it\'s'
		"text"
		"a \"b\" \\ \x{e9} é"
		$a
		$\n
		$"
		{}
		[]
		#{}
		<<>>
		{127,0,0,1}
		[1, [2, {3}], #{a => #{}, "b" => <<"c">>}]
		[1|[]]
		[a|b]
		<<1,2:16,"abc","é"/utf8>>
		 {a , "}" , $} , '}'}
		[{'n@h.d', "%"}]
	END
	cat >bad <<-'END'
		,
		1,2
		1 2
		1.
		a.
		a. b
		{
		}
		}, {
		[1,2
		1]
		{1,}
		[,1]
		[1,,2]
		"a
		a"
		"a" "b"
		"a""b"
		"\^"
		'a
		% x
		1 % x
		Variable
		_
		fun() -> ok end
		if
		end
		a:b()
		f()
		1+1
		a-b
		x y
		{a,b}}
		[a}
		{a]
		#{a}
		#{a => }
		#{a = 1}
		#{a => 1, b}
		<<a>>
		<<1
		<<[1]>>
		[a|b,c]
		[a|]
		$
		$\x41
		~"x"
		#r{a=1}
		"""
		é
		1é
		a#b
		--
		$é
		\
		"\
		${T1}
	END
	number=0
	: >names
	while IFS= read -r value; do
		number=$((number + 1))
		printf '{t%s, ${T%s}},\n' "$number" "$number" >>names
		export "T$number=$value"
	done <good
	{
		echo '[{tiny, ['
		cat names
		echo '{e, ${E:-8}}, {n, [${E:-}]}, {m, ${T1:-9}}]}].'
	} >sys.config.src
	give_templates release
	expect 0 "$tiny" eval '
		{ok, F} = file:read_file("good"),
		Lines = string:split(string:trim(F, trailing, "\n"), "\n", all),
		Read = fun(L) ->
			{ok, Ts, _} = erl_scan:string(unicode:characters_to_list([L, " ."])),
			{ok, T} = erl_parse:parse_term(Ts),
			T
		end,
		[case application:get_env(tiny, list_to_atom("t" ++ integer_to_list(I))) of
			{ok, T} when T =:= R -> ok;
			Else -> io:format("~ts: ~tp ~tp~n", [L, R, Else])
		end || {I, L} <- lists:zip(lists:seq(1, length(Lines)), Lines), R <- [Read(L)]],
		{{ok, 8}, {ok, []}, {ok, 8080}} =
			{application:get_env(tiny, e), application:get_env(tiny, n), application:get_env(tiny, m)},
		ok'
	equal "what differs" "" "$out"

	number=0
	while IFS= read -r value; do
		number=$((number + 1))
		export "T$number=$value"
	done <bad
	rm -rf made release
	for i in $(seq $number); do
		printf '{t%s, ${T%s}},\n' "$i" "$i"
	done >names
	{
		echo '[{tiny, ['
		cat names
		echo '{end_, 1}]}].'
	} >sys.config.src
	give_templates release
	expect 2 "$tiny" eval ok
	equal "those refused" "$number" "$(grep -c 'is not one Erlang term' expect.err)"
	contains "$err" "tiny: the value of T1, for sys.config.src, is not one Erlang term"
	lacks "$err" Variable
	[ ! -e release/tmp ] || stop_test "something was written"
}

test_words() {
	cat >sys.config.src <<-'END'
		[{tiny, [{a, node_${W}}, {b, ${W}_x}, {c, -${N}}, {d, ${N}.${N}}, {e, <<${N}, ${N:-2}>>}, {f, 16#${W}}, {g, ${W}${N}}]}].
	END
	give_templates release
	W=abc N=8 expect 0 "$tiny" eval 'io:format("~w", [lists:sort(application:get_all_env(tiny))])'
	contains "$out" '[{a,node_abc},{b,abc_x},{c,-8},{d,8.8},{e,<<8,8>>},{f,2748},{g,abc8}'
	for W in 'a-b' 'a b' 'a,b' Abc '' 'a"' "$(printf 'a\nb')"; do
		W=$W N=8 expect 2 "$tiny" eval ok
		contains "$err" "the value of W"
	done
	for N in '' a '1,2' -1 '{}'; do
		W=a N=$N expect 2 "$tiny" eval ok
		contains "$err" "the value of N"
	done
}

test_what_cannot_be_text() {
	printf '[{tiny, [{s, "${S}"}, {a, %sb${A}c${B:-d}%s}]}].\n' "'" "'" >sys.config.src
	give_templates release
	for bytes in '\200' '\377' '\300\200' '\303' 'a\303' '\303a' '\303\251\251' '\355\240\200' '\360\200\200\200' \
		'\364\220\200\200' '\357\277\276' '\357\277\277' '\340\200\200' '\342\230' '\360\237\230' '\365\200\200\200' '\342\230\203\203'; do
		# shellcheck disable=SC2059
		S=$(printf "$bytes") A=a expect 2 "$tiny" eval ok
		contains "$err" "the value of S, for sys.config.src, is not valid UTF-8"
	done
	long=$(printf '%0250d' 0)
	S=s A=$long B=xyz expect 0 "$tiny" eval 'ok'
	S=s A=$long B=xyz1 expect 2 "$tiny" eval 'ok'
	contains "$err" "the value of B, for sys.config.src, makes an atom of more than 255 characters"
	S=s A=${long}xx expect 0 "$tiny" eval 'ok'
	S=s A=${long}xxx expect 2 "$tiny" eval 'ok'
}

test_missing_variables() {
	echo '[{tiny, [{greeting, "${GREETING}"}, {x, "${ONE}${TWO}${ONE}"}, {d, "${D:-d}"}]}]. % ${COMMENT}' >sys.config.src
	echo '-env X ${THREE} # ${COMMENT}' >vm.args.src
	give_templates release
	for command in start daemon "eval ok"; do
		# shellcheck disable=SC2086
		TWO='' expect 2 "$tiny" $command
		contains "$err" "tiny: sys.config.src needs variables that are not set: GREETING ONE"
		contains "$err" "tiny: vm.args.src needs variables that are not set: THREE"
		lacks "$err" TWO
		lacks "$err" COMMENT
		equal "files written" "" "$(find release/tmp -name '*.config' -o -name '*vm.args')"
	done
	export GREETING=hi ONE=1 THREE=3
	echo 'TWO=from_env_sh' >>release/releases/1.0.0/env.sh
	D='' expect 0 "$tiny" eval '{ok, X} = application:get_env(tiny, x), {ok, D} = application:get_env(tiny, d), io:put_chars([X, D])'
	equal "values" "1from_env_sh1d" "$out"
}

test_start_and_stop() {
	echo '[{tiny, [{greeting, "hi ${SECRET}"}]}].' >sys.config.src
	echo '-env X ${SECRET}' >vm.args.src
	echo '+W ${W:-w}' >remote.vm.args.src
	give_templates release
	before=$(seal)
	export SECRET='s"e c'
	umask 022
	start_and_wait
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting 'hi s"e c' "$out"
	for file in runtime.config runtime.vm.args; do
		equal "mode of $file" 600 "$(stat -c %a "release/tmp/tiny@127.0.0.1/$file")"
	done
	grep -q '^Umask:.0022' "/proc/$node/status" || stop_test "the VM has another umask"
	SECRET=other expect 0 "$tiny" eval 'tiny:greet()'
	equal "another environment" 'hi other' "$out"
	expect 0 "$tiny" restart
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal "after restart" 'hi s"e c' "$out"
	rm release/erts-*/bin/erl_call
	expect 0 "$tiny" rpc 'os:getenv("X")'
	equal files 'runtime.config runtime.vm.args' "$(cd release/tmp/tiny@127.0.0.1 && echo ./*.config ./*.args | sed 's,\./,,g')"
	expect 0 "$tiny" stop
	equal files '' "$(find release/tmp -name '*.config' -o -name '*.args')"
	expect 0 "$tiny" daemon
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal "with daemon" 'hi s"e c' "$out"
	expect 0 "$tiny" stop
	equal "the release" "$before" "$(seal)"
	echo '[{tiny, [{greeting, "own"}]}].' >own.config
	RELEASE_SYS_CONFIG=$PWD/own expect 0 "$tiny" eval 'tiny:greet()'
	equal "a configuration of the user's" own "$out"
}

test_no_place() {
	echo '[{tiny, [{greeting, "hi ${SECRET:-x}"}]}].' >sys.config.src
	give_templates release
	touch state
	for command in start "eval ok"; do
		# shellcheck disable=SC2086
		RELEASE_STATE_DIR=$PWD/state expect 1 "$tiny" $command
		contains "$err" "cannot write to $PWD/state"
	done
}

# On the way to the VM no process is started.
test_no_process() {
	need strace
	echo '[{tiny, [{greeting, "hi \"${A}\" ${B}"}, {t, ${T}}, {a, '"'x\${A}'"'}]}].' >sys.config.src
	echo '-env X ${B}' >vm.args.src
	give_templates release
	# shellcheck disable=SC2089,SC2090 # as they are
	export A='a"\é' B='a b#' T='[{1,"2"}]' RELEASE_DISTRIBUTION=none
	mkdir -p release/tmp/tiny
	strace -f -e trace=fork,vfork,clone,clone3,execve -o trace "$tiny" eval 'ok'
	sed '/erlexec/,$d' trace >before
	equal "processes" 0 "$(grep -c 'fork(\|clone' before)"
}

# relx puts values in as they are, and takes defaults for regular expressions, so that some never end. With values that need no escapes both make the same terms.
test_as_relx() {
	need rebar3
	cat >sys.config.src <<-'END'
		[{tiny, [{s, "a ${S} z"}, {b, <<"${S}">>}, {a, 'x${S}'}, {t, ${T}}, {p, ${P:-8080}}, {q, ${T:-1}}, {e, "${E:-}"},
		  {d, "${D:-it is é}"}, {n, node_${N}}, {l, [${L:-}]}, {x, "$${S}$S$ {S}"}, {i, {${N}.${N}, -${N}}}]}].
	END
	mkdir -p relx/src relx/out
	cp sys.config.src relx
	echo '{application, tiny, [{vsn, "1.0.0"}, {applications, [kernel, stdlib]}]}.' >relx/src/tiny.app.src
	echo '{relx, [{release, {tiny, "1.0.0"}, [tiny]}, {sys_config_src, "sys.config.src"}, {include_erts, false},
		{extended_start_script, true}]}.' >relx/rebar.config
	(cd relx && HOME=$PWD rebar3 release) >relx.log 2>&1 || stop_test "$(cat relx.log)"
	give_templates release
	# shellcheck disable=SC2089,SC2090
	for L in '' '{a,"b"}'; do
		export S='good value/1.0' T='{127,0,0,1}' N=5 L
		# It writes the file before it finds that it can do nothing else.
		HOME=$PWD RELX_OUT_FILE_PATH=$PWD/relx/out relx/_build/default/rel/tiny/bin/tiny versions >/dev/null 2>&1 || :
		expect 0 "$tiny" eval '
			{ok, [[{tiny, Theirs}]]} = file:consult("relx/out/sys.config"),
			Ours = lists:sort(application:get_all_env(tiny)) -- [{included_applications, []}],
			io:format("~p ~p", [length(Ours), Ours =:= lists:sort(Theirs)])'
		equal "the same" "12 true" "$out"
	done
}

run_tests "$0" "$@"
