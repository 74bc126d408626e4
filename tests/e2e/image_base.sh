#!/bin/sh
# image_base.sh BEAMREL SOURCE_DIR
# Images upon others: Debian as Docker has it, in each form that tools write; what is inherited, that all of the base is
# still there, file for file, that it runs; and what does not fit is an error that says why.
set -eu
beamrel=$1 source=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
# shellcheck source=tests/e2e/image/lib.sh
. "$here/image/lib.sh"
for root in base 23 27; do "$source/scripts/otp-root" $root >/dev/null; done # there is no network inside
engine_enter "$0" "$@"
work=$engine/work
mkdir "$work"
chmod 755 "$work"
make_counter "$work"
engine_docker

image() { # NAME: the image section comes from stdin; layout and archive
	{
		counter_spec
		echo 'image:'
		cat
	} >"$work/$1.yaml"
	start=$(date +%s%N)
	"$beamrel" image --spec "$work/$1.yaml" --output "$work/$1" --archive "$work/$1.tar" 2>"$work/$1.log" ||
		fail "image $1: $(cat "$work/$1.log")"
	echo "image $1: $(passed "$start")"
}

refused() { # NAME PART...: the same, for a base that does not fit; each part is in the message
	name=$1
	shift
	{
		counter_spec
		echo 'image:'
		cat
	} >"$work/$name.yaml"
	if "$beamrel" image --spec "$work/$name.yaml" --output "$work/$name" 2>"$work/$name.log"; then fail "image $name is no error"; fi
	for part in "$@"; do contains "the error of $name" "$(cat "$work/$name.log")" "$part"; done
	[ ! -e "$work/$name" ] || fail "image $name: something was written in spite of errors"
}

# pack_small ROOT: of a Debian root what a release needs: libraries, a shell, the links between the folders.
pack_small() {
	(
		cd "$1"
		find bin lib lib64 usr/bin/dash usr/bin/sh usr/lib64 usr/lib/x86_64-linux-gnu -maxdepth 1 \( -type l -o -name dash -o -name '*.so*' -type f \)
		for tool in awk cat chmod cut date dd dirname basename env grep head id kill ln ls mkdir mv od ps readlink rm sed sleep sort tail tr uname; do
			readlink -f "usr/bin/$tool" | sed "s|^$1/||; s|^/||"
		done | sort -u
	) >"$work/names"
	tar -C "$1" --no-recursion -c -T "$work/names"
}

# --- the bases -------------------------------------------------------------------------------------------

# Two layers, the second one with changes and deletions, made by Docker itself.
tar -C "$("$source/scripts/otp-root" base)" --one-file-system -c . | docker import - debian:plain >"$engine/log"
mkdir "$work/build"
cat >"$work/build/Dockerfile" <<-'END'
	FROM debian:plain
	RUN useradd --uid 4242 --create-home worker && rm -r /usr/share/perl5 /usr/share/zoneinfo/Europe && \
	    mkdir -m 3770 /srv/sticky && chown worker:worker /srv/sticky && ln -s /srv/sticky /srv/link
	ENV GREETING="from the base" PATH=/opt/bin:/usr/bin:/bin BASE_ONLY=1
	LABEL org.example.base=yes org.example.both=base
	USER worker
	WORKDIR /srv/sticky
	VOLUME /srv/volume
	EXPOSE 4369
	STOPSIGNAL SIGINT
	ENTRYPOINT ["/bin/false"]
	CMD ["never"]
END
DOCKER_BUILDKIT=0 docker build --quiet --network none --tag example/debian:12 "$work/build" >"$engine/log" 2>&1 || fail "docker build: $(cat "$engine/log")"
docker save --output "$work/debian.docker.tar" example/debian:12
skopeo copy --quiet "docker-archive:$work/debian.docker.tar" "oci:$work/debian:12"
skopeo copy --quiet "oci:$work/debian:12" "oci-archive:$work/debian.oci.tar:12"
podman load --quiet --input "$work/debian.oci.tar" >"$engine/log"
podman save --quiet --format docker-archive --output "$work/debian.podman.tar" "$(podman images --quiet | head -n 1)"

