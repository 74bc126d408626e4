#!/bin/sh
# otp.sh BEAMREL SOURCE_DIR VERSION
# The example as a release of OTP VERSION (23, 25, 27, 29), made on this machine and run where that OTP is at home. That
# OTP's systools and release_handler say what its files must be.
set -eu
beamrel=$1 source=$2 version=$3
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
run=$here/../otp/run
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

fail() {
	echo "otp.sh: $*" >&2
	exit 1
}

# OTP's root as it is seen here, and the example compiled by that OTP.
cp -R "$source/examples/counter" "$work/example"
"$run" "$version" "$work" sh -c '
	mkdir -p lib/counter/ebin lib/counter/priv
	erlc +deterministic -o lib/counter/ebin example/src/*.erl
	erl -noshell -eval "io:put_chars(code:root_dir()), halt()." >inside'
outside=$("$source/scripts/otp-root" "$version")
otp=${outside%/}$(cat "$work/inside")
cc -O2 -fPIC -shared -I"$otp/usr/include" -o "$work/lib/counter/priv/counter_nif.so" \
	"$work/example/c_src/counter_nif.c"
modules=$(cd "$work/lib/counter/ebin" && printf '%s,' *.beam | sed 's/\.beam//g; s/,$//')
sed "s/{vsn, \"\"}/{vsn, \"1.0.0\"}/; s/{modules, \[\]}/{modules, [$modules]}/" \
	"$work/example/src/counter.app.src" >"$work/lib/counter/ebin/counter.app"

for erts in include exclude; do
	cat >"$work/$erts.yaml" <<-EOF
		release:
		  name: counter
		  version: 1.0.0
		  otp: $otp
		  erts: $erts
		  paths: [lib]
		  applications: [counter, sasl, {name: os_mon, start: load}]
		  config: {sys: example/rel/sys.config, vm_args: example/rel/vm.args}
	EOF
	"$beamrel" pack --spec "$work/$erts.yaml" --output "$work/$erts.tar.gz"
	mkdir "$work/$erts"
	tar -xzf "$work/$erts.tar.gz" -C "$work/$erts"
done
cp "$here/otp_inside.sh" "$work/inside.sh"
"$run" "$version" "$work" sh ./inside.sh "$version" || fail "see above"
echo "otp.sh: OTP $version: ok"
