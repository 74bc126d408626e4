#!/bin/sh
# image_accept.sh BEAMREL SOURCE_DIR
# Images of examples/counter, taken by every engine that reads them: skopeo, podman, umoci, buildah, Docker, containerd
# and a registry. What each of them says of an image is what the spec said, and the digest is the one in the digest file
# wherever the engine keeps it.
set -eu
beamrel=$1 source=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
# shellcheck source=tests/e2e/image/lib.sh
. "$here/image/lib.sh"
engine_enter "$0" "$@"

work=$engine/work
mkdir "$work"
make_counter "$work"

image() { # NAME COMPRESSION [CHECK]: makes $work/NAME, NAME.tar and NAME.digest; the spec's other keys come from stdin
	{
		counter_spec
		echo "  checks: {native: ${3:-error}}"
		echo "image:"
		echo "  compression: $2"
		cat
	} >"$work/$1.yaml"
	start=$(date +%s%N)
	"$beamrel" image --spec "$work/$1.yaml" --output "$work/$1" --archive "$work/$1.tar" --digest-file "$work/$1.digest"
	echo "image $1: $(passed "$start"), $(du -sb "$work/$1" | cut -f 1) bytes"
}

# What a user may say, all of it.
settings() {
	cat <<-'END'
		  tags: [example/counter:1.0.0, example/counter:latest, other.example/deep/counter:x]
		  user: 12345:23456
		  env: {GREETING: "a = b, \"c\"", COUNTER_PORT: "8080"}
		  labels: {org.example.team: "Zähler", org.opencontainers.image.title: Counter}
		  annotations: {org.example.note: "for registries"}
		  ports: [8080/tcp, 9000/udp]
		  volumes: [/data, /var/lib/counter]
		  workdir: /data
		  stop_signal: SIGTERM
		  source: https://example.org/counter
		  revision: 0123456789abcdef0123456789abcdef01234567
		  healthcheck: {command: [/app/healthy, "--really"], interval: 10, timeout: 3, start_period: 5, retries: 4}
	END
}

# Facts of an image, from its layout alone.
facts() { # NAME
	layout=$work/$1
	digest=$(cat "$layout.digest")
	manifest=$(layout_blob "$layout" "$digest")
	config=$(layout_config "$layout")
	config_digest=sha256:$(sha256sum <"$config" | cut -d ' ' -f 1)
	equal "digest of $1's manifest" "$digest" "sha256:$(sha256sum <"$manifest" | cut -d ' ' -f 1)"
	equal "digest in $1's index" "$digest" "$(layout_digest "$layout")"
}

digest_of_stdin() {
	echo "sha256:$(sha256sum | cut -d ' ' -f 1)"
}

take_skopeo() { # NAME
	equal "skopeo inspect" "$digest" "$(skopeo inspect --raw "oci:$layout:1.0.0" | digest_of_stdin)"
	skopeo copy --quiet "oci:$layout:1.0.0" "dir:$work/dir"
	equal "skopeo, from the folder" "$digest" "$(digest_of_stdin <"$work/dir/manifest.json")"
	rm -r "$work/dir"
	skopeo copy --quiet "oci-archive:$layout.tar" "dir:$work/dir"
	equal "skopeo, from the OCI half of the archive" "$digest" "$(digest_of_stdin <"$work/dir/manifest.json")"
	rm -r "$work/dir"
	skopeo copy --quiet "docker-archive:$layout.tar" "dir:$work/dir"
	equal "skopeo, from the Docker half" "$config_digest" "$(json "$work/dir/manifest.json" 'it["config"]["digest"]')"
	rm -r "$work/dir"
	skopeo copy --quiet "docker-archive:$layout.tar:docker.io/example/counter:latest" "dir:$work/dir"
	equal "skopeo, by its second name" "$config_digest" "$(json "$work/dir/manifest.json" 'it["config"]["digest"]')"
	rm -r "$work/dir"
}

take_podman() { # NAME
	podman load --quiet --input "$layout.tar" >"$work/loaded"
	contains "podman load" "$(cat "$work/loaded")" docker.io/example/counter:1.0.0
	equal "podman's digest and id" "$digest ${config_digest#sha256:}" \
		"$(podman image inspect --format '{{.Digest}} {{.Id}}' docker.io/example/counter:1.0.0)"
	equal "podman's annotations" "for registries" \
		"$(podman image inspect --format '{{index .Annotations "org.example.note"}}' docker.io/example/counter:1.0.0)"
}

