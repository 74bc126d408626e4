#!/bin/bash
# usage: tests/e2e/deploy.sh PREFIX
# Holds what examples/cluster and examples/deploy give to platforms that cannot be had here (Kubernetes, Heroku and so on) to
# what these document, to each other and to the image; breaks each of them in many ways, and sees it found. Then the release
# runs as such a platform would run it. PREFIX is where BeamRelease is installed.
set -euo pipefail
prefix=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
top=$(realpath "$here/../..")
work=$(mktemp -d)
chmod 755 "$work"
test_pids=$work/pids
# shellcheck source=tests/e2e/lib.sh
. "$here/lib.sh"
cleanup() {
	end_remembered
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work"

check() {
	/usr/bin/python3 -B "$here/deploy/check.py" "$@"
}

cp -R "$top/examples" examples
(cd examples/cluster && cmake -S . -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" &&
	cmake --build "$work/build" --target release image) >build.log 2>&1 || {
	cat build.log
	stop_test "the build failed"
}
layout=build/beam/Release/image/cluster_image/layout

check examples "$layout" --paths paths || stop_test "there are faults"

# broken FILE FROM TO: where the first FROM of a file becomes TO, a fault is found, and it is one of that file.
broken=0
broken() {
	local file=examples/$1
	cp "$file" kept
	python3 - "$file" "$2" "$3" <<-'END'
		import sys
		file, old, new = sys.argv[1:]
		text = open(file).read()
		assert old in text, f"{file}: no {old}"
		open(file, "w").write(text.replace(old, new, 1))
	END
	if check examples "$layout" >faults; then stop_test "in $1, '$3' for '$2' is taken"; fi
	grep -q "^${1%/*}" faults || stop_test "in $1, '$3' for '$2': $(cat faults)"
	cp kept "$file"
	broken=$((broken + 1))
}

k=cluster/kubernetes
broken $k/statefulset.yaml 'replicas: 3' 'replicas: "3"'
broken $k/statefulset.yaml 'replicas: 3' 'replica: 3'
broken $k/statefulset.yaml 'serviceName: cluster-nodes' 'serviceName: cluster'
broken $k/statefulset.yaml 'apiVersion: apps/v1' 'apiVersion: apps/v1beta2'
broken $k/statefulset.yaml 'app.kubernetes.io/name: cluster' 'app.kubernetes.io/name: "clus ter"'
broken $k/statefulset.yaml '      app.kubernetes.io/name: cluster' '      app.kubernetes.io/name: other'
broken $k/statefulset.yaml 'runAsUser: 10001' 'runAsUser: 1000'
broken $k/statefulset.yaml 'runAsNonRoot: true' 'runAsNonRoot: false'
broken $k/statefulset.yaml 'terminationGracePeriodSeconds: 30' 'terminationGracePeriodSeconds: 20'
broken $k/statefulset.yaml 'image: example/cluster:1.0.0' 'image: example/cluster:1.0.1'
broken $k/statefulset.yaml 'containerPort: 8080' 'containerPort: 8081'
broken $k/statefulset.yaml 'port: http' 'port: web'
broken $k/statefulset.yaml 'httpGet:' 'httpget:'
broken $k/statefulset.yaml 'failureThreshold: 60' 'successThreshold: 2'
broken $k/statefulset.yaml 'memory: 64Mi' 'memory: 64 MB'
broken $k/statefulset.yaml 'name: distribution' 'name: distributed-erlang'
broken $k/statefulset.yaml 'enableServiceLinks: false' 'enableServiceLinks: true'
broken $k/statefulset.yaml 'mountPath: /run/secrets/cluster' 'mountPath: /run/secrets'
broken $k/statefulset.yaml 'secretName: cluster-cookie' 'secretName: cookie'
broken $k/statefulset.yaml 'readOnlyRootFilesystem: true' 'readOnlyRootFilesystem: false'
broken $k/statefulset.yaml '- ALL' '- NET_RAW'
broken $k/statefulset.yaml 'value: cluster-nodes' 'value: cluster'
broken $k/statefulset.yaml 'name: tmp' 'name: temporary'
broken $k/statefulset.yaml 'fieldPath: status.podIP' 'fieldPath: status.podIp'
broken $k/statefulset.yaml 'minReadySeconds: 2' 'replicas: 2'
broken $k/services.yaml 'clusterIP: None' 'clusterIP: none'
broken $k/services.yaml 'publishNotReadyAddresses: true' 'publishNotReadyAddresses: false'
broken $k/services.yaml 'targetPort: http' 'targetPort: https'
broken $k/disruption.yaml 'maxUnavailable: 1' 'maxUnavailable: one'
broken $k/disruption.yaml 'policy/v1' 'policy/v1beta1'
broken $k/network.yaml 'port: distribution' 'port: 9101'
broken $k/secret.yaml 'cookie: ""' 'cookie: "0123456789"'
broken $k/secret.yaml 'name: cluster-cookie' 'name: cookie'
broken cluster/stack.yml 'target: 8080' 'target: 8081'
broken cluster/stack.yml 'stop_grace_period: 30s' 'stop_grace_period: 20s'
broken cluster/stack.yml 'uid: "10001"' 'uid: "1001"'
broken cluster/stack.yml ':-1.0.0}' ':-1.0.1}'
broken cluster/stack.yml 'tasks.web' 'tasks.cluster'
broken cluster/stack.yml '/run/secrets/cluster_cookie' '/run/secrets/cookie'
broken deploy/heroku/heroku.yml 'image: web' 'image: worker'
broken deploy/heroku/heroku.yml '/app/bin/cluster start' 'bin/cluster start'
broken deploy/heroku/heroku.yml 'docker:' 'dockerfile:'
broken deploy/elastic-beanstalk/Dockerrun.aws.json '"1"' '1'
broken deploy/elastic-beanstalk/Dockerrun.aws.json '"true"' 'true'
broken deploy/elastic-beanstalk/Dockerrun.aws.json '8080' '80'
broken deploy/elastic-beanstalk/Dockerrun.aws.json ':1.0.0' ':latest'
broken deploy/elastic-beanstalk/.ebextensions/health.config 'Port: "80"' 'Port: 80'
broken deploy/elastic-beanstalk/.ebextensions/health.config 'DeregistrationDelay: "20"' 'DeregistrationDelay: "2"'
broken deploy/app-engine/app.yaml 'env: flex' 'env: standard'
broken deploy/app-engine/app.yaml 'runtime: custom' 'runtime: erlang'
broken deploy/app-engine/app.yaml 'memory_gb: 0.6' 'memory_gb: 8'
broken deploy/app-engine/app.yaml 'timeout_sec: 4' 'timeout_sec: 10'
broken deploy/app-engine/app.yaml 'cpu: 1' 'cpu: 3'
broken deploy/cloud-foundry/manifest.yml 'health-check-type: http' 'health-check-type: https'
broken deploy/cloud-foundry/manifest.yml 'memory: 256M' 'memory: 256'
broken deploy/cloud-foundry/manifest.yml 'path: cluster-1.0.0' 'path: cluster-1.0.0.tar.gz'
broken deploy/cloud-foundry/manifest.yml './bin/cluster start' 'bin/cluster foreground'
broken deploy/cloud-foundry/manifest.yml 'CLUSTER_DRAIN: "3"' 'CLUSTER_DRAIN: "10"'
check examples "$layout" || stop_test "a file was not put back"

# As Cloud Foundry runs the tarball: unpacked in a folder, its command, its port.
mkdir cluster-1.0.0
tar -xzf build/beam/Release/release/cluster_release/cluster-1.0.0.tar.gz -C cluster-1.0.0
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd cluster-1.0.0 && exec env -u RELEASE_COOKIE PORT="$port" CLUSTER_DRAIN=3 RELEASE_STATE_DIR="$work/state" ./bin/cluster start) >node.log 2>&1 &
node=$!
remember $node
answers() {
	curl --silent --fail --max-time 5 "http://127.0.0.1:$port$1"
}
within 60 answers /ready
[ -s paths ] || stop_test "no platform asks for anything"
while read -r path; do
	answers "$path" >answer || stop_test "the path $path is asked for, and not answered"
