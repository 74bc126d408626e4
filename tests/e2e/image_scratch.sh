#!/bin/sh
# image_scratch.sh BEAMREL SOURCE_DIR
# Images without a base at work in Docker: on a file system that cannot be written to, as nobody in particular, with no
# capability, they answer, resolve names, speak TLS, know time zones, and end when they are told to.
set -eu
beamrel=$1 source=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
# shellcheck source=tests/e2e/image/lib.sh
. "$here/image/lib.sh"
for version in 23 29; do "$source/scripts/otp-root" $version >/dev/null; done # there is no network inside
engine_enter "$0" "$@"
work=$engine/work
mkdir "$work"
chmod 755 "$work"

image() { # NAME: the spec comes from stdin; made, and loaded into Docker
	cat >"$work/$1.yaml"
	start=$(date +%s%N)
	"$beamrel" image --spec "$work/$1.yaml" --output "$work/$1" --archive "$work/$1.tar" --digest-file "$work/$1.digest"
	echo "image $1: $(passed "$start")"
	docker load --quiet --input "$work/$1.tar" >"$engine/log"
}

# run NAME OPTION... IMAGE: as a careful user would, and only with what the options give.
run() {
	container=$1
	shift
	docker run --detach --name "$container" --read-only --cap-drop ALL --security-opt no-new-privileges "$@" >"$engine/log"
}

says() { # CONTAINER EXPRESSION WANT
	equal "$1: $2" "$3" "$(ask "$1" "$2")"
}

make_counter "$work"
make_probe "$work"
engine_docker
docker network create web >"$engine/log"

# --- certificates: an authority of our own, and one server that it vouches for -------------------------