forget_podman() {
	podman rmi --all --force >"$work/forgotten"
}

take_umoci() { # NAME
	umoci stat --image "$layout:1.0.0" --json >"$work/stat.json"
	equal "umoci's history" "$(json "$config" 'len(it["rootfs"]["diff_ids"])')" "$(json "$work/stat.json" 'len(it["history"])')"
	layout_tree "$layout" 1.0.0 "$work/$1.tree"
}

# The release in the image is the release that beamrel assembles, in every attribute.
check_tree() { # NAME FOLDER
	tree_list "$2" >"$work/want"
	tree_list "$work/$1.tree/rootfs/app" >"$work/got"
	diff "$work/want" "$work/got" >&2 || fail "$1: the release in the image is another than beamrel assemble makes"
}

take_docker() { # NAME
	docker load --quiet --input "$layout.tar" >"$work/loaded"
	for tag in example/counter:1.0.0 example/counter:latest other.example/deep/counter:x; do
		equal "docker's id of $tag" "$config_digest" "$(docker image inspect --format '{{.Id}}' "$tag")"
	done
	docker image inspect example/counter:1.0.0 >"$work/inspect.json"
	equal "docker's layers" "$(json "$config" 'it["rootfs"]["diff_ids"]')" "$(json "$work/inspect.json" 'it[0]["RootFS"]["Layers"]')"
}

inspected() { # WHAT WANT PATH: of docker's view
	equal "docker's $1" "$2" "$(json "$work/inspect.json" "it[0]$3")"
}

take_containerd() { # NAME
	containerd() {
		ctr --address "$engine/run/docker/containerd/containerd.sock" --namespace accept "$@"
	}
	containerd images import "$layout.tar" >"$work/imported"
	equal "containerd's image" "docker.io/example/counter:1.0.0 $digest" \
		"$(containerd images list | awk 'NR > 1 { print $1, $3 }')"
	containerd images check | grep -q 'complete' || fail "$1: containerd misses something: $(containerd images check)"
	containerd images remove --sync docker.io/example/counter:1.0.0 >"$work/forgotten"
}

# Pushed by skopeo, which would compress plain layers on the way; what the registry has is what we made.
take_registry() { # NAME
	skopeo copy --quiet --preserve-digests --dest-tls-verify=false "oci:$layout:1.0.0" "docker://$registry/example/counter:$1"
	equal "the registry's digest" "$digest" "$(curl --silent --head --fail \
		-H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://$registry/v2/example/counter/manifests/$1" |
		tr -d '\r' | sed -n 's/^Docker-Content-Digest: //p')"
}

settings | image gzip gzip
settings | image plain none
settings | image zstd zstd
"$beamrel" assemble --spec "$work/gzip.yaml" --output "$work/assembled"
# epmd, which needs libsystemd on Debian, is not on scratch where no one asks for it.
cp -a "$work/assembled" "$work/scratch"
rm "$work"/scratch/erts-*/bin/epmd
touch --date=@315532800 "$work"/scratch/erts-*/bin
engine_docker
engine_registry

# A base that is small enough for all of them, and on which nothing but a shell would run.
mkdir -p "$work/root/bin"
cp /bin/busybox "$work/root/bin/sh"
tar -C "$work/root" -c . | docker import --change 'ENV OF_BASE=1' - example/busybox:1 >"$work/loaded"
docker save --output "$work/busybox.tar" example/busybox:1
{
	echo '  base: busybox.tar'
	settings
} | image based gzip off

for name in based gzip plain zstd; do
	start=$(date +%s%N)
	facts $name
	take_skopeo $name
	take_podman $name
	forget_podman
	take_containerd $name
	take_registry $name
	# Debian's umoci and Docker know no zstd.
	if [ $name != zstd ]; then
		take_umoci $name
		if [ $name = based ]; then check_tree $name "$work/assembled"; else check_tree $name "$work/scratch"; fi
		take_docker $name
	fi
	echo "$name: $(passed "$start")"