done <paths
# It drains: asked to stop, it says that it is not ready, goes on answering, and ends well within ten seconds.
begin=$(date +%s)
kill "$node"
within 5 not answers /ready
equal "while it drains" 0 "$(answers /count)"
wait "$node" || stop_test "it ended with status $?"
[ $(($(date +%s) - begin)) -le 10 ] || stop_test "it took more than ten seconds to stop"

# systemd reads the unit as systemd does. That the release is not in /opt here is no fault.
sed "s,/opt/cluster,$work/cluster-1.0.0," examples/deploy/systemd/cluster.service >cluster.service
systemd-analyze verify "$work/cluster.service" >said 2>&1 || stop_test "the unit: $(cat said)"
[ ! -s said ] || stop_test "the unit: $(cat said)"
sed 's/^ProtectSystem=/ProtectSystems=/' cluster.service >bad.service
systemd-analyze verify "$work/bad.service" >said 2>&1 || :
grep -q 'Unknown key.*ProtectSystems' said || stop_test "an unknown key of a unit is not noticed: $(cat said)"
systemd-analyze security --offline=true --threshold=20 cluster.service >exposure ||
	stop_test "the unit is too open: $(tail -n 1 exposure)"
grep -o 'Overall exposure level.*: [0-9.]*' exposure
sed -n 's/^TimeoutStopSec=//p' cluster.service >timeout
[ "$(cat timeout)000" -gt "$(sed -n 's/^-shutdown_time //p' examples/cluster/rel/vm.args)" ] || stop_test "TimeoutStopSec is too short"

echo "deploy: ok; $broken breakages found"