# --- each form gives the same image -----------------------------------------------------------------------

for form in debian debian.oci.tar debian.docker.tar debian.podman.tar; do
	image "on.$form" <<-END
		  base: $form
		  tags: [example/counter:base]
		  stop_signal: SIGTERM
		  env: {GREETING: "from the spec"}
		  labels: {org.example.both: ours}
	END
	config=$(layout_config "$work/on.$form")
	contents="$(json "$config" 'it["rootfs"]["diff_ids"]') $(json "$config" 'it["config"]["Env"]')"
	[ -z "${first:-}" ] || equal "what $form gives" "$first" "$contents"
	first=$contents
done
base=$(layout_config "$work/debian") ours=$(layout_config "$work/on.debian")
equal "the layers of the base" "$(json "$base" 'it["rootfs"]["diff_ids"]')" \
	"$(json "$ours" "it['rootfs']['diff_ids'][:$(json "$base" 'len(it["rootfs"]["diff_ids"])')]")"
equal "the history of the base" "$(json "$base" 'it["history"]')" \
	"$(json "$ours" "it['history'][:$(json "$base" 'len(it["history"])')]")"
equal "the base's digest" "$(layout_digest "$work/debian")" "$(json "$ours" 'it["config"]["Labels"]["org.opencontainers.image.base.digest"]')"

# --- what is inherited, as Docker sees it; it runs ---------------------------------------------------------

docker load --quiet --input "$work/on.debian.tar" >"$engine/log"
docker image inspect example/counter:base >"$work/inspect.json"
inspected() { # WHAT WANT PATH
	equal "$1" "$2" "$(json "$work/inspect.json" "it[0]['Config']$3")"
}
inspected user worker '["User"]'
inspected "working folder" /srv/sticky '["WorkingDir"]'
inspected "stop signal" SIGTERM '["StopSignal"]'
inspected "entry point" /app/bin/counter '["Entrypoint"]'
inspected command start '["Cmd"]'
inspected volumes '{"/srv/volume": {}}' '["Volumes"]'
inspected ports '{"4369/tcp": {}}' '["ExposedPorts"]'
inspected "labels" 'yes ours' '["Labels"]["org.example.base"] + " " + it[0]["Config"]["Labels"]["org.example.both"]'
inspected "a variable of both" "GREETING=from the spec" '["Env"][[e.split("=")[0] for e in it[0]["Config"]["Env"]].index("GREETING")]'
inspected "a variable of the base" true '["Env"].count("BASE_ONLY=1") == 1'
docker run --detach --name counter --read-only --tmpfs /tmp --cap-drop ALL example/counter:base >"$engine/log"
answers counter health
equal "POST /count" 7 "$(curl --silent --data 7 "http://$(address counter):8080/count")"
equal "rpc" 7 "$(docker exec counter /app/bin/counter rpc 'io:format("~w~n", [counter_server:value()]).' | head -n 1)"
equal "who it is" "worker /srv/sticky from the spec" "$(docker exec counter sh -c 'echo "$(id -un) $(pwd) $GREETING"')"
docker kill --signal TERM counter >"$engine/log"
equal "exit status" 0 "$(docker wait counter)"

# --- nothing of the base is another --------------------------------------------------------------------------

# All that its tree_list says: kind, mode, owner, time, content, target; the release is below one folder.
whole() { # LAYOUT TAG FOLDER-PATTERN: all of the base is in it, and nothing else outside that folder
	layout_tree "$work/$1" "$2" "$work/after"
	tree_list "$work/after/rootfs" | LC_ALL=C sort >"$work/after.list"
	LC_ALL=C comm -23 "$work/before.list" "$work/after.list" >"$work/lost"
	[ ! -s "$work/lost" ] || fail "$1 has changed of its base: $(head -n 20 "$work/lost")"
	LC_ALL=C comm -13 "$work/before.list" "$work/after.list" | grep -vE "$3" >"$work/more" || :
	[ ! -s "$work/more" ] || fail "$1 adds to its base: $(head -n 20 "$work/more")"
	rm -rf "$work/after"
}
layout_tree "$work/debian" 12 "$work/before"
tree_list "$work/before/rootfs" | LC_ALL=C sort >"$work/before.list"
equal "lib of the base" usr/lib "$(readlink "$work/before/rootfs/lib")"
rm -rf "$work/before"
whole on.debian base '^app(/|	)|  \./app/'

