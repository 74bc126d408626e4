# shellcheck shell=sh
# Read by the launcher before every command: in `docker exec` and in probes, too.
#
# CLUSTER_DNS is a name whose addresses are all nodes: with it this node is cluster@ADDRESS and talks to them on port
# ERL_DIST_PORT, the same for all, so that no epmd is needed. Without it there is one node, closed to the network.
if [ -n "${CLUSTER_DNS:-}" ]; then
	# Kubernetes tells the address; in a Swarm it is what the container's own name stands for.
	[ -n "${CLUSTER_IP:-}" ] || CLUSTER_IP=$(hostname -i)
	CLUSTER_IP=${CLUSTER_IP%% *}
	: "${ERL_DIST_PORT:=9100}"
	export CLUSTER_IP ERL_DIST_PORT
	export RELEASE_DISTRIBUTION=name RELEASE_NODE="cluster@$CLUSTER_IP" RELEASE_DIST_INTERFACE="$CLUSTER_IP"
fi

# Platforms that choose the port themselves call it PORT.
if [ -n "${PORT:-}" ]; then
	: "${CLUSTER_PORT:=$PORT}"
	export CLUSTER_PORT
fi
