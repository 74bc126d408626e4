#!/bin/sh
# platforms.sh BEAMREL SOURCE_DIR [TEST...]
# One image for two machines, from two OTPs. Nothing that is made for the other one is ever run.
# shellcheck disable=SC2154 # $out and $err are set by expect
if [ "$1" != --one ]; then
	BEAMREL=$1 ARM=$("$2/scripts/otp-root" arm64) || exit 1
	export BEAMREL ARM
	shift 2
fi
beamrel=$BEAMREL arm=$ARM
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/lib.sh
. "$here/lib.sh"

# write_spec LINES-OF-IMAGE: a release with a NIF of its own.
write_spec() {
	mkdir -p lib/nifty-1.0/ebin lib/nifty-1.0/priv
	echo '{application, nifty, [{description, "n"}, {vsn, "1.0"}, {modules, []}, {registered, []}, {applications, [kernel, stdlib]}]}.' \
		>lib/nifty-1.0/ebin/nifty.app
	cat >spec.yaml <<-END
		release:
		  name: two
		  version: 1.0.0
		  applications: [nifty, crypto, asn1]
		  paths: [lib]
		  otp: /usr/lib/erlang
		image:
		  base: scratch
		  tags: [example/two:1.0.0]
	END
	printf '%s\n' "$@" >>spec.yaml
}

both() {
	write_spec '  platforms:' '    - platform: linux/amd64' \
		"    - {platform: linux/arm64, otp: $arm/usr/lib/erlang, sysroot: $arm$1}"
}

make_nif() { # make_nif FILE: for this machine
	echo 'int nif_init(void) { return 0; }' >nif.c
	gcc -shared -fPIC -o "$1" nif.c
}

# unpack LAYOUT ARCHITECTURE FOLDER: as skopeo picks and untars it
unpack() {
	skopeo --insecure-policy --override-arch "$2" copy --quiet "oci:$1:1.0.0" "dir:$3.layers"
	mkdir "$3"
	python3 -c '
import json, sys
for layer in json.load(open(sys.argv[1] + "/manifest.json"))["layers"]:
    print(layer["digest"].split(":")[1])' "$3.layers" |
		while read -r layer; do tar -xzf "$3.layers/$layer" -C "$3"; done
}

# is_complete FOLDER MACHINE: each ELF file is for it, and all that it needs is there by name.
is_complete() {
	find "$1" -type f ! -name '*.beam' | sort | while read -r file; do
		[ "$(head -c 4 "$file" | od -An -tx1 | tr -d ' ')" = 7f454c46 ] && echo "$file"
	done >"$1.elf"
	[ "$(wc -l <"$1.elf")" -ge 12 ] || stop_test "$1 has few ELF files: $(cat "$1.elf")"
	while read -r file; do
		contains "$(readelf --file-header "$file" | grep Machine:)" "$2"
		readelf --wide --dynamic "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
		interpreter=$(readelf --wide --program-headers "$file" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
		[ -z "$interpreter" ] || basename "$interpreter"
	done <"$1.elf" | sort -u >"$1.needed"
	contains "$(cat "$1.needed")" libcrypto.so.3
	while read -r library; do
		[ -n "$(find "$1/lib/" "$1/usr/lib" -name "$library" | head -n 1)" ] || stop_test "$1 lacks $library"
	done <"$1.needed"
}

test_one_index_for_two_machines() {
	both ''
	expect 0 "$beamrel" image --spec spec.yaml --output img --digest-file digest --archive img.tar
	skopeo inspect --raw oci:img:1.0.0 >index
	equal digest "sha256:$(sha256sum <index | cut -d ' ' -f 1)" "$(cat digest)"
	equal platforms 'linux/amd64 linux/arm64' "$(python3 -c '
import json
platforms = [m["platform"] for m in json.load(open("index"))["manifests"]]
print(*(p["os"] + "/" + p["architecture"] for p in platforms))')"
	equal tags 1.0.0 "$(umoci ls --layout img)"
	for machine in amd64 arm64; do
		contains "$(skopeo --override-arch $machine inspect oci:img:1.0.0)" "\"Architecture\": \"$machine\""
		contains "$(skopeo --override-arch $machine inspect oci-archive:img.tar)" "\"Architecture\": \"$machine\""
		unpack img $machine $machine
	done
	is_complete amd64 'Advanced Micro Devices X86-64'
	is_complete arm64 AArch64
	[ -x arm64/lib/ld-linux-aarch64.so.1 ] || stop_test "no interpreter: $(ls -l arm64/lib/)"
	equal 'modules are the same' "$(cd amd64/app/lib && find . -name '*.beam' -exec sha256sum {} + | sort)" \
		"$(cd arm64/app/lib && find . -name '*.beam' -exec sha256sum {} + | sort)"
}

test_a_nif_of_the_wrong_machine() {
	both ''
	make_nif lib/nifty-1.0/priv/nifty.so
	expect 1 "$beamrel" image --spec spec.yaml --output img
	contains "$err" "priv/nifty.so: error: 'app/lib/nifty-1.0/priv/nifty.so' is made for linux/amd64, but the image for linux/arm64"
	[ ! -e img ] || stop_test 'something was written'
	lacks "$err" 'for linux/amd64
'
}

test_a_nif_for_each_machine() {
	both ', paths: [arm]'
	make_nif lib/nifty-1.0/priv/nifty.so
	mkdir arm
	cp -r lib/nifty-1.0 arm
	cp "$arm"/usr/lib/erlang/lib/asn1-*/priv/lib/asn1rt_nif.so arm/nifty-1.0/priv/nifty.so
	expect 0 "$beamrel" image --spec spec.yaml --output img
	unpack img amd64 amd64
	unpack img arm64 arm64
	cmp amd64/app/lib/nifty-1.0/priv/nifty.so lib/nifty-1.0/priv/nifty.so
	cmp arm64/app/lib/nifty-1.0/priv/nifty.so arm/nifty-1.0/priv/nifty.so
}

test_the_machine_of_the_runtime() {
	write_spec "  sysroot: $arm"
	expect 0 "$beamrel" image --spec spec.yaml --set "otp=$arm/usr/lib/erlang" --output img
	contains "$(skopeo inspect --config oci:img:1.0.0)" '"architecture": "arm64"'
}

run_tests "$here/${0##*/}" "$@"