# A prefix below a folder that is a link in the base, and volumes where the base has folders.
image merged <<-END
	  base: debian
	  tags: [example/counter:merged]
	  prefix: /lib/counter
	  volumes: [/tmp, /lib/x86_64-linux-gnu, /srv/link]
END
whole merged merged '^usr/lib/counter(/|	)|  \./usr/lib/counter/'
docker load --quiet --input "$work/merged.tar" >"$engine/log"
contains "below a link" "$(docker run --rm example/counter:merged version)" "counter 1.0.0"

# --- upon one of our own, in the archive that all engines take; pinned ----------------------------------------

image second <<-END
	  base: on.debian.tar@$(layout_digest "$work/on.debian")
	  tags: [example/counter:second]
	  prefix: /srv/second
END
docker load --quiet --input "$work/second.tar" >"$engine/log"
contains "an image upon ours" "$(docker run --rm example/counter:second version)" "counter 1.0.0"
inside=$(docker run --rm --entrypoint /bin/sh example/counter:second -c 'ls -d /app/bin/counter /srv/second/bin/counter')
contains "an image upon ours" "$inside" /app/bin/counter
wrong=sha256:$(echo wrong | sha256sum | cut -d ' ' -f 1)
refused pinned pinned.yaml: "$wrong" "$(layout_digest "$work/debian")" <<-END
	  base: debian@$wrong
END

# --- what does not fit ----------------------------------------------------------------------------------------

# An older Debian under this one's runtime.
pack_small "$("$source/scripts/otp-root" 23)" | docker import - example/bullseye:1 >"$engine/log"
docker save --output "$work/bullseye.tar" example/bullseye:1
refused older beam.smp GLIBC_2.3 GLIBCXX_ <<-END
	  base: bullseye.tar
END

# A NIF made where the C library is newer: trixie's compiler, and a function that is new there.
cat >"$work/lib/newer.c" <<-'END'
	#include <string.h>
	size_t newer(char *to, const char *from) { return strlcpy(to, from, 8); }
END
cp "$work/lib/counter/priv/counter_nif.so" "$work/kept.so"
"$here/../otp/run" 27 "$work/lib" cc -O0 -shared -fPIC -o counter/priv/counter_nif.so newer.c
refused nif priv/counter_nif.so strlcpy GLIBC_2.38 GLIBC_2.36 <<-END
	  base: debian
END
equal "faults of the NIF" 1 "$(grep -c 'error:' "$work/nif.log")"
cp "$work/kept.so" "$work/lib/counter/priv/counter_nif.so"

# musl: one error, not one a library.
mkdir -p "$work/tiny/bin" "$work/tiny/lib"
cp /bin/busybox "$work/tiny/bin/"
ln -s busybox "$work/tiny/bin/sh"
cp /lib/x86_64-linux-musl/libc.so "$work/tiny/lib/ld-musl-x86_64.so.1"
ln -s ld-musl-x86_64.so.1 "$work/tiny/lib/libc.musl-x86_64.so.1"
tar -C "$work/tiny" -c . | docker import - example/musl:1 >"$engine/log"
docker run --rm --entrypoint /bin/sh example/musl:1 -c true
docker save --output "$work/musl.tar" example/musl:1
refused musl musl glibc <<-END
	  base: musl.tar
END
equal "faults of a musl base" 1 "$(grep -c 'error:' "$work/musl.log")"

# No C library at all.
rm -r "$work/tiny/lib"
tar -C "$work/tiny" -c . | docker import - example/busybox:1 >"$engine/log"
docker save --output "$work/busybox.tar" example/busybox:1
refused busybox ld-linux-x86-64.so.2 <<-END
	  base: busybox.tar
END
echo "image_base.sh: ok"
