# shellcheck shell=sh
# What the tests of images share. Needs $source (of the project) and $engine.
# shellcheck disable=SC2154

# fail TEXT...
fail() {
	engine_fail "$@"
}

# equal WHAT WANT GOT
equal() {
	[ "$2" = "$3" ] || fail "$1: want <$2>, got <$3>"
}

# contains WHAT TEXT PART
contains() {
	case $2 in
	*"$3"*) ;;
	*) fail "$1: <$2> does not contain <$3>" ;;
	esac
}

# seconds_since NANOSECONDS, as `date +%s%N` gave them
passed() {
	echo "$(($(date +%s%N) / 1000000 - $1 / 1000000)) ms"
}

# make_counter DIR: examples/counter, compiled, in DIR/lib/counter; its other files are in DIR/counter.
make_counter() {
	otp=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
	mkdir -p "$1/lib/counter/ebin" "$1/lib/counter/priv"
	cp -R "$source/examples/counter" "$1/counter"
	erlc +deterministic -o "$1/lib/counter/ebin" "$source"/examples/counter/src/*.erl
	cc -O2 -fPIC -shared -I"$otp/usr/include" -o "$1/lib/counter/priv/counter_nif.so" "$source/examples/counter/c_src/counter_nif.c"
	sed "s/{vsn, \"\"}/{vsn, \"1.0.0\"}/; s/{modules, \[\]}/{modules, [$(
		cd "$1/lib/counter/ebin" && printf '%s,' *.beam | sed 's/\.beam//g; s/,$//'
	)]}/" "$source/examples/counter/src/counter.app.src" >"$1/lib/counter/ebin/counter.app"
}

# make_probe DIR: the application of image/probe, compiled, in DIR/lib/probe.
make_probe() {
	otp=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
	mkdir -p "$1/lib/probe/ebin"
	erlc +deterministic -o "$1/lib/probe/ebin" "$source/tests/e2e/image/probe/probe.erl"
	cp "$source/tests/e2e/image/probe/probe.app" "$1/lib/probe/ebin/"
}

# counter_spec, probe_spec: the release sections; the image section is the caller's.
counter_spec() {
	cat <<-END
		release:
		  name: counter
		  version: 1.0.0
		  otp: $otp
		  paths: [lib]
		  applications: [counter, sasl]
		  config: {sys: counter/rel/sys.config, vm_args: counter/rel/vm.args}
	END
}

probe_spec() {
	cat <<-END
		release:
		  name: probe
		  version: 1.0.0
		  otp: $otp
		  paths: [lib]
		  applications: [probe, sasl]
	END
}

# address CONTAINER: on its first network.
address() {
	docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$1" | cut -d ' ' -f 1
}

# answers CONTAINER: until its port 8080 says something; shows its log when that does not come true.
answers() {
	container_ip=$(address "$1")
	engine_until 600 answers_or_ended "$1" "http://$container_ip:8080/${2-}" || :
	curl --silent --fail --max-time 20 "http://$container_ip:8080/${2-}" >"$engine/log" || {
		docker logs --tail 30 "$1" >&2 || :
		fail "$1 does not answer: $(docker inspect --format '{{json .State}}' "$1")"
	}
}

answers_or_ended() { # CONTAINER URL
	curl --silent --fail --max-time 5 "$2" || [ "$(docker inspect --format '{{.State.Running}}' "$1")" != true ]
}

# ask CONTAINER EXPRESSION: its value, in the container.
ask() {
	curl --silent --show-error --fail --max-time 30 --data-binary "$2" "http://$(address "$1"):8080/" || fail "$1 does not answer to $2"
}

# stops CONTAINER: by its stop signal, with exit status 0, within a second (of three tries of a busy machine the best).
stops() {
	best=100000
	for try in 1 2 3; do
		[ "$try" -eq 1 ] || {
			docker start "$1" >"$engine/started"
			answers "$1" "${2-}"
		}
		start=$(date +%s%N)
		docker kill --signal TERM "$1" >"$engine/killed"
		equal "exit status of $1" 0 "$(docker wait "$1")"
		took=$((($(date +%s%N) - start) / 1000000))
		[ "$took" -ge "$best" ] || best=$took
		[ "$best" -ge 1000 ] || return 0
	done
	fail "$1 stops after $best ms only"
}
