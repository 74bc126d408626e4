#!/bin/sh
# usage: shared_layers.sh BEAMREL
# Two projects that have the OTP of this machine in common, and nothing else, share the layers of the runtime and of OTP; a
# new version of one of them changes only its own layers.
set -eu
beamrel=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
	echo "shared_layers: $*" >&2
	exit 1
}

otp=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
mkdir -p lib/one/ebin
cat >lib/one/ebin/one.app <<-END
	{application, one, [{description, ""}, {vsn, "1"}, {modules, []}, {registered, []}, {applications, [kernel, stdlib]}]}.
END
cat >one.yaml <<-END
	release: {name: one, version: 1.0.0, otp: $otp, paths: [lib], applications: [one, sasl]}
	image: {user: 7:8, ports: [80], env: {A: b}}
END
cat >two.yaml <<-END
	release: {name: two, version: 2.3.4, epoch: 315532800, otp: $otp, applications: [ssl, inets], hooks: {pre_start: [two.yaml]}}
	image: {busybox: true, ca_certificates: true, timezones: true, epmd: true, tags: [a/b:1], compression: gzip}
END
# layers SPEC VALUE...: the name and digest of each layer
layers() {
	spec=$1
	shift
	rm -rf out
	"$beamrel" image --spec "$spec" --output out "$@"
	python3 - <<-'END' | sort
		import json

		def blob(of): return json.load(open("out/blobs/" + of["digest"].replace(":", "/")))

		manifest = blob(json.load(open("out/index.json"))["manifests"][0])
		names = [made["created_by"].split()[-1] for made in blob(manifest["config"])["history"]]
		print(*(f'{name} {layer["digest"]}' for name, layer in zip(names, manifest["layers"])), sep="\n")
	END
}
layers one.yaml >one
layers two.yaml >two
layers one.yaml --set version=1.0.1 >later
for name in runtime otp; do
	grep -q "^$name " one || fail "no layer $name"
	[ "$(grep "^$name " one)" = "$(grep "^$name " two)" ] || fail "the projects do not share $name"
done
[ "$(comm -12 one two | wc -l)" -eq 2 ] || fail "they share more than the OTP"
[ "$(comm -13 one later | sed 's/ .*//')" = release ] || fail "a new version changes other layers too: $(comm -13 one later)"
echo "shared_layers: as it should be"