mkdir "$work/tls"
(
	cd "$work/tls"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=probe-authority \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
	openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=server
	printf 'subjectAltName=DNS:server\nbasicConstraints=CA:FALSE\n' >server.ext
	openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem
	chmod 644 ./*
) >"$work/openssl.log" 2>&1 || fail "openssl: $(cat "$work/openssl.log")"
cat /etc/ssl/certs/ca-certificates.crt "$work/tls/ca.pem" >"$work/bundle.pem"

# --- one image, everything off that can be off ----------------------------------------------------------

{
	probe_spec
	cat <<-'END'
		image:
		  tags: [example/probe:1]
		  ports: [8080/tcp]
		  ca_certificates: bundle.pem
		  timezones: true
	END
} | image probe

run server --network web --network-alias alias --volume "$work/tls:/tls:ro" example/probe:1
run probe --network web --add-host other:10.1.2.3 --env TZ=Europe/Berlin --tmpfs /tmp example/probe:1
answers server
answers probe
says probe 'file:write_file("/app/x", "")' '{error,erofs}'
says probe 'file:write_file("/tmp/x", "")' ok
says server 'file:write_file("/tmp/x", "")' '{error,erofs}'
contains "who it is" "$(ask probe 'element(2, file:read_file("/proc/self/status"))')" 'Uid:\t10001\t10001\t10001\t10001\nGid:\t10001'
contains "what it may" "$(ask probe 'element(2, file:read_file("/proc/self/status"))')" 'CapEff:\t0000000000000000'
says probe 'code:root_dir()' '"/app"'
says probe 'length(application:which_applications())' 8
says probe 'file:native_name_encoding()' utf8
says probe 'lists:sort(element(2, file:list_dir("/")))' '[".dockerenv","app","dev","etc","lib","lib64","proc","sys","tmp","usr"]'

# Names: what Docker writes into /etc/hosts, and its name server, by the C library and by OTP's own client.
says probe 'inet:getaddr("other", inet)' '{ok,{10,1,2,3}}'
says probe 'inet:getaddr("localhost", inet)' '{ok,{127,0,0,1}}'
says probe 'element(1, inet:getaddr(element(2, inet:gethostname()), inet))' ok
server_address="{ok,{$(address server | tr . ,)}}"
says probe 'inet:getaddr("server", inet)' "$server_address"
says probe 'inet:getaddr("alias", inet)' "$server_address"
says probe 'inet:getaddr("nowhere", inet)' '{error,nxdomain}'
says probe '{ok, {hostent, _, _, _, _, [A]}} = inet_res:getbyname("server", a), {ok, A}' "$server_address"

# TLS: the server is who it says it is, by the bundle in the image; not without, and not by another name.
says server 'probe:tls_serve(8443, "/tls/server.pem", "/tls/server.key")' ok
says probe 'probe:tls_ask("server", 8443, public_key:cacerts_get())' '{ok,"hello over TLS"}'
others='[C || {cert, Der, _} = C <- public_key:cacerts_get(), binary:match(Der, <<"probe-authority">>) =:= nomatch]'
says probe "probe:tls_ask(\"server\", 8443, $others)" '{error,unknown_ca}'
says probe 'probe:tls_ask("alias", 8443, public_key:cacerts_get())' '{error,handshake_failure}'
says probe 'length(public_key:cacerts_get())' "$(grep -c 'BEGIN CERT' "$work/bundle.pem")"

# Time zones, summer and winter.
says probe 'calendar:universal_time_to_local_time({{2026,7,1},{12,0,0}})' '{{2026,7,1},{14,0,0}}'
says probe 'calendar:universal_time_to_local_time({{2026,1,1},{12,0,0}})' '{{2026,1,1},{13,0,0}}'
says server 'calendar:universal_time_to_local_time({{2026,7,1},{12,0,0}})' '{{2026,7,1},{12,0,0}}'

stops probe
echo "stops after $best ms"

# A crash leaves its dump where one can write; where one cannot, it ends just the same.
docker run --detach --name crash --network web --cap-drop ALL example/probe:1 >"$engine/log"
answers crash
says crash 'file:write_file("/app/x", "")' '{error,eacces}'
ask crash 'erlang:halt("broken")' >"$engine/log" 2>&1 & # its answer never comes
equal "exit status of a crash" 1 "$(docker wait crash)"
docker cp crash:/tmp/erl_crash.dump "$work/dump"
contains "the crash dump" "$(head -n 3 "$work/dump")" 'Slogan: broken'
ask server 'erlang:halt("broken")' >"$engine/log" 2>&1 &
equal "exit status of a crash that leaves no dump" 1 "$(docker wait server)"
docker rm --force probe server crash >"$engine/log"

# --- any number of open files costs nothing --------------------------------------------------------------

cc -shared -fPIC -o "$work/open_max.so" "$here/image/open_max.c" -ldl
unlimited() { # NAME NUMBER OPTION...
	name=$1 number=$2
	shift 2
	run "$name" --volume "$work/open_max.so:/open_max.so:ro" --env LD_PRELOAD=/open_max.so --env "FAKE_OPEN_MAX=$number" "$@"
	answers "$name"
}
most=$(prlimit --nofile --noheadings --output HARD | tr -d ' ')
if [ "$most" = unlimited ]; then most=1073741816; fi
run usual --ulimit nofile=1024:1024 example/probe:1
run most --ulimit "nofile=$most:$most" example/probe:1
answers usual
answers most
unlimited infinite 1073741816 example/probe:1
# The same without +Q, and the means of this test show.
words=$(json "$(layout_config "$work/probe")" '[w for w in it["config"]["Entrypoint"][1:]]' | sed '/^+Q$/,+1d')
entry=$(json "$(layout_config "$work/probe")" 'it["config"]["Entrypoint"][0]')
# shellcheck disable=SC2086 # one word a line
(
	IFS='
'
	unlimited careless 16777216 --entrypoint "$entry" example/probe:1 $words
)
usual=$(ask usual 'probe:rss()') most=$(ask most 'probe:rss()') infinite=$(ask infinite 'probe:rss()') careless=$(ask careless 'probe:rss()')
echo "memory in KiB: $usual, as many files as this machine lets: $most, infinitely many: $infinite, 2^24 without +Q: $careless"
for container in usual most infinite; do says $container 'erlang:system_info(port_limit)' 65536; done
says careless 'erlang:system_info(port_limit)' 16777216
[ "$infinite" -lt $((usual + 15000)) ] || fail "a limit of infinity costs memory"
[ "$most" -lt $((usual + 15000)) ] || fail "a high limit costs memory"
[ "$careless" -gt $((usual + 100000)) ] || fail "this test does not see what a limit costs"
docker rm --force usual most infinite careless >"$engine/log"

# --- examples/counter -------------------------------------------------------------------------------------

{
	counter_spec
	printf 'image:\n  tags: [example/counter:1]\n'
} | image plain
manifest=$(layout_blob "$work/plain" "$(cat "$work/plain.digest")")
size=$(json "$manifest" 'sum(layer["size"] for layer in it["layers"])')
echo "examples/counter from scratch: $size bytes in $(json "$manifest" 'len(it["layers"])') layers"
[ "$size" -le 10000000 ] || fail "its layers are larger than 10 MB"
run counter example/counter:1
answers counter health
equal "POST /count" 41 "$(curl --silent --data 41 "http://$(address counter):8080/count")"
equal "GET /count" 41 "$(curl --silent "http://$(address counter):8080/count")"
stops counter health
docker rm --force counter >"$engine/log"
contained=$(docker run --rm --entrypoint /none example/counter:1 2>&1 || :)
contains "no shell" "$contained" 'no such file'
docker create --name files example/counter:1 >"$engine/log"
docker export files | tar -t >"$work/files"
if grep -E '(^|/)(epmd|libsystemd.*|sh|busybox)$' "$work/files" >&2; then fail "an image from scratch has what nobody asked for"; fi

# --- with busybox: the launcher -----------------------------------------------------------------------------

hooks='  hooks:
    pre_start: [{run: counter/rel/check_disk.sh, timeout: 10}]
    post_stop: [{run: counter/rel/note_stop.sh, on_failure: ignore}]
  commands: {migrate: counter/rel/migrate.sh}'
{
	counter_spec
	printf '%s\nimage:\n  tags: [example/counter:sh]\n  busybox: true\n  volumes: [/data]\n  env: {RELEASE_STATE_DIR: /data}\n' "$hooks"
} | image busybox
run shell --tmpfs /tmp example/counter:sh
answers shell health
inside() {
	docker exec shell /app/bin/counter "$@"
}
# The launcher stays as the first process, for the hook after stopping.
contains "the process that pid names" "$(docker exec shell readlink "/proc/$(inside pid)/exe")" bin/beam.smp
equal "ping" pong "$(inside ping)"
equal "rpc" 42 "$(inside rpc 'io:format("~w~n", [counter_server:add(42)]).' | head -n 1)"
inside migrate
contains "version" "$(docker run --rm example/counter:sh version)" 'counter 1.0.0'
docker exec shell sh -c 'test "$(id -u)" = 10001 && ls -l /app/bin/counter' >"$engine/log"
status=0
inside stop || status=$?
case $status in 0 | 137) ;; *) fail "stop: $status" ;; esac # with the first process all others are killed
equal "exit status after stop" 0 "$(docker wait shell)"
docker cp shell:/data/events.log "$work/events"
contains "what the hook wrote" "$(cat "$work/events")" "stopped counter 1.0.0"
docker start shell >"$engine/log"
answers shell health
docker kill --signal TERM shell >"$engine/log"
equal "exit status after SIGTERM" 0 "$(docker wait shell)"

# Without a shell, what needs one is an error that says so.
{
	counter_spec
	printf '%s\nimage:\n  tags: [example/counter:1]\n' "$hooks"
} >"$work/hooks.yaml"
if "$beamrel" image --spec "$work/hooks.yaml" --output "$work/hooks" 2>"$work/log"; then fail "hooks without a shell are no error"; fi
for part in "hooks.yaml:9:" hooks "hooks.yaml:11:" busybox; do contains "the error" "$(cat "$work/log")" "$part"; done
[ ! -e "$work/hooks" ] || fail "something was written in spite of errors"
printf 'release: {name: x, version: "1", otp: %s, applications: [sasl, os_mon]}\nimage: {tags: [x/x:1]}\n' "$otp" >"$work/os_mon.yaml"
if "$beamrel" image --spec "$work/os_mon.yaml" --output "$work/os_mon" 2>"$work/log"; then fail "os_mon without a shell is no error"; fi
contains "the error" "$(cat "$work/log")" "needed for os_mon"

# --- other C libraries, other versions of OTP ----------------------------------------------------------------

for version in 23 29; do
	root=$("$source/scripts/otp-root" $version)
	mkdir -p "$work/$version/lib/probe/ebin"
	cp "$here/image/probe/probe.app" "$work/$version/lib/probe/ebin"
	cp "$here/image/probe/probe.erl" "$work/$version"
	"$here/../otp/run" $version "$work/$version" erlc +deterministic -o lib/probe/ebin probe.erl
	{
		otp=$root/usr/lib/erlang probe_spec | sed "s|paths: .*|paths: [$version/lib]|"
		printf 'image:\n  tags: [example/probe:%s]\n  sysroot: %s\n' $version "$root"
	} | image "otp$version"
	run "otp$version" --network web --add-host other:10.1.2.3 "example/probe:$version"
	answers "otp$version"
	says "otp$version" 'erlang:system_info(otp_release)' "\"$version\""
	says "otp$version" 'inet:getaddr("other", inet)' '{ok,{10,1,2,3}}'
	says "otp$version" "inet:getaddr(\"otp$version\", inet)" "{ok,{$(address "otp$version" | tr . ,)}}"
	says "otp$version" 'byte_size(crypto:strong_rand_bytes(9))' 9
	stops "otp$version"
	echo "OTP $version stops after $best ms"
done
echo "image_scratch.sh: ok"
