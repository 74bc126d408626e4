#!/bin/bash
# usage: tests/e2e/cluster.sh PREFIX
# Follows examples/cluster/README.md on a real Docker Swarm: three nodes of one image, one of them killed, all of them replaced by a
# new version, while clients keep asking. PREFIX is where BeamRelease is installed.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"
prefix=$(realpath "$1")
engine_enter "$0" "$prefix"
ip address add 192.0.2.53/32 dev lo
python3 "$here/cluster/nameserver.py" 192.0.2.53 &
engine_docker --dns 192.0.2.53

top=$(realpath "$here/../..")
work=$engine/work
cp -R "$top/examples/cluster" "$work"
cd "$work"
export CMAKE_PREFIX_PATH=$prefix CMAKE_GENERATOR=Ninja
# Two seconds are enough to see that requests are still answered.
export CLUSTER_DRAIN=2

# fail TEXT...: with what the nodes have said.
fail() {
	docker service ps --no-trunc --format '{{.Name}} {{.Image}} {{.CurrentState}} {{.Error}}' cluster_web 2>/dev/null || :
	timeout 10 docker service logs --raw --tail 100 cluster_web 2>&1 || :
	[ ! -f client/log ] || cat client/log
	engine_fail "$*"
}

# The blocks of commands of the page, in their order.
awk '/^```sh$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print >("step-" n) }' README.md

# step NUMBER: what a block of the page prints.
step() {
	sh -eu "step-$1" 2>"step-$1.err" || {
		cat "step-$1" "step-$1.err"
		fail "the commands of README.md fail"
	}
}

# nodes: the tasks that take requests.
nodes() {
	docker ps --quiet --filter name=cluster_web --filter health=healthy
}

# ask NODE PATH
ask() {
	docker exec "$1" wget -q -O - "http://127.0.0.1:8080$2"
}

# whole VERSION: there are three nodes and no more, of this version, and each of them is connected to the others.
whole() {
	local node answer
	[ "$(docker ps --quiet --filter name=cluster_web | wc -l)" -eq 3 ] || return 1
	[ "$(nodes | wc -l)" -eq 3 ] || return 1
	for node in $(nodes); do
		answer=$(ask "$node" /nodes) || return 1
		[ "$(echo "$answer" | sort -u | grep -c '^cluster@10\.')" -eq 3 ] || return 1
		[ "$(ask "$node" /version)" = "$1" ] || return 1
	done
}

# until_whole VERSION
until_whole() {
	local tries=240
	until whole "$1"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "there are no three nodes of version $1 that see each other"
		sleep 0.25
	done
}

# client_begin: asks, 30 times a second or so, until client_end.
client_begin() {
	rm -rf client
	mkdir -m 777 client
	cp "$here/cluster/client.erl" client
	docker run --detach --name client --network cluster_nodes --volume "$work/client:/client" --env RELEASE_DISTRIBUTION=none \
		--entrypoint /app/bin/cluster example/cluster:1.0.0 eval --file /client/client.erl >client.id
	sleep 2
}

# client_end: its counts are $requests, $failed, $lost, $added and $unsure then.
client_end() {
	sleep 1
	: >client/stop
	[ "$(timeout 60 docker wait client)" = 0 ] || {
		docker logs client
		fail "the client ended"
	}
	docker rm client >client.id
	requests='' failed='' lost='' added='' unsure=''
	# shellcheck source=/dev/null
	. client/result
	sum=$((sum + added)) doubt=$((doubt + unsure))
	[ "$lost" -eq 0 ] || fail "$1: $lost of $requests requests were not answered"
	echo "$1: $requests requests, $failed tries failed, all were answered; $added additions"
}

# counted: every node knows all that was confirmed.
counted() {
	local node count
	for node in $(nodes); do
		count=$(ask "$node" /count)
		if [ "$count" -lt "$sum" ] || [ "$count" -gt $((sum + doubt)) ]; then
			fail "$1: the number is $count, not $sum (or up to $doubt more)"
		fi
	done
}

step 1 >built
step 2 >deployed
until_whole 1.0.0
[ "$(step 3 | tail -n 2 | tr '\n' ' ')" = "41 42 " ] || fail "41 and 1 is not 42"
sum=42 doubt=0
counted "at the start"

# What the page says of the surroundings of a node.
node=$(nodes | head -n 1)
[ "$(docker exec "$node" id -u)" = 10001 ] || fail "it does not run as user 10001"
if docker exec "$node" touch /app/x 2>/dev/null; then fail "the release can be written"; fi
[ "$(docker exec "$node" grep -c '^Cap\(Prm\|Eff\|Bnd\):.0*$' /proc/1/status)" = 3 ] || fail "it has capabilities"
if docker exec "$node" cat /proc/1/cmdline /proc/1/environ | tr '\0' '\n' |
	grep -qF "$(docker exec "$node" cat /run/secrets/cluster_cookie)"; then fail "the cookie is in a command line or an environment"; fi
if docker image save example/cluster:1.0.0 | grep -aqF "$(docker exec "$node" cat /run/secrets/cluster_cookie)"; then
	fail "the cookie is in the image"
fi

client_begin
step 4 >killed
until_whole 1.0.0
if docker ps --quiet --no-trunc | grep -q "^$(cat killed)"; then fail "nothing was killed"; fi
client_end "one node killed"
counted "after a node was killed"

# until_update STATE: of the service; another end is a failure.
until_update() {
	local state tries=480
	until state=$(docker service inspect --format '{{.UpdateStatus.State}}' cluster_web) && [ "$state" = "$1" ]; do
		case $state in
		paused | completed | rollback_paused | rollback_completed) fail "the update is $state, not $1" ;;
		esac
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "the update is $state, and does not become $1"
		sleep 0.25
	done
}

client_begin
step 5 >update.log
until_update completed
until_whole 1.1.0
client_end "rolling update"
[ "$failed" -eq 0 ] || fail "during the update $failed tries failed"
counted "after the update"

# All of them ended by themselves, in time.
for node in $(docker ps --all --quiet --filter name=cluster_web --filter status=exited --filter ancestor=example/cluster:1.0.0); do
	docker inspect --format '{{.State.ExitCode}}' "$node"
done | sort | uniq -c >ends
[ "$(awk '$2 == 0 { print $1 }' ends)" = 3 ] || fail "nodes did not end with status 0: $(cat ends)"

# A version whose nodes cannot meet the others, here for another cookie, gets no requests, and is taken back.
client_begin
docker service update --detach --env-add RELEASE_COOKIE=other --health-start-period 1s --health-interval 1s --health-retries 2 \
	cluster_web >update.log
until_update rollback_completed
until_whole 1.1.0
client_end "an update that fails"
[ "$failed" -eq 0 ] || fail "during an update that fails $failed tries failed"
counted "after the failed update"

# The routing mesh, where the kernel can do it.
if [ -e /proc/net/ip_vs ]; then
	[ "$(curl --silent --fail --max-time 10 http://127.0.0.1:8080/version)" = 1.1.0 ] || fail "the published port does not answer"
	echo "the routing mesh: answers"
else
	echo "the routing mesh: not asked, as this kernel has no IPVS"
fi

step 6 >gone
[ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = inactive ] || fail "the swarm is not left"
engine_until 400 test -z "$(docker ps --quiet --filter name=cluster_web)" || fail "containers are left"
echo "cluster: ok"
