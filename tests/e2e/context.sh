#!/bin/sh
# context.sh BEAMREL SOURCE_DIR
# What Docker's classic builder, BuildKit and buildah make of a context is what `beamrel image` makes: every file, mode,
# owner, time and byte, and every setting.
set -eu
beamrel=$1 source=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
root=$("$source/scripts/otp-root" base)
engine_enter "$0" "$@"

work=$engine/work
mkdir "$work"
cd "$work"
engine_docker

fail() {
	engine_fail "$@"
}

otp=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
mkdir -p lib/counter/ebin lib/counter/priv
cp -R "$source/examples/counter/rel" rel
erlc +deterministic -o lib/counter/ebin "$source"/examples/counter/src/*.erl
cc -O2 -fPIC -shared -I"$otp/usr/include" -o lib/counter/priv/counter_nif.so "$source/examples/counter/c_src/counter_nif.c"
sed "s/{vsn, \"\"}/{vsn, \"1.0.0\"}/; s/{modules, \[\]}/{modules, [$(
	cd lib/counter/ebin && printf '%s,' *.beam | sed 's/\.beam//g; s/,$//'
)]}/" "$source/examples/counter/src/counter.app.src" >lib/counter/ebin/counter.app

# --- the images that are to be equalled -----------------------------------------------------------------------------

# A base with settings of its own, in Docker's storage, in buildah's, and as a file: the links, folders and libraries of
# Debian; buildah copies all of it for each instruction.
(cd "$root" && tar -c bin etc lib lib64 sbin tmp usr/bin/*sh usr/lib64 usr/lib/x86_64-linux-gnu/ld-* usr/lib/x86_64-linux-gnu/lib*) |
	docker import --change 'ENV PATH=/usr/bin:/bin' --change 'ENV ODD="a \"b\" \$c"' --change 'LABEL vendor=acme tier=base' \
		--change 'EXPOSE 9100' --change 'CMD ["sh"]' --change 'USER 1000' - debian:small >id
docker save --output base.tar debian:small
buildah pull --quiet docker-archive:base.tar >id

# Values that a Dockerfile's parsers read as something else unless they are quoted.
settings() {
	cat <<-'END'
		  tags: ['example/counter:1']
		  user: 10001:10002
		  ports: [8080/tcp, 9000/udp]
		  volumes: [/data, "/odd $volume"]
		  stop_signal: SIGTERM
		  healthcheck: {command: [/app/probe, "a \"b\" $c \\n\\"], interval: 30, timeout: 5, start_period: 10, retries: 4}
		  env:
		    EMPTY: ""
		    QUOTES: "\"double\" 'single' `back`"
		    DOLLARS: "$HOME ${HOME} ${x:-y} $$ \\$ $"
		    BACKSLASHES: "\\ \\\\ \\n \\\" end\\"
		    BLANKS: "  two  "
		    SIGNS: "#=,;:!?*[]{}|<>&()^~%d"
		    WORDS: "grün 中 😀 \u00a0 \u2028 <<EOF"
		    JSON: '{"a": ["b\\n", "$c"]}'
		  labels:
		    org.example.plain: text
		    org.example.odd/key:a+b@c: "odd \"value\" $v\\"
		    org.example.words: "grün 中"
	END
}
spec() { # NAME KEY...: of the image, beside those above
	cat <<-END
		release:
		  name: counter
		  version: 1.0.0
		  otp: $otp
		  paths: [lib]
		  applications: [counter, sasl]
		  config: {sys: rel/sys.config, vm_args: rel/vm.args}
		image:
	END
	settings
	shift
	printf '  %s\n' "$@"
}
spec scratch 'workdir: /data' >scratch.yaml
spec debian 'base: base.tar' 'base_name: debian:small' 'labels: {tier: counter, org.example.plain: text}' |
	awk '/^  labels:$/ { skip = 1; next } skip && /^    / { next } { skip = 0; print }' >debian.yaml

want() { # NAME: makes the image, as umoci unpacks it
	"$beamrel" image --spec "$1.yaml" --output "$1"
	tag=$(json "$1/index.json" 'it["manifests"][0].get("annotations", {}).get("org.opencontainers.image.ref.name", "")')
	[ -n "$tag" ] || fail "$1 has no name"
	layout_tree "$1" "$tag" "$1.unpacked"
	"$beamrel" context --spec "$1.yaml" --output "$1.context"
	"$beamrel" context --spec "$1.yaml" --output "$1.context.tar"
	mkdir "$1.untarred"
	tar -xf "$1.context.tar" -C "$1.untarred"
	diff -r "$1.context" "$1.untarred" || fail "the folder and the tar differ"
	# The layers are the image's, byte for byte.
	json "$(layout_config "$1")" 'it["rootfs"]["diff_ids"]' | sed 's/^sha256://' >diff_ids
	for layer in "$1".context/layers/*.tar; do
		sha256sum <"$layer" | cut -d ' ' -f 1 | grep -qxFf - diff_ids || fail "the image has no layer as $layer"
	done
	# Folders that only the base describes have the time of the last that was put into them, with engines.
	for layer in "$1".context/layers/*.tar; do tar -tf "$layer"; done | sed -n 's,/$,,p' | LC_ALL=C sort -u >"$1.folders"
	listing "$1" "$1.unpacked/rootfs" >"$1.want"
	grep -q 'bin/counter	f	755	0:0	315532800' "$1.want" || fail "the release is not in $1"
}

listing() { # NAME DIR
	tree_list "$2" | awk -F '\t' -v OFS='\t' -v own="$1.folders" '
		BEGIN { while ((getline name <own) > 0) ours[name] = 1 }
		$2 == "d" && !($1 in ours) { $5 = "-" }
		{ print }'
}

# --- the builders ---------------------------------------------------------------------------------------------------

same() { # NAME BUILDER DIR INSPECTED LEFT_OUT...
	listing "$1" "$3" >got
	cmp -s "$1.want" got || {
		diff "$1.want" got | head -40
		fail "$1, built by $2: these files differ"
	}
	name=$1 builder=$2 inspected=$4
	shift 4
	"$here/image/same_settings" "$(layout_config "$name")" "$inspected" "$@" || fail "$name, built by $builder: settings differ"
	echo "$name, built by $builder: $(grep -c '	' got) files are the same"
}

by_docker() { # NAME BUILDER DOCKER_BUILDKIT PATH|-
	DOCKER_BUILDKIT=$3 docker build --network none --tag built "$4" >log 2>&1 || {
		cat log
		fail "$2 does not build $1"
	}
	docker inspect built >inspected
	docker save built | tar -x -C "$(fresh saved)"
	fresh rootfs >id
	json saved/manifest.json 'it[0]["Layers"]' >layers
	while read -r layer; do tar -xf "saved/$layer" -C rootfs; done <layers
	[ -z "$(find rootfs -name '.wh.*')" ] || fail "$1, built by $2: something was deleted"
	same "$1" "$2" rootfs inspected
}

fresh() { # DIR: empty
	rm -rf "$1"
	mkdir "$1"
	echo "$1"
}

by_buildah() { # NAME PATH|-
	buildah build --isolation chroot --tag built "$2" >log 2>&1 || {
		cat log
		fail "buildah does not build $1"
	}
	buildah inspect --type image built >inspected
	container=$(buildah from built)
	same "$1" buildah "$(buildah mount "$container")" inspected Healthcheck
	buildah rm "$container" >id
}

for name in scratch debian; do
	want "$name"
	by_docker "$name" "the classic builder" 0 "$name.context"
	by_docker "$name" BuildKit 1 "$name.context"
	by_buildah "$name" "$name.context"
done
by_docker scratch "the classic builder, from the tar" 0 - <scratch.context.tar
by_docker scratch "BuildKit, from the tar" 1 - <scratch.context.tar
by_buildah scratch - <scratch.context.tar