done

# buildah begins a container with it.
facts gzip
buildah from --quiet --name work "oci-archive:$layout.tar" >"$work/loaded"
equal "buildah's image" "$config_digest" "sha256:$(buildah inspect --format '{{.FromImageID}}' work | sed 's/^sha256://')"
equal "what buildah has mounted" "$(sha256sum <"$(echo "$work"/gzip.tree/rootfs/app/erts-*/bin/beam.smp)")" \
	"$(sha256sum <"$(echo "$(buildah mount work)"/app/erts-*/bin/beam.smp)")"
buildah rm --all >"$work/forgotten"
buildah rmi --all --force >"$work/forgotten"

# Docker says what the spec said.
docker image inspect example/counter:1.0.0 >"$work/inspect.json"
inspected user 12345:23456 '["Config"]["User"]'
inspected ports '8080/tcp
9000/udp' '["Config"]["ExposedPorts"].keys() and sorted(it[0]["Config"]["ExposedPorts"])'
inspected volumes '/data
/var/lib/counter' '["Config"]["Volumes"].keys() and sorted(it[0]["Config"]["Volumes"])'
inspected "working folder" /data '["Config"]["WorkingDir"]'
inspected "stop signal" SIGTERM '["Config"]["StopSignal"]'
inspected healthcheck '{"Interval": 10000000000, "Retries": 4, "StartPeriod": 5000000000, "Test": ["CMD", "/app/healthy", "--really"], "Timeout": 3000000000}' \
	'["Config"]["Healthcheck"]'
inspected platform linux/amd64 '["Os"] + "/" + it[0]["Architecture"]'
inspected time 1980-01-01T00:00:00Z '["Created"]'
for setting in 'GREETING=a = b, "c"' COUNTER_PORT=8080 LANG=C.UTF-8; do
	inspected "variable $setting" true "['Config']['Env'].count('$setting') == 1"
done
inspected labels '{"org.example.team": "Z\u00e4hler", "org.opencontainers.image.created": "1980-01-01T00:00:00Z", "org.opencontainers.image.revision": "0123456789abcdef0123456789abcdef01234567", "org.opencontainers.image.source": "https://example.org/counter", "org.opencontainers.image.title": "Counter", "org.opencontainers.image.version": "1.0.0"}' \
	'["Config"]["Labels"]'
equal "annotations" 'counter
for registries
1.0.0' "$(json "$manifest" '[it["annotations"][k] for k in ("org.opencontainers.image.title", "org.example.note", "org.opencontainers.image.version")]')"

# Entry point and command, given and not.
"$beamrel" image --spec "$work/gzip.yaml" --output "$work/gzip" 2>"$work/log" || fail "a second time: $(cat "$work/log")"
equal "a second time" "$digest" "$(layout_digest "$work/gzip")"
image words gzip <<-'END'
	  tags: [example/words:1]
	  entrypoint: [/bin/one, "a b"]
	  command: ["$x", "*"]
END
docker load --quiet --input "$work/words.tar" >"$work/loaded"
docker image inspect example/words:1 >"$work/inspect.json"
inspected "given entry point" '/bin/one
a b' '["Config"]["Entrypoint"]'
inspected "given command" "\$x
*" '["Config"]["Cmd"]'

# By way of the registry, too: Docker pulls what we made, and podman what is compressed by zstd.
docker image rm --force "$config_digest" >"$work/forgotten"
docker pull --quiet "$registry/example/counter:gzip" >"$work/loaded"
equal "docker's id after a pull" "$config_digest" "$(docker image inspect --format '{{.Id}}' "$registry/example/counter:gzip")"
equal "docker's digest after a pull" "$registry/example/counter@$digest" \
	"$(docker image inspect --format '{{join .RepoDigests " "}}' "$registry/example/counter:gzip")"
docker pull --quiet "$registry/example/counter@$digest" >"$work/loaded"
facts zstd
podman pull --quiet --tls-verify=false "$registry/example/counter:zstd" >"$work/loaded"
equal "podman's digest after a pull" "$digest" "$(podman image inspect --format '{{.Digest}}' "$registry/example/counter:zstd")"
forget_podman
echo "image_accept.sh: ok"
